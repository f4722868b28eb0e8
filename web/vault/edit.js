// Adding a secret, or writing the next version of one. What was typed stays until it is stored or given up on purpose.

import { h } from '../lib/h.js';
import { actions, button, field, notice, once, submit } from '../lib/parts.js';
import { codeOf, ownProblem, problemBox, problemOf } from '../lib/problem.js';
import { announce, setBusy, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { Conflict } from './items.js';
import { isTooLarge } from './size.js';

/** @typedef {import('./main.js').Context} Context */
/** @typedef {import('./items.js').Draft} Draft */
/** @typedef {import('./items.js').Secret} Secret */

/**
 * @param {Context} context
 * @param {{ draft: Draft, secret: Secret, restored: boolean }} state
 * @returns {() => Secret} reads what is typed right now
 */
export function edit(context, { draft, secret, restored }) {
  const words = t.edit;
  const changes = draft.version > 0;
  const name = h('input', { id: 'edit-name', type: 'text', dir: 'auto', autocomplete: 'off', required: true, testid: 'edit-name' });
  const value = h('textarea', { id: 'edit-value', rows: '3', dir: 'auto', class: 'secret-input masked', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', translate: 'no', testid: 'edit-value' });
  const note = h('textarea', { id: 'edit-note', rows: '3', dir: 'auto', autocomplete: 'off', testid: 'edit-note' });
  const put = (/** @type {Secret} */ next) => {
    name.value = next.name;
    value.value = next.value;
    note.value = next.note;
  };
  put(secret);
  const read = () => ({ name: name.value.trim(), value: value.value, note: note.value });
  const trouble = h('div', { class: 'trouble' });
  const size = h('div', { class: 'trouble' });
  const weigh = () => {
    const is = isTooLarge(read());
    if (is !== size.hasChildNodes()) size.replaceChildren(...(is ? [problemBox(ownProblem('item-too-large'))] : []));
    return is;
  };

  const save = once(async () => {
    trouble.replaceChildren();
    if (read().name === '') {
      trouble.replaceChildren(problemBox({ ...ownProblem('name-missing'), title: words.nameMissing, safe: '', next: '' }));
      return name.focus();
    }
    if (weigh()) return value.focus();
    setBusy(true);
    try {
      await context.items.save(draft, read());
      context.go({ kind: 'list' });
      announce(t.vault.saved);
    } catch (error) {
      setBusy(false);
      if (context.handled(error, 'keep')) return;
      trouble.replaceChildren(error instanceof Conflict ? conflict(error) : failure(error));
    }
  });

  /** @param {unknown} error */
  const failure = (error) => {
    const { safe } = t.problem('too-large');
    if (codeOf(error) === 'signed-out') return problemBox(problemOf(error, { safe, next: words.signedOutNext }), { signIn: 'new-tab', retry: save });
    return problemBox(problemOf(error, { safe }), { retry: save });
  };

  /** @param {Conflict} error */
  const conflict = ({ theirs, supportId }) => {
    const keepMine = () => {
      draft.version = theirs?.version ?? 0;
      if (!theirs) draft.id = undefined;
      save();
    };
    const problem = { ...ownProblem('stale-version', theirs ? {} : { title: words.goneTitle, safe: words.gone, next: '' }), supportId };
    return problemBox(problem, {
      more: [
        theirs?.secret && theirVersion(theirs.secret),
        actions(
          button('conflict-take-theirs', theirs ? words.takeTheirs : words.dropMine, () => context.go({ kind: 'list' })),
          button('conflict-keep-mine', theirs ? words.keepMine : words.keepAsNew, keepMine),
        ),
      ],
    });
  };

  const shown = button('edit-value-show', t.common.show, () => toggleMask(value, shown), { icon: 'eye', name: `${t.common.show}: ${words.value}` });
  shown.setAttribute('aria-pressed', 'false');
  const valueField = field({ label: words.value }, value);
  valueField.append(h('div', { class: 'row' }, shown));
  show(
    'vault-edit',
    changes ? words.changeHeading : words.newHeading,
    restored && notice('draft-back', t.vault.notices.draftBack),
    h(
      'form',
      { novalidate: true, class: 'stack', testid: 'edit-form', 'data-mode': changes ? 'change' : 'new', on: { input: weigh, submit: (event) => { event.preventDefault(); save(); } } },
      field({ label: words.name, hint: words.nameHint }, name),
      valueField,
      field({ label: words.note, hint: words.noteHint, optional: true }, note),
      size,
      trouble,
      actions(button('edit-cancel', t.common.cancel, () => context.go({ kind: 'list' }), { kind: 'quiet' }), submit('edit-save', words.save)),
    ),
  );
  weigh();
  if (!changes) name.focus();
  return read;
}

/**
 * @param {HTMLElement} value
 * @param {HTMLButtonElement} toggle
 */
function toggleMask(value, toggle) {
  const masked = value.classList.toggle('masked');
  const label = masked ? t.common.show : t.common.hide;
  toggle.setAttribute('aria-pressed', String(!masked));
  toggle.setAttribute('aria-label', `${label}: ${t.edit.value}`);
  const text = toggle.querySelector('span');
  if (text) text.textContent = label;
}

/** @param {Secret} secret */
function theirVersion(secret) {
  const words = t.edit;
  return h(
    'div',
    { class: 'theirs' },
    h('h2', {}, words.theirs),
    h('p', { class: 'strong', testid: 'conflict-theirs-name', dir: 'auto' }, secret.name),
    h('p', { class: 'value', testid: 'conflict-theirs-value', translate: 'no', dir: 'auto' }, secret.value),
    secret.note && h('p', { class: 'note', dir: 'auto' }, secret.note),
  );
}
