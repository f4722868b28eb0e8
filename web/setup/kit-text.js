// What the recovery kit says around its secret, and what it is called.

import { localeOf } from '../lib/language.js';
import { t } from '../lib/strings/index.js';

/**
 * The code in groups of four.
 * @param {string} code
 */
export function groups(code) {
  return code.match(/.{1,4}/g) ?? [];
}

/**
 * @param {import('../lib/api.js').Session} session
 * @param {import('./state.js').Kit} kit
 * @returns {import('../lib/worker/messages.js').KitTexts}
 */
export function kitTexts(session, kit) {
  const { sheet } = t.setup.kit;
  const { paper } = sheet;
  const made = new Intl.DateTimeFormat(localeOf(sheet.lang), { dateStyle: 'medium', timeStyle: 'short' });
  return {
    lang: sheet.lang,
    title: paper.title,
    purpose: sheet.purpose,
    facts: [
      { label: sheet.organization, value: session.organization.name },
      { label: sheet.userName, value: session.userName },
      { label: sheet.address, value: location.origin },
      { label: sheet.made, value: made.format(kit.made) },
    ],
    codeLabel: paper.codeLabel,
    codeHint: sheet.codeHint,
    qrHint: sheet.qrHint,
    wordsLabel: paper.wordsLabel,
    wordsHint: paper.wordsHint,
    parts: [
      { heading: paper.can, text: sheet.canText },
      { heading: sheet.cannot, text: sheet.cannotText },
      { heading: sheet.where, text: sheet.whereText },
      { heading: sheet.lost, text: sheet.lostText },
    ],
    footer: sheet.footer,
    replaced: sheet.replaced,
  };
}

/** @param {import('../lib/api.js').Session} session */
export function kitFileName(session) {
  const user = session.userName.replace(/[^\p{L}\p{N}.@_-]+/gu, '_').slice(0, 60);
  return t.setup.kit.fileName(session.organization.slug, user);
}
