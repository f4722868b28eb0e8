// How a language writes numbers, amounts and what is counted.

import { localeOf } from '../language.js';

/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Counted by the forms that the language has */

/** @param {import('../language.js').Language} language */
export function formsOf(language) {
  const locale = localeOf(language);
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);

  /** @param {number} n @param {string} unit */
  const amount = (n, unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(n);

  return {
    amount,
    /** The text for this number of things; `#` in it is the number. @param {number} n @param {Counted} texts */
    count: (n, texts) => (texts[rules.select(n)] ?? texts.other).replace('#', numbers.format(n)),
    /** @param {number} seconds */
    duration(seconds) {
      if (seconds < 90) return amount(seconds, 'second');
      const minutes = Math.ceil(seconds / 60);
      return minutes < 90 ? amount(minutes, 'minute') : amount(Math.ceil(minutes / 60), 'hour');
    },
  };
}
