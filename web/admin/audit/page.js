// The audit log: what happened, told in sentences; whether it is as it was written; and a copy of it to keep.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { button } from '../../lib/parts.js';
import { locale } from '../../lib/strings/index.js';
import { badge, copyRow, page as show, panel, table, tableRow } from '../parts.js';
import { words } from '../strings/index.js';
import { sentence } from './sentence.js';
import { verifying } from './verify.js';

/**
 * @typedef {import('/types/api.js').EventItem} AuditEvent
 * @typedef {import('/types/api.js').EventPage} Page
 */

const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });

/**
 * @param {string} [cursor]
 * @returns {Promise<Page>}
 */
async function getEvents(cursor) {
  /** @type {Page} */
  const got = await request('GET', `/api/admin/audit${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`);
  // Ids of one millisecond are in no order; the chain is.
  const later = (/** @type {AuditEvent} */ one, /** @type {AuditEvent} */ other) => other.at.localeCompare(one.at) || (other.seq ?? 0) - (one.seq ?? 0);
  return { ...got, events: got.events.toSorted(later) };
}

/** @param {import('../console.js').Console} console */
export async function page(console) {
  const text = words.audit;
  const first = await console.known(getEvents());
  const download = h('a', { class: 'button plain', href: '/api/admin/audit/export', download: true, testid: 'audit-export' }, icon('download'), h('span', {}, text.export));
  show(
    'audit',
    text.heading,
    { lead: text.lead, actions: download },
    panel({ heading: text.chain, text: text.chainText }, copyRow('audit-head', text.head, first.head), h('p', { class: 'muted small' }, text.headText), verifying(console)),
    list(console, first),
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {Page} first
 */
function list(console, first) {
  const text = words.audit;
  const columns = [text.columns.when, text.columns.what, text.columns.place];
  const cells = (/** @type {AuditEvent} */ event) => ({ testid: 'audit-event', id: event.id, cells: [when(event), what(event), place(event)] });
  const all = table({ caption: text.heading, testid: 'audit', columns, empty: text.none }, first.events.map(cells));
  const trouble = h('div', { class: 'trouble' });
  let { next } = first;
  const more = button('audit-more', text.more, async () => {
    const got = await console.attempt(trouble, () => getEvents(next ?? undefined));
    if (!got) return;
    ({ next } = got.done);
    all.querySelector('tbody')?.append(...got.done.events.map((event) => tableRow(columns, cells(event))));
    more.hidden = next === null;
  });
  more.hidden = next === null;
  return panel({ heading: text.events }, all, trouble, h('div', { class: 'actions' }, more));
}

/** @param {AuditEvent} event */
function when({ at }) {
  const time = new Date(at);
  return h('time', { datetime: at }, Number.isNaN(time.valueOf()) ? at : moment.format(time));
}

/**
 * Details are words of the server, and ids.
 * @param {AuditEvent} event
 */
function what(event) {
  return h(
    'div',
    {},
    h('p', {}, sentence(event)),
    event.detail !== null && h('p', { class: 'muted small', lang: 'en', dir: 'ltr' }, event.detail),
  );
}

/** @param {AuditEvent} event */
function place({ seq, kind }) {
  return seq === null ? badge(words.audit.outside, 'plain') : h('span', { class: 'muted', title: kind, dir: 'ltr' }, `#${seq}`);
}
