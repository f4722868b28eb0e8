// A test of a connection: the identity provider's sign-in, which signs nobody in, and what came of it.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { tame } from '../../lib/names.js';
import { button } from '../../lib/parts.js';
import { badge, facts, fromNow, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { told } from './form.js';

/** @typedef {import('./model.js').Test} Test */

/** @type {Record<import('./model.js').Verdict, import('../parts.js').Tone>} */
const TONES = { linked: 'good', 'would-link': 'good', 'no-user': 'caution', 'not-admitted': 'bad', refused: 'bad' };

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connection} connection
 * @param {Test | null} test
 */
export function testing(console, connection, test) {
  const text = words.connections.test;
  const trouble = h('div', { class: 'trouble' });
  const begin = async () => {
    /** @type {{ done: { location: string } } | undefined} */
    const begun = await console.attempt(trouble, () => request('POST', `/api/admin/connections/${connection.id}/test`), told);
    if (begun) location.assign(begun.done.location);
  };
  const press = button('connection-test', test ? text.again : text.button, begin, { kind: test ? 'plain' : 'primary', icon: 'arrow' });
  return panel({ heading: text.heading, text: text.text, actions: press, testid: 'connection-testing' }, trouble, test ? outcome(test) : undefined);
}

/** @param {Test} test */
function outcome(test) {
  const text = words.connections.test;
  const verdict = text.verdicts[test.verdict];
  return h(
    'div',
    { class: 'outcome', testid: 'test-outcome', 'data-verdict': test.verdict },
    h('p', { class: 'row' }, badge(verdict.short, TONES[test.verdict], 'test-verdict'), h('span', { class: 'muted small' }, fromNow(test.at))),
    h('p', {}, verdict.text),
    test.reason && h('p', { class: 'small muted', lang: 'en', dir: 'ltr', testid: 'test-reason' }, test.reason),
    whoCame(test),
  );
}

/** @param {Test} test */
function whoCame({ person, userName }) {
  if (!person) return undefined;
  const text = words.connections.test;
  const said = (/** @type {string | null} */ value, /** @type {string} */ testid) => value !== null && h('span', { testid, dir: 'auto', class: 'breaks' }, tame(value));
  return facts('test-facts', [
    [text.subject, said(person.subject, 'test-subject')],
    [text.user, said(userName, 'test-user')],
    [text.upn, said(person.upn, 'test-upn')],
    [text.name, said(person.displayName, 'test-name')],
    [text.tenant, said(person.tenant, 'test-tenant')],
  ]);
}
