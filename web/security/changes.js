// The changes that a person can make in the open vault, each as one function from the first screen to the last.

import { getItemsText, getRenewalOffer, sendRenewal } from '../lib/account.js';
import { ApiError } from '../lib/api.js';
import { h } from '../lib/h.js';
import { actions, button, lead } from '../lib/parts.js';
import { codeOf, ownProblem, problemOf } from '../lib/problem.js';
import { remember, rememberedText } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { REFUSED } from '../unlock/refusal.js';
import { refused, unlockToChange } from '../unlock/unlock.js';
import { done, keepKit, withNewPassphrase } from './screens.js';
import { store, storeChange } from './store.js';

/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('../vault/main.js').Context} Context */
/** @typedef {import('../lib/problem.js').Problem} Problem */
/** @typedef {import('../lib/worker/messages.js').Unlocked} Unlocked */
/** @typedef {'passphrase' | 'code' | 'leaked'} ChangeName */

/** @type {Record<ChangeName, (flow: Flow) => Promise<Unlocked | undefined>>} */
const CHANGES = { passphrase: changePassphrase, code: replaceCode, leaked: renew };

/**
 * Goes through a change, and back to the security screen.
 * @param {Context} context
 * @param {Flow} flow
 * @param {ChangeName} name
 */
export function change(context, flow, name) {
  /** @param {Problem} [problem] */
  const back = (problem) => context.go(problem ? { kind: 'security', problem } : { kind: 'security' });
  return goThrough(context, flow, {
    async work() {
      if (name !== 'leaked' || !(await hasDamaged(context, flow))) return CHANGES[name](flow);
      back(ownProblem('damaged-secrets'));
      return undefined;
    },
    async after() {
      if (name === 'leaked') {
        context.tellTabs('locked'); // what they hold are the old keys
        await flow.live(context.items.load());
      }
      await done(flow, t.security[name].done);
      back();
    },
    back,
  });
}

/**
 * What every change has around it. `work` gives nothing where the person thought better of it; `after` goes on from a change that is stored, `back` to where
 * it began, with everything as it was.
 * @param {Context} context
 * @param {Flow} flow
 * @param {{ work: () => Promise<Unlocked | undefined>, after: () => void | Promise<void>, back: (problem?: Problem) => void }} change
 */
export async function goThrough(context, flow, { work, after, back }) {
  const { session, keys } = flow.who;
  /** @param {Problem} [problem] */
  const giveUp = async (problem) => {
    keys.cancel();
    await flow.live(keys.changeCancel());
    back(problem);
  };
  try {
    const changed = await work();
    if (flow.isOver) return;
    if (!changed) return await giveUp();
    remember(session.userId, changed.remembered);
    context.changedAt = changed.changedAt;
    await after();
  } catch (error) {
    if (flow.isOver) return;
    if (codeOf(error) === 'locked') return context.lock('overtaken');
    if (REFUSED.includes(codeOf(error))) return refused(keys, problemOf(error));
    if ((error instanceof ApiError || codeOf(error) === 'out-of-order') && context.handled(error)) return;
    await giveUp(problemOf(error));
  }
}

/**
 * A secret whose key does not open cannot be put under new keys.
 * @param {Context} context
 * @param {Flow} flow
 */
async function hasDamaged({ items }, flow) {
  await flow.live(items.load());
  return items.list.some((item) => 'damaged' in item);
}

/** @param {Flow} flow */
async function changePassphrase(flow) {
  const { session, keys } = flow.who;
  const words = t.security.passphrase;
  const asked = await unlockToChange(flow, words.reason);
  if (!asked) return undefined;
  const chosen = await withNewPassphrase(flow, { ...words.choose, present: asked.typed }, (passphrase) =>
    keys.changeSetPassword(asked.offer, passphrase, rememberedText(session.userId, undefined)),
  );
  return chosen && storeChange(flow);
}

/** @param {Flow} flow */
async function replaceCode(flow) {
  const { keys } = flow.who;
  const asked = await unlockToChange(flow, t.security.code.reason);
  if (!asked) return undefined;
  const code = await flow.live(keys.changeMakeCode());
  return (await keepKit(flow, code)) ? storeChange(flow) : undefined;
}

/**
 * Everything new, because somebody may know the passphrase.
 * @param {Flow} flow
 */
async function renew(flow) {
  const { session, keys } = flow.who;
  const words = t.security.leaked;
  if (!(await explain(flow))) return undefined;
  const asked = await unlockToChange(flow, words.reason);
  if (!asked) return undefined;
  const chosen = await withNewPassphrase(flow, { ...words.choose, present: asked.typed }, async (passphrase) =>
    keys.renewalBegin(await getRenewalOffer(), passphrase, rememberedText(session.userId, undefined)),
  );
  if (!chosen || !(await keepKit(flow, chosen.made))) return undefined;
  const make = async () => {
    const [offer, items] = await Promise.all([getRenewalOffer(), getItemsText()]);
    return keys.renewalRequest(offer, items);
  };
  // A secret that was saved elsewhere in this moment: its key is taken along the second time.
  await store(flow, { make, send: sendRenewal, again: ['keys-changed'] });
  return flow.live(keys.renewalDone());
}

/**
 * @param {Flow} flow
 * @returns {Promise<boolean>}
 */
function explain(flow) {
  const words = t.security.leaked;
  return flow.ask((answer) => {
    show(
      'security-leaked',
      words.heading,
      lead(words.lead),
      h('ul', { class: 'prose' }, words.effects.map((effect) => h('li', {}, effect))),
      h('p', {}, words.items),
      actions(
        button('leaked-cancel', t.common.cancel, () => answer(false), { kind: 'quiet', icon: 'back' }),
        button('leaked-continue', words.continue, () => answer(true), { kind: 'primary' }),
      ),
    );
  });
}
