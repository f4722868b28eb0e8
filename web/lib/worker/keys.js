// The Worker that holds the keys. Master key, private keys and opened items live in its memory only; ending it is how they go. No passphrase comes here:
// another Worker stretches it, and what comes of that arrives by a port which the page has passed on unread.

import { answer, CodedError, codeOf } from './answer.js';
import { andForget, wasm } from './module.js';

/** @typedef {import('./messages.js').ItemRecord} ItemRecord */
/** @typedef {import('./messages.js').Secret} Secret */

/**
 * What the Worker holds; every step replaces it.
 * @typedef {{ kind: 'nothing' }
 *   | { kind: 'setup', setup: import('/wasm/freehold.js').Setup }
 *   | { kind: 'unlocking', unlock: import('/wasm/freehold.js').Unlock }
 *   | { kind: 'open', account: import('/wasm/freehold.js').Account }} Held
 */

const ITEM_LIMIT_BYTES = 1 << 20;
/** Failures of this Worker. They say nothing of a record. */
const STOPPED = ['crashed', 'out-of-memory', 'out-of-order'];

/** @type {Held} */
let held = { kind: 'nothing' };

/**
 * What the other Worker derived. It was sent before the page passed the port on.
 * @param {MessagePort} port
 * @returns {Promise<Uint8Array>}
 */
function received(port) {
  return new Promise((resolve, reject) => {
    port.addEventListener('message', (event) => {
      port.close();
      resolve(event.data);
    });
    port.addEventListener('messageerror', () => reject(new CodedError('worker-failed')));
    port.start();
  });
}

/** Overwrites the keys in WebAssembly memory. */
function forget() {
  switch (held.kind) {
    case 'nothing':
      break;
    case 'setup':
      held.setup.free();
      break;
    case 'unlocking':
      held.unlock.free();
      break;
    case 'open':
      held.account.free();
  }
  held = { kind: 'nothing' };
}

/** @param {Held} next */
function hold(next) {
  forget();
  held = next;
}

function setup() {
  if (held.kind !== 'setup') throw new CodedError('out-of-order');
  return held.setup;
}

function account() {
  if (held.kind !== 'open') throw new CodedError('out-of-order');
  return held.account;
}

/**
 * @param {ItemRecord} record
 * @returns {Secret}
 */
function openRecord(record) {
  const { id, version, itemKey, content } = record;
  const plain = account().openItem(id, version, JSON.stringify({ id, version, itemKey, content }));
  return andForget(plain, (bytes) => parseSecret(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
}

/**
 * @param {string} text
 * @returns {Secret}
 */
function parseSecret(text) {
  const value = /** @type {unknown} */ (JSON.parse(text));
  if (typeof value !== 'object' || value === null) throw new CodedError('tampered');
  const { name, value: content, note } = /** @type {Record<string, unknown>} */ (value);
  if (typeof name !== 'string' || typeof content !== 'string' || typeof note !== 'string') throw new CodedError('tampered');
  return { name, value: content, note };
}

/** @type {import('./answer.js').Handlers<import('./messages.js').KeyCalls>} */
const handlers = {
  async load() {
    await wasm();
    return null;
  },

  async setupBegin({ offer, origin, remembered, derived }) {
    const { Setup } = await wasm();
    const made = andForget(await received(derived), (bytes) => Setup.begin(offer, origin, bytes, remembered));
    hold({ kind: 'setup', setup: made });
    return { code: made.recoveryCode(), words: made.recoveryWords() };
  },

  setupProve({ typed }) {
    return andForget(typed, (bytes) => setup().proveRecovery(bytes));
  },

  setupRequest({ offer }) {
    return setup().request(offer);
  },

  setupRemembered() {
    const account = setup().account();
    hold({ kind: 'open', account });
    return account.remembered();
  },

  async unlockBegin({ offer, origin, remembered, derived }) {
    const { Unlock } = await wasm();
    const unlock = andForget(await received(derived), (bytes) => Unlock.begin(offer, origin, bytes, remembered));
    hold({ kind: 'unlocking', unlock });
    return unlock.request();
  },

  unlockOpen({ answer: text }) {
    if (held.kind !== 'unlocking') throw new CodedError('out-of-order');
    const opened = held.unlock.open(text);
    hold({ kind: 'open', account: opened });
    return { remembered: opened.remembered(), changedAt: opened.changedAt(), failedSince: opened.failedSince() };
  },

  seal({ id, version, secret }) {
    const plain = new TextEncoder().encode(JSON.stringify(secret));
    if (plain.length > ITEM_LIMIT_BYTES) {
      plain.fill(0);
      throw new CodedError('item-too-large');
    }
    return andForget(plain, (bytes) => account().sealItem(id, version, bytes));
  },

  open({ record }) {
    return openRecord(record);
  },

  forget() {
    forget();
    return null;
  },

  list({ records }) {
    return records.map(({ ...record }) => {
      const { id, version, updatedAt } = record;
      try {
        return { id, version, updatedAt, name: openRecord(record).name };
      } catch (error) {
        if (STOPPED.includes(codeOf(error))) throw error;
        return { id, version, updatedAt, damaged: true }; // one bad record must not hide the others
      }
    });
  },
};

answer(handlers);
