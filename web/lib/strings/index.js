// The language of the pages. One file a language, each with the shape of `en`; English is the first and for now the only one.

import { en } from './en.js';

export const t = en;

const dateTime = new Intl.DateTimeFormat(t.lang, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(t.lang, { dateStyle: 'medium' });
const time = new Intl.DateTimeFormat(t.lang, { timeStyle: 'short' });

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
