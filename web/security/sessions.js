// Where one is signed in, and an end to it.

import { endOtherSessions, endSession } from '../lib/account.js';
import { h } from '../lib/h.js';
import { button } from '../lib/parts.js';
import { codeOf, problemBox, problemOf } from '../lib/problem.js';
import { announce } from '../lib/screen.js';
import { showDateTime, t } from '../lib/strings/index.js';
import { clientName } from './client-name.js';

/** @typedef {import('../vault/main.js').Context} Context */
/** @typedef {import('../lib/account.js').SignedIn} SignedIn */

/**
 * @param {Context} context
 * @param {import('./flow.js').Flow} flow
 * @param {SignedIn[]} all
 */
export function sessions(context, flow, all) {
  const words = t.security.sessions;
  const trouble = h('div', { class: 'trouble' });
  const list = h('ul', { class: 'items', testid: 'sessions' });
  const endOthers = button('sessions-end-others', words.endOthers, () => end(endOtherSessions, all.filter(({ current }) => !current)), { icon: 'leave' });

  /**
   * @param {() => Promise<void>} ending
   * @param {SignedIn[]} gone
   */
  const end = async (ending, gone) => {
    trouble.replaceChildren();
    try {
      await flow.live(ending());
    } catch (error) {
      if (context.handled(error)) return;
      // Gone already is as good.
      if (codeOf(error) !== 'not-found') return trouble.replaceChildren(problemBox(problemOf(error)));
    }
    all = all.filter((one) => !gone.includes(one));
    draw();
    announce(words.ended);
    heading.focus();
  };

  const draw = () => {
    list.replaceChildren(...all.map((one) => entry(one, () => end(() => endSession(one.id), [one]))));
    endOthers.hidden = all.length < 2;
  };
  const heading = h('h2', { tabindex: '-1' }, words.heading);
  draw();
  return h('section', { class: 'part' }, heading, h('p', { class: 'muted' }, words.lead), trouble, list, h('div', { class: 'row' }, endOthers));
}

/**
 * @param {SignedIn} one
 * @param {() => void} end
 */
function entry(one, end) {
  const words = t.security.sessions;
  const name = one.client ? clientName(one.client) : words.unknown;
  return h(
    'li',
    { class: 'item', testid: 'session', 'data-current': String(one.current) },
    h(
      'div',
      { class: 'item-head' },
      h('h3', { class: 'item-name', title: one.client }, name),
      h('p', { class: 'muted small' }, one.current ? words.thisOne : words.seen(showDateTime(one.lastSeenAt)), one.address && ` · ${one.address}`),
      h('p', { class: 'muted small' }, words.since(showDateTime(one.createdAt))),
    ),
    !one.current && h('div', { class: 'item-actions' }, button('session-end', words.end, end, { kind: 'quiet', icon: 'leave', name: `${words.end}: ${name}` })),
  );
}
