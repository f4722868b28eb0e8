// Following the chain of hashes to its end, part by part, so that a long one is seen to go on.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { button, field } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { complain } from '../parts.js';
import { words } from '../strings/index.js';

/** @typedef {import('/types/api.js').VerifyAnswer} Answer */

const HEAD = /^(\d{1,15}:[0-9a-f]{64})?$/;

/** @param {import('../console.js').Console} console */
export function verifying(console) {
  const text = words.audit;
  const trouble = h('div', { class: 'trouble' });
  const result = h('div', { testid: 'audit-result' });
  const noted = h('input', { id: 'audit-noted', testid: 'audit-noted', type: 'text', autocomplete: 'off', spellcheck: 'false', dir: 'ltr', autocapitalize: 'none' });
  const press = button('audit-verify', text.verify, async () => {
    if (!HEAD.test(noted.value.trim())) return complain(trouble, noted, text.notedHint);
    press.disabled = true;
    const found = await console.attempt(trouble, () => verify(noted.value.trim(), (count) => result.replaceChildren(h('p', { class: 'muted' }, text.verifying(count)))));
    press.disabled = false;
    result.replaceChildren(...(found ? [told(found.done)] : []));
    if (found) announce(result.textContent ?? '');
    return undefined;
  }, { kind: 'primary' });
  return h(
    'div',
    { class: 'stack' },
    h('details', {}, h('summary', {}, text.against), field({ label: text.noted, hint: text.notedHint }, noted)),
    trouble,
    h('div', { class: 'actions' }, press),
    result,
  );
}

/**
 * @param {string} noted a head that was kept elsewhere, or nothing
 * @param {(count: number) => void} progress
 * @returns {Promise<Answer>} of all parts together
 */
async function verify(noted, progress) {
  let events = 0;
  /** @type {string | undefined} */
  let after;
  for (;;) {
    const body = { ...(after ? { after } : {}), ...(noted && !isBehind(noted, after) ? { noted } : {}) };
    /** @type {Answer} */
    const part = await request('POST', '/api/admin/audit/verify', body);
    events += part.events;
    if (part.complete) return { ...part, events };
    after = part.head;
    progress(events);
  }
}

/**
 * Whether a head was met in a part before.
 * @param {string} noted
 * @param {string | undefined} after
 */
function isBehind(noted, after) {
  return after !== undefined && Number.parseInt(noted, 10) <= Number.parseInt(after, 10);
}

/** @param {Answer} answer */
function told({ fault, events, head }) {
  const text = words.audit;
  if (!fault) {
    return h('div', { class: 'verdict good', testid: 'audit-intact' }, icon('check'), h('div', {}, h('p', { class: 'strong' }, text.intact(events)), h('p', { class: 'small' }, text.upTo, ' ', h('code', { dir: 'ltr', translate: 'no' }, head))));
  }
  return h(
    'div',
    { class: 'verdict bad', testid: 'audit-broken', 'data-seq': fault.seq },
    icon('warning'),
    h(
      'div',
      {},
      h('p', { class: 'strong' }, text.broken(fault.seq)),
      h('p', {}, text.faults[fault.code] ?? text.faults['other']),
      h('p', { class: 'small', lang: 'en', dir: 'ltr' }, fault.text),
      h('p', {}, text.brokenNext),
    ),
  );
}
