// A table that is read page by page, the next one at the press of a button.

import { h } from '../lib/h.js';
import { button } from '../lib/parts.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { announce } from '../lib/screen.js';
import { table, tableRow } from './parts.js';
import { words } from './strings/index.js';

/**
 * @typedef {{ testid?: string, id?: string, cells: import('../lib/h.js').Child[] }} Row
 * @typedef {{ rows: Row[], next: string | null }} Rows
 */

/**
 * @param {import('./console.js').Console} console
 * @param {{ caption: string, testid: string, columns: string[] }} texts
 * @param {(cursor: string) => Promise<Rows>} read the page that begins there
 */
export function paged(console, texts, read) {
  const box = h('div', { class: 'paged' });
  const trouble = h('div', { class: 'trouble' });
  /** @type {string | null} */
  let next = null;
  let shown = 0; // which list it is: a page that comes late belongs to an earlier one

  const more = button(`${texts.testid}-more`, words.people.more, () => showMore());
  const foot = h('div', { class: 'row' }, more);

  const showMore = async () => {
    if (next === null || more.ariaDisabled === 'true') return;
    const list = shown;
    more.ariaDisabled = 'true';
    trouble.replaceChildren();
    try {
      const page = await read(next);
      if (list === shown && !console.left.aborted) append(page);
    } catch (error) {
      if (list !== shown || console.left.aborted || console.handled(error)) return;
      trouble.replaceChildren(problemBox(problemOf(error)));
    } finally {
      more.ariaDisabled = 'false';
    }
  };

  /** @param {Rows} page */
  const append = (page) => {
    const rows = page.rows.map((row) => tableRow(texts.columns, row));
    box.querySelector('tbody')?.append(...rows);
    next = page.next;
    foot.hidden = next === null;
    announce(words.people.added(rows.length));
    const target = rows[0]?.querySelector('a, button');
    if (target instanceof HTMLElement) target.focus();
  };

  /**
   * Shows a list from its first page on.
   * @param {Rows} page
   * @param {string} empty what to say when there is nothing
   */
  const begin = (page, empty) => {
    shown += 1;
    next = page.next;
    foot.hidden = next === null;
    trouble.replaceChildren();
    box.replaceChildren(table({ ...texts, empty }, page.rows));
  };

  foot.hidden = true;
  return { box: h('div', { class: 'stack' }, box, trouble, foot), begin };
}
