// The languages beside English: each has every text, in its own words; and every text is used. usage: node strings.mjs; prints what is wrong.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const NAMES = ['Microsoft Entra', 'Okta', 'SAML', 'SAML 2.0', 'OpenID Connect'];
const UNITS = ['3 ms', '64 MiB', '256 MiB'];

/** What modules call the texts, and what may be the same in two languages: names, and words that both have; by their path or as they are. */
const FAMILIES = [
  {
    folder: 'web/lib/strings',
    name: 't',
    same: {
      de: ['product', 'title', 'setup.who.name', 'unlock.field', 'passkeys.heading', 'passkeys.name', 'security.passphrase.name', 'setup.steps.1', 'edit.name'],
      fr: ['product', 'title'],
      ar: ['product', 'title', 'setup.kit.fileName', 'setup.done.fileName', 'setup.kit.sheet', 'security.received.fileName'],
    },
  },
  {
    folder: 'web/admin/strings',
    name: 'words',
    same: {
      de: [...NAMES, ...UNITS, 'Token', 'Client', 'Admin', 'Admins', 'Person', 'Browser', 'Name', 'Live', 'Domain', 'Domains'],
      fr: [...NAMES, '3 ms', 'Console', 'Menu', 'Description', 'Actions', 'Client', 'Admin', 'Admins', 'E-mail'],
      ar: NAMES,
    },
  },
];

/** @typedef {Record<string, unknown>} Texts */

/** @type {string[]} */
const wrong = [];

