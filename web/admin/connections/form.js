// What the two forms that add a connection share.

import { h } from '../../lib/h.js';
import { actions, field, submit } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { ApiError, request } from '../../lib/api.js';
import { words } from '../strings/index.js';

/** @typedef {import('../../lib/h.js').Child} Child */

/**
 * One line of text.
 * @param {string} id also its test id
 * @param {{ label: string, hint?: string, optional?: boolean }} texts
 * @param {Record<string, string | boolean>} [more]
 */
export function line(id, texts, more = {}) {
  const input = h('input', { id, type: 'text', class: 'text', testid: id, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', dir: 'ltr', ...more });
  return { box: field(texts, input), input };
}

/** @param {HTMLInputElement} input @returns {string | undefined} nothing for an empty one */
export function given(input) {
  return input.value.trim() || undefined;
}

/** Settings that few need. @param {...Child} children */
export function further(...children) {
  return h('details', { class: 'further', testid: 'further' }, h('summary', {}, words.connections.form.further), h('div', { class: 'stack' }, ...children));
}

/** Whether userName may find a person. */
export function matching() {
  const text = words.connections.form.matching;
  const input = h('input', { id: 'match-user-name', type: 'checkbox', testid: 'match-user-name', 'aria-describedby': 'match-user-name-hint' });
  const box = h('div', { class: 'tick' }, input, h('label', { for: 'match-user-name' }, text.label), h('p', { class: 'hint', id: 'match-user-name-hint' }, text.hint));
  return { box, input };
}

/**
 * The form; the server validates everything before it stores anything. What is plainly missing is said without asking it.
 * @param {import('../console.js').Console} console
 * @param {'saml' | 'oidc'} kind
 * @param {() => Record<string, unknown>} body
 * @param {(trouble: HTMLElement) => boolean} isReady says what is wrong, if something is
 * @param {...Child} children
 */
export function form(console, kind, body, isReady, ...children) {
  const trouble = h('div', { class: 'trouble' });
  const send = submit('connection-add', words.connections.form.add);
  const box = h('form', { class: 'stack', novalidate: true, testid: `form-${kind}` }, ...children, trouble, actions(send));
  box.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (send.disabled || !isReady(trouble)) return;
    send.disabled = true;
    try {
      /** @type {{ done: import('./model.js').Connection } | undefined} */
      const added = await console.attempt(trouble, () => request('POST', `/api/admin/connections/${kind}`, body()), told);
      if (!added) return;
      announce(words.connections.form.added);
      location.hash = `#/connections/${added.done.id}`;
    } finally {
      send.disabled = false;
    }
  });
  return box;
}

/**
 * The server's own words, in English, beside ours: they may name a status or an address.
 * @param {unknown} error
 */
export function told(error) {
  const detail = error instanceof ApiError && error.status === 422 ? error.problem['detail'] : undefined;
  return typeof detail === 'string' && h('p', { class: 'small muted', lang: 'en', dir: 'ltr', testid: 'server-says' }, detail);
}
