// Screen 2: the passphrase. A generated one comes first; one's own must pass a strength check.

import { h } from '../lib/h.js';
import { actions, button, copy, hiddenUserName, lead, passphraseField, submit } from '../lib/parts.js';
import { ownProblem, problemBox, problemOf } from '../lib/problem.js';
import { announce, setBusy, show } from '../lib/screen.js';
import { GOOD_ENOUGH, scoreOf, strengthMeter } from '../lib/strength.js';
import { t } from '../lib/strings/index.js';
import { steps } from './steps.js';

/** @typedef {import('./state.js').Context} Context */
/** @typedef {import('../lib/problem.js').Problem} Problem */

/**
 * One way to a passphrase: its panel, and the passphrase or the reason why there is none.
 * @typedef {{ panel: HTMLElement, read: () => Promise<{ passphrase: string } | { problem: Problem }>, focus: () => void, end: () => void }} Choice
 */

/**
 * @param {Context} context
 * @param {{ problem?: Problem }} state
 */
export function passphrase(context, { problem }) {
  const words = t.setup.passphrase;
  context.keys.warm();
  /** @type {Choice} */
  const suggested = suggestedChoice(context);
  const own = ownChoice(context);
  let chosen = suggested;
  const trouble = h('div', { class: 'trouble' }, problem && problemBox(problem));

  /** @param {Choice} choice */
  const choose = (choice) => {
    chosen = choice;
    trouble.replaceChildren();
    for (const each of [suggested, own]) {
      each.panel.hidden = each !== choice;
      for (const input of each.panel.querySelectorAll('input')) input.disabled = each !== choice;
    }
  };

  const send = async () => {
    trouble.replaceChildren();
    setBusy(true);
    const result = await chosen.read();
    setBusy(false);
    if ('problem' in result) {
      trouble.replaceChildren(problemBox(result.problem));
      return chosen.focus();
    }
    suggested.end();
    own.end();
    context.go({ kind: 'making', passphrase: result.passphrase });
  };

  const form = h(
    'form',
    { novalidate: true, class: 'stack', on: { submit: (event) => { event.preventDefault(); send(); } } },
    hiddenUserName('passphrase-username', context.session.userName),
    h(
      'fieldset',
      { class: 'choice' },
      h('legend', { class: 'visually-hidden' }, words.choice),
      option('passphrase-mode-suggested', words.suggested, words.suggestedHint, true, () => choose(suggested)),
      option('passphrase-mode-own', words.own, words.ownHint, false, () => { choose(own); own.focus(); }),
    ),
    suggested.panel,
    own.panel,
    trouble,
    actions(
      button('passphrase-back', t.common.back, () => context.go({ kind: 'who' }), { kind: 'quiet', icon: 'back' }),
      submit('passphrase-continue', words.continue),
    ),
  );
  show('setup-passphrase', words.heading, steps(2), lead(words.lead), form);
  chosen = suggested;
  own.panel.hidden = true;
  for (const input of own.panel.querySelectorAll('input')) input.disabled = true;
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
 * @param {Context} context
 * @returns {Choice}
 */
function suggestedChoice(context) {
  const words = t.setup.passphrase;
  const shown = h('output', { class: 'suggested', dir: 'ltr', translate: 'no', testid: 'passphrase-suggested', 'aria-label': words.suggestedLabel });
  // Shown above in words; this field is for the password manager.
  const value = h('input', {
    type: 'password', name: 'new-password', autocomplete: 'new-password', class: 'visually-hidden',
    readonly: true, tabindex: '-1', 'aria-hidden': 'true', testid: 'passphrase-value',
  });
  const put = (/** @type {string} */ text) => {
    context.suggestion = text;
    value.value = text;
    shown.replaceChildren(...text.split('-').flatMap((word, index) => [...(index ? [h('wbr'), '-'] : []), word]));
  };
  const another = async () => put(await context.keys.suggest());
  const copyButton = button('passphrase-copy', words.copy, () => copy(copyButton, value.value), { icon: 'copy' });
  const anotherButton = button('passphrase-another', words.another, () => another().then(() => announce(words.suggestedLabel), () => {}), { icon: 'again' });
  if (context.suggestion === undefined) another().catch(() => {}); // tried again, and told, when it is asked for
  else put(context.suggestion);

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
 * @param {Context} context
 * @returns {Choice}
 */
function ownChoice(context) {
  const { session } = context;
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
      await context.keys.checkPassword(text);
    } catch (error) {
      return { problem: problemOf(error) };
    }
    const verdict = await meter.judge(text);
    const weak = verdict.kind === 'judged' && scoreOf(verdict.estimate) < GOOD_ENOUGH;
    return weak ? { problem: ownProblem('password-weak') } : { passphrase: text };
  };
  return { panel: h('div', { class: 'panel' }, box, meter.box, repeat.box), read, focus: () => input.focus(), end: meter.end };
}
