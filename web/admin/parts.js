// What the pages of the console are made of.

import { h } from '../lib/h.js';
import { icon } from '../lib/icons.js';
import { actions, button, copy, lead, once } from '../lib/parts.js';
import { put } from '../lib/screen.js';
import { locale, t } from '../lib/strings/index.js';

/** @typedef {import('../lib/h.js').Child} Child */
/** @typedef {'good' | 'bad' | 'caution' | 'plain'} Tone */

/**
 * Shows a page.
 * @param {string} name `data-screen` says `admin-` and this
 * @param {string} heading
 * @param {{ lead: string, actions?: Child, back?: { href: string, label: string } }} top
 * @param {...Child} children panels
 */
export function page(name, heading, top, ...children) {
  const title = h('h1', { tabindex: '-1' }, heading);
  const back = top.back && h('a', { class: 'back', href: top.back.href, testid: 'back' }, icon('back'), h('span', {}, top.back.label));
  const head = h('div', { class: 'page-head' }, h('div', { class: 'page-title' }, back, title, top.lead !== '' && lead(top.lead)), top.actions && h('div', { class: 'row' }, top.actions));
  put(`admin-${name}`, heading, h('div', { class: `page page-${name}` }, head, ...children), title);
}

/** Says that a page is on its way. */
export function loading() {
  page('loading', t.loading.heading, { lead: '' }, h('progress', { 'aria-label': t.loading.heading }));
}

/**
 * A part of a page with a heading of its own.
 * @param {{ heading: string, text?: string, actions?: Child, testid?: string }} texts
 * @param {...Child} children
 */
export function panel(texts, ...children) {
  return h(
    'section',
    { class: 'panel', ...(texts.testid ? { testid: texts.testid } : {}) },
    h('div', { class: 'panel-head' }, h('div', {}, h('h2', {}, texts.heading), texts.text && h('p', { class: 'muted' }, texts.text)), texts.actions && h('div', { class: 'row' }, texts.actions)),
    ...children,
  );
}

/**
 * Where the button that was pressed went with its row, the heading of the panel has the focus.
 * @param {HTMLElement} part
 */
export function keepFocus(part) {
  if (document.activeElement !== document.body) return;
  const heading = part.querySelector('h2');
  heading?.setAttribute('tabindex', '-1');
  heading?.focus();
}

/**
 * A table that becomes a list of cards where it is narrow: each cell says its column.
 * @param {{ caption: string, testid: string, columns: string[], empty: string }} texts
 * @param {{ testid?: string, id?: string, cells: Child[] }[]} rows
 */
