// How large a secret may become: the form says it while somebody types, and the Worker that seals refuses more.

/** Bytes of a secret as it is sealed; `MAX_ITEM_BYTES` of freehold-wire. */
export const LIMIT_BYTES = 1 << 20;

/** A character becomes six bytes at most, as in `\u0000`. */
const MOST_BYTES = 6;
/** The names of the fields and what stands around them. */
const AROUND_BYTES = 64;

/**
 * A secret as it is sealed.
 * @param {import('./worker/messages.js').Secret} secret
 */
export function encode(secret) {
  return new TextEncoder().encode(JSON.stringify(secret));
}

/** @param {import('./worker/messages.js').Secret} secret */
export function isTooLarge(secret) {
  const { name, value, note } = secret;
  if ((name.length + value.length + note.length) * MOST_BYTES + AROUND_BYTES <= LIMIT_BYTES) return false;
  const bytes = encode(secret);
  const tooLarge = bytes.length > LIMIT_BYTES;
  bytes.fill(0);
  return tooLarge;
}

/** Characters that fit, whatever they are. */
const PIECE = Math.floor((LIMIT_BYTES - AROUND_BYTES) / MOST_BYTES);

/**
 * Parts of a text, each of which can be sealed as the value of a secret; together they are the text.
 * @param {string} text
 */
export function pieces(text) {
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, at) => text.slice(at * PIECE, (at + 1) * PIECE));
}
