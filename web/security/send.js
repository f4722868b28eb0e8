// Sending a change that the Worker holds.

import { getChangeOffer, sendChange } from '../lib/account.js';
import { NetworkError } from '../lib/api.js';
import { codeOf } from '../lib/problem.js';
import { remember } from '../lib/remembered.js';

/**
 * Gives the function that stores the change. After a failure it may be called again: where no answer came, it sends the very same message, which
 * counts once.
 * @param {import('../vault/main.js').Context} context
 * @returns {() => Promise<void>}
 */
export function storeOf(context) {
  const { keys, session } = context.who;
  /** @type {string | undefined} */
  let request;
  const send = async () => {
    request ??= await keys.changeRequest(await getChangeOffer());
    try {
      await sendChange(request);
    } catch (error) {
      if (!(error instanceof NetworkError)) request = undefined;
      throw error;
    }
  };
  return async () => {
    await send().catch((error) => {
      // The question expired meanwhile; one more will do.
      if (codeOf(error) === 'challenge-gone') return send();
      throw error;
    });
    const changed = await keys.changeDone();
    remember(session.userId, changed.remembered);
    context.changedAt = changed.changedAt;
  };
}
