// How large a secret may become, for the form that says it while somebody types, and for what is kept of it when the vault locks.

import { encode, LIMIT_BYTES } from '../lib/secret-size.js';

/** @typedef {import('./items.js').Secret} Secret */

/** A character becomes six bytes at most, as in `\u0000`. */
const MOST_BYTES = 6;
/** The names of the fields and what stands around them. */
const AROUND_BYTES = 64;
/** Characters that fit, whatever they are. */
const PIECE = Math.floor((LIMIT_BYTES - AROUND_BYTES) / MOST_BYTES);

/** @param {Secret} secret */
export function isTooLarge(secret) {
  const { name, value, note } = secret;
  if (name.length + value.length + note.length <= PIECE) return false;
  const bytes = encode(secret);
  const tooLarge = bytes.length > LIMIT_BYTES;
  bytes.fill(0);
  return tooLarge;
}

/**
 * Parts of a text, each of which can be sealed as the value of a secret; together they are the text.
 * @param {string} text
 */
export function pieces(text) {
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, at) => text.slice(at * PIECE, (at + 1) * PIECE));
}
