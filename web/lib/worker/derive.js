// The Worker that sees passphrases. It makes, checks and stretches them, hands the result to the Worker that holds the keys, and is ended by the page:
// its memory, Argon2's included, is gone before anything is unlocked. It never holds a key of the account.

import { answer } from './answer.js';
import { andForget, wasm } from './module.js';
import { estimateDerivation } from './speed.js';

/**
 * Hands a derived secret over. Transferred: nothing of it stays here.
 * @param {MessagePort} to
 * @param {Uint8Array} derived
 */
function handOver(to, derived) {
  to.postMessage(derived, [derived.buffer]);
  to.close();
  return null;
}

/** Asked for when the page begins and when a form is shown: once is enough. */
let warm = false;

/** @type {import('./answer.js').Handlers<import('./messages.js').DeriveCalls>} */
const handlers = {
  detect() {
    const deriveMilliseconds = estimateDerivation();
    return deriveMilliseconds === undefined ? { webAssembly: false } : { webAssembly: true, deriveMilliseconds };
  },

  async load() {
    await wasm();
    return null;
  },

  async warmUp() {
    const { warmUp } = await wasm();
    if (!warm) warmUp();
    warm = true;
    return null;
  },

  async suggest() {
    return (await wasm()).generatePassphrase();
  },

  async checkPassword({ secret }) {
    const { checkPassword } = await wasm();
    andForget(secret, checkPassword);
    return null;
  },

  async deriveForSetup({ offer, origin, secret, remembered, to }) {
    const { deriveForSetup } = await wasm();
    return handOver(to, andForget(secret, (bytes) => deriveForSetup(offer, origin, bytes, remembered)));
  },

  async deriveForUnlock({ offer, origin, kind, secret, remembered, to }) {
    const { deriveForUnlock } = await wasm();
    return handOver(to, andForget(secret, (bytes) => deriveForUnlock(offer, origin, kind, bytes, remembered)));
  },

  async deriveForChange({ offer, origin, secret, remembered, to }) {
    const { deriveForChange } = await wasm();
    return handOver(to, andForget(secret, (bytes) => deriveForChange(offer, origin, bytes, remembered)));
  },
};

answer(handlers);
