// Adding a passkey: prove that it is you, make it, use it once, store it. It is used before it is stored, because many can be made that give no
// secret afterwards. Making and using are two clicks: a browser wants one for each.

import { namePasskey } from '../lib/account.js';
import { h } from '../lib/h.js';
import { actions, button, field, lead, submit } from '../lib/parts.js';
import { forgetPasskey, makePasskey, toBase64url, usePasskey } from '../lib/passkey.js';
import { codeOf, problemBox, problemOf } from '../lib/problem.js';
import { announce, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { again } from './again.js';
import { storeOf } from './send.js';

/** @typedef {import('../vault/main.js').Context} Context */
/** @typedef {import('../lib/passkey.js').Parameters} Parameters */

/**
 * @param {Context} context
 * @param {Parameters[]} known the passkeys that there are
 * @returns {Promise<boolean>} whether there is one more
 */
export async function addPasskey(context, known) {
  const words = t.passkeys.adding;
  if (!(await again(context, { heading: words.heading, lead: words.proveLead, submit: words.prove }))) return false;
  return new Promise((resolve) => new Adding(context, known, resolve).make());
}

/** @param {string} value */
export function nameField(value) {
  const words = t.passkeys;
  const input = h('input', { id: 'passkey-name', type: 'text', testid: 'passkey-name', value, required: true, maxlength: '64', pattern: '.*\\S.*', autocomplete: 'off', dir: 'auto' });
  return { box: field({ label: words.name, hint: words.nameHint }, input), input };
}

class Adding {
  #context;
  #known;
  #resolve;
  #store;
  #name = '';
  /** @type {Parameters | undefined} */
  #made;
  #abort = new AbortController();
  /** @type {HTMLElement | undefined} */
  #card;
  #trouble = h('div', { class: 'trouble' });

  /**
   * @param {Context} context
   * @param {Parameters[]} known
   * @param {(added: boolean) => void} resolve
   */
  constructor(context, known, resolve) {
    this.#context = context;
    this.#known = known;
    this.#resolve = resolve;
    this.#store = storeOf(context);
  }

  make() {
    const words = t.passkeys.adding;
    const { box, input } = nameField(this.#name || words.defaultName(this.#known.length + 1));
    const create = submit('passkey-create', words.create);
    const send = () => {
      this.#name = input.value;
      this.#step(create, async () => this.#use(await makePasskey(this.#context.who.session, this.#known, this.#abort.signal)));
    };
    this.#trouble.replaceChildren();
    this.#card = show(
      'passkey-make',
      words.heading,
      lead(words.makeLead),
      h('form', { class: 'stack', on: { submit: (event) => { event.preventDefault(); send(); } } }, box, this.#trouble, actions(this.#cancel(), create)),
    );
    input.select();
  }

  /** @param {Parameters} parameters */
  #use(parameters) {
    if (this.#isOver()) return forgetPasskey(parameters);
    const words = t.passkeys.adding;
    const use = button('passkey-use', words.use, () => this.#step(use, () => this.#try(parameters)), { kind: 'primary', icon: 'key' });
    this.#trouble.replaceChildren();
    this.#card = show('passkey-use', words.useHeading, lead(words.useLead), this.#trouble, actions(this.#cancel(parameters), use));
  }

  /** @param {Parameters} parameters */
  async #try(parameters) {
    try {
      const passkey = await usePasskey([parameters], this.#abort.signal);
      if (this.#isOver()) return void passkey.output.fill(0);
      await this.#context.who.keys.changeAddPasskey(passkey);
      this.#made = parameters;
    } catch (error) {
      if (codeOf(error) === 'bad-passkey' && !this.#isOver()) {
        forgetPasskey(parameters);
        this.make(); // where another can be made
      }
      throw error;
    }
    await this.#save();
  }

  async #save() {
    if (this.#isOver()) return;
    const words = t.passkeys.adding;
    this.#trouble.replaceChildren();
    this.#card = show('passkey-saving', words.saving, this.#trouble, actions(this.#cancel()));
    try {
      await this.#store();
    } catch (error) {
      if (this.#isOver() || this.#context.handled(error)) return;
      this.#trouble.replaceChildren(problemBox(problemOf(error), { retry: () => this.#save() }));
      return;
    }
    if (this.#made) await namePasskey(toBase64url(this.#made), this.#name).catch(() => {}); // it can be named in the list
    if (this.#isOver()) return;
    this.#resolve(true);
    announce(words.added);
  }

  /**
   * One step of a screen: its button is off meanwhile, and a failure stands on the screen.
   * @param {HTMLButtonElement} pressed
   * @param {() => Promise<void>} work
   */
  async #step(pressed, work) {
    if (pressed.disabled) return;
    pressed.disabled = true;
    this.#trouble.replaceChildren();
    try {
      await work();
    } catch (error) {
      if (this.#isOver() || this.#context.handled(error)) return;
      this.#trouble.replaceChildren(problemBox(problemOf(error)));
    } finally {
      pressed.disabled = false;
    }
  }

  /**
   * @param {Parameters} [made] what was made and will open nothing
   */
  #cancel(made) {
    return button('passkey-cancel', t.common.cancel, () => {
      this.#abort.abort();
      this.#context.who.keys.changeCancel();
      if (made) forgetPasskey(made);
      this.#resolve(false);
    }, { kind: 'quiet' });
  }

  /** Cancelled, or the vault has locked meanwhile. */
  #isOver() {
    return this.#abort.signal.aborted || !this.#card?.isConnected;
  }
}
