// New entries of the log as the server sends them (server-sent events). A lost connection is taken up again by itself, and what was missed comes then.

import { request } from '../../lib/api.js';

/**
 * One SCIM request; times in milliseconds since 1970.
 * @typedef {import('/types/api.js').LogItem} Entry
 * @typedef {'live' | 'connecting' | 'away'} State
 * @typedef {{ outcome: 'all' | 'refused', newest: () => string | undefined }} Wanted `newest` is the id of the newest entry that is shown
 * @typedef {{ entries: (entries: Entry[]) => void, reload: () => void, state: (state: State) => void, failed: (error: unknown) => boolean }} Told `failed`: whether it is over
 */

/** Entries are shown so often at most, and so many of those that came meanwhile. */
const GATHER_MS = 100;
const GATHERED = 300;
/** After an answer that is none, such as of a proxy whose server starts again. */
const AGAIN_MS = 5_000;

/** @typedef {import('/types/api.js').LogPage} Page */

/**
 * @param {'all' | 'refused'} outcome
 * @param {string} [cursor]
 * @returns {Promise<Page>} newest first
 */
export function getLog(outcome, cursor) {
  const query = new URLSearchParams({ outcome });
  if (cursor) query.set('cursor', cursor);
  return request('GET', `/api/admin/log?${query}`);
}

/**
 * @param {Wanted} wanted
 * @param {Told} told
 * @param {AbortSignal} signal ends it
 */
export function follow(wanted, told, signal) {
  if (signal.aborted) return;
  const query = new URLSearchParams({ outcome: wanted.outcome });
  const after = wanted.newest();
  if (after) query.set('after', after);
  const source = new EventSource(`/api/admin/log/events?${query}`);
  /** @type {Entry[]} */
  let gathered = [];
  /** @type {number | undefined} */
  let timer;
  const show = () => {
    const entries = gathered;
    [gathered, timer] = [[], undefined];
    if (!signal.aborted) told.entries(entries);
  };
  told.state('connecting');
  source.addEventListener('open', () => {
    told.state('live');
    // Without a known entry there is nothing to go on from: what came before this moment is in the list.
    if (!after) told.reload();
  });
  source.addEventListener('entry', ({ data }) => {
    gathered = [...gathered.slice(1 - GATHERED), /** @type {Entry} */ (JSON.parse(data))];
    timer ??= setTimeout(show, GATHER_MS);
  });
  source.addEventListener('behind', () => told.reload());
  source.addEventListener('error', async () => {
    if (source.readyState !== EventSource.CLOSED) return told.state('connecting');
    told.state('away');
    // The stream does not say why it was refused; the list does.
    const over = await getLog(wanted.outcome).then(() => false, told.failed);
    if (over || signal.aborted) return;
    const again = setTimeout(() => follow(wanted, told, signal), AGAIN_MS);
    signal.addEventListener('abort', () => clearTimeout(again));
  });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    source.close();
  });
}
