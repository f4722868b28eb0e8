// The page's view of the two Workers: one that sees passphrases, for as long as one is asked for; one that holds the keys, for as long as they are in use.

import { WorkerClient, WorkerError } from './worker-client.js';

/** @typedef {import('./worker/messages.js').DeriveCalls} DeriveCalls */
/** @typedef {import('./worker/messages.js').KeyCalls} KeyCalls */
/** @typedef {import('./worker/messages.js').Terms} Terms */
/** @typedef {import('./worker/messages.js').Secret} Secret */
/** @typedef {import('./worker/messages.js').ItemRecord} ItemRecord */

/**
 * A typed passphrase or recovery code on its way to a Worker. The string it came from cannot be wiped (JavaScript has no way), these bytes are.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function secretBytes(text) {
  return /** @type {Uint8Array<ArrayBuffer>} */ (new TextEncoder().encode(text));
}

export class Keys {
  /** @type {WorkerClient<DeriveCalls>} */
  #deriver = new WorkerClient('/lib/worker/derive.js');
  /** @type {WorkerClient<KeyCalls>} */
  #keeper = new WorkerClient('/lib/worker/keys.js', 'forget');

  /** @param {((progress: import('./worker/messages.js').Progress) => void) | undefined} listener */
  set onProgress(listener) {
    this.#deriver.onProgress = listener;
    this.#keeper.onProgress = listener;
  }

  /** What this browser can do, found out in the Worker before anything is typed. */
  detect() {
    return this.#deriver.call('detect', null);
  }

  /** Starts both Workers and compiles their module; twice, where the network failed. */
  async load() {
    const both = () => Promise.all([this.#deriver.call('load', null), this.#keeper.call('load', null)]);
    await both().catch((error) => error.code === 'worker-failed' ? both() : Promise.reject(error));
  }

  /** Makes ready while a passphrase is being typed. What goes wrong is told when the Workers are asked for something. */
  warm() {
    this.load().then(() => this.#deriver.call('warmUp', null)).catch(() => {});
  }

  suggest() {
    return this.#deriver.call('suggest', null);
  }

  /** @param {string} passphrase */
  checkPassword(passphrase) {
    const secret = secretBytes(passphrase);
    return this.#deriver.call('checkPassword', { secret }, [secret.buffer]);
  }

  /**
   * Runs one derivation. What comes of it waits in the port, for the other Worker: a page never reads it.
   * @template {'deriveForSetup' | 'deriveForUnlock' | 'deriveForChange'} K
   * @param {K} name
   * @param {Omit<DeriveCalls[K]['with'], 'secret' | 'to'>} terms
   * @param {string} typed
   * @returns {Promise<MessagePort>}
   */
  async #derive(name, terms, typed) {
    const { port1: to, port2: derived } = new MessageChannel();
    const secret = secretBytes(typed);
    const input = /** @type {DeriveCalls[K]['with']} */ ({ ...terms, secret, to });
    await this.#deriver.call(name, input, [secret.buffer, to]);
    return derived;
  }

  /**
   * Ends the Worker that saw a passphrase as soon as the work with it is over, whatever came of it.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #andEndDeriver(work) {
    try {
      const result = await work();
      this.#deriver.end();
      return result;
    } catch (error) {
      // Ended by a cancel: the one that runs now is the next form's.
      if (!(error instanceof WorkerError && error.code === 'ended')) this.#deriver.end();
      throw error;
    }
  }

  /**
   * @param {string} offer
   * @param {string} passphrase
   * @param {string | undefined} remembered
   */
  setupBegin(offer, passphrase, remembered) {
    return this.#andEndDeriver(async () => {
      const terms = { offer, origin: location.origin, remembered };
      const derived = await this.#derive('deriveForSetup', terms, passphrase);
      return this.#keeper.call('setupBegin', { ...terms, derived }, [derived]);
    });
  }

  /**
   * The recovery kit as a PDF, of the new code that a set-up, a change or a renewal shows.
   * @param {import('./worker/messages.js').KitTexts} texts
   */
  kit(texts) {
    return this.#keeper.call('kit', { texts });
  }

  /** @param {string} text the new code or its words, or a text that holds one of them */
  prove(text) {
    const typed = secretBytes(text);
    return this.#keeper.call('prove', { typed }, [typed.buffer]);
  }

  /**
   * The recovery code in what somebody gives: of a file its kit's code, of a text the code or words in it, or the text itself.
   * @param {string | File} given
   */
  codeIn(given) {
    return this.#keeper.call('codeIn', { given });
  }

