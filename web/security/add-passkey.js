// Adding a passkey: prove that it is you, make it, use it once, store it. It is used before it is stored, because many can be made that give no
// secret afterwards. Making and using are two clicks: a browser wants one for each.

import { namePasskey } from '../lib/account.js';
import { h } from '../lib/h.js';
import { actions, button, field, lead, submit } from '../lib/parts.js';
import { forgetPasskey, makePasskey, toBase64url, usePasskey } from '../lib/passkey.js';
import { PasskeyError } from '../lib/passkey-error.js';
import { codeOf, problemBox, problemOf } from '../lib/problem.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { unlockToChange } from '../unlock/unlock.js';
import { storeChange } from './store.js';

/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('../lib/passkey.js').Parameters} Parameters */
/** @typedef {import('../lib/problem.js').Problem} Problem */

/**
 * @param {Flow} flow
 * @param {Parameters[]} known the passkeys that there are
 * @returns {Promise<import('../lib/worker/messages.js').Unlocked | undefined>} `undefined`: the person left, and there is none more
 */
export async function addPasskey(flow, known) {
  const words = t.passkeys.adding;
  if (!(await unlockToChange(flow, words.proveLead, { heading: words.heading, submit: words.prove }))) return undefined;
  let name = words.defaultName(known.length + 1);
  /** @type {Problem | undefined} */
  let problem;
  for (;;) {
    const made = await make(flow, known, name, problem);
    if (!made) return undefined;
    const used = await use(flow, made.parameters);
    if (used?.is === 'right') {
      const changed = await storeChange(flow);
      await flow.live(namePasskey(toBase64url(made.parameters), made.name).catch(() => {})); // it can be named in the list
      return changed;
    }
    forgetPasskey(made.parameters); // it will open nothing
    if (!used) return undefined;
    ({ name } = made);
    ({ problem } = used);
  }
}

/** @param {string} value */
export function nameField(value) {
  const words = t.passkeys;
  const input = h('input', { id: 'passkey-name', type: 'text', testid: 'passkey-name', value, required: true, maxlength: '64', pattern: '.*\\S.*', autocomplete: 'off', dir: 'auto' });
  return { box: field({ label: words.name, hint: words.nameHint }, input), input };
}

/**
 * @param {Flow} flow
 * @param {Parameters[]} known
 * @param {string} proposed a name
 * @param {Problem | undefined} problem with the one before
 */
function make(flow, known, proposed, problem) {
  const words = t.passkeys.adding;
  const { box, input } = nameField(proposed);
  /** @param {AbortSignal} signal */
  const work = async (signal) => {
    const name = input.value;
    const parameters = await makePasskey(flow.who.session, known, signal);
    if (signal.aborted || flow.isOver) forgetPasskey(parameters);
    return { name, parameters };
  };
  return step(flow, work, problem, ({ press, trouble, cancel }) => {
    const create = submit('passkey-create', words.create);
    show(
      'passkey-make',
      words.heading,
      lead(words.makeLead),
      h('form', { class: 'stack', on: { submit: (event) => { event.preventDefault(); press(create); } } }, box, trouble, actions(cancel, create)),
    );
    input.select();
  });
}

/**
 * @param {Flow} flow
 * @param {Parameters} parameters
 */
function use(flow, parameters) {
  const words = t.passkeys.adding;
  /**
   * @param {AbortSignal} signal
   * @returns {Promise<{ is: 'right' } | { is: 'useless', problem: Problem }>}
   */
  const work = async (signal) => {
    try {
      const passkey = await usePasskey([parameters], signal);
      if (signal.aborted || flow.isOver) passkey.output.fill(0);
      else await flow.who.keys.changeAddPasskey(passkey);
      return { is: 'right' };
    } catch (error) {
      if (codeOf(error) !== 'bad-passkey') throw error;
      return { is: 'useless', problem: problemOf(error) };
    }
  };
  return step(flow, work, undefined, ({ press, trouble, cancel }) => {
    const pressed = button('passkey-use', words.use, () => press(pressed), { kind: 'primary', icon: 'key' });
    show('passkey-use', words.useHeading, lead(words.useLead), trouble, actions(cancel, pressed));
  });
}

/**
 * Shows a screen for one work with a passkey, which can be tried until it is done.
 * @template T
 * @param {Flow} flow
 * @param {(signal: AbortSignal) => Promise<T>} work begun in the handler of a click
 * @param {Problem | undefined} problem
 * @param {(parts: { press: (button: HTMLButtonElement) => void, trouble: HTMLElement, cancel: HTMLElement }) => void} shown
 * @returns {Promise<T | undefined>} `undefined`: the person left
 */
function step(flow, work, problem, shown) {
  const abort = new AbortController();
  const trouble = h('div', { class: 'trouble' }, problem && problemBox(problem));
  return flow.live(
    new Promise((resolve, reject) => {
      const leave = () => {
        abort.abort();
        resolve(undefined);
      };
      /** @param {HTMLButtonElement} pressed */
      const press = async (pressed) => {
        if (pressed.disabled) return;
        pressed.disabled = true;
        trouble.replaceChildren();
        try {
          resolve(await work(abort.signal));
        } catch (error) {
          if (!(error instanceof PasskeyError)) return reject(error);
          trouble.replaceChildren(problemBox(problemOf(error)));
          pressed.disabled = false;
        }
      };
      shown({ press, trouble, cancel: button('passkey-cancel', t.common.cancel, leave, { kind: 'quiet' }) });
    }),
  );
}
