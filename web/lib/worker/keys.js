// The Worker that holds the keys. Passphrase, master key, private keys and opened items live in its memory only; ending it is how they go.

import { answer, CodedError } from './answer.js';
import { estimateDerivation } from './speed.js';

/** @typedef {import('./messages.js').ItemRecord} ItemRecord */
/** @typedef {import('./messages.js').Secret} Secret */
/** @typedef {typeof import('/wasm/freehold.js')} Wasm */

/**
 * What the Worker holds; every step replaces it.
 * @typedef {{ kind: 'nothing' }
 *   | { kind: 'setup', setup: import('/wasm/freehold.js').Setup }
 *   | { kind: 'unlocking', unlock: import('/wasm/freehold.js').Unlock }
 *   | { kind: 'open', account: import('/wasm/freehold.js').Account }} Held
 */

const ITEM_LIMIT_BYTES = 1 << 20;

/** @type {Held} */
let held = { kind: 'nothing' };

/** @type {Promise<Wasm> | undefined} */
let loading;

async function load() {
  try {
    const module = await import('/wasm/freehold.js');
    await module.default({ module_or_path: '/wasm/freehold_bg.wasm' });
    return module;
  } catch {
    throw new CodedError('worker-failed'); // the page ends this Worker and tries with a new one
  }
}

/** Loaded on first use and not by a static import, so that a browser without WebAssembly can still say so. */
function wasm() {
  loading ??= load();
  return loading;
}

/**
 * Runs `use` on the bytes and overwrites them, whatever happens.
 * @template T
 * @param {Uint8Array} bytes
 * @param {(bytes: Uint8Array) => T} use
 * @returns {T}
 */
function andForget(bytes, use) {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
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
  detect() {
    const deriveMilliseconds = estimateDerivation();
    return deriveMilliseconds === undefined ? { webAssembly: false } : { webAssembly: true, deriveMilliseconds };
  },

  async load() {
    await wasm();
    return null;
  },

  async warmUp() {
    (await wasm()).warmUp();
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

  async setupBegin({ offer, origin, secret, remembered }) {
    const { Setup } = await wasm();
    const made = andForget(secret, (bytes) => Setup.begin(offer, origin, bytes, remembered));
    hold({ kind: 'setup', setup: made });
    return { code: made.recoveryCode(), words: made.recoveryWords() };
  },

  setupProve({ typed }) {
    return setup().proveRecovery(typed);
  },

  setupRequest({ offer }) {
    return setup().request(offer);
  },

  setupRemembered() {
    const account = setup().account();
    hold({ kind: 'open', account });
    return account.remembered();
  },

  async unlockBegin({ offer, origin, secret, remembered }) {
    const { Unlock } = await wasm();
    const unlock = andForget(secret, (bytes) => Unlock.begin(offer, origin, 1, bytes, remembered));
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
      } catch {
        return { id, version, updatedAt, damaged: true }; // one bad record must not hide the others
      }
    });
  },
};

answer(handlers);
