// The language of the console, the same one as of all pages.

import { language } from '../../lib/language.js';

/** @type {Record<import('../../lib/language.js').Language, () => Promise<typeof import('./en.js').en>>} */
const WORDS = {
  en: async () => (await import('./en.js')).en,
  de: async () => (await import('./de.js')).de,
  fr: async () => (await import('./fr.js')).fr,
  ar: async () => (await import('./ar.js')).ar,
};

export const words = await WORDS[language]();
