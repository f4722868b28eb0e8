// People: a list with search and filters, and a page for each.

import { decideReset, getResets } from '../../lib/account.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { named, tame } from '../../lib/names.js';
import { problemBox, problemOf } from '../../lib/problem.js';
import { resetEntry } from '../../lib/reset-entry.js';
import { announce } from '../../lib/screen.js';
import { locale, showDateTime, t } from '../../lib/strings/index.js';
import { paged } from '../paged.js';
import { fromNow, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { addressOf, getUsers, rememberList, wantedBy } from './data.js';
import { filters } from './filters.js';
import { person } from './person.js';
import { nameOf, stateBadge } from './shown.js';

/** @typedef {import('../console.js').Console} Console */

/** Between the last key and the search. */
const WAIT_MS = 250;

/**
 * @param {Console} console
 * @param {string} [id]
 */
export async function page(console, id) {
  if (id) return person(console, id);
  const text = words.users;
  const wanted = wantedBy(console.query);
  rememberList(addressOf(wanted));
  const [first, waiting] = await console.known(Promise.all([getUsers(wanted), getResets()]));
  const list = users(console, wanted, first);
  show('users', text.heading, { lead: text.lead }, resets(console, waiting), list);
}

/**
 * @param {Console} console
 * @param {import('../../lib/account.js').WaitingReset[]} waiting
 */
function resets(console, waiting) {
  if (waiting.length === 0) return undefined;
  const text = words.users;
  const trouble = h('div', { class: 'trouble' });
  const decide = async (/** @type {import('../../lib/account.js').WaitingReset} */ one, /** @type {'approve' | 'deny'} */ decision) => {
    const done = await console.attempt(trouble, () => decideReset(one.id, decision));
    if (!done) return;
    announce(decision === 'approve' ? t.security.resets.approved : t.security.resets.denied);
    console.again();
  };
  return panel({ heading: text.resets, text: text.resetsText, testid: 'users-resets' }, h('ul', { class: 'items', testid: 'resets' }, waiting.map((one) => resetEntry(one, decide))), trouble);
}

/**
 * The list. Typing and filtering change the address and the rows; the field keeps the focus.
 * @param {Console} console
 * @param {import('./data.js').Wanted} wanted
 * @param {import('./data.js').Users} first
 */
function users(console, wanted, first) {
  const text = words.users;
  const trouble = h('div', { class: 'trouble' });
  const counted = h('p', { class: 'muted counted', testid: 'users-count' });
  const rows = (/** @type {import('./data.js').Users} */ { users: all, next }) => ({ rows: all.map(row), next });
  const list = paged(console, { caption: text.heading, testid: 'users', columns: text.columns }, async (cursor) => rows(await getUsers(wanted, cursor)));
  const draw = (/** @type {import('./data.js').Users} */ found) => {
    list.begin(rows(found), wanted.search === '' ? text.nobody : text.nobodyFound);
    const { number = 0, more = false } = found.count ?? {};
    counted.textContent = text.count(number.toLocaleString(locale), more);
  };

  let asked = 0;
  const look = async () => {
    const mine = (asked += 1);
    trouble.replaceChildren();
    try {
      const found = await getUsers(wanted);
      if (mine !== asked || console.left.aborted) return;
      draw(found);
      announce(counted.textContent ?? '');
    } catch (error) {
      if (mine !== asked || console.left.aborted || console.handled(error)) return;
      trouble.replaceChildren(problemBox(problemOf(error), { retry: look }));
    }
  };

  /** @type {number | undefined} */
  let timer;
  const typed = (/** @type {string} */ search) => {
    wanted.search = search;
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(null, '', addressOf(wanted));
      rememberList(addressOf(wanted));
      look();
    }, WAIT_MS);
  };
  const chosen = () => {
    clearTimeout(timer);
    history.pushState(null, '', addressOf(wanted));
    rememberList(addressOf(wanted));
    look();
  };
  console.left.addEventListener('abort', () => clearTimeout(timer));
  draw(first);
  return h('section', { class: 'panel', 'aria-label': text.heading }, filters(wanted, first.connections ?? [], { typed, chosen }), counted, trouble, list.box);
}

/** @param {import('./data.js').UserRow} user */
function row(user) {
  const text = words.users;
  const name = nameOf(user);
  const told = user.state === 'PENDING' && user.step ? text.steps[user.step.name] : user.keptUntil && text.keptUntil(showDateTime(user.keptUntil));
  return {
    testid: 'user',
    id: user.id,
    cells: [
      h('div', { class: 'who' }, h('a', { href: `#/users/${user.id}`, class: 'strong', testid: 'user-link' }, named(name)), user.displayName && h('span', { class: 'muted small', dir: 'auto' }, tame(user.userName))),
      h(
        'div',
        { class: 'who' },
        h('span', { class: 'state-line' }, stateBadge(user.state), h('span', { class: 'muted small' }, fromNow(user.since))),
        told && h('span', { class: 'small' }, told),
        user.refusal && h('span', { class: 'small refused' }, icon('warning'), h('span', {}, text.refused)),
      ),
      user.signedInAt ? h('time', { datetime: new Date(user.signedInAt).toISOString(), title: showDateTime(user.signedInAt) }, fromNow(user.signedInAt)) : h('span', { class: 'muted' }, words.people.never),
      user.role === 'member' ? h('span', { class: 'muted' }, words.people.roles.member) : h('strong', {}, words.people.roles[user.role]),
    ],
  };
}
