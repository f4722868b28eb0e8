// One request for new keys that waits, with the decision: in the list of the security screen and in the console.

import { h } from './h.js';
import { isolated, named, tame } from './names.js';
import { actions, button } from './parts.js';
import { showDateTime, t } from './strings/index.js';

/**
 * @param {import('./account.js').WaitingReset} one
 * @param {(one: import('./account.js').WaitingReset, decision: 'approve' | 'deny') => void} decide
 */
export function resetEntry(one, decide) {
  const words = t.security.resets;
  const name = tame(one.displayName ?? one.userName);
  const asked = h(
    'div',
    { class: 'item-head' },
    h('h3', { class: 'item-name' }, named(name)),
    h('p', { class: 'muted small' }, named(one.userName), ` · ${words.asked(showDateTime(one.askedAt))}`),
    h('p', { class: 'muted small' }, t.lost.id(one.id)),
  );
  if (one.own) return h('li', { class: 'item', testid: 'reset' }, asked, h('p', { class: 'muted' }, words.own));
  const sure = h('div', { class: 'stack', hidden: true }, h('p', {}, words.sure(isolated(name))), actions(button('reset-approve-sure', words.approveSure, () => decide(one, 'approve'), { icon: 'warning' })));
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
