// One entry of the provisioning log.

import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { badge, tableRow } from '../parts.js';
import { words } from '../strings/index.js';
import { named, tame } from '../../lib/names.js';
import { locale } from '../../lib/strings/index.js';

/** @typedef {import('./live.js').Entry} Entry */

const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' });

/**
 * @param {string[]} columns
 * @param {Entry} entry
 */
export function row(columns, entry) {
  const line = tableRow(columns, { testid: 'log-entry', id: entry.id, cells: [when(entry), asked(entry), outcome(entry), token(entry)] });
  line.dataset['outcome'] = entry.outcome;
  return line;
}

/** @param {Entry} entry */
function when({ at, durationMs, outcome: came }) {
  const took = came === 'lost' ? undefined : h('p', { class: 'muted small' }, words.log.took(durationMs));
  return h('div', {}, h('time', { datetime: new Date(at).toISOString() }, moment.format(at)), took);
}

/**
 * The server's own words on a refusal are English.
 * @param {Entry} entry
 */
function asked({ method, target, detail, fix, body, outcome: came }) {
  const text = words.log;
  const request = came === 'lost' ? h('p', { class: 'strong' }, text.lost) : h('code', { class: 'asked', dir: 'ltr', translate: 'no' }, h('b', {}, method), ` ${tame(target)}`);
  return h(
    'div',
    { class: 'asked-cell' },
    request,
    detail && h('p', { class: 'small', testid: 'log-detail', lang: 'en', dir: 'ltr' }, tame(detail)),
    fix && h('div', { class: 'fix', testid: 'log-fix' }, icon('edit'), h('div', {}, h('p', { class: 'strong' }, text.fix), h('p', { lang: 'en', dir: 'ltr' }, tame(fix)))),
    body !== null && body !== undefined && h('details', { class: 'body' }, h('summary', {}, text.body), h('pre', { dir: 'ltr', translate: 'no', tabindex: '0' }, written(body))),
  );
}

/** @param {unknown} body */
function written(body) {
  const whole = typeof body === 'string' ? body : JSON.stringify(body, undefined, 2);
  return whole.split('\n').map(tame).join('\n');
}

/** @param {Entry} entry */
function outcome({ status, outcome: came }) {
  const text = words.log.outcomes;
  const tones = /** @type {const} */ ({ done: 'good', refused: 'bad', lost: 'caution' });
  return badge(came === 'lost' ? text.lost : `${text[came]} · ${status}`, tones[came], 'log-outcome');
}

/** @param {Entry} entry */
function token({ token: by }) {
  return by ? h('span', { title: by.id }, by.description ? named(by.description) : by.id) : h('span', { class: 'muted' }, '–');
}
