// An OpenID provider, by its issuer and the client registered there.

import { complain, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { form, further, given, line, matching } from './form.js';
import { atProvider } from './here.js';

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Here} here
 */
export function addOidc(console, here) {
  const text = words.connections.oidc;
  const issuer = line('issuer', text.issuer, { type: 'url', inputmode: 'url', required: true, placeholder: 'https://' });
  const client = line('client-id', text.clientId, { required: true });
  const secret = line('client-secret', text.clientSecret, { type: 'password', required: true, autocomplete: 'off' });
  const name = line('connection-name', { ...words.connections.form.name, optional: true });
  const claim = line('subject-claim', { ...text.subject, optional: true });
  const tenant = line('tenant', { ...words.connections.form.tenant, optional: true });
  const matches = matching();
  const body = () => ({
    issuer: issuer.input.value.trim(),
    clientId: client.input.value.trim(),
    clientSecret: secret.input.value,
    name: given(name.input),
    subjectClaim: given(claim.input),
    tenant: given(tenant.input),
    matchUserName: matches.input.checked,
  });
  const isReady = (/** @type {HTMLElement} */ trouble) => {
    const empty = [issuer, client, secret].find(({ input }) => input.value.trim() === '');
    if (empty) complain(trouble, empty.input, words.connections.form.missing);
    return !empty;
  };
  show(
    'add-oidc',
    text.heading,
    { lead: text.lead, back: { href: '#/connections', label: words.connections.heading } },
    atProvider('oidc', here),
    panel({ heading: text.client, text: text.clientText }, form(console, 'oidc', body, isReady, issuer.box, client.box, secret.box, further(name.box, claim.box, tenant.box, matches.box))),
  );
}
