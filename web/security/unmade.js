// What is said of a change that did not come to its end: the old keys hold, and what was kept for the new ones is void.

import { notice } from '../lib/parts.js';
import { changeBegun } from '../lib/remembered.js';
import { showDateTime, t } from '../lib/strings/index.js';

/**
 * @param {string} userId
 * @returns {HTMLElement | undefined} `undefined`: no change was begun in this tab
 */
export function unmadeNotice(userId) {
  const begun = changeBegun(userId);
  if (!begun) return undefined;
  const words = t.security.unmade;
  const { text, kit } = begun.sent ? words.unknown : words.not;
  const told = begun.kit === undefined ? [text] : [text, kit(showDateTime(begun.kit))];
  return notice(begun.sent ? 'change-unknown' : 'change-not-made', told.join(' '), 'warning');
}
