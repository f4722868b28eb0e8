// Between screens 4 and 5: the one message to the server. It is made once; every further try sends the same bytes, so that it can never count twice.

import { ApiError, getSetupOffer, getUnlockOffer, NetworkError, sendSetup } from '../lib/api.js';
import { showSuspended } from '../lib/enter.js';
import { h } from '../lib/h.js';
import { codeOf, problemBox, problemOf } from '../lib/problem.js';
import { forgetChangeBegun, remember, rememberSetupBegun } from '../lib/remembered.js';
import { setBusy, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { steps } from './steps.js';

/** @typedef {import('./state.js').Context} Context */

/**
 * `request`: what was sent already and may have arrived. `renewed`: the server's question expired once and was asked again.
 * @typedef {{ request: string | undefined, renewed: boolean }} Attempt
 */

/** @param {Context} context */
export function saving(context) {
  const words = t.setup.saving;
  const trouble = h('div', { class: 'trouble' });
  const status = h('p', { class: 'lead', testid: 'saving-status' }, words.text);
  show('setup-saving', words.heading, steps(4), status, h('progress', { 'aria-label': words.heading }), trouble);
  store(context, trouble, { request: undefined, renewed: false });
}

/**
 * @param {Context} context
 * @param {HTMLElement} trouble
 * @param {Attempt} attempt
 */
async function store(context, trouble, attempt) {
  trouble.replaceChildren();
  setBusy(true);
  try {
    // A fresh question right before the answer: the first one may have expired while the kit was being put away.
    attempt.request ??= await context.keys.setupRequest(await getSetupOffer());
    await sendSetup(attempt.request);
    await finish(context, attempt.request);
  } catch (error) {
    await settle(context, trouble, attempt, error);
  }
}

/**
 * @param {Context} context
 * @param {string} request
 */
async function finish(context, request) {
  const { session, keys } = context;
  // Stored is stored: a Worker that has crashed by now takes only what this browser would have remembered with it.
  const known = await keys.setupRemembered().catch(() => undefined);
  if (known !== undefined) remember(session.userId, known);
  rememberSetupBegun(session.userId, undefined);
  forgetChangeBegun(); // of keys that were put aside
  keys.end();
  context.tell('setup-done');
  context.go({ kind: 'done', request });
}

/**
 * @param {Context} context
 * @param {HTMLElement} trouble
 * @param {Attempt} attempt
 * @param {unknown} error
 */
async function settle(context, trouble, attempt, error) {
  const code = codeOf(error);
  if (code === 'challenge-gone' && !attempt.renewed) {
    return store(context, trouble, { request: undefined, renewed: true });
  }
  if (error instanceof ApiError && (code === 'already-set-up' || code === 'not-pending')) {
    if (attempt.request && (await wasOurs(attempt.request))) return finish(context, attempt.request);
    return context.go({ kind: 'taken' });
  }
  if (code === 'suspended') {
    context.keys.end();
    return showSuspended(problemOf(error));
  }
  setBusy(false);
  trouble.replaceChildren(box(context, trouble, attempt, error));
}

/**
 * @param {Context} context
 * @param {HTMLElement} trouble
 * @param {Attempt} attempt
 * @param {unknown} error
 */
function box(context, trouble, attempt, error) {
  const words = t.setup.saving;
  const code = codeOf(error);
  const request = code === 'challenge-gone' ? undefined : attempt.request; // asked too late: the next try answers a new question
  const retry = () => store(context, trouble, { request, renewed: false });
  const startOver = () => {
    context.keys.end();
    location.reload();
  };
  if (error instanceof NetworkError) return problemBox(problemOf(error, { safe: words.networkSafe }), { retry });
  if (error instanceof ApiError && error.status === 401) {
    return problemBox(problemOf(error, { safe: words.waitSafe, next: words.signedOutNext }), { signIn: 'new-tab', retry });
  }
  if (code === 'invalid-setup' || code === 'offer-changed' || !(error instanceof ApiError)) {
    return problemBox(problemOf(error), { retry: startOver, retryLabel: t.common.startOver });
  }
  return problemBox(problemOf(error, { safe: words.waitSafe }), { retry });
}

/**
 * After a lost answer: are the stored keys the ones made here? Their salt says so.
 * @param {string} request
 */
async function wasOurs(request) {
  try {
    const ours = passwordParameters(request);
    return ours !== undefined && ours === passwordParameters(await getUnlockOffer());
  } catch {
    return false;
  }
}

/**
 * @param {string} text a set-up request or an unlock offer
 * @returns {string | undefined}
 */
function passwordParameters(text) {
  /** @type {{ methods: { type: number, parameters: string }[] }} */
  const { methods } = JSON.parse(text);
  return methods.find(({ type }) => type === 1)?.parameters;
}
