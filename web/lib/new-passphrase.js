// Choosing a new passphrase: a generated one comes first; one's own must pass a strength check.

import { h } from './h.js';
import { button, copy, hiddenUserName, once, passphraseField } from './parts.js';
import { ownProblem, problemBox, problemOf } from './problem.js';
import { announce, setBusy } from './screen.js';
import { GOOD_ENOUGH, scoreOf, strengthMeter } from './strength.js';
import { t } from './strings/index.js';

/** @typedef {import('./problem.js').Problem} Problem */

/**
 * `suggestion`: the generated passphrase that was shown last, so that going back and forth does not change it.
 * @typedef {{ session: import('./api.js').Session, keys: import('./keys.js').Keys, suggestion: string | undefined }} Chooser
 */

/**
 * One way to a passphrase: its panel, and the passphrase or the reason why there is none.
 * @typedef {{ panel: HTMLElement, read: () => Promise<{ passphrase: string } | { problem: Problem }>, focus: () => void, end: () => void }} Choice
 */

/**
 * The form.
 * @param {Chooser} chooser
 * @param {{ problem: Problem | undefined, actions: HTMLElement, chosen: (passphrase: string) => void, refuse?: (passphrase: string) => Problem | undefined }} use
 */
export function newPassphraseForm(chooser, { problem, actions, chosen, refuse }) {
  const words = t.setup.passphrase;
  chooser.keys.warm();
  /** @type {Choice} */
  const suggested = suggestedChoice(chooser);
  const own = ownChoice(chooser);
  let choice = suggested;
  const trouble = h('div', { class: 'trouble' }, problem && problemBox(problem));

  /** @param {Choice} next */
  const choose = (next) => {
    choice = next;
    for (const each of [suggested, own]) {
      each.panel.hidden = each !== next;
      for (const input of each.panel.querySelectorAll('input')) input.disabled = each !== next;
    }
  };

  const send = once(async () => {
    trouble.replaceChildren();
    setBusy(true);
    const result = await choice.read();
    setBusy(false);
    const wrong = 'problem' in result ? result.problem : refuse?.(result.passphrase);
    if (wrong || 'problem' in result) {
      trouble.replaceChildren(...(wrong ? [problemBox(wrong)] : []));
      return choice.focus();
    }
    suggested.end();
    own.end();
    chosen(result.passphrase);
  });

  const form = h(
    'form',
    { novalidate: true, class: 'stack', on: { submit: (event) => { event.preventDefault(); send(); } } },
    hiddenUserName('passphrase-username', chooser.session.userName),
    h(
      'fieldset',
      { class: 'choice' },
      h('legend', { class: 'visually-hidden' }, words.choice),
      option('passphrase-mode-suggested', words.suggested, words.suggestedHint, true, () => { trouble.replaceChildren(); choose(suggested); }),
      option('passphrase-mode-own', words.own, words.ownHint, false, () => {
        trouble.replaceChildren();
        choose(own);
        // Whoever chooses by arrow keys may go on choosing.
        if (!document.activeElement?.matches(':focus-visible')) own.focus();
      }),
    ),
    suggested.panel,
    own.panel,
    trouble,
    actions,
  );
  choose(suggested);
  return form;
}

/**
 * @param {string} testid
 * @param {string} label
 * @param {string} hint
 * @param {boolean} checked
 * @param {() => void} choose
 */
function option(testid, label, hint, checked, choose) {
  const input = h('input', { type: 'radio', name: 'passphrase-mode', id: testid, testid, checked, 'aria-describedby': `${testid}-hint`, on: { change: choose } });
  return h(
    'div',
    { class: 'option' },
    input,
    h('label', { for: testid }, label),
    h('p', { class: 'hint', id: `${testid}-hint` }, hint),
  );
}

/**
 * @param {Chooser} chooser
 * @returns {Choice}
 */
function suggestedChoice(chooser) {
  const words = t.setup.passphrase;
  const shown = h('output', { class: 'suggested', dir: 'ltr', translate: 'no', testid: 'passphrase-suggested', 'aria-label': words.suggestedLabel });
  // Shown above in words; this field is for the password manager.
  const value = h('input', {
    type: 'password', name: 'new-password', autocomplete: 'new-password', class: 'visually-hidden',
    readonly: true, tabindex: '-1', 'aria-hidden': 'true', testid: 'passphrase-value',
  });
  const put = (/** @type {string} */ text) => {
    chooser.suggestion = text;
    value.value = text;
    shown.replaceChildren(...text.split('-').flatMap((word, index) => [...(index ? [h('wbr'), '-'] : []), word]));
  };
  const another = async () => put(await chooser.keys.suggest());
  const copyButton = button('passphrase-copy', words.copy, () => copy(copyButton, value.value), { icon: 'copy' });
  const anotherButton = button('passphrase-another', words.another, () => another().then(() => announce(words.suggestedLabel), () => {}), { icon: 'again' });
  if (chooser.suggestion === undefined) another().catch(() => {}); // tried again, and told, when it is asked for
  else put(chooser.suggestion);

  const panel = h(
    'div',
    { class: 'panel' },
    shown,
    value,
    h('p', { class: 'muted' }, words.suggestedStrength),
    h('div', { class: 'row' }, copyButton, anotherButton),
    h('p', {}, words.keep),
  );
  const read = async () => {
    try {
      if (value.value === '') await another();
      return { passphrase: value.value };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  };
  return { panel, read, focus: () => anotherButton.focus(), end: () => {} };
}

/**
 * @param {Chooser} chooser
 * @returns {Choice}
 */
function ownChoice(chooser) {
  const { session } = chooser;
  const words = t.setup.passphrase;
  const { box, input } = passphraseField({
    id: 'new-passphrase', label: words.field, autocomplete: 'new-password',
    testid: 'passphrase-own', showTestid: 'passphrase-show', capsTestid: 'passphrase-caps',
  });
  const repeat = passphraseField({ id: 'repeat-passphrase', label: words.repeat, autocomplete: 'new-password', testid: 'passphrase-repeat' });
  const meter = strengthMeter([session.userName, session.displayName ?? '', session.organization.name, session.organization.slug, t.product]);
  input.setAttribute('aria-describedby', 'strength-text');
  input.addEventListener('input', () => meter.watch(input.value));
  // Who sees what he types need not type it twice.
  input.addEventListener('shown-changed', () => {
    repeat.box.hidden = input.type === 'text';
  });

  const read = async () => {
    const text = input.value;
    if (text === '') return { problem: ownProblem('password-empty') };
    if (input.type === 'password' && repeat.input.value !== text) return { problem: ownProblem('password-repeat') };
    try {
      await chooser.keys.checkPassword(text);
    } catch (error) {
      return { problem: problemOf(error) };
    }
    const verdict = await meter.judge(text);
    const weak = verdict.kind === 'judged' && scoreOf(verdict.estimate) < GOOD_ENOUGH;
    return weak ? { problem: ownProblem('password-weak') } : { passphrase: text };
  };
  return { panel: h('div', { class: 'panel' }, box, meter.box, repeat.box), read, focus: () => input.focus(), end: meter.end };
}
