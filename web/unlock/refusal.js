// What a refused passphrase or recovery code means for the form it was typed into.

import { ApiError } from '../lib/api.js';
import { codeOf, problemOf } from '../lib/problem.js';
import { t } from '../lib/strings/index.js';

/** @typedef {import('../lib/problem.js').Problem} Problem */

/** What no other passphrase would change: the server or the address is not what it was. Never told as "wrong passphrase". */
export const REFUSED = ['tampered', 'epoch-below', 'profile-refused', 'wrong-origin'];

/** What ends the access, or the keys, that a change began with. */
const ENDED = ['suspended', 'locked', 'not-pending', 'epoch-above', 'out-of-order'];

/**
 * Whether typing something else cannot help.
 * @param {unknown} error
 */
export function isFinal(error) {
  const code = codeOf(error);
  return (error instanceof ApiError && error.status === 401) || REFUSED.includes(code) || ENDED.includes(code);
}

/**
 * @param {unknown} error
 * @param {string} typed
 * @returns {{ problem: Problem, typed?: string, waitUntil?: number }}
 */
export function refusal(error, typed) {
  const code = codeOf(error);
  if (error instanceof ApiError && code === 'wrong-secret') return { typed, problem: wrongSecret(error) };
  if (error instanceof ApiError && code === 'tries-used-up') return usedUp(error);
  if (code.startsWith('password-')) {
    // Found out here, before the server was asked: it cannot be the right one, and no try was spent.
    const { title } = t.problem('wrong-secret');
    return { typed, problem: problemOf(error, { title, safe: t.unlock.notCounted }) };
  }
  return { typed, problem: problemOf(error) };
}

/**
 * @param {ApiError} error
 * @param {import('../lib/problem.js').Words} [words]
 * @returns {Problem}
 */
export function wrongSecret(error, words) {
  const tries = error.number('triesLeft');
  const problem = problemOf(error, words);
  if (tries === undefined) return problem;
  const left = tries > 0 ? t.unlock.triesLeft(tries) : t.unlock.noTriesLeft;
  return { ...problem, next: `${problem.next} ${left}`, data: { 'tries-left': tries } };
}

/**
 * @param {ApiError} error
 * @returns {{ problem: Problem, waitUntil?: number }}
 */
function usedUp(error) {
  const problem = problemOf(error);
  const seconds = error.number('retryAfterSeconds');
  if (seconds === undefined) return { problem: { ...problem, next: `${problem.next} ${t.unlock.waitUnknown}` } };
  return { problem: { ...problem, data: { 'retry-after': seconds } }, waitUntil: Date.now() + seconds * 1000 };
}
