// Which language the pages speak: the one that was chosen in this browser, else the first of the browser's own that there is, else English.

import { chosenLanguage } from './remembered.js';

/** The languages there are, each in its own words. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', ar: 'العربية' };

/** @typedef {keyof typeof LANGUAGES} Language */

/** @param {string} name @returns {name is Language} */
const isLanguage = (name) => Object.hasOwn(LANGUAGES, name);

/** @param {string} tag such as `de-AT` */
const languageOf = (tag) => tag.toLowerCase().split('-')[0] ?? '';

/** @returns {Language} */
function wanted() {
  const own = navigator.languages.map(languageOf);
  return [chosenLanguage() ?? '', ...own].find(isLanguage) ?? 'en';
}

export const language = wanted();

/** @param {Language} name */
export function directionOf(name) {
  return name === 'ar' ? 'rtl' : 'ltr';
}

/**
 * How numbers and dates are written: as the browser's own variant of the language has it, always in the digits that codes are written in.
 * @param {string} name
 */
export function localeOf(name) {
  const own = navigator.languages.find((tag) => languageOf(tag) === name);
  try {
    return new Intl.Locale(own ?? name, { numberingSystem: 'latn' }).toString();
  } catch {
    return name; // some systems name variants that are no language tags
  }
}
