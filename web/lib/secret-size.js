// A secret as it is sealed, for the page and the Worker.

/** `MAX_ITEM_BYTES` of freehold-wire. */
export const LIMIT_BYTES = 1 << 20;

/** @param {import('./worker/messages.js').Secret} secret */
export function encode(secret) {
  return new TextEncoder().encode(JSON.stringify(secret));
}