  /** @param {File} file read in the Worker only */
  proveFile(file) {
    return this.#keeper.call('proveFile', { file });
  }

  /** @param {string} offer */
  setupRequest(offer) {
    return this.#keeper.call('setupRequest', { offer });
  }

  setupRemembered() {
    return this.#keeper.call('setupRemembered', null);
  }

  /**
   * @param {string} offer
   * @param {1 | 2} kind what was typed: 1 the passphrase, 2 the recovery code
   * @param {string} typed
   * @param {string | undefined} remembered
   */
  unlockBegin(offer, kind, typed, remembered) {
    return this.#andEndDeriver(async () => {
      const terms = { offer, origin: location.origin, remembered };
      const derived = await this.#derive('deriveForUnlock', { ...terms, kind }, typed);
      return this.#keeper.call('unlockBegin', { ...terms, derived }, [derived]);
    });
  }

  /**
   * @param {string} offer
   * @param {import('./worker/messages.js').Passkey} passkey its output leaves the page with this call
   * @param {string | undefined} remembered
   */
  unlockBeginByPasskey(offer, passkey, remembered) {
    this.#deriver.end(); // no passphrase will be typed
    const terms = { offer, origin: location.origin, remembered };
    return this.#keeper.call('unlockBeginByPasskey', { ...terms, ...passkey }, [passkey.output.buffer]);
  }

  /** @param {string} answer */
  unlockOpen(answer) {
    return this.#keeper.call('unlockOpen', { answer });
  }

  /**
   * Opens an answer to an unlock that was begun for a change. The account is open then, and can be changed until `changeDone` or `changeCancel`.
   * @param {string} answer
   */
  changeOpen(answer) {
    return this.#keeper.call('changeOpen', { answer });
  }

  /**
   * @param {string} offer the offer of the unlock that the change began with
   * @param {string} passphrase the new one
   * @param {string | undefined} remembered
   */
  changeSetPassword(offer, passphrase, remembered) {
    return this.#andEndDeriver(async () => {
      const derived = await this.#derive('deriveForChange', { offer, origin: location.origin, remembered }, passphrase);
      return this.#keeper.call('changeSetPassword', { derived }, [derived]);
    });
  }

  changeMakeCode() {
    return this.#keeper.call('changeMakeCode', null);
  }

  /** @param {import('./worker/messages.js').Passkey} passkey its output leaves the page with this call */
  changeAddPasskey(passkey) {
    return this.#keeper.call('changeAddPasskey', passkey, [passkey.output.buffer]);
  }

  /** @param {Uint8Array<ArrayBuffer>} parameters */
  changeRemovePasskey(parameters) {
    return this.#keeper.call('changeRemovePasskey', { parameters });
  }

  /** @param {string} offer */
  changeRequest(offer) {
    return this.#keeper.call('changeRequest', { offer });
  }

  changeDone() {
    return this.#keeper.call('changeDone', null);
  }

  changeCancel() {
    return this.#keeper.call('changeCancel', null);
  }

  /**
   * Makes the keys of the next epoch, after `changeOpen`.
   * @param {string} offer
   * @param {string} passphrase
   * @param {string | undefined} remembered
   */
  renewalBegin(offer, passphrase, remembered) {
    return this.#andEndDeriver(async () => {
      const terms = { offer, origin: location.origin, remembered };
      const derived = await this.#derive('deriveForSetup', terms, passphrase);
      return this.#keeper.call('renewalBegin', { ...terms, derived }, [derived]);
    });
  }

  /**
   * @param {string} offer
   * @param {string} items all of them, as the server lists them
   */
  renewalRequest(offer, items) {
    return this.#keeper.call('renewalRequest', { offer, items });
  }

  renewalDone() {
    return this.#keeper.call('renewalDone', null);
  }

  /**
   * @param {string} id
   * @param {number} version
   * @param {Secret} secret
   */
  seal(id, version, secret) {
    return this.#keeper.call('seal', { id, version, secret });
  }

  /** @param {ItemRecord} record */
  open(record) {
    return this.#keeper.call('open', { record });
  }

  /** @param {ItemRecord[]} records */
  list(records) {
    return this.#keeper.call('list', { records });
  }

  /** Ends the Worker that sees passphrases, and what it was doing. The keys stay where they are. */
  cancel() {
    this.#deriver.end();
  }

  /** Ends both Workers: every key is gone. The next call starts an empty one. */
  end() {
    this.#deriver.end();
    this.#keeper.end();
  }
}
