// One question to a passkey and to the server, for whoever unlocks by it: to open the vault, and before a change.

import { sendUnlock } from '../lib/account.js';
import { ApiError, getUnlockOffer } from '../lib/api.js';
import { passkeysOf, same, usePasskey } from '../lib/passkey.js';
import { PasskeyError } from '../lib/passkey-error.js';
import { codeOf, problemOf } from '../lib/problem.js';
import { t } from '../lib/strings/index.js';

/**
 * Call it in the handler of a click: the browser is asked before anything is awaited.
 * @param {{ keys: import('../lib/keys.js').Keys, passkeys: import('../lib/passkey.js').Parameters[] }} at `passkeys` is kept up to date
 * @param {string | undefined} known
 * @param {AbortSignal} signal
 * @returns {Promise<{ offer: string, answer: string }>} what the server asked, and its answer, for `unlockOpen` or `changeOpen`
 */
export async function askPasskey(at, known, signal) {
  const passkey = await usePasskey(at.passkeys, signal);
  try {
    const offer = await getUnlockOffer();
    signal.throwIfAborted();
    at.passkeys = passkeysOf(offer);
    if (!at.passkeys.some((each) => same(each, passkey.parameters))) throw new PasskeyError('passkey-removed');
    return { offer, answer: await sendUnlock(await at.keys.unlockBeginByPasskey(offer, passkey, known)) };
  } finally {
    if (passkey.output.length > 0) passkey.output.fill(0); // else it has gone to the Worker
  }
}

/**
 * The usual words speak of passphrases.
 * @param {unknown} error
 */
export function passkeyProblem(error) {
  const words = t.passkeys.problems;
  if (error instanceof ApiError && codeOf(error) === 'wrong-secret') return problemOf(error, words.wrong);
  if (error instanceof ApiError && codeOf(error) === 'tries-used-up') return problemOf(error, words.usedUp);
  return problemOf(error);
}
