// The way in without the passphrase: the recovery code, then a new passphrase and a new code. Nothing is changed until both are stored at once.

import { lockSession, sendUnlock } from '../lib/account.js';
import { ApiError, getUnlockOffer } from '../lib/api.js';
import { lead } from '../lib/parts.js';
import { codeOf, problemOf } from '../lib/problem.js';
import { forgetChangeBegun, remember, rememberedText } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { codeForm } from '../setup/code-form.js';
import { isFinal, refusal, wrongSecret } from '../unlock/refusal.js';
import { done, keepKit, withNewPassphrase } from './screens.js';
import { storeChange } from './store.js';

/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('../lib/worker/messages.js').Unlocked} Unlocked */

const RECOVERY_CODE = 2;

/**
 * @param {Flow} flow
 * @param {number | undefined} acceptEpoch
 * @returns {Promise<Unlocked | undefined>} `undefined`: the person left, and everything is as it was
 */
export async function recover(flow, acceptEpoch) {
  const { session, keys } = flow.who;
  const words = t.security.recover;
  const opened = await giveCode(flow, acceptEpoch);
  if (!opened) return undefined;
  forgetChangeBegun(); // whose code this is, she knows by now
  const unlocked = await renewSecrets(flow, opened.offer);
  if (!unlocked) {
    keys.end();
    lockSession().catch(() => {}); // the keys are gone from here either way
    return undefined;
  }
  remember(session.userId, unlocked.remembered);
  await done(flow, words.done);
  return { ...unlocked, failedSince: opened.failedSince };
}

/**
 * @param {Flow} flow
 * @param {string} offer
 */
async function renewSecrets(flow, offer) {
  const { session, keys } = flow.who;
  const words = t.security.recover.passphrase;
  const chosen = await withNewPassphrase(flow, words, async (passphrase) => {
    await keys.changeSetPassword(offer, passphrase, rememberedText(session.userId, undefined));
    return keys.changeMakeCode();
  });
  if (!chosen || !(await keepKit(flow, chosen.made))) return undefined;
  return storeChange(flow);
}

/**
 * Asks for the code until the server has taken one.
 * @param {Flow} flow
 * @param {number | undefined} acceptEpoch
 * @returns {Promise<{ offer: string, failedSince: number } | undefined>}
 */
function giveCode(flow, acceptEpoch) {
  const { session, keys } = flow.who;
  const words = t.security.recover;
  /** @param {string | File} given */
  const open = async (given) => {
    const code = await keys.codeIn(given);
    const offer = await getUnlockOffer();
    const request = await keys.unlockBegin(offer, RECOVERY_CODE, code, rememberedText(session.userId, acceptEpoch));
    const { remembered, failedSince } = await keys.changeOpen(await sendUnlock(request));
    remember(session.userId, remembered);
    return { offer, failedSince };
  };
  return flow.live(
    new Promise((resolve, reject) => {
      /** @param {string | File} given */
      const give = async (given) => {
        try {
          resolve(await open(given));
        } catch (error) {
          if (isFinal(error)) reject(error);
          return problemWith(error);
        }
        return undefined;
      };
      const back = () => {
        keys.end(); // what a code that is on its way would open stays closed
        resolve(undefined);
      };
      const form = codeForm(words, { give, back });
      show('recover-code', words.heading, lead(words.lead), form);
      keys.warm();
    }),
  );
}

/** @param {unknown} error */
function problemWith(error) {
  const words = t.security.recover;
  const code = codeOf(error);
  if (error instanceof ApiError && code === 'wrong-secret') return wrongSecret(error, words.wrong);
  if (error instanceof ApiError && code === 'tries-used-up') return { ...refusal(error, '').problem, title: words.tooMany };
  return problemOf(error, code === 'bad-code' ? { safe: words.badCodeSafe } : {});
}
