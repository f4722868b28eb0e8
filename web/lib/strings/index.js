// The texts of the pages in one language. One file a language, each with the shape of `en`; only one of them is loaded.

import { directionOf, language, localeOf } from '../language.js';

/** @type {Record<import('../language.js').Language, () => Promise<typeof import('./en.js').en>>} */
const TEXTS = {
  en: async () => (await import('./en.js')).en,
  de: async () => (await import('./de.js')).de,
  fr: async () => (await import('./fr.js')).fr,
  ar: async () => (await import('./ar.js')).ar,
};

document.documentElement.lang = language;
document.documentElement.dir = directionOf(language);

export const t = await TEXTS[language]();

/** For all that `Intl` writes. */
export const locale = localeOf(language);

const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });

/** @param {Date | number} at */
export function showDateTime(at) {
  return dateTime.format(at);
}

/** @param {Date | number} at */
export function showDate(at) {
  return date.format(at);
}

/** @param {Date | number} at */
export function showTime(at) {
  return time.format(at);
}