/** Every text under its path: strings and functions. @param {unknown} node @param {string} [path] @returns {[string, unknown][]} */
function leaves(node, path = '') {
  if (typeof node !== 'object' || node === null) return [[path, node]];
  return Object.entries(node).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`));
}

/** What a text says: functions of numbers and words, or of lists of words. @param {unknown} text */
function said(text) {
  if (typeof text !== 'function') return text;
  try {
    return text(3, 30, 'why');
  } catch {
    return text(['one', 'two'], ['three']);
  }
}

/** @param {string} path @param {readonly string[]} list */
const isUnder = (path, list) => list.some((one) => path === one || path.startsWith(`${one}.`));

/**
 * @param {string} where
 * @param {Map<string, unknown>} english
 * @param {Map<string, unknown>} texts
 * @param {readonly string[]} same
 */
function compare(where, english, texts, same) {
  for (const path of texts.keys()) if (!english.has(path)) wrong.push(`${where}: ${path} is not there in English`);
  for (const [path, original] of english) {
    const say = (/** @type {string} */ what) => wrong.push(`${where}: ${path} ${what}`);
    const text = texts.get(path);
    if (text === undefined) {
      say('is missing');
      continue;
    }
    if (typeof text !== typeof original) {
      say(`is a ${typeof text}, in English a ${typeof original}`);
      continue;
    }
    if (typeof text === 'function' && typeof original === 'function' && text.length !== original.length) say('takes other parameters than in English');
    const [here, there] = [said(text), said(original)];
    if (typeof here !== 'string') continue; // `problem`: what it gives is looked at under `problems`
    if (here === '' && there !== '') say('is empty');
    if (/undefined|NaN|\[object/.test(here)) say(`says: ${here}`);
    const isSame = here === there && /\p{L}{2}/u.test(here);
    if (isSame && !isUnder(path, same) && !same.includes(here)) say(`says the same as in English: ${here}`);
  }
  for (const one of same) {
    const kept = [...texts].some(([name, text]) => (isUnder(name, [one]) || said(text) === one) && said(text) === said(english.get(name)));
    if (!kept) wrong.push(`${where}: ${one} need not be on the list of what may be the same as in English`);
  }
}

/** @param {string} folder @returns {string[]} */
function scripts(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['strings', 'wasm', 'node_modules', 'target'].includes(entry.name) ? [] : scripts(path);
    return /\.(js|rs)$/.test(entry.name) ? [path] : [];
  });
}

/** @param {string} path */
const source = (path) => readFileSync(join(root, path), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');

/**
 * Marks the texts that a module uses. It follows names: `const words = t.vault`, `const { sheet } = words`. What is handed on as a whole counts as used as
 * a whole.
 * @param {string} code
 * @param {string} name
 * @param {Texts} english
 * @param {(path: string) => void} used
 * @param {(path: string) => void} missing
 */
function follow(code, name, english, used, missing) {
  /** @type {Map<string, string>} */
  const names = new Map([[name, '']]);
  const step = /(?:const \{(?<parts>[^}]*)\} = (?<from>[\w.]+;)?)|(?:\{(?<parameters>[\w, ]*)\}\) (?:\{|=>))|(?:const (?<alias>\w+) = (?<of>[\w.]+);)|(?:(?<![\w'$-]|(?<!\.\.)\.)(?<chain>\w+(?:\??\.\w+)*))/g;
  /** @param {string} chain */
  const pathOf = (chain) => {
    const [first = '', ...rest] = chain.replaceAll('?', '').split('.');
    const base = names.get(first);
    return base === undefined ? undefined : [base, ...rest].filter((part) => part !== '').join('.');
  };
  for (const { groups = {} } of code.matchAll(step)) {
    const { parts, from, parameters, alias, of, chain } = groups;
    const base = pathOf(from?.slice(0, -1) ?? of ?? chain ?? '');
    for (const part of (parts ?? parameters)?.split(',') ?? []) {
      const [key = '', own = key] = part.split(/[:=]/).map((word) => word.trim());
      names.delete(own);
      if (base === undefined || key === '') continue;
      const path = base === '' ? key : `${base}.${key}`;
      if (isGroup(path)) names.set(own, path);
      else use(path);
    }
    if (alias !== undefined) names.delete(alias);
    if (base === undefined || parts !== undefined) continue;
    if (alias !== undefined && isGroup(base)) names.set(alias, base);
    else if (base !== '') use(base);
  }
  /** @param {string} path */
  function isGroup(path) {
    const node = at(english, path);
    return typeof node === 'object' && !Array.isArray(node);
  }
  /** @param {string} path */
  function use(path) {
    let known = '';
    for (const part of path.split('.')) {
      if (!isGroup(known)) break; // a method of a text or a list
      known = known === '' ? part : `${known}.${part}`;
      if (at(english, known) === undefined) return missing(path);
    }
    used(known);
  }
}

/** @param {unknown} node @param {string} path */
function at(node, path) {
  const parts = path === '' ? [] : path.split('.');
  return parts.reduce((/** @type {any} */ inner, part) => inner?.[part], node);
}

/** @param {(typeof FAMILIES)[number]} family */
async function check({ folder, name, same }) {
  const load = async (/** @type {string} */ language) => (await import(join(root, folder, `${language}.js`)))[language];
  const english = await load('en');
  const flat = new Map(leaves(english));
  for (const [language, allowed] of Object.entries({ en: [...flat.keys()], ...same })) {
    const texts = await load(language);
    if (texts.lang !== language) wrong.push(`${folder}/${language}.js: lang is ${texts.lang}`);
    if (language !== 'en') compare(`${folder}/${language}.js`, flat, new Map(leaves(texts)), allowed);
  }

  const importing = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '[./]*(?:lib/)?strings/index.js'`);
  /** @type {Set<string>} */
  const used = new Set(['lang']);
  const pages = scripts('web').map((path) => ({ path, code: source(path) }));
  for (const { path, code } of pages) {
    const mine = code.match(importing) !== null;
    if (mine) follow(code.replaceAll(/^import .*$/gm, ''), name, english, (key) => used.add(key), (key) => wrong.push(`${path} uses ${name}.${key}, which is not there`));
  }
  // Codes of refusals come from the server and the modules.
  const codes = [...pages, ...scripts('crates').map((path) => ({ path, code: source(path) }))].map(({ code }) => code).join('\n');
  for (const code of Object.keys(english.problems)) {
    if (codes.includes(`'${code}'`) || codes.includes(`"${code}"`)) used.add(`problems.${code}`);
  }
  for (const path of flat.keys()) if (!isUnder(path, [...used])) wrong.push(`${folder}: nobody uses ${path}`);
}

// The browser's own languages are none of the test's.
Object.assign(globalThis, { navigator: { languages: [] } });
for (const family of FAMILIES) await check(family);
for (const line of wrong) console.error(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
