// A change of keys goes through several screens in one function. Locking the vault or going elsewhere ends it: what it waits for then never settles.

/** @typedef {import('../unlock/unlock.js').Who} Who */

export class Flow {
  #over = false;

  /** @param {Who} who */
  constructor(who) {
    this.who = who;
    /** The generated passphrase that was shown last. @type {string | undefined} */
    this.suggestion = undefined;
  }

  get isOver() {
    return this.#over;
  }

  end() {
    this.#over = true;
  }

  /**
   * Waits for work as long as the flow goes on.
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  live(work) {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => {
          if (!this.#over) resolve(value);
        },
        (error) => {
          if (!this.#over) reject(error);
        },
      );
    });
  }

  /**
   * Shows a screen that ends with one of several answers.
   * @template T
   * @param {(answer: (value: T) => void) => void} shown
   * @returns {Promise<T>}
   */
  ask(shown) {
    return this.live(new Promise((resolve) => shown(resolve)));
  }
}