export function table({ caption, testid, columns, empty }, rows) {
  if (rows.length === 0) return h('p', { class: 'empty muted', testid: `${testid}-empty` }, empty);
  return h(
    'table',
    { class: 'table', testid },
    h('caption', { class: 'visually-hidden' }, caption),
    h('thead', {}, h('tr', {}, columns.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, rows.map((row) => tableRow(columns, row))),
  );
}

/**
 * @param {string[]} columns
 * @param {{ testid?: string, id?: string, cells: Child[] }} row
 */
export function tableRow(columns, { testid, id, cells }) {
  const named = cells.map((cell, at) => h('td', { 'data-column': columns[at] ?? '' }, ...(Array.isArray(cell) ? cell : [cell])));
  return h('tr', { ...(testid ? { testid } : {}), ...(id ? { 'data-id': id } : {}) }, named);
}

/**
 * One word on how something is. Color is never all that says it.
 * @param {string} text
 * @param {Tone} tone
 * @param {string} [testid]
 */
export function badge(text, tone, testid) {
  const pictures = /** @type {const} */ ({ good: 'check', bad: 'warning', caution: 'warning', plain: undefined });
  const picture = pictures[tone];
  return h('span', { class: `badge ${tone}`, ...(testid ? { testid } : {}) }, picture && icon(picture), h('span', {}, text));
}

/**
 * A text to be pasted elsewhere, with its button.
 * @param {string} testid
 * @param {string} label
 * @param {string} text
 */
export function copyRow(testid, label, text) {
  const press = button(`${testid}-copy`, t.common.copy, () => copy(press, text), { icon: 'copy', name: `${t.common.copy}: ${label}` });
  return h('div', { class: 'copy-row' }, h('span', { class: 'copy-label' }, label), h('code', { class: 'copy-text', testid, translate: 'no', dir: 'ltr' }, text), press);
}

/**
 * A switch with its label.
 * @param {string} testid
 * @param {string} label
 * @param {boolean} on
 * @param {(on: boolean) => void | Promise<void>} change the switch shows the new state at once; `set` it back where it was refused
 */
export function toggle(testid, label, on, change) {
  const press = h('button', { type: 'button', role: 'switch', class: 'switch', testid, 'aria-checked': String(on) }, h('span', { class: 'switch-track' }), h('span', {}, label));
  const isOn = () => press.getAttribute('aria-checked') === 'true';
  const set = (/** @type {boolean} */ now) => press.setAttribute('aria-checked', String(now));
  const turn = () => {
    set(!isOn());
    return change(isOn());
  };
  press.addEventListener('click', once(turn)); // two changes under way could end in either state
  return { press, set };
}

/**
 * Asks in a dialog, over the page. Escape and the cancel button mean no.
 * @param {{ name: string, heading: string, confirm: string, danger?: boolean }} texts
 * @param {(close: () => void, trouble: HTMLElement) => void | Promise<void>} confirm called on the button or Enter; ends with `close()`
 * @param {...Child} children fields and texts
 */
export function ask(texts, confirm, ...children) {
  const trouble = h('div', { class: 'trouble' });
  const title = h('h2', { id: 'dialog-title', tabindex: '-1' }, texts.heading);
  const sure = h('button', { type: 'submit', class: `button ${texts.danger ? 'danger' : 'primary'}`, testid: `${texts.name}-confirm` }, h('span', {}, texts.confirm));
  const form = h(
    'form',
    { class: 'stack', novalidate: true },
    title,
    ...children,
    trouble,
    actions(button(`${texts.name}-cancel`, t.common.cancel, () => dialog.close(), { kind: 'quiet' }), sure),
  );
  const dialog = h('dialog', { class: 'dialog', testid: `${texts.name}-dialog`, 'aria-labelledby': 'dialog-title' }, form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (sure.disabled) return;
    sure.disabled = true;
    try {
      await confirm(() => dialog.close(), trouble);
    } finally {
      sure.disabled = false;
    }
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.getElementById('main')?.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Characters that a search takes. */
export const LONGEST_SEARCH = 200;

/** What an address searches for. @param {URLSearchParams} query */
export const searchIn = (query) => (query.get('search') ?? '').slice(0, LONGEST_SEARCH);

/**
 * Says that a field does not fit, and leads there.
 * @param {HTMLElement} trouble
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {string} text
 */
export function complain(trouble, input, text) {
  trouble.replaceChildren(h('p', { class: 'fault-line', role: 'alert', testid: 'field-fault' }, text));
  input.setAttribute('aria-invalid', 'true');
  input.addEventListener('input', () => input.removeAttribute('aria-invalid'), { once: true });
  input.focus();
}

const UNITS = /** @type {const} */ ([['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]]);
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/**
 * How far a time is from now, such as "in 3 days" or "2 hours ago".
 * @param {number} at milliseconds since 1970
 * @param {number} [now]
 */
export function fromNow(at, now = Date.now()) {
  const distance = at - now;
  for (const [unit, length] of UNITS) {
    if (Math.abs(distance) >= length) return relative.format(Math.trunc(distance / length), unit);
  }
  return relative.format(0, 'minute');
}

/**
 * What is known of something: names and values. Values that are left out have no row.
 * @param {string} testid
 * @param {[string, Child][]} rows
 */
export function facts(testid, rows) {
  const shown = rows.filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '');
  return h('dl', { class: 'facts', testid }, shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, ...(Array.isArray(value) ? value : [value])))));
}
