// The list of secrets.

import { h } from '../lib/h.js';
import { icon } from '../lib/icons.js';
import { button, copy, notice } from '../lib/parts.js';
import { ownProblem, problemBox, problemOf } from '../lib/problem.js';
import { announce, show } from '../lib/screen.js';
import { showDate, showDateTime, t } from '../lib/strings/index.js';
import { askToDelete } from './delete.js';
import { nameOf } from './items.js';
import { lockSetting } from './lock-setting.js';

/** @typedef {import('./main.js').Context} Context */
/** @typedef {import('./items.js').ListedItem} ListedItem */

/** @param {Context} context */
export function list(context) {
  const words = t.vault;
  const entries = h('ul', { class: 'items', testid: 'vault-list', 'aria-label': words.listLabel });
  const count = h('p', { class: 'muted count', testid: 'vault-count' });
  const none = h('div', { class: 'none' });
  const trouble = h('div', { class: 'trouble' });
  const search = h('input', {
    id: 'vault-search', type: 'search', testid: 'vault-search', autocomplete: 'off', spellcheck: 'false', value: context.search,
    placeholder: words.search, 'aria-label': words.search,
  });

  const draw = () => {
    const all = context.items.list;
    const wanted = fold(search.value.trim());
    const shown = all.filter((item) => fold(nameOf(item)).includes(wanted));
    entries.replaceChildren(...shown.map((item) => entry(context, item, trouble, draw)));
    entries.hidden = shown.length === 0;
    count.textContent = all.length ? words.count(shown.length, all.length) : '';
    searchRow.hidden = all.length === 0;
    none.replaceChildren(...(shown.length ? [] : [all.length ? noMatch() : empty()]));
  };
  search.addEventListener('input', () => {
    context.search = search.value;
    draw();
    announce(count.textContent ?? '');
  });

  const searchRow = h('div', { class: 'search' }, icon('search'), search);
  const card = show(
    'vault',
    words.heading,
    notices(context),
    h('div', { class: 'toolbar' }, searchRow, button('vault-add', words.add, () => context.go({ kind: 'edit', item: undefined }), { kind: 'primary', icon: 'plus' })),
    count,
    trouble,
    entries,
    none,
    h('details', { testid: 'vault-settings' }, h('summary', {}, words.settings), lockSetting()),
    h('p', { class: 'notice-quiet', testid: 'notice', 'data-code': 'keys-changed' }, words.notices.changedAt(showDateTime(context.changedAt))),
  );
  card.prepend(top(context, card.querySelector('h1')));
  card.querySelector('h1')?.focus({ preventScroll: true });
  draw();
}

/**
 * @param {Context} context
 * @param {HTMLElement | null} heading
 */
function top(context, heading) {
  const words = t.vault;
  return h(
    'div',
    { class: 'vault-top' },
    heading,
    h(
      'div',
      { class: 'row' },
      context.who.session.role !== 'member' && h('a', { class: 'button quiet', href: '/admin/', testid: 'vault-console' }, icon('menu'), h('span', {}, words.console)),
      button('vault-security', words.security, () => context.go({ kind: 'security' }), { kind: 'quiet', icon: 'key' }),
      button('vault-lock', words.lock, () => context.lock('you'), { icon: 'lock' }),
      button('vault-sign-out', t.common.signOut, () => context.signOut(), { kind: 'quiet', icon: 'leave' }),
    ),
  );
}

/** @param {Context} context */
function notices(context) {
  const { failedSince } = context;
  context.failedSince = 0; // told once
  return failedSince > 0 && notice('failed-since', t.vault.notices.failedSince(failedSince), 'warning');
}

function empty() {
  const words = t.vault;
  return h(
    'div',
    { class: 'empty', testid: 'vault-empty' },
    icon('key'),
    h('h2', {}, words.emptyHeading),
    h('p', { class: 'muted' }, words.emptyText),
  );
}

function noMatch() {
  return h('p', { class: 'empty muted', testid: 'vault-no-match' }, t.vault.noMatch);
}

/**
 * @param {Context} context
 * @param {ListedItem} item
 * @param {HTMLElement} trouble
 * @param {() => void} draw
 */
function entry(context, item, trouble, draw) {
  const words = t.vault;
  const name = nameOf(item);
  /**
   * @param {unknown} error
   * @param {import('../lib/problem.js').Words} [better]
   */
  const fail = (error, better) => {
    if (context.handled(error)) return;
    trouble.replaceChildren(problemBox(problemOf(error, better)));
  };
  const remove = button('item-delete', words.remove, () => askToDelete(context, item, draw, fail), {
    kind: 'quiet', icon: 'trash', name: words.actionOn(words.remove, name),
  });
  const head = h('div', { class: 'item-head' }, h('h2', { class: 'item-name', testid: 'item-name' }, h('bdi', {}, name)), when(item));
  if ('damaged' in item) {
    return row(item, name, head, h('p', { class: 'damaged', testid: 'item-damaged' }, icon('warning'), words.damagedText), h('div', { class: 'item-actions' }, remove));
  }

  const body = h('div', { class: 'item-body', hidden: true, id: `body-${item.id}` });
  const reveal = button('item-reveal', words.reveal, () => toggle().catch((error) => fail(error)), { icon: 'eye', name: words.actionOn(words.reveal, name) });
  reveal.setAttribute('aria-expanded', 'false');
  reveal.setAttribute('aria-controls', body.id);
  const toggle = async () => {
    const open = body.hidden;
    if (open) body.replaceChildren(...content(await context.items.open(item.id)));
    else body.replaceChildren();
    body.hidden = !open;
    reveal.setAttribute('aria-expanded', String(open));
    const label = open ? words.conceal : words.reveal;
    reveal.setAttribute('aria-label', words.actionOn(label, name));
    reveal.replaceChildren(icon(open ? 'eyeOff' : 'eye'), h('span', {}, label));
  };
  const copyValue = async () => copy(copyButton, (await context.items.open(item.id)).value, words.copiedValue);
  const copyButton = button('item-copy', words.copy, () => copyValue().then((copied) => copied || trouble.replaceChildren(problemBox(ownProblem('clipboard-refused'))), (error) => fail(error)), {
    icon: 'copy', name: words.actionOn(words.copy, name),
  });
  const edit = button('item-edit', words.edit, () => context.go({ kind: 'edit', item }), { icon: 'edit', name: words.actionOn(words.edit, name) });
  return row(item, name, head, h('div', { class: 'item-actions' }, reveal, copyButton, edit, remove), body);
}

/**
 * @param {ListedItem} item
 * @param {string} name
 * @param {...HTMLElement} children
 */
function row(item, name, ...children) {
  return h('li', { class: 'item', testid: 'item', 'data-item-id': item.id, 'data-version': item.version, 'data-name': name }, ...children);
}

/** @param {ListedItem} item */
function when(item) {
  return item.updatedAt !== undefined && h('p', { class: 'muted small', title: showDateTime(item.updatedAt) }, t.vault.changed(showDate(item.updatedAt), item.version));
}

/** @param {import('./items.js').Secret} secret */
function content(secret) {
  const words = t.vault;
  return [
    h('h3', {}, words.value),
    h('p', { class: 'value', testid: 'item-value', translate: 'no', dir: 'auto' }, secret.value || words.noValue),
    ...(secret.note ? [h('h3', {}, words.note), h('p', { class: 'note', testid: 'item-note', dir: 'auto' }, secret.note)] : []),
  ];
}

/** @param {string} text */
function fold(text) {
  return text.normalize('NFKC').toLocaleLowerCase();
}
