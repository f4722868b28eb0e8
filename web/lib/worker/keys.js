// The Worker that holds the keys. Master key, private keys and opened items live in its memory only; ending it is how they go. No passphrase comes here:
// another Worker stretches it, and what comes of that arrives by a port which the page has passed on unread.

import { encode, LIMIT_BYTES } from '../secret-size.js';
import { answer, CodedError, codeOf } from './answer.js';
import { kitModule, kitPdf } from './kit.js';
import { andForget, wasm } from './module.js';

/** @typedef {import('./messages.js').ItemRecord} ItemRecord */
/** @typedef {import('./messages.js').Secret} Secret */

/**
 * What the Worker holds; every step replaces it.
 * @typedef {import('/wasm/freehold.js').Account} Account
 * @typedef {{ kind: 'nothing' }
 *   | { kind: 'setup', setup: import('/wasm/freehold.js').Setup }
 *   | { kind: 'open', account: Account }
 *   | { kind: 'changing', account: Account, change: import('/wasm/freehold.js').Change }
 *   | { kind: 'renewing', account: Account, renewal: import('/wasm/freehold.js').Renewal }} Held
 */

const FILE_LIMIT_BYTES = 4 << 20;
/** Failures of this Worker. They say nothing of a record. */
const STOPPED = ['crashed', 'out-of-memory', 'out-of-order'];

/** @type {Held} */
let held = { kind: 'nothing' };

/**
 * An unlock on its way, beside what is held: a change unlocks anew while the account stays open.
 * @type {import('/wasm/freehold.js').Unlock | undefined}
 */
let unlocking;

/**
 * What may change the account that is open, and the set-up of its next epoch.
 * @type {{ authority: import('/wasm/freehold.js').Authority, setup: import('/wasm/freehold.js').Setup | undefined } | undefined}
 */
let granted;

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
  unlocking?.free();
  unlocking = undefined;
  forgetGranted();
  if (held.kind === 'setup') held.setup.free();
  if ('change' in held) held.change.free();
  if ('renewal' in held) held.renewal.free();
  if ('account' in held) held.account.free();
  held = { kind: 'nothing' };
}

