// The Worker that estimates how hard a passphrase is to guess. It has a module of its own, so that nobody who takes the suggested passphrase loads it.

import { answer } from './answer.js';
import { start } from './load.js';

/** @type {Promise<typeof import('/wasm/strength.js')> | undefined} */
let loading;

function wasm() {
  loading ??= start('strength', import('/wasm/strength.js'));
  return loading;
}

/** @type {import('./answer.js').Handlers<import('./messages.js').StrengthCalls>} */
const handlers = {
  async estimate({ secret, inputs }) {
    try {
      const { estimate } = await wasm();
      return JSON.parse(estimate(secret, JSON.stringify(inputs)));
    } finally {
      secret.fill(0);
    }
  },
};

answer(handlers);
