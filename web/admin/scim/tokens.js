// Tokens: made, shown once, listed with their end and last use, rotated, revoked.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { isolated } from '../../lib/names.js';
import { button, field, notice } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { ask, complain, keepFocus, panel, table } from '../parts.js';
import { words } from '../strings/index.js';
import { date, endCell, isOver, nameCell, stateBadge, useCell } from './life.js';
import { askForNew, daysField, lostAnswer, showOnce, whole } from './secret.js';

/**
 * @typedef {import('./life.js').Credential} Token
 * @typedef {{ tokens: Token[], connections: string[] }} TokenList
 * @typedef {{ token: Token, secret: string }} Made
 * @typedef {import('../console.js').Console} Console
 */

const LONGEST_OVERLAP_HOURS = 168;
const OVERLAP_HOURS = 24;

/**
 * The panel of tokens, and the warnings about those that end soon.
 * @param {Console} console
 * @param {TokenList} first
 * @param {string} url of SCIM
 */
export function tokens(console, first, url) {
  const text = words.scim.tokens;
  const warnings = h('div', { class: 'warnings', testid: 'token-warnings' });
  const place = h('div', { class: 'stack' });
  const trouble = h('div', { class: 'trouble' });

  /** @param {TokenList} list */
  const put = (list) => {
    const live = list.tokens.filter((token) => !isOver(token));
    const over = list.tokens.filter(isOver);
    const row = (/** @type {Token} */ token) => rowOf(token, live, { rotate: () => rotate(token), revoke: () => revoke(token) });
    warnings.replaceChildren(...live.filter((token) => token.warnDays !== null && !newerOf(token, live)).map((token) => warning(token, () => rotate(token))));
    place.replaceChildren(
      table({ caption: text.heading, testid: 'tokens', columns: text.columns, empty: text.none }, live.map(row)),
      over.length > 0 ? h('details', { testid: 'tokens-over' }, h('summary', {}, text.over(over.length)), table({ caption: text.over(over.length), testid: 'tokens-ended', columns: text.columns, empty: '' }, over.map(row))) : '',
    );
    create.onclick = () => askForNew(
      { console, name: 'token-new', heading: text.create, hint: text.descriptionHint, connections: list.connections },
      (wanted) => /** @type {Promise<Made>} */ (request('POST', '/api/admin/tokens', wanted)),
      (made) => shown(made, text.createdLead),
    );
  };

  const refresh = async () => {
    const answer = await console.attempt(trouble, () => /** @type {Promise<TokenList>} */ (request('GET', '/api/admin/tokens')));
    if (!answer) return;
    put(answer.done);
    keepFocus(box);
  };

  /**
   * @param {Made} made
   * @param {string} lead
   * @param {string} [after]
   */
  const shown = (made, lead, after) => showOnce(
    { name: 'secret', heading: text.created, lead, ...(after ? { after } : {}) },
    [
      { testid: 'secret-token', label: text.secretField, text: made.secret },
      { testid: 'secret-url', label: words.scim.url, text: url },
    ],
    refresh,
  );

  /** @param {Token} token */
  const rotate = (token) => askForRotation(console, token, (made, hours) => shown(made, text.rotatedLead, text.rotatedAfter(hours)));

  /** @param {Token} token */
  const revoke = (token) => ask(
    { name: 'token-revoke', heading: text.revokeHeading(isolated(token.description)), confirm: text.revoke, danger: true },
    async (close, inside) => {
      const done = await console.attempt(inside, () => request('DELETE', `/api/admin/tokens/${encodeURIComponent(token.id)}`));
      if (!done) return;
      close();
      announce(text.revoked);
      await refresh();
    },
    h('p', {}, text.revokeLead),
    token.lastUse && notice('in-use', text.revokeInUse, 'warning'),
  );

  const create = button('token-create', text.create, () => undefined, { icon: 'plus', kind: 'strong' });
  const box = panel({ heading: text.heading, text: text.lead, actions: create, testid: 'tokens-panel' }, trouble, place);
  put(first);
  return { warnings, box };
}

/**
 * The token that was made later for the same, if one is there.
 * @param {Token} token
 * @param {Token[]} live newest first
 */
function newerOf(token, live) {
  return live.find((other) => other.createdAt > token.createdAt && other.description === token.description && other.connection === token.connection);
}

/**
 * @param {Token} token
 * @param {Token[]} live
 * @param {{ rotate: () => void, revoke: () => void }} act
 */
function rowOf(token, live, { rotate, revoke }) {
  const text = words.scim.tokens;
  const newer = isOver(token) ? undefined : newerOf(token, live);
  const advice = newer && h('span', { class: 'under strong-under', testid: 'token-advice' }, newer.lastUse ? text.newerInUse : text.newerUnused);
  const does = isOver(token)
    ? []
    : [
      button('token-rotate', text.rotate, rotate, { icon: 'again', name: text.rotateName(token.description) }),
      button('token-revoke', text.revoke, revoke, { icon: 'trash', kind: 'quiet', name: text.revokeName(token.description) }),
    ];
  return {
    id: token.id,
    testid: 'token',
    cells: [
      nameCell(token, advice),
      stateBadge(token),
      endCell(token),
      useCell(token),
      h('div', { class: 'row' }, does),
    ],
  };
}

/**
 * @param {Token} token
 * @param {() => void} rotate
 */
function warning(token, rotate) {
  const text = words.scim.tokens;
  return h(
    'div',
    { class: 'warning-line', testid: 'token-warning', role: 'note', 'data-days': token.warnDays },
    icon('warning'),
    h('p', {}, text.warning(isolated(token.description), token.warnDays ?? 1, date(token.expiresAt))),
    button('token-warning-rotate', text.rotateNow, rotate, { icon: 'again', name: `${text.rotateNow}: ${token.description}` }),
  );
}

/**
 * @param {Console} console
 * @param {Token} token
 * @param {(made: Made, hours: number) => void} then
 */
function askForRotation(console, token, then) {
  const text = words.scim.tokens;
  const days = daysField('token-rotate-days', words.scim.make.daysHint);
  const hours = h('input', { id: 'token-rotate-hours', type: 'text', inputmode: 'numeric', autocomplete: 'off', value: OVERLAP_HOURS, testid: 'token-rotate-hours', class: 'short-input', dir: 'ltr' });
  ask(
    { name: 'token-rotate', heading: text.rotateHeading(isolated(token.description)), confirm: text.rotateConfirm },
    async (close, trouble) => {
      const life = whole(days.input, 366);
      if (life === undefined) return complain(trouble, days.input, words.scim.make.noDays);
      const overlapHours = whole(hours, LONGEST_OVERLAP_HOURS);
      if (overlapHours === undefined) return complain(trouble, hours, text.noHours);
      const path = `/api/admin/tokens/${encodeURIComponent(token.id)}/rotate`;
      const answer = await console.attempt(trouble, () => /** @type {Promise<Made>} */ (request('POST', path, { days: life, overlapHours })), lostAnswer, 'anywhere');
      if (!answer) return undefined;
      close();
      return then(answer.done, overlapHours);
    },
    h('p', {}, text.rotateLead),
    days.box,
    field({ label: text.hours, hint: text.hoursHint }, hours),
  );
}
