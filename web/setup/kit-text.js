// The recovery kit as text: how it is written down, and how the code is found again in what somebody gives back.

import { showDateTime, t } from '../lib/strings/index.js';

// Bech32m (BIP-350): "fhrec1" and 58 of its 32 letters.
const CODE = /fhrec1[02-9ac-hj-np-z]{58}/;
const WORDS = 24;

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
 */
export function kitFile(session, kit) {
  return t.setup.kit.file({
    organization: session.organization.name,
    userName: session.userName,
    address: location.origin,
    made: showDateTime(kit.made),
    code: groups(kit.code).join(' '),
    words: kit.words,
  });
}

/** @param {import('../lib/api.js').Session} session */
export function kitFileName(session) {
  const user = session.userName.replace(/[^\p{L}\p{N}.@_-]+/gu, '_').slice(0, 60);
  return t.setup.kit.fileName(session.organization.slug, user);
}

const FILE_LIMIT_BYTES = 100_000;

/**
 * What somebody gives as a recovery code: a text as it is typed, or what is found in a kit.
 * @param {string | File} given
 * @returns {Promise<string | undefined>} nothing, if there is no code in the file
 */
export async function codeIn(given) {
  if (typeof given === 'string') return findRecovery(given) ?? given;
  return given.size <= FILE_LIMIT_BYTES ? findRecovery(await given.text().catch(() => '')) : undefined;
}

/**
 * Finds a code, or 24 numbered words, in a kit's text. The Worker judges what is found.
 * @param {string} text
 * @returns {string | undefined}
 */
function findRecovery(text) {
  for (const line of text.split('\n')) {
    const found = CODE.exec(line.toLowerCase().replace(/[\s-]/g, ''));
    if (found) return found[0];
  }
  const numbered = [...text.matchAll(/\b\d{1,2}\.\s*([a-z]+)/gi)].map(([, word]) => word);
  return numbered.length === WORDS ? numbered.join(' ') : undefined;
}
