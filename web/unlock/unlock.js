// Asking for the passphrase: to open the vault, and again before a change of keys. To be mounted by the page that will use the keys: the Worker that they
// live in dies with its document.

import { sendUnlock } from '../lib/account.js';
import { ApiError, getUnlockOffer } from '../lib/api.js';
import { leave, leaveToLogin, showSuspended } from '../lib/enter.js';
import { isolated } from '../lib/names.js';
import { actions, button, lead, progress } from '../lib/parts.js';
import { passkeysOf } from '../lib/passkey.js';
import { codeOf, ownProblem, problemBox, problemOf } from '../lib/problem.js';
import { compareEpoch, forgetChangeBegun, remember, rememberedText } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { Flow } from '../security/flow.js';
import { isDue, raise } from '../security/raise.js';
import { recover } from '../security/recover.js';
import { form } from './form.js';
import { askPasskey, passkeyProblem } from './passkey.js';
import { lost } from './lost.js';
import { isFinal, REFUSED, refusal } from './refusal.js';

/**
 * @typedef {import('../lib/worker/messages.js').Unlocked} Unlocked
 * @typedef {import('../lib/problem.js').Problem} Problem
 * @typedef {{ session: import('../lib/api.js').Session, keys: import('../lib/keys.js').Keys, deriveMilliseconds: number }} Who
 *
 * What the server was asked, what was typed for it (nothing for a passkey), and what it answered.
 * @typedef {{ offer: string, typed: string, answer: string }} Asked
 *
 * @typedef {{ kind: 'form', problem?: Problem, typed?: string, waitUntil?: number, signIn?: 'new-tab' }
 *   | { kind: 'working', typed: string }
 *   | { kind: 'passkey' }
 *   | { kind: 'epoch', epoch: number }
 *   | { kind: 'refused', problem: Problem }
 *   | { kind: 'recover' }
 *   | { kind: 'lost' }} State
 *
 * What the passphrase is asked for. `screen` names the screens, `leave` is the way out; `keeps`: the page holds something that leaving it would lose.
 * @typedef {{
 *   screen: 'unlock' | 'confirm',
 *   words: { heading: string, lead: string, submit: string, working: { heading: string, lead: string } },
 *   leave: { label: string, icon: import('../lib/icons.js').Icon, press: () => void },
 *   canForget: boolean,
 *   keeps: boolean,
 *   cancel: () => void,
 *   open: (asked: Asked, cancelled: () => boolean) => Promise<void>,
 *   fail: ((error: unknown) => void) | undefined,
 * }} Purpose
 *
 * @typedef {Who & {
 *   purpose: Purpose, notice: HTMLElement | undefined, acceptEpoch: number | undefined, passkeys: import('../lib/passkey.js').Parameters[], go: (state: State) => void,
 * }} Context
 */

/**
 * Shows the screen until the account is open in the Worker.
 * @param {Who} who
 * @param {HTMLElement} [notice] what to say above the form the first time
 * @param {boolean} [keeps] the page holds something that leaving it would lose
 * @returns {Promise<Unlocked>}
 */
export function unlock(who, notice, keeps = false) {
  const { session, keys } = who;
  const words = t.unlock;
  return new Promise((resolve) => {
    /** @param {Unlocked} unlocked */
    const opened = (unlocked) => {
      forgetChangeBegun(); // she knows by now what holds
      resolve(unlocked);
    };
    const context = contextOf(who, notice, {
      screen: 'unlock',
      words: { ...words, lead: words.lead(isolated(session.displayName || session.userName)) },
      leave: { label: t.common.signOut, icon: 'leave', press: leave },
      canForget: true,
      keeps,
      cancel: () => keys.end(),
      async open(asked) {
        if (asked.typed !== '' && isDue(asked.offer)) return opened(await raise(who, asked));
        const unlocked = await keys.unlockOpen(asked.answer);
        remember(session.userId, unlocked.remembered);
        opened(unlocked);
      },
      fail: undefined,
    });
    const go = context.go;
    context.go = (state) => {
      if (state.kind === 'recover') recovering(context).then((unlocked) => unlocked && opened(unlocked));
      else go(state);
    };
    begin(context);
  });
}

/**
 * Asks for the passphrase once more, and opens the account so that it can be changed.
 * @param {Flow} flow
 * @param {string} reason what it is asked for
 * @param {{ heading: string, submit: string }} [texts] of the form
 * @returns {Promise<Asked | undefined>} `undefined`: the person thought better of it
 */
export function unlockToChange(flow, reason, texts) {
  const { session, keys } = flow.who;
  const words = { ...t.security.confirm, ...texts };
  return flow.live(
    new Promise((resolve, reject) => {
      const stop = () => {
        keys.cancel();
        resolve(undefined);
      };
      const context = contextOf(flow.who, undefined, {
        screen: 'confirm',
        words: { ...words, lead: reason },
        leave: { label: t.common.cancel, icon: 'back', press: stop },
        canForget: false,
        keeps: false,
        cancel: () => keys.cancel(),
        async open(asked, cancelled) {
          if (cancelled() || flow.isOver) return;
          const { remembered } = await keys.changeOpen(asked.answer);
          remember(session.userId, remembered);
          if (cancelled()) await keys.changeCancel();
          else resolve(asked);
        },
        fail: reject,
      });
      const go = context.go;
      context.go = (state) => {
        if (!flow.isOver) go(state);
      };
      begin(context);
    }),
  );
}

