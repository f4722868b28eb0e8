// The unlock screen, to be mounted by the page that will use the keys: the Worker that they live in dies with its document.

import { ApiError, getUnlockOffer, sendUnlock } from '../lib/api.js';
import { leave, leaveToLogin, showSuspended } from '../lib/enter.js';
import { actions, button, lead, progress } from '../lib/parts.js';
import { passkeysOf } from '../lib/passkey.js';
import { codeOf, ownProblem, problemBox, problemOf } from '../lib/problem.js';
import { compareEpoch, remember, rememberedText } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { showTime, t } from '../lib/strings/index.js';
import { form } from './form.js';
import { askPasskey, passkeyProblem } from './passkey.js';

/**
 * @typedef {import('../lib/worker/messages.js').Unlocked} Unlocked
 * @typedef {import('../lib/problem.js').Problem} Problem
 * @typedef {{ session: import('../lib/api.js').Session, keys: import('../lib/keys.js').Keys, deriveMilliseconds: number }} Who
 *
 * @typedef {{ kind: 'form', problem?: Problem, typed?: string, waitUntil?: number }
 *   | { kind: 'working', typed: string }
 *   | { kind: 'passkey' }
 *   | { kind: 'epoch', epoch: number }
 *   | { kind: 'refused', problem: Problem }
 *   | { kind: 'unlocked', unlocked: Unlocked }} State
 *
 * @typedef {Who & {
 *   notice: HTMLElement | undefined, acceptEpoch: number | undefined, passkeys: import('../lib/passkey.js').Parameters[], go: (state: State) => void,
 * }} Context
 */

/** What no other passphrase would change: the server or the address is not what it was. Never told as "wrong passphrase". */
const REFUSED = ['tampered', 'epoch-below', 'profile-refused', 'wrong-origin'];

/**
 * Shows the screen until the account is open in the Worker.
 * @param {Who} who
 * @param {HTMLElement} [notice] what to say above the form the first time
 * @returns {Promise<Unlocked>}
 */
export function unlock(who, notice) {
  return new Promise((resolve) => {
    /** @type {Context} */
    const context = {
      ...who,
      notice,
      acceptEpoch: undefined,
      passkeys: [],
      go: (state) => {
        if (state.kind === 'unlocked') resolve(state.unlocked);
        else render(context, state);
      },
    };
    begin(context);
  });
}

/**
 * @param {Context} context
 * @param {Exclude<State, { kind: 'unlocked' }>} state
 */
function render(context, state) {
  switch (state.kind) {
    case 'form':
      return form(context, state);
    case 'working':
      return working(context, state);
    case 'passkey':
      return passkey(context);
    case 'epoch':
      return epoch(context, state);
    case 'refused':
      return refused(context, state);
  }
}

/**
 * Looks at the offer before anything is typed.
 * @param {Context} context
 */
async function begin(context) {
  try {
    const offer = await getUnlockOffer();
    context.passkeys = passkeysOf(offer);
    const { is, epoch } = compareEpoch(offer, context.session.userId);
    if (is === 'below') return context.go({ kind: 'refused', problem: ownProblem('epoch-below') });
    context.go(is === 'above' ? { kind: 'epoch', epoch } : { kind: 'form' });
  } catch (error) {
    tell(context, error, '');
  }
}

/**
 * @param {Context} context
 * @param {{ typed: string }} state
 */
async function working(context, { typed }) {
  const words = t.unlock.working;
  let cancelled = false;
  const cancel = () => {
    cancelled = true;
    context.keys.end();
    context.go({ kind: 'form' });
  };
  const bar = progress({ progressTestid: 'working-progress', stepTestid: 'working-step', label: words.heading, ...words }, context.deriveMilliseconds);
  show('unlock-working', words.heading, lead(words.lead), bar.box, actions(button('working-cancel', t.common.cancel, cancel)));
  context.keys.onProgress = bar.update;
  try {
    const unlocked = await open(context, typed, () => cancelled);
    if (!cancelled) context.go({ kind: 'unlocked', unlocked });
  } catch (error) {
    if (!cancelled) tell(context, error, typed);
  } finally {
    context.keys.onProgress = undefined;
  }
}

/**
 * Asks the passkeys of the account at once: this is still the click.
 * @param {Context} context
 */
async function passkey(context) {
  const words = t.passkeys.waiting;
  const abort = new AbortController();
  const cancel = () => {
    abort.abort();
    context.keys.end();
    context.go({ kind: 'form' });
  };
  show('unlock-passkey', words.heading, lead(words.lead), actions(button('working-cancel', t.common.cancel, cancel)));
  try {
    const answer = await askPasskey(context, rememberedText(context.session.userId, context.acceptEpoch), abort.signal);
    const unlocked = await finish(context, answer);
    if (!abort.signal.aborted) context.go({ kind: 'unlocked', unlocked });
  } catch (error) {
    if (!abort.signal.aborted) tell(context, error, '', passkeyProblem);
  }
}

/**
 * @param {Context} context
 * @param {string} typed
 * @param {() => boolean} cancelled
 */
