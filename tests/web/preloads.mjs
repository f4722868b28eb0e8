// Each page names the modules that it needs, so that a browser asks for all of them at once and not for one after the other has named it.
// usage: node preloads.mjs [--write]; prints the pages whose names are wrong, or writes them.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '../../web');
const COMMENT = /\/\*\*[^]*?\*\//g;
const IMPORTED = /^(?:import\s*|(?:import|export)\b[^;'"]*?\bfrom\s*)['"]([^'"]+\.js)['"]/gm;
const STARTED = /<script type="module" src="([^"]+)"><\/script>/g;
const NAMED = /^ *<link rel="modulepreload" href="[^"]+">\n/gm;

/** @param {string} path */
const textOf = (path) => readFileSync(join(web, path), 'utf8');

/** What a module imports, not what it may load later. @param {string} path */
function imported(path) {
  const found = textOf(path).replaceAll(COMMENT, '').matchAll(IMPORTED);
  return [...found].map(([, name = '']) => posix.join(posix.dirname(path), name));
}

/** The page as it should be. @param {string} page */
function named(page) {
  const without = page.replaceAll(NAMED, '');
  const started = [...without.matchAll(STARTED)].map(([, path = '']) => path);
  const needed = new Set(started);
  for (const path of needed) for (const next of imported(path)) needed.add(next);
  const lines = [...needed].filter((path) => !started.includes(path)).map((path) => `    <link rel="modulepreload" href="${path}">\n`);
  return without.replace(/^ *<script /m, (script) => lines.join('') + script);
}

const pages = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
if (pages.length === 0) throw new Error('there are no pages');
for (const path of pages) {
  const page = textOf(path);
  const right = named(page);
  if (page === right) continue;
  if (process.argv.includes('--write')) {
    writeFileSync(join(web, path), right);
  } else {
    console.log(`web/${path} does not name the modules that it needs; node tests/web/preloads.mjs --write does`);
    process.exitCode = 1;
  }
}
