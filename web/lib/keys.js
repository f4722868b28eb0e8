// The page's view of the Worker that holds the keys.

import { WorkerClient } from './worker-client.js';

/** @typedef {import('./worker/messages.js').KeyCalls} KeyCalls */
/** @typedef {import('./worker/messages.js').Secret} Secret */
/** @typedef {import('./worker/messages.js').ItemRecord} ItemRecord */

/**
 * A typed passphrase on its way to a Worker. The string it came from cannot be wiped (JavaScript has no way), these bytes are.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function secretBytes(text) {
  return /** @type {Uint8Array<ArrayBuffer>} */ (new TextEncoder().encode(text));
}

export class Keys {
  /** @type {WorkerClient<KeyCalls>} */
  #worker = new WorkerClient('/lib/worker/keys.js', 'forget');

  /** @param {((progress: import('./worker/messages.js').Progress) => void) | undefined} listener */
  set onProgress(listener) {
    this.#worker.onProgress = listener;
  }

  /** What this browser can do, found out in the Worker before anything is typed. */
  async detect() {
    const detected = await this.#worker.call('detect', null);
    if (detected.webAssembly) {
      await this.#worker.call('load', null);
      // While somebody reads and types; nobody waits for it, and what it lacks the derivation will say.
      this.#worker.call('warmUp', null).catch(() => {});
    }
    return detected;
  }

  suggest() {
    return this.#worker.call('suggest', null);
  }

  /** @param {string} passphrase */
  checkPassword(passphrase) {
    const secret = secretBytes(passphrase);
    return this.#worker.call('checkPassword', { secret }, [secret.buffer]);
  }

  /**
   * @param {string} offer
   * @param {string} passphrase
   * @param {string | undefined} remembered
   */
  setupBegin(offer, passphrase, remembered) {
    const secret = secretBytes(passphrase);
    return this.#worker.call('setupBegin', { offer, origin: location.origin, secret, remembered }, [secret.buffer]);
  }

  /** @param {string} typed */
  setupProve(typed) {
    return this.#worker.call('setupProve', { typed });
  }

  /** @param {string} offer */
  setupRequest(offer) {
    return this.#worker.call('setupRequest', { offer });
  }

  setupRemembered() {
    return this.#worker.call('setupRemembered', null);
  }

  /**
   * @param {string} offer
   * @param {string} passphrase
   * @param {string | undefined} remembered
   */
  unlockBegin(offer, passphrase, remembered) {
    const secret = secretBytes(passphrase);
    return this.#worker.call('unlockBegin', { offer, origin: location.origin, secret, remembered }, [secret.buffer]);
  }

  /** @param {string} answer */
  unlockOpen(answer) {
    return this.#worker.call('unlockOpen', { answer });
  }

  /**
   * @param {string} id
   * @param {number} version
   * @param {Secret} secret
   */
  seal(id, version, secret) {
    return this.#worker.call('seal', { id, version, secret });
  }

  /** @param {ItemRecord} record */
  open(record) {
    return this.#worker.call('open', { record });
  }

  /** @param {ItemRecord[]} records */
  list(records) {
    return this.#worker.call('list', { records });
  }

  /** Ends the Worker: every key is gone. The next call starts an empty one. */
  end() {
    this.#worker.end();
  }
}
