// One group: its members, and whether it makes them admins.

import { h } from '../../lib/h.js';
import { isolated, named, tame } from '../../lib/names.js';
import { button } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { locale, showDateTime } from '../../lib/strings/index.js';
import { paged } from '../paged.js';
import { ask, facts, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { drawn } from '../users/shown.js';
import { getGroup, getMembers, mapGroup, unmapGroup } from './data.js';

/**
 * @typedef {import('../console.js').Console} Console
 * @typedef {import('./data.js').Group} Group
 */

/**
 * @param {Console} console
 * @param {string} id
 */
export async function group(console, id) {
  const text = words.group;
  const [one, first] = await console.known(Promise.all([getGroup(id), getMembers(id)]));
  const list = paged(console, { caption: text.members.heading, testid: 'members', columns: text.members.columns }, async (cursor) => rows(await getMembers(id, cursor)));
  list.begin(rows(first), text.members.none);
  show('group', drawn(one.name, one.id), { lead: '', back: { href: '#/groups', label: text.back } }, role(console, one), about(one), panel({ heading: text.members.heading }, list.box));
}

/** @param {Group} one */
function about(one) {
  const text = words.group;
  return panel(
    { heading: text.about },
    facts('group-facts', [
      [text.memberCount, words.groups.members(one.members.number.toLocaleString(locale), one.members.more)],
      [text.externalId, one.externalId && h('code', { translate: 'no', dir: 'ltr' }, tame(one.externalId))],
      [words.people.createdAt, showDateTime(one.createdAt)],
      [words.people.changedAt, showDateTime(one.lastModifiedAt)],
    ]),
  );
}

/**
 * @param {Console} console
 * @param {Group} one
 */
function role(console, one) {
  const text = words.group.role;
  const people = h('p', { testid: 'group-people' }, text.people(one.people.toLocaleString(locale)));
  const nested = one.nested > 0 && h('p', { class: 'muted' }, text.nested(one.nested.toLocaleString(locale)));

  /** @param {() => Promise<void>} work @param {() => void} close @param {HTMLElement} trouble */
  const change = async (work, close, trouble) => {
    if (!(await console.attempt(trouble, work))) return;
    close();
    announce(text.done);
    console.again();
  };
  const map = () =>
    ask({ name: 'map', heading: text.askMap(isolated(drawn(one.name, one.id))), confirm: text.map }, (close, trouble) => change(() => mapGroup(one.id), close, trouble), people.cloneNode(true), nested && nested.cloneNode(true), h('p', {}, text.effects));
  const unmap = () =>
    ask({ name: 'unmap', heading: text.askUnmap(isolated(drawn(one.name, one.id))), confirm: text.unmap, danger: true }, (close, trouble) => change(() => unmapGroup(one.id), close, trouble), h('p', {}, text.unmapEffects));
  const press = one.mappedAt ? button('group-unmap', text.unmap, unmap) : button('group-map', text.map, map, { icon: 'plus' });
  return panel(
    { heading: text.heading, testid: 'group-role' },
    h('p', { testid: 'group-mapped', 'data-mapped': String(one.mappedAt !== null) }, one.mappedAt ? text.mapped(showDateTime(one.mappedAt)) : text.unmapped),
    one.mappedAt && people,
    one.mappedAt && nested,
    console.isOwner ? h('div', { class: 'row' }, press) : h('p', { class: 'muted small' }, text.ownerOnly),
  );
}

/** @param {import('./data.js').Members} page */
function rows({ members, next }) {
  return { rows: members.map(row), next };
}

/** @param {import('./data.js').Member} one */
function row(one) {
  const text = words.group.members;
  const place = one.kind === 'user' ? 'users' : 'groups';
  return {
    testid: 'member',
    id: one.id,
    cells: [
      [h('a', { href: `#/${place}/${one.id}` }, named(drawn(one.name, drawn(one.userName, one.id)))), !one.active && h('span', { class: 'muted small' }, ` · ${text.inactive}`)],
      named(one.userName ?? ''),
      text[one.kind],
    ],
  };
}
