// One connection: how it is set, its client secret, a test of it, its certificates, its end.

import { ApiError, request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { button } from '../../lib/parts.js';
import { ownProblem, problemBox } from '../../lib/problem.js';
import { announce } from '../../lib/screen.js';
import { ask, complain, facts, fromNow, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { certificates } from './certificates.js';
import { line } from './form.js';
import { atProvider } from './here.js';
import { getTest } from './model.js';
import { testing } from './test.js';

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connections} all
 * @param {string} id
 */
export async function one(console, { connections, here }, id) {
  const text = words.connections;
  const back = { href: '#/connections', label: text.heading };
  const connection = connections.find((known) => known.id === id);
  if (!connection) return show('fault', text.heading, { lead: '', back }, problemBox(ownProblem('not-found')));
  const { test } = await console.known(getTest(id));
  show(
    'connection',
    connection.name,
    { lead: text.protocols[connection.protocol], back, actions: console.isOwner && button('connection-remove', text.remove.button, () => remove(console, connection), { icon: 'trash' }) },
    testing(console, connection, test),
    settings(console, connection),
    atProvider(connection.protocol, here),
    connection.certificates && certificates(console, connection, connection.certificates),
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connection} connection
 */
function settings(console, connection) {
  const text = words.connections.settings;
  const code = (/** @type {string} */ value) => h('code', { translate: 'no', dir: 'ltr', class: 'breaks' }, value);
  /** @type {[string, import('../../lib/h.js').Child][]} */
  const rows = [
    [connection.protocol === 'saml' ? text.entityId : text.issuer, code(connection.issuer)],
    [text.clientId, connection.clientId && code(connection.clientId)],
    [text.clientSecret, connection.protocol === 'oidc' && text.secretKept],
    [text.signOnUrl, connection.signOnUrl && code(connection.signOnUrl)],
    [text.subject, code(connection.subject)],
    [text.tenant, connection.tenant && code(connection.tenant)],
    [text.audience, connection.audience && code(connection.audience)],
    [text.metadataUrl, connection.metadataUrl && code(connection.metadataUrl)],
    [text.fetchedAt, connection.metadataFetchedAt !== null && fromNow(connection.metadataFetchedAt)],
    [text.matching, connection.matchesUserName ? text.matchingOn : text.matchingOff],
  ];
  const replace = connection.protocol === 'oidc' && console.isOwner && button('client-secret-replace', words.connections.secret.button, () => replaceSecret(console, connection), { icon: 'key' });
  return panel({ heading: text.heading, actions: replace, testid: 'connection-settings' }, facts('connection-facts', rows));
}

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connection} connection
 */
function replaceSecret(console, connection) {
  const text = words.connections.secret;
  const secret = line('client-secret', words.connections.oidc.clientSecret, { type: 'password', required: true });
  ask(
    { name: 'client-secret', heading: text.heading, confirm: text.confirm },
    async (close, trouble) => {
      if (secret.input.value.trim() === '') return complain(trouble, secret.input, words.connections.form.missing);
      const replaced = await console.attempt(trouble, () => request('PUT', `/api/admin/connections/${connection.id}/secret`, { clientSecret: secret.input.value }));
      if (!replaced) return;
      close();
      announce(text.done);
    },
    h('p', {}, text.text),
    secret.box,
  );
  secret.input.focus();
}

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connection} connection
 */
function remove(console, connection) {
  const text = words.connections.remove;
  let force = false;
  ask(
    { name: 'connection-remove', heading: text.heading(connection.name), confirm: text.confirm, danger: true },
    async (close, trouble) => {
      const gone = await console.attempt(
        trouble,
        () => request('DELETE', `/api/admin/connections/${connection.id}${force ? '?force=true' : ''}`),
        (error) => {
          force = error instanceof ApiError && error.code === 'still-provisioning';
          return force && h('p', {}, text.again);
        },
      );
      if (!gone) return;
      close();
      announce(text.done);
      location.hash = '#/connections';
    },
    h('p', {}, text.text),
  );
}