function forgetGranted() {
  granted?.setup?.free();
  granted?.authority.free();
  granted = undefined;
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

/** What shows a new recovery code: a set-up, a change, or the set-up of the next epoch. */
function bearer() {
  if (held.kind === 'changing') return held.change;
  if (held.kind === 'setup') return held.setup;
  if (granted?.setup) return granted.setup;
  throw new CodedError('out-of-order');
}

/** @param {Uint8Array} given */
function prove(given) {
  return andForget(given, (bytes) => bearer().proveRecovery(bytes));
}

/** @param {File} file */
async function codeInFile(file) {
  if (file.size > FILE_LIMIT_BYTES) throw new CodedError('file-too-large');
  const { find } = await kitModule();
  const content = await file.arrayBuffer().catch(() => new ArrayBuffer(0)); // a file that is gone by now has no code either
  const found = andForget(new Uint8Array(content), find);
  if (!found) throw new CodedError('no-code-in-file');
  return found;
}

function account() {
  if (!('account' in held)) throw new CodedError('out-of-order');
  return held.account;
}

function unlock() {
  if (!unlocking) throw new CodedError('out-of-order');
  return unlocking;
}

/** @param {import('/wasm/freehold.js').Unlock} begun */
function begin(begun) {
  unlocking?.free();
  unlocking = begun;
  return begun.request();
}

function grant() {
  if (!granted) throw new CodedError('out-of-order');
  return granted;
}

/** The change on its way; the first call makes it of what was granted. */
async function change() {
  if (held.kind === 'changing') return held.change;
  const { Change } = await wasm();
  const { authority } = grant();
  const open = authority.account();
  granted = undefined; // the change has it now
  const made = Change.of(authority);
  hold({ kind: 'changing', account: open, change: made });
  return made;
}

/**
 * @param {Account} opened
 * @returns {import('./messages.js').Unlocked}
 */
function open(opened) {
  hold({ kind: 'open', account: opened });
  return { remembered: opened.remembered(), changedAt: opened.changedAt(), failedSince: opened.failedSince() };
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
    const [{ Setup }] = await Promise.all([wasm(), kitModule()]);
    const made = andForget(await received(derived), (bytes) => Setup.begin(offer, origin, bytes, remembered));
    hold({ kind: 'setup', setup: made });
    return { code: made.recoveryCode(), words: made.recoveryWords() };
  },

  async kit({ texts }) {
    const module = await kitModule();
    return andForget(bearer().recoveryKit(), (secret) => kitPdf(module, secret, texts));
  },

  async prove({ typed }) {
    const { find } = await kitModule();
    return andForget(typed, (bytes) => prove(find(bytes) ?? bytes));
  },

  async proveFile({ file }) {
    return prove(await codeInFile(file));
  },

  async codeIn({ given }) {
    if (typeof given !== 'string') return andForget(await codeInFile(given), (bytes) => new TextDecoder().decode(bytes));
    const { find } = await kitModule();
    const found = andForget(new TextEncoder().encode(given), find);
    return found ? andForget(found, (bytes) => new TextDecoder().decode(bytes)) : given;
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
    return begin(andForget(await received(derived), (bytes) => Unlock.begin(offer, origin, bytes, remembered)));
  },

  async unlockBeginByPasskey({ offer, origin, remembered, parameters, output }) {
    const { Unlock } = await wasm();
    return begin(andForget(output, (bytes) => Unlock.beginByPasskey(offer, origin, parameters, bytes, remembered)));
  },

  unlockOpen({ answer: text }) {
    return open(unlock().open(text));
  },

  async changeOpen({ answer: text }) {
    const authority = unlock().openToChange(text);
    const unlocked = open(authority.account());
    granted = { authority, setup: undefined };
    return { ...unlocked, recovers: authority.recovers() };
  },

  async changeSetPassword({ derived }) {
    const made = await change();
    andForget(await received(derived), (bytes) => made.setPassword(bytes));
    return null;
  },

  async changeMakeCode() {
    const [made] = await Promise.all([change(), kitModule()]);
    made.makeCode();
    return { code: made.recoveryCode(), words: made.recoveryWords() };
  },

  async changeAddPasskey({ parameters, output }) {
    const made = await change();
    andForget(output, (bytes) => made.addPasskey(parameters, bytes));
    return null;
  },

  async changeRemovePasskey({ parameters }) {
    (await change()).removePasskey(parameters);
    return null;
  },

  async changeRequest({ offer }) {
    return (await change()).request(offer);
  },

  async changeDone() {
    return open((await change()).account());
  },

  changeCancel() {
    unlocking?.free();
    unlocking = undefined;
    forgetGranted();
    if (held.kind === 'changing') held.change.free();
    if (held.kind === 'renewing') held.renewal.free();
    if (held.kind === 'changing' || held.kind === 'renewing') held = { kind: 'open', account: held.account };
    return null;
  },

  async renewalBegin({ offer, origin, remembered, derived }) {
    const [{ Setup }] = await Promise.all([wasm(), kitModule()]);
    return andForget(await received(derived), (bytes) => {
      const begun = grant(); // a cancel may have come while this waited
      begun.setup?.free();
      begun.setup = undefined;
      begun.setup = Setup.begin(offer, origin, bytes, remembered);
      return { code: begun.setup.recoveryCode(), words: begun.setup.recoveryWords() };
    });
  },

  async renewalRequest({ offer, items }) {
    if (held.kind !== 'renewing') {
      const { Renewal } = await wasm();
      const { authority, setup: proven } = grant();
      if (!proven) throw new CodedError('out-of-order');
      const open = authority.account();
      granted = undefined; // the renewal has it now
      const renewal = Renewal.of(authority, proven);
      proven.free();
      hold({ kind: 'renewing', account: open, renewal });
    }
    if (held.kind !== 'renewing') throw new CodedError('out-of-order');
    return held.renewal.request(offer, items);
  },

  renewalDone() {
    if (held.kind !== 'renewing') throw new CodedError('out-of-order');
    return open(held.renewal.account());
  },

  seal({ id, version, secret }) {
    const plain = encode(secret);
    if (plain.length > LIMIT_BYTES) {
      plain.fill(0);
      throw new CodedError('item-too-large');
    }
    const record = andForget(plain, (bytes) => account().sealItem(id, version, bytes));
    return { record, epoch: JSON.parse(account().remembered()).epoch };
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
