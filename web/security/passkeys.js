// Passkeys of the account: listed, named, taken away.

import { getMethods, namePasskey } from '../lib/account.js';
import { h } from '../lib/h.js';
import { icon } from '../lib/icons.js';
import { isolated, tame } from '../lib/names.js';
import { actions, button, notice, submit } from '../lib/parts.js';
import { forgetPasskey, fromBase64url, hasPasskeys, MOST_PASSKEYS } from '../lib/passkey.js';
import { codeOf, problemBox, problemOf } from '../lib/problem.js';
import { announce, show } from '../lib/screen.js';
import { showDate, t } from '../lib/strings/index.js';
import { unlockToChange } from '../unlock/unlock.js';
import { addPasskey, nameField } from './add-passkey.js';
import { goThrough } from './changes.js';
import { storeChange } from './store.js';

/** @typedef {import('../vault/main.js').Context} Context */
/** @typedef {import('../lib/account.js').Method} Method */
/** @typedef {import('../lib/problem.js').Problem} Problem */
/** @typedef {import('./flow.js').Flow} Flow */

/**
 * The section of the Security screen.
 * @param {Context} context
 */
export function passkeySection(context) {
  const words = t.passkeys;
  const entries = h('ul', { class: 'items', testid: 'passkeys', 'aria-labelledby': 'passkeys-heading', hidden: true });
  const trouble = h('div', { class: 'trouble' });
  const add = h('div', { testid: 'passkeys-add-row' });
  const load = async () => {
    try {
      const passkeys = (await getMethods()).filter(({ type }) => type === 3);
      entries.replaceChildren(...passkeys.map((passkey) => entry(context, passkey, load)));
      entries.hidden = passkeys.length === 0;
      add.replaceChildren(addRow(context, passkeys));
      trouble.replaceChildren();
    } catch (error) {
      if (!entries.isConnected || context.handled(error)) return;
      trouble.replaceChildren(problemBox(problemOf(error), { retry: load }));
    }
  };
  load();
  return h('section', { class: 'part', 'aria-labelledby': 'passkeys-heading' }, h('h2', { id: 'passkeys-heading' }, words.heading), h('p', {}, words.text), entries, trouble, add);
}

/**
 * @param {Context} context
 * @param {Method[]} passkeys
 */
function addRow(context, passkeys) {
  const words = t.passkeys;
  if (!hasPasskeys()) return h('p', { class: 'hint', testid: 'passkeys-impossible' }, words.impossible);
  if (passkeys.length >= MOST_PASSKEYS) return h('p', { class: 'hint', testid: 'passkeys-full' }, words.full(MOST_PASSKEYS));
  return button('passkey-add', words.add, () => context.go({ kind: 'add-passkey', known: passkeys.map(({ parameters }) => fromBase64url(parameters)) }), { icon: 'plus' });
}

/** @param {Method} passkey */
function nameOf(passkey) {
  return tame(passkey.name ?? t.passkeys.unnamed);
}

/**
 * @param {Context} context
 * @param {Method} passkey
 * @param {() => void} load draws the list anew
 */
function entry(context, passkey, load) {
  const words = t.passkeys;
  const name = nameOf(passkey);
  return h(
    'li',
    { class: 'item', testid: 'passkey', 'data-name': name },
    h('div', { class: 'item-head' }, h('h3', { class: 'item-name' }, h('bdi', {}, name)), h('p', { class: 'muted small' }, words.since(showDate(passkey.createdAt)))),
    h(
      'div',
      { class: 'item-actions' },
      button('passkey-rename', words.rename, () => rename(context, passkey, load), { kind: 'quiet', icon: 'edit', name: t.vault.actionOn(words.rename, name) }),
      button('passkey-remove', words.remove, () => context.go({ kind: 'remove-passkey', passkey }), { kind: 'quiet', icon: 'trash', name: t.vault.actionOn(words.remove, name) }),
    ),
  );
}

/**
 * @param {Context} context
 * @param {Method} passkey
 * @param {() => void} load
 */
