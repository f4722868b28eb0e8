// What a browser is called by people, from what it calls itself. A guess for the eye only: nothing is decided by it.

import { t } from '../lib/strings/index.js';

/** In this order: later ones also name themselves like earlier ones. @type {[RegExp, string][]} */
const BROWSERS = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

/** @type {[RegExp, string][]} */
const SYSTEMS = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** @param {string} client a `User-Agent` (RFC 9110 §10.1.5) */
export function clientName(client) {
  const browser = find(BROWSERS, client);
  const system = find(SYSTEMS, client);
  if (browser && system) return t.security.sessions.client(browser, system);
  return browser ?? system ?? client;
}

/**
 * @param {[RegExp, string][]} known
 * @param {string} client
 */
function find(known, client) {
  return known.find(([pattern]) => pattern.test(client))?.[1];
}
