// Groups: a list with a search, and a page for each.

import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { named } from '../../lib/names.js';
import { problemBox, problemOf } from '../../lib/problem.js';
import { announce } from '../../lib/screen.js';
import { locale } from '../../lib/strings/index.js';
import { paged } from '../paged.js';
import { badge, LONGEST_SEARCH, page as show, searchIn } from '../parts.js';
import { words } from '../strings/index.js';
import { getGroups } from './data.js';
import { drawn } from '../users/shown.js';
import { group } from './group.js';

/** Between the last key and the search. */
const WAIT_MS = 250;

/** @param {string} search */
const addressOf = (search) => (search === '' ? '#/groups' : `#/groups?${new URLSearchParams({ search })}`);

/**
 * @param {import('../console.js').Console} console
 * @param {string} [id]
 */
export async function page(console, id) {
  if (id) return group(console, id);
  const text = words.groups;
  let search = searchIn(console.query);
  const first = await console.known(getGroups(search));
  const list = paged(console, { caption: text.heading, testid: 'groups', columns: text.columns }, async (cursor) => rows(await getGroups(search, cursor)));
  const empty = () => (search === '' ? text.none : text.noneFound);
  list.begin(rows(first), empty());

  const trouble = h('div', { class: 'trouble' });
  let asked = 0;
  const look = async () => {
    const mine = (asked += 1);
    trouble.replaceChildren();
    try {
      const found = await getGroups(search);
      if (mine !== asked || console.left.aborted) return;
      list.begin(rows(found), empty());
      if (found.groups.length === 0) announce(empty());
    } catch (error) {
      if (mine !== asked || console.left.aborted || console.handled(error)) return;
      trouble.replaceChildren(problemBox(problemOf(error), { retry: look }));
    }
  };
  const input = h('input', { type: 'search', id: 'groups-search', maxlength: String(LONGEST_SEARCH), autocomplete: 'off', spellcheck: 'false', dir: 'auto', value: search, testid: 'groups-search', placeholder: text.search });
  /** @type {number | undefined} */
  let timer;
  input.addEventListener('input', () => {
    search = input.value;
    clearTimeout(timer);
    timer = setTimeout(() => {
      history.replaceState(null, '', addressOf(search));
      look();
    }, WAIT_MS);
  });
  console.left.addEventListener('abort', () => clearTimeout(timer));
  const form = h('form', { role: 'search', class: 'search', on: { submit: (event) => event.preventDefault() } }, h('label', { for: 'groups-search', class: 'visually-hidden' }, `${words.people.searchLabel}: ${text.search}`), icon('search'), input);
  show('groups', text.heading, { lead: text.lead }, h('section', { class: 'panel', 'aria-label': text.heading }, h('div', { class: 'filters' }, form), trouble, list.box));
}

/** @param {import('./data.js').Groups} page */
function rows({ groups, next }) {
  return { rows: groups.map(row), next };
}

/** @param {import('./data.js').GroupRow} one */
function row(one) {
  const text = words.groups;
  return {
    testid: 'group',
    id: one.id,
    cells: [
      h('a', { href: `#/groups/${one.id}`, class: 'strong', testid: 'group-link' }, named(drawn(one.name, one.id))),
      text.members(one.members.number.toLocaleString(locale), one.members.more),
      one.mappedAt ? badge(text.makesAdmins, 'caution') : h('span', { class: 'muted' }, text.noRole),
    ],
  };
}
