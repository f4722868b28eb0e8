// One connection: how it is set, a test of it, its certificates, its end.

import { ApiError, request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { button } from '../../lib/parts.js';
import { ownProblem, problemBox } from '../../lib/problem.js';
import { announce } from '../../lib/screen.js';
import { ask, facts, fromNow, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { certificates } from './certificates.js';
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
    settings(connection),
    atProvider(connection.protocol, here),
    connection.certificates && certificates(console, connection, connection.certificates),
  );
}

/** @param {import('./model.js').Connection} connection */
function settings(connection) {
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
  return panel({ heading: text.heading, testid: 'connection-settings' }, facts('connection-facts', rows));
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
