// Single sign-on: the connections of the organization, and the ways to add one.

import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { notice } from '../../lib/parts.js';
import { badge, page as show, panel, table } from '../parts.js';
import { words } from '../strings/index.js';
import { addOidc } from './add-oidc.js';
import { addSaml } from './add-saml.js';
import { getConnections } from './model.js';
import { one } from './one.js';

/**
 * @param {import('../console.js').Console} console
 * @param {string} [what] `add-saml`, `add-oidc`, or the id of a connection
 */
export async function page(console, what) {
  const all = await console.known(getConnections());
  if (what === 'add-saml') return addSaml(console, all.here);
  if (what === 'add-oidc') return addOidc(console, all.here);
  if (what) return one(console, all, what);
  return list(console, all);
}

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connections} all
 */
function list(console, { connections }) {
  const text = words.connections;
  const rows = connections.map((connection) => ({
    testid: `connection-${connection.name}`,
    id: connection.id,
    cells: [
      h('a', { href: `#/connections/${connection.id}`, testid: `connection-${connection.name}-open` }, connection.name),
      text.protocols[connection.protocol],
      h('span', { class: 'breaks', translate: 'no', dir: 'ltr' }, connection.issuer),
      stateOf(connection),
    ],
  }));
  const shown = table({ caption: text.heading, testid: 'connections', columns: text.columns, empty: text.empty }, rows);
  show('connections', text.heading, { lead: text.lead }, panel({ heading: text.list }, shown), console.isOwner ? adding() : notice('owners-only', text.ownersOnly));
}

/** @param {import('./model.js').Connection} connection */
function stateOf(connection) {
  const proposed = (connection.certificates ?? []).some(({ trust }) => trust === 'proposed');
  return proposed ? badge(words.connections.newCertificate, 'caution', 'has-proposed') : badge(words.connections.inUse, 'good');
}

function adding() {
  const text = words.connections.add;
  const card = (/** @type {'saml' | 'oidc'} */ kind) =>
    h(
      'a',
      { class: 'choice-card', href: `#/connections/add-${kind}`, testid: `add-${kind}` },
      h('span', { class: 'choice-name' }, icon('plus'), h('strong', {}, text[kind].name)),
      h('span', { class: 'muted' }, text[kind].text),
    );
  return panel({ heading: text.heading, text: text.text }, h('div', { class: 'choice-cards' }, card('saml'), card('oidc')));
}
