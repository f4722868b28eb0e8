// What an admin enters at the identity provider.

import { copyRow, panel } from '../parts.js';
import { words } from '../strings/index.js';

/**
 * @param {'saml' | 'oidc'} protocol
 * @param {import('./model.js').Here} here
 */
export function atProvider(protocol, here) {
  const text = words.connections.here;
  const rows =
    protocol === 'saml'
      ? [copyRow('here-entity-id', text.entityId, here.entityId), copyRow('here-acs', text.acs, here.acs), copyRow('here-sign-in', text.signInUrl, here.signInUrl), copyRow('here-relay-state', text.relayState, here.relayState)]
      : [copyRow('here-redirect', text.redirectUri, here.redirectUri), copyRow('here-logout', text.logoutUri, here.logoutUri), copyRow('here-sign-in', text.initiateUrl, here.signInUrl)];
  return panel({ heading: text.heading, text: protocol === 'saml' ? text.saml : text.oidc }, ...rows);
}
