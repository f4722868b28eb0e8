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
/** @typedef {import('../lib/worker/messages.js').Unlocked} Unlocked */
/** @typedef {'passphrase' | 'code' | 'leaked'} ChangeName */

/** @type {Record<ChangeName, (context: Context, flow: Flow) => Promise<Unlocked | undefined>>} */
const CHANGES = { passphrase: changePassphrase, code: replaceCode, leaked: renew };

/**
 * Goes through a change, and back to the security screen.
 * @param {Context} context
 * @param {Flow} flow
 * @param {ChangeName} name
 */
export async function change(context, flow, name) {
  const { session, keys } = flow.who;
  try {
    if (name === 'leaked' && (await hasDamaged(context, flow))) return context.go({ kind: 'security', problem: ownProblem('damaged-secrets') });
    const changed = await CHANGES[name](context, flow);
    if (!changed) return await giveUp(context, flow);
    remember(session.userId, changed.remembered);
    context.changedAt = changed.changedAt;
    if (name === 'leaked') {
      context.tellTabs('locked'); // what they hold are the old keys
      await flow.live(context.items.load());
    }
    await done(flow, t.security[name].done);
    context.go({ kind: 'security' });
  } catch (error) {
    if (flow.isOver) return;
    if (codeOf(error) === 'locked') return context.lock('overtaken');
    if (REFUSED.includes(codeOf(error))) return refused(keys, problemOf(error));
    if ((error instanceof ApiError || codeOf(error) === 'out-of-order') && context.handled(error)) return;
    await giveUp(context, flow, error);
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

/**
 * Back to where the change began, with everything as it was.
 * @param {Context} context
 * @param {Flow} flow
 * @param {unknown} [error]
 */
async function giveUp(context, flow, error) {
  const { keys } = flow.who;
  keys.cancel();
  await flow.live(keys.changeCancel());
  context.go(error === undefined ? { kind: 'security' } : { kind: 'security', problem: problemOf(error) });
}

/**
 * @param {Context} _context
 * @param {Flow} flow
 */
async function changePassphrase(_context, flow) {
  const { session, keys } = flow.who;
  const words = t.security.passphrase;
  const asked = await unlockToChange(flow, words.reason);
  if (!asked) return undefined;
  const chosen = await withNewPassphrase(flow, { ...words.choose, present: asked.typed }, (passphrase) =>
    keys.changeSetPassword(asked.offer, passphrase, rememberedText(session.userId, undefined)),
  );
  return chosen && storeChange(flow);
}

/**
 * @param {Context} _context
 * @param {Flow} flow
 */
async function replaceCode(_context, flow) {
  const { keys } = flow.who;
  const asked = await unlockToChange(flow, t.security.code.reason);
  if (!asked) return undefined;
  const code = await flow.live(keys.changeMakeCode());
  return (await keepKit(flow, code)) ? storeChange(flow) : undefined;
}

/**
 * Everything new, because somebody may know the passphrase.
 * @param {Context} _context
 * @param {Flow} flow
 */
async function renew(_context, flow) {
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
