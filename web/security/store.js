// The one message that makes a change. It is sent with the same bytes until there is an answer, so that it can never count twice.

import { getChangeOffer, sendChange } from '../lib/account.js';
import { ApiError, NetworkError } from '../lib/api.js';
import { h } from '../lib/h.js';
import { codeOf, problemBox, problemOf } from '../lib/problem.js';
import { changeBegun, rememberChangeBegun } from '../lib/remembered.js';
import { setBusy, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';

/** @typedef {import('./flow.js').Flow} Flow */

/** What another try of the same bytes may not meet again. */
const PASSING = ['busy', 'internal', 'too-often', 'bad-answer'];
/** Answers that do not say whether the message was stored. */
const UNCLEAR = ['internal', 'bad-answer'];

/**
 * `make` signs the message for a fresh question of the server; `again` names refusals after which it is made once more without asking the person.
 * @typedef {{ make: () => Promise<string>, send: (request: string) => Promise<void>, again: string[] }} Message
 */

/**
 * Shows the screen until the message is stored.
 * @param {Flow} flow
 * @param {Message} message
 */
export async function store(flow, { make, send, again }) {
  const words = t.security.saving;
  const trouble = h('div', { class: 'trouble' });
  const status = h('p', { class: 'lead', testid: 'saving-status' }, words.text);
  show('security-saving', words.heading, status, h('progress', { 'aria-label': words.heading }), trouble);
  const left = new Set(['challenge-gone', ...again]);
  /** @type {string | undefined} */
  let request;
  const { userId } = flow.who.session;
  let isUnclear = false;
  /** Of a passkey nothing was kept that could be taken for what counts. @param {boolean} sent */
  const mayBeStored = (sent) => changeBegun(userId) && rememberChangeBegun(userId, { sent });
  for (;;) {
    setBusy(true);
    try {
      request ??= await flow.live(make());
      mayBeStored(true);
      await flow.live(send(request));
      return;
    } catch (error) {
      isUnclear ||= request !== undefined && (error instanceof NetworkError || UNCLEAR.includes(codeOf(error)));
      mayBeStored(isUnclear);
      if (left.delete(codeOf(error))) {
        request = undefined;
        continue;
      }
      if (!isPassing(error)) throw error;
      setBusy(false);
      await flow.ask((/** @type {(value: undefined) => void} */ answer) => {
        const retry = () => {
          trouble.replaceChildren();
          answer(undefined);
        };
        trouble.replaceChildren(problemBox(problemOf(error, { safe: words.waitSafe }), { retry }));
      });
    }
  }
}

/**
 * Stores a change that was made in the Worker, and opens the account that comes of it.
 * @param {Flow} flow
 */
export async function storeChange(flow) {
  const { keys } = flow.who;
  await store(flow, { make: async () => keys.changeRequest(await getChangeOffer()), send: sendChange, again: [] });
  return flow.live(keys.changeDone());
}

/** @param {unknown} error */
function isPassing(error) {
  return error instanceof NetworkError || (error instanceof ApiError && PASSING.includes(error.code));
}
