// How a failure is told: what happened, what became of the work, what to do next, and an id to tell support.

import { ApiError, NetworkError } from './api.js';
import { h } from './h.js';
import { icon } from './icons.js';
import { button } from './parts.js';
import { PasskeyError } from './passkey-error.js';
import { lastOrganization } from './remembered.js';
import { show } from './screen.js';
import { t } from './strings/index.js';
import { WorkerError } from './worker-client.js';

/**
 * @typedef {{
 *   code: string, title: string, safe: string, next: string, supportId: string,
 *   data?: Record<string, string | number>,
 * }} Problem
 * @typedef {{ title?: string, safe?: string, next?: string }} Words what to say instead of the usual text
 */

/**
 * The problem that an error means. Unknown ones are told as such.
 * @param {unknown} error
 * @param {Words} [words] better words where the screen knows more
 * @returns {Problem}
 */
export function problemOf(error, words = {}) {
  const code = codeOf(error);
  const text = { ...t.problem(code), ...words };
  const supportId = (error instanceof ApiError && error.supportId) || code;
  return { code, ...text, supportId };
}

/**
 * A problem found by the page itself.
 * @param {string} code
 * @param {Words} [words]
 * @returns {Problem}
 */
export function ownProblem(code, words = {}) {
  return { code, ...t.problem(code), ...words, supportId: code };
}

/** @param {unknown} error */
export function codeOf(error) {
  if (error instanceof ApiError || error instanceof NetworkError || error instanceof WorkerError || error instanceof PasskeyError) return error.code;
  return 'unexpected';
}

/**
 * The box. It is an alert: spoken as soon as it is in the page.
 * @param {Problem} problem
 * @param {{ retry?: () => void, retryLabel?: string, signIn?: 'here' | 'new-tab', more?: import('./h.js').Child[] }} [offer]
 */
export function problemBox(problem, offer = {}) {
  const data = Object.fromEntries(Object.entries(problem.data ?? {}).map(([name, value]) => [`data-${name}`, value]));
  return h(
    'div',
    { class: 'problem', role: 'alert', testid: 'error', 'data-code': problem.code, ...data },
    icon('warning'),
    h(
      'div',
      { class: 'problem-in' },
      h('p', { class: 'problem-title', testid: 'error-title' }, problem.title, '.'),
      problem.safe && h('p', { testid: 'error-detail' }, problem.safe),
      problem.next && h('p', { testid: 'error-next' }, problem.next),
      ...(offer.more ?? []),
      offerRow(offer),
      problem.safe && h('p', { class: 'support' }, `${t.common.supportId}: `, h('code', { testid: 'error-support-id' }, problem.supportId)),
    ),
  );
}

/** @param {{ retry?: () => void, retryLabel?: string, signIn?: 'here' | 'new-tab' }} offer */
function offerRow({ retry, retryLabel, signIn }) {
  if (!retry && !signIn) return undefined;
  return h(
    'div',
    { class: 'actions' },
    signIn && signInLink(signIn),
    retry && button('error-retry', retryLabel ?? t.common.retry, retry, { icon: 'again' }),
  );
}

/** @param {'here' | 'new-tab'} where */
function signInLink(where) {
  const inTab = where === 'new-tab';
  const attributes = inTab ? { target: '_blank', rel: 'noopener' } : {};
  return h(
    'a',
    { class: 'button plain', href: loginAddress(location.pathname), testid: 'error-sign-in', ...attributes },
    inTab ? t.common.signInNewTab : t.common.signIn,
  );
}

/**
 * Where signing in begins. A plain GET address without any secret; the server decides what it does with `return`.
 * @param {string} path one of our own pages
 */
export function loginAddress(path) {
  const query = new URLSearchParams();
  const organization = new URLSearchParams(location.search).get('organization') ?? lastOrganization();
  if (organization) query.set('organization', organization);
  query.set('return', path);
  return `/login?${query}`;
}

/**
 * A whole screen for a problem that leaves nothing else to show.
 * @param {Problem} problem
 * @param {Parameters<typeof problemBox>[1]} [offer]
 */
export function showFault(problem, offer) {
  show('fault', problem.title, problemBox(problem, offer));
}
