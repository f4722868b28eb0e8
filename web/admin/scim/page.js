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

/**
 * @typedef {import('/types/api.js').Scim} Scim
 * @typedef {keyof typeof words.scim.tabs} Tab
 * @typedef {import('../../lib/h.js').Child} Child
 * @typedef {import('../console.js').Console} Console
 */

/** @type {Record<Tab, (console: Console) => Promise<Child[]>>} */
const TABS = {
  connect: async (console) => {
    const [scim, list] = await Promise.all([getScim(), /** @type {Promise<import('./tokens.js').TokenList>} */ (request('GET', '/api/admin/tokens'))]);
    const { warnings, box } = tokens(console, list, scim.url);
    return [warnings, state(console, scim), box, trial(console)];
  },
  mapping: async (console) => [checklist(console)],
  clients: async (console) => {
    const [scim, list] = await Promise.all([getScim(), /** @type {Promise<import('./clients.js').ClientList>} */ (request('GET', '/api/admin/clients'))]);
    return [clients(console, list, scim.url)];
  },
};

/**
 * @param {Console} console
 * @param {string} [wanted]
 */
export async function page(console, wanted) {
  const text = words.scim;
  const tab = wanted !== undefined && Object.hasOwn(TABS, wanted) ? /** @type {Tab} */ (wanted) : 'connect';
  const content = await console.known(TABS[tab](console));
  show('scim', text.heading, { lead: text.lead }, tabs(tab), ...content.filter((part) => part instanceof Node));
  keepTime(console.left);
}

/** @param {Tab} shown */
function tabs(shown) {
  const text = words.scim;
  const entries = Object.entries(text.tabs).map(([tab, label]) => h('li', {}, h('a', { href: tab === 'connect' ? '#/scim' : `#/scim/${tab}`, testid: `tab-${tab}`, ...(tab === shown ? { 'aria-current': 'page' } : {}) }, label)));
  return h('nav', { class: 'tabs', 'aria-label': text.heading }, h('ul', {}, entries));
}

/** @returns {Promise<Scim>} */
function getScim() {
  return request('GET', '/api/admin/scim');
}

/**
 * @param {Console} console
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
