// "Prove that it is you": every change begins with the passphrase or a passkey, also while the vault is open.

import { getUnlockOffer } from '../lib/api.js';
import { h } from '../lib/h.js';
import { actions, button, hiddenUserName, lead, passphraseField, progress, submit } from '../lib/parts.js';
import { hasPasskeys, passkeysOf } from '../lib/passkey.js';
import { ownProblem, problemBox } from '../lib/problem.js';
import { remember, rememberedText } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { showTime, t } from '../lib/strings/index.js';
import { askPasskey, passkeyProblem } from '../unlock/passkey.js';
import { refusal } from '../unlock/refusal.js';
import { ask } from '../unlock/unlock.js';

/**
 * Shows the question until it is answered rightly: then the account can be changed, until `changeDone` or `changeCancel`.
 * @param {import('../vault/main.js').Context} context
 * @param {{ heading: string, lead: string, submit: string }} words
 * @returns {Promise<boolean>} false: the person does not want to any more
 */
export function again(context, words) {
  return new Promise((resolve) => new Question(context, words, resolve));
}

class Question {
  #context;
  #resolve;
  #words;
  #card;
  #input;
  #trouble = h('div', { class: 'trouble' });
  #send;
  #passkey;
  /** @type {{ keys: import('../lib/keys.js').Keys, passkeys: import('../lib/passkey.js').Parameters[] }} */
  #at;
  #abort = new AbortController();
  #cancelled = false;

  /**
   * @param {import('../vault/main.js').Context} context
   * @param {{ heading: string, lead: string, submit: string }} words
   * @param {(proved: boolean) => void} resolve
   */
  constructor(context, words, resolve) {
    this.#context = context;
    this.#words = words;
    this.#resolve = resolve;
    const { keys, session } = context.who;
    this.#at = { keys, passkeys: [] };
    keys.warm();
    const { box, input } = passphraseField({ id: 'again-passphrase', label: t.unlock.field, autocomplete: 'current-password', testid: 'again-passphrase', showTestid: 'again-show' });
    this.#input = input;
    this.#send = submit('again-submit', words.submit);
    this.#passkey = button('again-passkey', t.passkeys.useOne, () => this.#byPasskey(), { icon: 'key' });
    this.#passkey.hidden = true;
    this.#card = show(
      'again',
      words.heading,
      lead(words.lead),
      h(
        'form',
        { novalidate: true, class: 'stack', on: { submit: (event) => { event.preventDefault(); this.#byPassphrase(); } } },
        hiddenUserName('again-username', session.userName),
        box,
        this.#trouble,
        actions(button('again-cancel', t.common.cancel, () => this.#cancel(), { kind: 'quiet' }), this.#passkey, this.#send),
      ),
    );
    input.focus();
    this.#look();
  }

  /** Whether there are passkeys to ask for. Without an answer to that, the passphrase is still there. */
  async #look() {
    if (!hasPasskeys()) return;
    this.#at.passkeys = await getUnlockOffer().then(passkeysOf, () => []);
    this.#passkey.hidden = this.#at.passkeys.length === 0;
  }

  #byPassphrase() {
    const typed = this.#input.value;
    if (this.#send.disabled) return;
    if (typed === '') {
      this.#trouble.replaceChildren(problemBox(ownProblem('password-empty')));
      return this.#input.focus();
    }
    const { keys, session, deriveMilliseconds } = this.#context.who;
    const bar = progress({ progressTestid: 'again-progress', stepTestid: 'again-step', label: this.#words.heading, ...t.unlock.working }, deriveMilliseconds);
    this.#trouble.replaceChildren(bar.box);
    keys.onProgress = bar.update;
    this.#prove(() => ask({ keys, session, acceptEpoch: undefined }, typed, () => this.#isOver()), typedProblem);
  }

  #byPasskey() {
    this.#trouble.replaceChildren(h('p', { class: 'hint', role: 'status', testid: 'again-waiting' }, t.passkeys.waiting.lead));
    this.#prove((known) => askPasskey(this.#at, known, this.#abort.signal), passkeyProblem);
  }

  /**
   * @param {(known: string | undefined) => Promise<{ answer: string }>} question
   * @param {(error: unknown) => import('../lib/problem.js').Problem} told
   */
  async #prove(question, told) {
    const { keys, session } = this.#context.who;
    this.#busy(true);
    try {
      const { answer } = await question(rememberedText(session.userId, undefined));
      if (this.#isOver()) return;
      const opened = await keys.changeOpen(answer);
      remember(session.userId, opened.remembered);
      if (this.#isOver()) return;
      this.#resolve(true);
    } catch (error) {
      if (this.#isOver() || this.#context.handled(error)) return;
      this.#trouble.replaceChildren(problemBox(told(error)));
      this.#busy(false);
      this.#input.select();
    } finally {
      keys.onProgress = undefined;
    }
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.#send.disabled = busy;
    this.#passkey.disabled = busy;
  }

  /** Cancelled, or the vault has locked meanwhile: nothing may be opened any more. */
  #isOver() {
    return this.#cancelled || !this.#card.isConnected;
  }

  #cancel() {
    this.#cancelled = true;
    this.#abort.abort();
    this.#context.who.keys.cancel();
    this.#context.who.keys.changeCancel();
    this.#resolve(false);
  }
}

/**
 * What is told of a passphrase that was refused.
 * @param {unknown} error
 */
function typedProblem(error) {
  const { problem, waitUntil } = refusal(error, '');
  if (waitUntil === undefined) return problem;
  return { ...problem, next: `${problem.next} ${t.unlock.waitUntil(showTime(waitUntil), Math.ceil((waitUntil - Date.now()) / 1000))}` };
}
