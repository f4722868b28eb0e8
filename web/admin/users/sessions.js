// Where a person is signed in, and an end to it.

import { h } from '../../lib/h.js';
import { button } from '../../lib/parts.js';
import { codeOf, problemBox, problemOf } from '../../lib/problem.js';
import { announce } from '../../lib/screen.js';
import { showDateTime } from '../../lib/strings/index.js';
import { clientName } from '../../security/client-name.js';
import { fromNow, panel, table } from '../parts.js';
import { words } from '../strings/index.js';
import { endUserSession, endUserSessions, getUserSessions } from './data.js';

/** @typedef {import('./data.js').Session} Session */

/**
 * @param {import('../console.js').Console} console
 * @param {import('./data.js').User} user
 */
export function sessions(console, user) {
  const text = words.user.sessions;
  const { left } = console;
  const trouble = h('div', { class: 'trouble' });
  const box = h('div', {});
  const all = button('user-sessions-end-all', text.endAll, () => end(() => endUserSessions(user.id)), { icon: 'leave' });
  const part = panel({ heading: text.heading, text: text.text, actions: all, testid: 'user-sessions' }, box, trouble);

  /** @param {() => Promise<unknown>} work */
  const end = async (work) => {
    const done = await console.attempt(trouble, () => work().catch(goneIsGood));
    if (!done) return;
    announce(text.ended);
    await load();
    part.querySelector('h2')?.focus();
  };

  /** @param {Session} one */
  const row = (one) => {
    const name = one.client ? clientName(one.client) : text.unknown;
    return {
      testid: 'user-session',
      id: one.id,
      cells: [
        [h('span', { class: 'strong', title: one.client }, name), one.address !== '' && h('span', { class: 'muted small' }, ` ${one.address}`)],
        one.current ? text.thisOne : fromNow(one.lastSeenAt),
        [showDateTime(one.createdAt), h('span', { class: 'muted small' }, ` · ${one.connection ?? text.byLink}`)],
        button('user-session-end', text.end, () => end(() => endUserSession(user.id, one.id)), { kind: 'quiet', name: `${text.end}: ${name}, ${showDateTime(one.createdAt)}` }),
      ],
    };
  };

  const load = async () => {
    trouble.replaceChildren();
    try {
      const found = await console.known(user.sessions === 0 ? Promise.resolve([]) : getUserSessions(user.id));
      all.hidden = found.length === 0;
      box.replaceChildren(table({ caption: text.heading, testid: 'user-session-list', columns: text.columns, empty: text.none }, found.map(row)));
    } catch (error) {
      if (left.aborted || console.handled(error)) return;
      trouble.replaceChildren(problemBox(problemOf(error), { retry: load }));
    }
  };

  part.querySelector('h2')?.setAttribute('tabindex', '-1');
  all.hidden = true;
  void load();
  return part;
}

/** A session that is gone already is as good as one that was ended. @param {unknown} error */
function goneIsGood(error) {
  if (codeOf(error) !== 'not-found') throw error;
}
