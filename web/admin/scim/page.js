// SCIM: the switch, the URL, and what else an admin pastes into the identity provider.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { announce } from '../../lib/screen.js';
import { copyRow, page as show, panel, toggle } from '../parts.js';
import { words } from '../strings/index.js';

/** @typedef {import('/types/api.js').Scim} Scim */

/** @param {import('../console.js').Console} console */
export async function page(console) {
  /** @type {Scim} */
  const scim = await request('GET', '/api/admin/scim');
  const text = words.scim;
  show('scim', text.heading, { lead: text.lead }, state(console, scim));
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