/**
 * @param {Who} who
 * @param {HTMLElement | undefined} notice
 * @param {Purpose} purpose
 * @returns {Context}
 */
function contextOf(who, notice, purpose) {
  /** @type {Context} */
  const context = { ...who, purpose, notice, acceptEpoch: undefined, passkeys: [], go: (state) => render(context, state) };
  return context;
}

/**
 * @param {Context} context
 * @param {State} state
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
      return refused(context.keys, state.problem);
    case 'lost':
      return lost({ back: () => begin(context), tell: (error) => tell(context, error, '') });
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
    if (is === 'above' && context.purpose.fail) return context.purpose.fail(new ApiError('locked', 403, {}));
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
  const { purpose } = context;
  const { heading, lead: why } = purpose.words.working;
  let cancelled = false;
  const cancel = () => {
    cancelled = true;
    purpose.cancel();
    context.go({ kind: 'form' });
  };
  const bar = progress({ progressTestid: 'working-progress', stepTestid: 'working-step', label: heading, ...t.unlock.working }, context.deriveMilliseconds);
  show(`${purpose.screen}-working`, heading, lead(why), bar.box, actions(button('working-cancel', t.common.cancel, cancel)));
  context.keys.onProgress = bar.update;
  try {
    const asked = await ask(context, typed, () => cancelled);
    if (!cancelled) await purpose.open(asked, () => cancelled);
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
  const { purpose } = context;
  const words = t.passkeys.waiting;
  const abort = new AbortController();
  const cancel = () => {
    abort.abort();
    purpose.cancel();
    context.go({ kind: 'form' });
  };
  show(`${purpose.screen}-passkey`, words.heading, lead(words.lead), actions(button('working-cancel', t.common.cancel, cancel)));
  try {
    const { offer, answer } = await askPasskey(context, rememberedText(context.session.userId, context.acceptEpoch), abort.signal);
    if (!abort.signal.aborted) await purpose.open({ offer, typed: '', answer }, () => abort.signal.aborted);
  } catch (error) {
    if (!abort.signal.aborted) tell(context, error, '', passkeyProblem);
  }
}

/**
 * Derives from a passphrase and sends the proof.
 * @param {{ session: Who['session'], keys: Who['keys'], acceptEpoch: number | undefined }} who
 * @param {string} typed
 * @param {() => boolean} cancelled
 * @returns {Promise<Asked>}
 */
async function ask({ session, keys, acceptEpoch }, typed, cancelled) {
  const known = rememberedText(session.userId, acceptEpoch);
  const once = async () => {
    const offer = await getUnlockOffer();
    if (cancelled()) throw new Error('cancelled');
    return { offer, typed, answer: await sendUnlock(await keys.unlockBegin(offer, 1, typed, known)) };
  };
  return once().catch((error) => {
    // The question expired while we worked on it; one more will do.
    if (codeOf(error) === 'challenge-gone') return once();
    throw error;
  });
}

/**
 * @param {Context} context
 * @param {unknown} error
 * @param {string} typed
 * @param {(error: unknown) => Problem} [told] in other words than those for a passphrase
 */
function tell(context, error, typed, told) {
  const code = codeOf(error);
  if (context.purpose.fail && isFinal(error)) return context.purpose.fail(error);
  if (error instanceof ApiError && error.status === 401) {
    if (!context.purpose.keeps) return leaveToLogin();
    return context.go({ kind: 'form', problem: problemOf(error, { next: t.unlock.signedOutNext }), typed, signIn: 'new-tab' });
  }
  if (code === 'not-pending') return location.replace('/setup/'); // reset meanwhile: no keys to unlock
  if (code === 'suspended') return showSuspended(problemOf(error));
  if (code === 'epoch-above') {
    begin(context); // replaced a moment ago: ask about it first
    return;
  }
  if (REFUSED.includes(code)) return context.go({ kind: 'refused', problem: problemOf(error) });
  context.go({ kind: 'form', ...(told ? { problem: told(error) } : refusal(error, typed)) });
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
 * What no other passphrase would change. The keys go, if there were any.
 * @param {import('../lib/keys.js').Keys} keys
 * @param {Problem} problem
 */
export function refused(keys, problem) {
  keys.end();
  const heading = problem.code === 'tampered' ? t.unlock.tamperedHeading : t.unlock.refusedHeading;
  show('unlock-tampered', heading, problemBox(problem), actions(button('unlock-sign-out', t.common.signOut, leave, { icon: 'leave' })));
}

/**
 * The way in without the passphrase.
 * @param {Context} context
 */
async function recovering(context) {
  try {
    const unlocked = await recover(new Flow(context), context.acceptEpoch);
    if (unlocked) return unlocked;
    begin(context);
  } catch (error) {
    context.keys.end();
    tell(context, error, '');
  }
  return undefined;
}
