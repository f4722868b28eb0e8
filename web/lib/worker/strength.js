// The Worker that estimates how hard a passphrase is to guess. It has a module of its own, so that nobody who takes the suggested passphrase loads it.

import { answer, CodedError } from './answer.js';

/** @type {Promise<typeof import('/wasm/strength.js')> | undefined} */
let loading;

function wasm() {
  loading ??= load();
  return loading;
}

async function load() {
  try {
    const module = await import('/wasm/strength.js');
    await module.default({ module_or_path: '/wasm/strength_bg.wasm' });
    return module;
  } catch {
    throw new CodedError('worker-failed'); // the page ends this Worker and tries with a new one
  }
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
