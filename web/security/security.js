// What opens the keys, since when, and where else one is signed in.

import { getMethods, getResets, getSessions } from '../lib/account.js';
import { h } from '../lib/h.js';
import { button, lead } from '../lib/parts.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { forgetChangeBegun } from '../lib/remembered.js';
import { setBusy, show } from '../lib/screen.js';
import { showDateTime, t } from '../lib/strings/index.js';
import { passkeySection } from './passkeys.js';
import { resets } from './resets.js';
import { sessions } from './sessions.js';
import { unmadeNotice } from './unmade.js';

/** @typedef {import('../vault/main.js').Context} Context */
/** @typedef {import('../lib/account.js').Method} Method */
/** @typedef {import('./changes.js').ChangeName} ChangeName */

/**
 * @param {Context} context
 * @param {import('./flow.js').Flow} flow
 * @param {{ problem?: import('../lib/problem.js').Problem }} state
 */
export async function security(context, flow, { problem }) {
  const words = t.security;
  const content = h('div', { class: 'stack' });
  show(
    'security',
    words.heading,
    h('div', { class: 'row' }, button('security-back', words.back, () => context.go({ kind: 'list' }), { icon: 'back' }), button('vault-lock', t.vault.lock, () => context.lock('you'), { icon: 'lock' })),
    lead(words.lead(showDateTime(context.changedAt))),
    h('div', { class: 'trouble' }, problem && problemBox(problem)),
    unmadeNotice(context.who.session.userId),
    content,
  );
  forgetChangeBegun();
  setBusy(true);
  try {
    const isAdmin = context.who.session.role !== 'member';
    const [methods, signedIn, waiting] = await flow.live(Promise.all([getMethods(), getSessions(), isAdmin ? getResets() : []]));
    content.replaceChildren(
      ways(context, methods),
      passkeySection(context),
      sessions(context, flow, signedIn),
      server(context),
      leaked(context),
      isAdmin ? resets(context, flow, waiting) : '',
    );
  } catch (error) {
    if (context.handled(error)) return;
    content.replaceChildren(problemBox(problemOf(error), { retry: () => context.go({ kind: 'security' }) }));
  }
  setBusy(false);
}

/**
 * The ways to unlock.
 * @param {Context} context
 * @param {Method[]} methods
 */
function ways(context, methods) {
  const words = t.security;
  /** @type {[Method['type'], ChangeName, { name: string, what: string, change: string }][]} */
  const known = [
    [1, 'passphrase', words.passphrase],
    [2, 'code', words.code],
  ];
  const entries = methods.flatMap((method) => {
    const [, change, texts] = known.find(([type]) => type === method.type) ?? [];
    if (!change || !texts) return [];
    return h(
      'li',
      { class: 'item', testid: `way-${change}` },
      h(
        'div',
        { class: 'item-head' },
        h('h3', { class: 'item-name' }, texts.name),
        h('p', { class: 'muted small', testid: `way-${change}-since` }, words.since(showDateTime(method.createdAt))),
        h('p', { class: 'small' }, texts.what),
      ),
      h('div', { class: 'item-actions' }, button(`change-${change}`, texts.change, () => context.go({ kind: 'change', name: change }), { icon: 'edit' })),
    );
  });
  return h('section', { class: 'part' }, h('h2', {}, words.ways), h('ul', { class: 'items', testid: 'ways' }, entries));
}

/** @param {Context} context */
function server(context) {
  const words = t.security.received;
  return h(
    'section',
    { class: 'part' },
    h('h2', {}, words.heading),
    h('p', {}, words.short),
    h('div', { class: 'row' }, button('security-received', words.open, () => context.go({ kind: 'received' }), { icon: 'info' })),
  );
}

/** @param {Context} context */
function leaked(context) {
  const words = t.security.leaked;
  return h(
    'section',
    { class: 'part' },
    h('h2', {}, words.heading),
    h('p', {}, words.short),
    h('div', { class: 'row' }, button('change-leaked', words.begin, () => context.go({ kind: 'change', name: 'leaked' }), { icon: 'warning' })),
  );
}
