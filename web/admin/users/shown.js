// How people and their states are shown.

import { tame } from '../../lib/names.js';
import { badge } from '../parts.js';
import { words } from '../strings/index.js';

/** @type {Record<import('./data.js').State, import('../parts.js').Tone>} */
const TONES = { PENDING: 'plain', READY: 'good', CONFIRMED: 'good', SUSPENDED: 'caution', DELETED: 'plain' };

/** Something that is drawn. */
const DRAWN = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * A name, or what stands for one of which nothing is drawn: its link could be neither seen nor pressed.
 * @param {string | null} name
 * @param {string} instead
 */
export const drawn = (name, instead) => tame(name !== null && DRAWN.test(name) ? name : instead);

/** What somebody is called. @param {import('./data.js').UserRow} user */
export const nameOf = ({ displayName, userName, id }) => drawn(displayName, drawn(userName, id));

/**
 * @param {import('./data.js').State} state
 * @param {string} [testid]
 */
export function stateBadge(state, testid) {
  const box = badge(words.people.states[state], TONES[state], testid);
  box.dataset['state'] = state;
  return box;
}
