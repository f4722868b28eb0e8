// The ways a set-up does not go on: somebody else was first, or the offer contradicts what this browser remembers.

import { leave } from '../lib/enter.js';
import { h } from '../lib/h.js';
import { actions, button, lead } from '../lib/parts.js';
import { problemBox } from '../lib/problem.js';
import { rememberSetupBegun } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';

/** @typedef {import('./state.js').Context} Context */

/**
 * The race was lost. The keys made here end with their Worker.
 * @param {Context} context
 */
export function taken(context) {
  context.keys.end();
  rememberSetupBegun(context.session.userId, undefined);
  const words = t.setup.taken;
  show(
    'setup-taken',
    words.heading,
    lead(words.text),
    h('p', {}, words.kit),
    h('p', {}, words.wasMe),
    h('p', {}, words.notMe),
    actions(
      button('taken-sign-out', t.common.signOut, leave, { kind: 'quiet', icon: 'leave' }),
      h('a', { class: 'button primary', href: '/unlock/', testid: 'taken-unlock' }, words.unlock),
    ),
  );
}

/**
 * An epoch above the remembered one is a reset: right only if the user asked for it.
 * @param {Context} context
 * @param {{ epoch: number }} state
 */
export function epoch(context, { epoch: offered }) {
  const words = t.setup.epoch;
  const agree = () => {
    context.acceptEpoch = offered;
    context.go({ kind: 'passphrase' });
  };
  show(
    'setup-epoch',
    words.heading,
    lead(words.text),
    actions(
      button('epoch-yes', words.yes, agree),
      button('epoch-no', words.no, leave, { kind: 'primary' }),
    ),
  );
}

/**
 * @param {Context} context
 * @param {{ problem: import('./state.js').Problem }} state
 */
export function refused(context, { problem }) {
  context.keys.end();
  show(
    'setup-refused',
    t.setup.refusedHeading,
    problemBox(problem),
    actions(button('refused-sign-out', t.common.signOut, leave, { icon: 'leave' })),
  );
}
