// How people and their states are shown.

import { tame } from '../../lib/names.js';
import { badge } from '../parts.js';
import { words } from '../strings/index.js';

/** @type {Record<import('./data.js').State, import('../parts.js').Tone>} */
const TONES = { PENDING: 'plain', READY: 'good', CONFIRMED: 'good', SUSPENDED: 'caution', DELETED: 'plain' };

/** What somebody is called. @param {import('./data.js').UserRow} user */
export const nameOf = (user) => tame(user.displayName ?? user.userName);

/**
 * @param {import('./data.js').State} state
 * @param {string} [testid]
 */
export function stateBadge(state, testid) {
  const box = badge(words.people.states[state], TONES[state], testid);
  box.dataset['state'] = state;
  return box;
}
