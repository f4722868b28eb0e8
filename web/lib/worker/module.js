// The WebAssembly module, and the manners of handling secret bytes: the same in both Workers that use it.

import { start } from './load.js';

/** @typedef {typeof import('/wasm/freehold.js')} Wasm */

/** @type {Promise<Wasm> | undefined} */
let loading;

export function wasm() {
  loading ??= start('freehold', import('/wasm/freehold.js'));
  return loading;
}

/**
 * Runs `use` on the bytes and overwrites them, whatever happens.
 * @template T
 * @param {Uint8Array} bytes
 * @param {(bytes: Uint8Array) => T} use
 * @returns {T}
 */
export function andForget(bytes, use) {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}
