// The WebAssembly module, and the manners of handling secret bytes: the same in both Workers that use it.

import { CodedError } from './answer.js';

/** @typedef {typeof import('/wasm/freehold.js')} Wasm */

/** @type {Promise<Wasm> | undefined} */
let loading;

/** Loaded on first use and not by a static import, so that a browser without WebAssembly can still say so. */
export function wasm() {
  loading ??= load();
  return loading;
}

async function load() {
  try {
    const module = await import('/wasm/freehold.js');
    await module.default({ module_or_path: '/wasm/freehold_bg.wasm' });
    return module;
  } catch (error) {
    // The page ends this Worker and tries with a new one.
    throw new CodedError(error instanceof RangeError ? 'out-of-memory' : 'worker-failed');
  }
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
