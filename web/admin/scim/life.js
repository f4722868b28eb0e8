// How far the life of a token or client is, in words.

import { h } from '../../lib/h.js';
import { badge, fromNow } from '../parts.js';
import { words } from '../strings/index.js';
import { tame } from '../../lib/names.js';
import { locale } from '../../lib/strings/index.js';

/**
 * @typedef {{ at: number, address: string, client: string }} Use
 * @typedef {{
 *   id: string, description: string, connection: string | null,
 *   state: 'live' | 'expiring' | 'expired' | 'revoked', warnDays: 30 | 14 | 7 | 1 | null,
 *   createdAt: number, expiresAt: number, revokedAt: number | null, lastUse: Use | null,
 * }} Credential
 */

const MINUTE_MS = 60_000;
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });

/** @param {Credential} of */
export function isOver({ state }) {
  return state === 'expired' || state === 'revoked';
}

/** @param {number} at milliseconds since 1970 */
export function date(at) {
  return day.format(at);
}

/**
 * How far a time is from now; stays true while the page is open.
 * @param {number} at milliseconds since 1970
 */
function moment(at) {
  return h('time', { datetime: new Date(at).toISOString(), title: exact.format(at), 'data-at': at }, fromNow(at));
}

/**
 * Lets the times of the page follow the clock.
 * @param {AbortSignal} left
 */
export function keepTime(left) {
  const timer = setInterval(() => {
    for (const time of document.querySelectorAll('time[data-at]')) {
      time.textContent = fromNow(Number(/** @type {HTMLElement} */ (time).dataset['at']));
    }
  }, MINUTE_MS / 2);
  left.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** @param {Credential} of */
export function stateBadge({ state, warnDays }) {
  const text = words.scim.life;
  const tones = /** @type {const} */ ({ live: 'good', expiring: 'caution', expired: 'bad', revoked: 'plain' });
  const tone = state === 'expiring' && warnDays === 1 ? 'bad' : tones[state];
  return h('div', {}, badge(text.states[state], tone));
}

/** @param {Credential} of */
export function endCell({ state, expiresAt, revokedAt }) {
  const at = state === 'revoked' && revokedAt !== null ? revokedAt : expiresAt;
  return h('div', {}, moment(at), small(date(at)));
}

/** @param {Credential} of */
export function useCell({ lastUse }) {
  const text = words.scim.life;
  if (!lastUse) return h('span', { class: 'muted' }, text.neverUsed);
  const from = [lastUse.address, lastUse.client].filter((part) => part !== '');
  return h('div', {}, moment(lastUse.at), from.length > 0 && small(text.from(from)));
}

/**
 * @param {Credential} of
 * @param {...import('../../lib/h.js').Child} more
 */
export function nameCell({ description, connection }, ...more) {
  return h('div', {}, h('strong', { class: 'name', dir: 'auto' }, tame(description)), connection !== null && small(words.scim.life.forConnection(connection)), ...more);
}

/** @param {string} text */
function small(text) {
  return h('span', { class: 'under', dir: 'auto' }, text);
}
