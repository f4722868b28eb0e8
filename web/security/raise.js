// Keys that are protected less than the organization asks for are closed anew with the passphrase that was just typed.

import { getChangeOffer, sendChange } from '../lib/account.js';
import { actions, button, lead, progress } from '../lib/parts.js';
import { remember, rememberedText } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';

/** @typedef {import('../unlock/unlock.js').Asked} Asked */
/** @typedef {import('../unlock/unlock.js').Who} Who */
/** @typedef {import('../lib/worker/messages.js').Unlocked} Unlocked */

const PASSPHRASE = 1;
/** Profiles in browsers end here: more is left to other programs. */
const HIGHEST = 2;

/** Tried once a page: what failed a moment ago would only keep the person waiting. */
let tried = false;

/**
 * Whether the passphrase's cost profile is below the organization's.
 * @param {string} offer
 */
export function isDue(offer) {
  if (tried) return false;
  const { methods, policy } = /** @type {{ methods: { type: number, parameters: string }[], policy?: { profileFloor: number } }} */ (JSON.parse(offer));
  const parameters = methods.find(({ type }) => type === PASSPHRASE)?.parameters;
  const floor = policy?.profileFloor;
  return parameters !== undefined && floor !== undefined && floor <= HIGHEST && profileOf(parameters) < floor;
}

/**
 * The first byte of a passphrase's parameters is its profile.
 * @param {string} parameters base64url
 */
function profileOf(parameters) {
  return atob(parameters.slice(0, 4).replaceAll('-', '+').replaceAll('_', '/')).charCodeAt(0);
}

/**
 * Opens the account, and tries the change. Whatever comes of it, the account is open.
 * @param {Who} who
 * @param {Asked} asked
 * @returns {Promise<Unlocked>}
 */
export async function raise({ session, keys, deriveMilliseconds }, { offer, typed, answer }) {
  const words = t.security.raising;
  const unlocked = await keys.changeOpen(answer);
  remember(session.userId, unlocked.remembered);
  tried = true;
  const bar = progress({ progressTestid: 'working-progress', stepTestid: 'working-step', label: words.heading, ...words }, deriveMilliseconds);
  show('unlock-raising', words.heading, lead(words.lead), bar.box, actions(button('raising-skip', words.skip, () => keys.cancel())));
  keys.onProgress = bar.update;
  try {
    await keys.changeSetPassword(offer, typed, rememberedText(session.userId, undefined));
    await sendChange(await keys.changeRequest(await getChangeOffer()));
    const { remembered, changedAt } = await keys.changeDone();
    remember(session.userId, remembered);
    return { ...unlocked, changedAt };
  } catch {
    // Stored or not: the same passphrase opens the same keys. The next unlock tries again.
    await keys.changeCancel();
    return unlocked;
  } finally {
    keys.onProgress = undefined;
  }
}
