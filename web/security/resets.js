// For admins: who of the organization asks for new keys, and the decision.

import { decideReset } from '../lib/api.js';
import { h } from '../lib/h.js';
import { actions, button } from '../lib/parts.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { announce } from '../lib/screen.js';
import { showDateTime, t } from '../lib/strings/index.js';

/** @typedef {import('../vault/main.js').Context} Context */
/** @typedef {import('../lib/api.js').WaitingReset} WaitingReset */

/**
 * @param {Context} context
 * @param {import('./flow.js').Flow} flow
 * @param {WaitingReset[]} waiting
 */
export function resets(context, flow, waiting) {
  const words = t.security.resets;
  const trouble = h('div', { class: 'trouble' });
  const list = h('ul', { class: 'items', testid: 'resets' });
  const heading = h('h2', { tabindex: '-1' }, words.heading);

  /**
   * @param {WaitingReset} one
   * @param {'approve' | 'deny'} decision
   */
  const decide = async (one, decision) => {
    trouble.replaceChildren();
    try {
      await flow.live(decideReset(one.id, decision));
    } catch (error) {
      if (!context.handled(error)) trouble.replaceChildren(problemBox(problemOf(error)));
      return;
    }
    waiting = waiting.filter((other) => other !== one);
    draw();
    announce(decision === 'approve' ? words.approved : words.denied);
    heading.focus();
  };

  const draw = () => {
    list.replaceChildren(...(waiting.length > 0 ? waiting.map((one) => entry(one, decide)) : [h('li', { class: 'muted' }, words.none)]));
  };
  draw();
  return h('section', { class: 'part' }, heading, h('p', {}, words.text), trouble, list);
}

/**
 * @param {WaitingReset} one
 * @param {(one: WaitingReset, decision: 'approve' | 'deny') => void} decide
 */
function entry(one, decide) {
  const words = t.security.resets;
  const name = one.displayName ?? one.userName;
  const asked = h(
    'div',
    { class: 'item-head' },
    h('h3', { class: 'item-name' }, h('bdi', {}, name)),
    h('p', { class: 'muted small' }, h('bdi', {}, one.userName), ` · ${words.asked(showDateTime(one.askedAt))}`),
    h('p', { class: 'muted small' }, t.lost.id(one.id)),
  );
  if (one.own) return h('li', { class: 'item', testid: 'reset' }, asked, h('p', { class: 'muted' }, words.own));
  const sure = h('div', { class: 'stack', hidden: true }, h('p', {}, words.sure(name)), actions(button('reset-approve-sure', words.approveSure, () => decide(one, 'approve'), { icon: 'warning' })));
  return h(
    'li',
    { class: 'item', testid: 'reset' },
    asked,
    h(
      'div',
      { class: 'item-actions' },
      button('reset-approve', words.approve, () => { sure.hidden = false; }, { icon: 'check', name: `${words.approve}: ${name}` }),
      button('reset-deny', words.deny, () => decide(one, 'deny'), { kind: 'quiet', name: `${words.deny}: ${name}` }),
    ),
    sure,
  );
}
