// SCIM: the switch, the URL, the secrets for the identity provider, a trial of the connection, and what to map there.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { announce } from '../../lib/screen.js';
import { copyRow, page as show, panel, toggle } from '../parts.js';
import { words } from '../strings/index.js';
import { checklist } from './checklist.js';
import { clients } from './clients.js';
import { keepTime } from './life.js';
import { tokens } from './tokens.js';
import { trial } from './trial.js';

/** @typedef {import('/types/api.js').Scim} Scim */

/** @param {import('../console.js').Console} console */
export async function page(console) {
  const [scim, tokenList, clientList] = await Promise.all([
    /** @type {Promise<Scim>} */ (request('GET', '/api/admin/scim')),
    /** @type {Promise<import('./tokens.js').TokenList>} */ (request('GET', '/api/admin/tokens')),
    /** @type {Promise<import('./clients.js').ClientList>} */ (request('GET', '/api/admin/clients')),
  ]);
  const text = words.scim;
  const { warnings, box } = tokens(console, tokenList, scim.url);
  show(
    'scim',
    text.heading,
    { lead: text.lead },
    warnings,
    state(console, scim),
    box,
    trial(console),
    checklist(console),
    clients(console, clientList, scim.url),
  );
  keepTime(console.left);
}

/**
 * @param {import('../console.js').Console} console
 * @param {Scim} scim
 */
function state(console, scim) {
  const text = words.scim;
  const trouble = h('div', { class: 'trouble' });
  const told = h('p', { testid: 'scim-state' }, scim.enabled ? text.on : text.off);
  const { press, set } = toggle('scim-toggle', text.toggle, scim.enabled, async (enabled) => {
    const changed = await console.attempt(trouble, () => request('PUT', '/api/admin/scim', { enabled }));
    const now = changed ? enabled : !enabled;
    set(now);
    told.textContent = now ? text.on : text.off;
    if (changed) announce(told.textContent);
  });
  return panel({ heading: text.state }, press, told, trouble, copyRow('scim-url', text.url, scim.url));
}
