// The strength meter: loaded only when somebody types a passphrase of his own, and honest when it cannot judge.

import { h } from './h.js';
import { secretBytes } from './keys.js';
import { announce } from './screen.js';
import { t } from './strings/index.js';
import { WorkerClient } from './worker-client.js';

/** @typedef {import('./worker/messages.js').Estimate} Estimate */

/** The least score that passes: 10^10 guesses, because a server that turned bad can try them on machines of its own, each as slow as one derivation. */
export const GOOD_ENOUGH = 4;
const PAUSE_MS = 150;
const LOOK_EVERY_MS = 1000;

/**
 * @typedef {{ kind: 'idle' } | { kind: 'checking' } | { kind: 'failed' } | { kind: 'judged', estimate: Estimate }} Verdict
 */

/**
 * @param {string[]} inputs what an attacker who knows the person would try first
 */
export function strengthMeter(inputs) {
  /** @type {WorkerClient<import('./worker/messages.js').StrengthCalls>} */
  const worker = new WorkerClient('/lib/worker/strength.js');
  /** @type {Verdict} */
  let verdict = { kind: 'idle' };
  /** @type {number | undefined} */
  let timer;
  /** @type {number | undefined} */
  let watching;
  let latest = 0;

  const bars = h('div', { class: 'bars', 'aria-hidden': 'true' }, [0, 1, 2, 3].map(() => h('span', {})));
  const text = h('p', { class: 'strength-text', testid: 'strength-text', id: 'strength-text' }, t.setup.strength.idle);
  const box = h('div', { class: 'strength', testid: 'strength', 'data-state': 'idle', role: 'group', 'aria-label': t.setup.strength.label }, bars, text);

  /** @param {Verdict} next */
  function settle(next) {
    verdict = next;
    const words = wordsFor(next);
    text.textContent = words;
    box.dataset['state'] = stateOf(next);
    if (next.kind === 'judged') box.dataset['score'] = String(scoreOf(next.estimate));
    else delete box.dataset['score'];
    if (next.kind === 'judged' || next.kind === 'failed') announce(`${t.setup.strength.label}: ${words}`);
  }

  /**
   * Judges a passphrase now.
   * @param {string} passphrase
   * @returns {Promise<Verdict>}
   */
  async function judge(passphrase) {
    clearTimeout(timer);
    const turn = (latest += 1);
    // A form is left in many ways, and the Worker holds copies of what was typed.
    watching ??= setInterval(() => box.isConnected || end(), LOOK_EVERY_MS);
    const secret = secretBytes(passphrase);
    /** @type {Verdict} */
    const next = await worker
      .call('estimate', { secret, inputs }, [secret.buffer])
      .then((estimate) => /** @type {const} */ ({ kind: 'judged', estimate }), () => /** @type {const} */ ({ kind: 'failed' }));
    if (turn === latest) settle(next);
    return next;
  }

  function end() {
    clearTimeout(timer);
    clearInterval(watching);
    watching = undefined;
    latest += 1;
    worker.end();
  }

  return {
    box,
    judge,
    end,
    /**
     * Judges soon, when the typing pauses.
     * @param {string} passphrase
     */
    watch(passphrase) {
      clearTimeout(timer);
      latest += 1;
      if (passphrase === '') return settle({ kind: 'idle' });
      if (verdict.kind !== 'judged') settle({ kind: 'checking' });
      timer = setTimeout(() => judge(passphrase), PAUSE_MS);
    },
  };
}

/** @param {Estimate} estimate */
export function scoreOf(estimate) {
  return estimate.common ? 0 : estimate.score;
}

/** @param {Verdict} verdict */
function stateOf(verdict) {
  if (verdict.kind !== 'judged') return verdict.kind;
  return scoreOf(verdict.estimate) >= GOOD_ENOUGH ? 'ok' : 'weak';
}

/** @param {Verdict} verdict */
function wordsFor(verdict) {
  switch (verdict.kind) {
    case 'idle':
      return t.setup.strength.idle;
    case 'checking':
      return t.setup.strength.checking;
    case 'failed':
      return t.setup.strength.failed;
    case 'judged':
      return verdictWords(verdict.estimate);
  }
}

/** @param {Estimate} estimate */
function verdictWords(estimate) {
  if (estimate.common) return t.setup.strength.common;
  const words = t.setup.strength;
  return words.verdict(words.scores[estimate.score] ?? '', estimate.guessesLog10, words.warnings[estimate.warningCode ?? '']);
}