async function open(context, typed, cancelled) {
  const known = rememberedText(context.session.userId, context.acceptEpoch);
  return finish(context, await ask(context.keys, typed, known, cancelled));
}

/**
 * @param {Context} context
 * @param {string} answer
 */
async function finish({ session, keys }, answer) {
  const unlocked = await keys.unlockOpen(answer);
  remember(session.userId, unlocked.remembered);
  return unlocked;
}

/**
 * Derives from a passphrase and sends the proof.
 * @param {import('../lib/keys.js').Keys} keys
 * @param {string} typed
 * @param {string | undefined} known
 * @param {() => boolean} cancelled
 * @returns {Promise<string>} the server's answer, for `unlockOpen` or `changeOpen`
 */
export async function ask(keys, typed, known, cancelled) {
  return askOnce(keys, typed, known, cancelled).catch((error) => {
    // The question expired while we worked on it; one more will do.
    if (codeOf(error) === 'challenge-gone') return askOnce(keys, typed, known, cancelled);
    throw error;
  });
}

/**
 * @param {import('../lib/keys.js').Keys} keys
 * @param {string} typed
 * @param {string | undefined} known
 * @param {() => boolean} cancelled
 */
async function askOnce(keys, typed, known, cancelled) {
  const offer = await getUnlockOffer();
  if (cancelled()) throw new Error('cancelled');
  return sendUnlock(await keys.unlockBegin(offer, 1, typed, known));
}

/**
 * @param {Context} context
 * @param {unknown} error
 * @param {string} typed
 * @param {(error: unknown) => Problem} [told] in other words than those for a passphrase
 */
function tell(context, error, typed, told) {
  const code = codeOf(error);
  if (error instanceof ApiError && error.status === 401) return leaveToLogin();
  if (code === 'not-pending') return location.replace('/setup/'); // reset meanwhile: no keys to unlock
  if (code === 'suspended') return showSuspended(problemOf(error));
  if (code === 'epoch-above') {
    begin(context); // replaced a moment ago: ask about it first
    return;
  }
  if (REFUSED.includes(code)) return context.go({ kind: 'refused', problem: problemOf(error) });
  if (told) return context.go({ kind: 'form', problem: told(error) });
  if (error instanceof ApiError && code === 'tries-used-up') return context.go(usedUp(error));
  context.go({ kind: 'form', typed, problem: typedProblem(error) });
}

/**
 * What is told of a passphrase that did not unlock.
 * @param {unknown} error
 * @returns {Problem}
 */
export function typedProblem(error) {
  const code = codeOf(error);
  if (error instanceof ApiError && code === 'wrong-secret') return wrongSecret(error);
  if (error instanceof ApiError && code === 'tries-used-up') return waiting(error);
  if (!code.startsWith('password-')) return problemOf(error);
  // Found out here, before the server was asked: it cannot be the right one, and no try was spent.
  const { title } = t.problem('wrong-secret');
  return problemOf(error, { title, safe: t.unlock.notCounted });
}

/**
 * @param {ApiError} error
 * @returns {Problem}
 */
function waiting(error) {
  const problem = problemOf(error);
  const seconds = error.number('retryAfterSeconds');
  const wait = seconds === undefined ? t.unlock.waitUnknown : t.unlock.waitUntil(showTime(Date.now() + seconds * 1000), seconds);
  return { ...problem, next: `${problem.next} ${wait}` };
}

/**
 * @param {ApiError} error
 * @returns {Problem}
 */
function wrongSecret(error) {
  const tries = error.number('triesLeft');
  const problem = problemOf(error);
  if (tries === undefined) return problem;
  const left = tries > 0 ? t.unlock.triesLeft(tries) : t.unlock.noTriesLeft;
  return { ...problem, next: `${problem.next} ${left}`, data: { 'tries-left': tries } };
}

/**
 * @param {ApiError} error
 * @returns {State}
 */
function usedUp(error) {
  const problem = problemOf(error);
  const seconds = error.number('retryAfterSeconds');
  if (seconds === undefined) return { kind: 'form', problem: { ...problem, next: `${problem.next} ${t.unlock.waitUnknown}` } };
  return { kind: 'form', problem: { ...problem, data: { 'retry-after': seconds } }, waitUntil: Date.now() + seconds * 1000 };
}

/**
 * @param {Context} context
 * @param {{ epoch: number }} state
 */
function epoch(context, { epoch: offered }) {
  const words = t.unlock.epoch;
  const agree = () => {
    context.acceptEpoch = offered;
    context.go({ kind: 'form' });
  };
  show('unlock-epoch', words.heading, lead(words.text), actions(button('epoch-yes', words.yes, agree), button('epoch-no', words.no, leave, { kind: 'primary' })));
}

/**
 * @param {Context} context
 * @param {{ problem: Problem }} state
 */
function refused(context, { problem }) {
  context.keys.end();
  const heading = problem.code === 'tampered' ? t.unlock.tamperedHeading : t.unlock.refusedHeading;
  show('unlock-tampered', heading, problemBox(problem), actions(button('unlock-sign-out', t.common.signOut, leave, { icon: 'leave' })));
}
