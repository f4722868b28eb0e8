// Between screens 2 and 3: the slow work, in the Worker, with progress and a way out.

import { ApiError, getSetupOffer } from '../lib/api.js';
import { leaveToLogin, showSuspended } from '../lib/enter.js';
import { actions, button, lead, progress } from '../lib/parts.js';
import { codeOf, problemOf } from '../lib/problem.js';
import { rememberedText, rememberSetupBegun } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { steps } from './steps.js';

/** @typedef {import('./state.js').Context} Context */

/** Failures that no other passphrase and no second try would change. */
const FINAL = ['epoch-below', 'wrong-origin', 'profile-refused', 'bad-message', 'tampered'];

/**
 * @param {Context} context
 * @param {{ passphrase: string }} state
 * @param {() => boolean} isOver whether another screen has taken its place: cancelled, or set up in another tab
 */
export async function making(context, { passphrase }, isOver) {
  const words = t.setup.making;
  const cancel = () => {
    context.keys.end();
    context.go({ kind: 'passphrase' });
  };
  const bar = progress({ progressTestid: 'making-progress', stepTestid: 'making-step', ...words }, context.deriveMilliseconds);
  show('setup-making', words.heading, steps(2), lead(words.lead), bar.box, actions(button('making-cancel', words.cancel, cancel)));
  context.keys.onProgress = bar.update;
  try {
    const kit = await make(context, passphrase, isOver);
    if (isOver()) return;
    context.suggestion = undefined; // it has done its work
    context.go({ kind: 'kit', kit });
  } catch (error) {
    if (!isOver()) tell(context, error);
  } finally {
    context.keys.onProgress = undefined;
  }
}

/**
 * @param {Context} context
 * @param {string} passphrase
 * @param {() => boolean} isOver
 */
async function make({ session, keys, acceptEpoch }, passphrase, isOver) {
  const offer = await getSetupOffer();
  const known = rememberedText(session.userId, acceptEpoch);
  if (isOver()) throw new Error('cancelled');
  const { code, words } = await keys.setupBegin(offer, passphrase, known);
  const made = new Date();
  rememberSetupBegun(session.userId, made.getTime());
  return { code, words: words.trim().split(/\s+/), made };
}

/**
 * @param {Context} context
 * @param {unknown} error
 */
function tell(context, error) {
  if (error instanceof ApiError && error.status === 401) return leaveToLogin();
  if (error instanceof ApiError && error.code === 'suspended') return showSuspended(problemOf(error));
  if (error instanceof ApiError && error.status === 409) return context.go({ kind: 'taken' });
  const code = codeOf(error);
  // Reset while the passphrase was being chosen: the first screen asks about the new epoch.
  if (code === 'epoch-above') return context.go({ kind: 'who' });
  if (FINAL.includes(code)) return context.go({ kind: 'refused', problem: problemOf(error) });
  // Everything else can be tried again from the passphrase; what is wrong with it stands there.
  context.go({ kind: 'passphrase', problem: problemOf(error) });
}
