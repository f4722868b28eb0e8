// Names that others gave: each keeps to itself in the text that it stands in.

import { h } from './h.js';

/** What ends an isolate, turns directions or is no letter at all. Marks and joiners stay: some scripts are written with them. */
const UNRULY = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name alone, as in a heading of its own.
 * @param {string} name
 */
export function tame(name) {
  return name.replace(UNRULY, '\ufffd');
}

/**
 * A name as a part of a sentence, whose direction it does not change.
 * @param {string} name
 */
export function isolated(name) {
  return `\u2068${tame(name)}\u2069`;
}

/**
 * A name among elements.
 * @param {string} name
 */
export function named(name) {
  return h('bdi', {}, tame(name));
}
