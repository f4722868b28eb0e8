// For admins: who of the organization asks for new keys, and the decision.

import { decideReset } from '../lib/account.js';
import { h } from '../lib/h.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { resetEntry } from '../lib/reset-entry.js';
import { announce } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';

/** @typedef {import('../vault/main.js').Context} Context */
/** @typedef {import('../lib/account.js').WaitingReset} WaitingReset */

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
    list.replaceChildren(...(waiting.length > 0 ? waiting.map((one) => resetEntry(one, decide)) : [h('li', { class: 'muted' }, words.none)]));
  };
  draw();
  return h('section', { class: 'part' }, heading, h('p', {}, words.text), trouble, list);
}