function rename(context, passkey, load) {
  const words = t.passkeys;
  const { box, input } = nameField(passkey.name ?? '');
  const trouble = h('div', { class: 'trouble' });
  const save = async () => {
    try {
      await namePasskey(passkey.parameters, input.value);
    } catch (error) {
      if (context.handled(error)) return dialog.close();
      return trouble.replaceChildren(problemBox(problemOf(error)));
    }
    dialog.close();
    announce(words.renamed);
    load();
  };
  const dialog = h(
    'dialog',
    { class: 'dialog', testid: 'passkey-rename-dialog', 'aria-labelledby': 'passkey-rename-heading' },
    h('h2', { id: 'passkey-rename-heading' }, words.renameHeading),
    h(
      'form',
      { class: 'stack', on: { submit: (event) => { event.preventDefault(); save(); } } },
      box,
      trouble,
      actions(button('passkey-rename-cancel', t.common.cancel, () => dialog.close()), submit('passkey-rename-save', words.save)),
    ),
  );
  // The browser gives the focus back.
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  input.select();
}

/**
 * Adds a passkey, and goes back to the security screen.
 * @param {Context} context
 * @param {Flow} flow
 * @param {import('../lib/passkey.js').Parameters[]} known
 */
export function add(context, flow, known) {
  return goThrough(context, flow, { work: () => addPasskey(flow, known), ...toSecurity(context, t.passkeys.adding.added) });
}

/**
 * Takes a passkey away, and goes back to the security screen.
 * @param {Context} context
 * @param {Flow} flow
 * @param {Method} passkey
 */
export function remove(context, flow, passkey) {
  const words = t.passkeys;
  const parameters = fromBase64url(passkey.parameters);
  const work = async () => {
    if (!(await unlockToChange(flow, words.removeLead, { heading: words.removeHeading(isolated(nameOf(passkey))), submit: words.remove }))) return undefined;
    await flow.live(flow.who.keys.changeRemovePasskey(parameters));
    const changed = await storeChange(flow).catch((error) => {
      if (codeOf(error) === 'passkey-required') return isLast(flow, error);
      throw error;
    });
    if (changed) forgetPasskey(parameters);
    return changed;
  };
  return goThrough(context, flow, { work, ...toSecurity(context, words.removed) });
}

/**
 * @param {Context} context
 * @param {string} said of a change that is stored
 */
function toSecurity(context, said) {
  return {
    after() {
      context.go({ kind: 'security' });
      announce(said);
    },
    /** @param {Problem} [problem] */
    back: (problem) => context.go(problem ? { kind: 'security', problem } : { kind: 'security' }),
  };
}

/**
 * The organization asks for a passkey, and this is the only one.
 * @param {Flow} flow
 * @param {unknown} error
 */
function isLast(flow, error) {
  const words = t.passkeys;
  return flow.ask((/** @type {(value: undefined) => void} */ answer) => {
    const back = button('passkey-remove-back', t.common.back, () => answer(undefined), { icon: 'back' });
    show('passkey-last', words.heading, problemBox(problemOf(error, words.problems.last)), actions(back));
  });
}

/**
 * Where the organization asks for a passkey and there is none: nothing else is to be had before.
 * @param {Context} context
 * @param {Flow} flow
 * @param {() => void} go on with what was wanted
 * @param {Problem} [problem]
 */
export function passkeyFirst(context, flow, go, problem) {
  const words = t.passkeys.first;
  const begin = () => {
    goThrough(context, flow, { work: () => addPasskey(flow, []), after: go, back: (met) => passkeyFirst(context, flow, go, met) });
  };
  show(
    'passkey-first',
    words.heading,
    h('p', { class: 'lead' }, words.text),
    h('div', { class: 'trouble' }, problem && problemBox(problem)),
    hasPasskeys() ? undefined : notice('no-passkeys-here', t.passkeys.impossible, 'warning'),
    actions(
      button('passkey-first-sign-out', t.common.signOut, context.signOut, { kind: 'quiet', icon: 'leave' }),
      hasPasskeys() && button('passkey-add', t.passkeys.add, begin, { kind: 'primary', icon: 'plus' }),
    ),
    h('p', { class: 'muted' }, icon('info'), ' ', words.kept),
  );
}
