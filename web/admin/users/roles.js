// The role of a person, and by what.

import { h } from '../../lib/h.js';
import { isolated, named } from '../../lib/names.js';
import { button, notice } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { showDateTime } from '../../lib/strings/index.js';
import { ask, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { makeAdmin, takeRole } from './data.js';
import { drawn, nameOf } from './shown.js';

/** @typedef {import('./data.js').User} User */

/**
 * @param {import('../console.js').Console} console
 * @param {User} user
 */
export function roles(console, user) {
  const text = words.user.roles;
  const name = isolated(nameOf(user));
  const names = words.people.roles;

  /** @param {() => Promise<void>} work @param {() => void} close @param {HTMLElement} trouble */
  const change = async (work, close, trouble) => {
    if (!(await console.attempt(trouble, work))) return;
    close();
    announce(text.done);
    console.again();
  };
  const grant = () =>
    ask(
      { name: 'grant', heading: text.askGrant(name), confirm: text.grant },
      (close, trouble) => change(() => makeAdmin(user.id), close, trouble),
      user.displayName !== null && h('p', { class: 'muted' }, named(user.userName)),
      h('p', {}, text.effects),
      user.state !== 'READY' && notice('not-ready', text.notReady, 'warning'),
    );
  const revoke = (/** @type {'admin' | 'owner'} */ role) =>
    ask(
      { name: 'revoke', heading: text.askRevoke(name, names[role]), confirm: text.revoke(names[role]), danger: true },
      (close, trouble) => change(() => takeRole(user.id, role), close, trouble),
      h('p', {}, text.revokeEffects),
    );

  const granted = user.grants.map(({ role, at }) =>
    h(
      'li',
      { class: 'with-action' },
      h('span', {}, h('strong', {}, names[role]), h('span', { class: 'muted' }, ` · ${text.granted(showDateTime(at))}`)),
      console.isOwner && button(`user-revoke-${role}`, text.revoke(names[role]), () => revoke(role), { kind: 'quiet' }),
    ),
  );
  const mapped = user.groups
    .filter(({ makesAdmins }) => makesAdmins)
    .map((group) => h('li', {}, h('strong', {}, names.admin), h('span', { class: 'muted' }, ` · ${text.byGroup} `), h('a', { href: `#/groups/${group.id}` }, named(drawn(group.name, group.id)))));
  const has = [...granted, ...mapped];
  const canGrant = console.isOwner && !user.grants.some(({ role }) => role === 'admin');
  return panel(
    { heading: text.heading, text: text.text, testid: 'user-roles' },
    has.length > 0 ? h('ul', { class: 'lines', testid: 'user-role', 'data-role': user.role }, has) : h('p', { testid: 'user-role', 'data-role': user.role }, text.byNothing),
    canGrant && h('div', { class: 'row' }, button('user-grant', text.grant, grant, { icon: 'plus' })),
    console.isOwner ? h('p', { class: 'muted small' }, text.ownerByLink) : h('p', { class: 'muted small' }, text.ownerOnly),
  );
}
