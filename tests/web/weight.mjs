// What a first visit to a page loads, in bytes as Brotli sends them. usage: node weight.mjs; prints a line a figure: name, bytes.
// Not counted: the strength meter, loaded only for somebody who types a passphrase of his own, and what warns before a sign-in ends, loaded when the page
// has stood for a while. Of the languages one counts, the heaviest.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../web');
const LATER = ['/lib/session-end.js', '/lib/worker/strength.js', '/wasm/strength.js', '/wasm/strength_bg.wasm'];
const MENTIONED = /(?:from|import\(?|href=|src=|module_or_path:|WorkerClient\()\s*["']([^"'\s]+\.(?:js|css|svg|wasm))["']/g;
const LANGUAGES = ['en', 'de', 'fr', 'ar'];
// What a comment mentions is a type, which nobody loads.
const COMMENT = /\/\*\*[^]*?\*\//g;
// lib/worker/load.js makes addresses of this name.
const STARTED = /\bstart\('(\w+)'/g;

/** @param {string} path */
function compressed(path) {
  const bytes = readFileSync(join(web, path));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}

/** Everything that a file leads to in one language, itself included. @param {string} start @param {string} language */
function reached(start, language) {
  /** @type {Set<string>} */
  const found = new Set();
  const look = (/** @type {string} */ path) => {
    const isOther = /^\/lib\/strings\/[a-z]{2}\.js$/.test(path) && path !== `/lib/strings/${language}.js`;
    if (found.has(path) || LATER.includes(path) || isOther) return;
    if (!existsSync(join(web, path))) throw new Error(`${path} is missing; the modules are made by: cargo xtask wasm`);
    found.add(path);
    if (!/\.(js|html)$/.test(path)) return;
    const text = readFileSync(join(web, path), 'utf8').replaceAll(COMMENT, '');
    for (const [, name = ''] of text.matchAll(STARTED)) {
      look(`/wasm/${name}_bg.wasm`);
      look(`/wasm/${name}_bg.integrity.js`);
    }
    for (const [, name = ''] of text.matchAll(MENTIONED)) {
      look(name.startsWith('/') ? name : posix.join(posix.dirname(path), name));
    }
  };
  look(start);
  if (!found.has(`/lib/strings/${language}.js`)) throw new Error(`the texts in ${language} are not found`);
  return [...found];
}

const sum = (/** @type {string[]} */ paths) => paths.reduce((total, path) => total + compressed(path), 0);
/** @type {Record<string, number>} */
const weights = {};
for (const language of LANGUAGES) {
  const files = reached('/setup/index.html', language);
  if (process.argv.includes('--files')) for (const path of files) console.log(`${language} ${path} ${compressed(path)}`);
  weights[language] = sum(files);
}
console.log(`wasm ${compressed('/wasm/freehold_bg.wasm')}`);
for (const [language, weight] of Object.entries(weights)) console.log(`setup-in-${language} ${weight}`);
console.log(`setup ${Math.max(...Object.values(weights))}`);
