// One person: why the account is as it is, and what an admin can do about it.

import { decideReset } from '../../lib/account.js';
import { h } from '../../lib/h.js';
import { isolated, named, tame } from '../../lib/names.js';
import { actions, button, notice } from '../../lib/parts.js';
import { codeOf } from '../../lib/problem.js';
import { resetEntry } from '../../lib/reset-entry.js';
import { announce } from '../../lib/screen.js';
import { showDateTime, t } from '../../lib/strings/index.js';
import { ask, facts, fromNow, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { getUser, lastList, restore } from './data.js';
import { pending, refusal } from './pending.js';
import { roles } from './roles.js';
import { sessions } from './sessions.js';
import { drawn, nameOf, stateBadge } from './shown.js';

/**
 * @typedef {import('../console.js').Console} Console
 * @typedef {import('./data.js').User} User
 */

/**
 * @param {Console} console
 * @param {string} id
 */
export async function person(console, id) {
  const user = await console.known(getUser(id));
  const there = user.state !== 'DELETED';
  show(
    'user',
    nameOf(user),
    { lead: user.displayName ? tame(user.userName) : '', back: { href: lastList(), label: words.user.back } },
    user.state === 'DELETED' && deleted(console, user),
    user.state === 'SUSPENDED' && panel({ heading: words.user.suspended.heading, testid: 'user-suspended' }, h('p', {}, words.user.suspended.text(showDateTime(user.since)))),
    user.reset && reset(console, user, user.reset),
    user.state !== 'PENDING' && there && user.refusal && refusal(user.refusal),
    user.state === 'PENDING' && pending(user),
    account(user),
    there && sessions(console, user),
    there && roles(console, user),
    groups(user),
  );
}

/**
 * A time, exact and in relation to now.
 * @param {number} at
 */
export const when = (at) => `${showDateTime(at)} (${fromNow(at)})`;

/** @param {User} user */
function account(user) {
  const text = words.user;
  const { attributes } = text;
  const further = user.attributes.flatMap(({ name, value }) => {
    const label = /** @type {Record<string, string>} */ (attributes)[name];
    return label ? [/** @type {[string, HTMLElement]} */ ([label, named(value)])] : [];
  });
  return panel(
    { heading: text.account },
    facts('user-facts', [
      [text.state, [stateBadge(user.state, 'user-state'), ` ${words.people.since(when(user.since))}`]],
      [text.userName, named(user.userName)],
      [text.emails, user.emails.length > 0 && user.emails.flatMap((email, at) => [at > 0 && ', ', named(email)])],
      [text.externalId, user.externalId && h('code', { translate: 'no', dir: 'ltr' }, tame(user.externalId))],
      ...further,
      [text.connection, user.claimed?.connection ?? user.connection],
      [text.lastSignIn, user.signedInAt ? when(user.signedInAt) : words.people.never],
      [words.people.createdAt, showDateTime(user.createdAt)],
      [words.people.changedAt, showDateTime(user.lastModifiedAt)],
    ]),
  );
}

/**
 * @param {Console} console
 * @param {User} user
 * @param {NonNullable<User['reset']>} waiting
 */
function reset(console, user, waiting) {
  const trouble = h('div', { class: 'trouble' });
  const { userName, displayName, own } = user;
  const entry = resetEntry({ ...waiting, userId: user.id, userName, displayName, own }, async (_one, decision) => {
    const done = await console.attempt(trouble, () => decideReset(waiting.id, decision));
    if (!done) return;
    announce(decision === 'approve' ? t.security.resets.approved : t.security.resets.denied);
    console.again();
  });
  return panel({ heading: words.user.reset.heading, text: t.security.resets.text, testid: 'user-reset' }, h('ul', { class: 'items', testid: 'resets' }, entry), trouble);
}

/**
 * @param {Console} console
 * @param {User} user
 */
function deleted(console, user) {
  const text = words.user.deleted;
  const open = () =>
    ask(
      { name: 'restore', heading: text.ask(isolated(nameOf(user))), confirm: text.restore },
      async (close, trouble) => {
        const came = await console.attempt(trouble, () => restore(user.id).then(() => true, isElsewhere));
        if (!came) return;
        close();
        if (came.done) announce(text.done);
        console.again();
      },
      h('p', {}, text.effects),
    );
  return panel(
    { heading: text.heading, testid: 'user-deleted' },
    h('p', {}, text.text(showDateTime(user.since), showDateTime(user.keptUntil ?? user.since))),
    console.isOwner ? actions(button('user-restore', text.restore, open, { icon: 'again' })) : notice('owner-only', text.ownerOnly),
  );
}

/**
 * Nobody is deleted by this id any more: somebody else restored the person, or the time is over. The page says which.
 * @param {unknown} error
 */
function isElsewhere(error) {
  if (codeOf(error) !== 'not-found') throw error;
  return false;
}

/** @param {User} user */
function groups(user) {
  const text = words.user.groups;
  if (user.groups.length === 0) return panel({ heading: text.heading }, h('p', { class: 'muted' }, text.none));
  const entries = user.groups.map((group) => h('li', {}, h('a', { href: `#/groups/${group.id}` }, named(drawn(group.name, group.id))), group.makesAdmins && h('span', { class: 'muted small' }, ` · ${text.makesAdmins}`)));
  return panel({ heading: text.heading }, h('ul', { class: 'lines', testid: 'user-groups' }, entries));
}
