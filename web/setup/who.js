// Screen 1: who the identity provider says this is.

import { ApiError, getSetupOffer } from '../lib/api.js';
import { leave, leaveToLogin } from '../lib/enter.js';
import { h } from '../lib/h.js';
import { isolated, named } from '../lib/names.js';
import { actions, button, lead, notice } from '../lib/parts.js';
import { ownProblem, problemBox, problemOf } from '../lib/problem.js';
import { compareEpoch, setupBegun } from '../lib/remembered.js';
import { setBusy, show } from '../lib/screen.js';
import { showDateTime, t } from '../lib/strings/index.js';
import { steps } from './steps.js';

const SLOW_MS = 3000;

/** @param {import('./state.js').Context} context */
export function who(context) {
  const { session } = context;
  const words = t.setup.who;
  const begun = setupBegun(session.userId);
  const trouble = h('div', { class: 'trouble' });
  show(
    'setup-who',
    words.heading,
    steps(1),
    lead(words.lead(isolated(session.organization.name))),
    begun && notice('setup-again', words.again(showDateTime(begun))),
    context.otherTab && notice('other-tab', words.otherTab),
    identity(session),
    slowWarning(context.deriveMilliseconds),
    h('h2', {}, words.plan),
    h('ol', { class: 'prose' }, words.planSteps.map((step) => h('li', {}, step))),
    trouble,
    actions(
      button('who-not-me', words.notMe, leave, { kind: 'quiet' }),
      button('who-continue', words.continue, () => proceed(context, trouble), { kind: 'primary' }),
    ),
  );
}

/** @param {import('../lib/api.js').Session} session */
function identity(session) {
  const words = t.setup.who;
  /** @type {[string, string | null, string][]} */
  const facts = [
    [words.name, session.displayName, 'who-name'],
    [words.userName, session.userName, 'who-user-name'],
    [words.organization, session.organization.name, 'who-organization'],
    [words.externalId, session.externalId, 'who-external-id'],
  ];
  const rows = facts
    .filter(([, value]) => value)
    .map(([name, value, testid]) => h('div', { class: testid }, h('dt', {}, name), h('dd', { testid }, named(value ?? ''))));
  return h('section', { class: 'identity', 'aria-label': words.from }, h('p', { class: 'muted' }, words.from), h('dl', {}, rows));
}

/** @param {number} milliseconds */
function slowWarning(milliseconds) {
  if (milliseconds < SLOW_MS) return undefined;
  const text = t.setup.who.slow(Math.round(milliseconds / 1000));
  return h('div', { class: 'notice', testid: 'who-estimate', role: 'note', 'aria-label': t.noticeLabel }, h('p', {}, text));
}

/**
 * Looks at the offer before anything is typed: an account this browser already knows is not set up a second time.
 * @param {import('./state.js').Context} context
 * @param {HTMLElement} trouble
 */
async function proceed(context, trouble) {
  trouble.replaceChildren();
  setBusy(true);
  try {
    const [offer] = await Promise.all([getSetupOffer(), context.loaded]);
    const { is, epoch } = compareEpoch(offer, context.session.userId);
    if (is === 'same' || is === 'below') return context.go({ kind: 'refused', problem: ownProblem('epoch-below') });
    context.go(is === 'above' && epoch !== context.acceptEpoch ? { kind: 'epoch', epoch } : { kind: 'passphrase' });
  } catch (error) {
    setBusy(false);
    if (error instanceof ApiError && error.status === 401) return leaveToLogin();
    if (error instanceof ApiError && error.status === 409) return context.go({ kind: 'taken' });
    trouble.replaceChildren(problemBox(problemOf(error), { retry: () => proceed(context, trouble) }));
  }
}
