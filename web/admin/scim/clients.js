// OAuth clients: the second way for an identity provider to prove itself.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { isolated } from '../../lib/names.js';
import { button } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { ask, copyRow, keepFocus, panel, table } from '../parts.js';
import { words } from '../strings/index.js';
import { endCell, isOver, nameCell, stateBadge, useCell } from './life.js';
import { askForNew, showOnce } from './secret.js';

/**
 * @typedef {import('./life.js').Credential} Client
 * @typedef {{ clients: Client[], connections: string[], tokenUrl: string }} ClientList
 * @typedef {{ client: Client, secret: string }} Made
 */

/**
 * @param {import('../console.js').Console} console
 * @param {ClientList} first
 * @param {string} url of SCIM
 */
export function clients(console, first, url) {
  const text = words.scim.clients;
  const place = h('div', { class: 'stack' });
  const trouble = h('div', { class: 'trouble' });

  /** @param {ClientList} list */
  const put = (list) => {
    const live = list.clients.filter((client) => !isOver(client));
    const over = list.clients.filter(isOver);
    const row = (/** @type {Client} */ client) => rowOf(client, () => revoke(client));
    place.replaceChildren(
      table({ caption: text.heading, testid: 'clients', columns: text.columns, empty: text.none }, live.map(row)),
      over.length > 0 ? h('details', {}, h('summary', {}, text.over(over.length)), table({ caption: text.over(over.length), testid: 'clients-ended', columns: text.columns, empty: '' }, over.map(row))) : '',
    );
    create.onclick = () => askForNew(
      { console, name: 'client-new', heading: text.create, hint: words.scim.tokens.descriptionHint, connections: list.connections },
      (wanted) => /** @type {Promise<Made>} */ (request('POST', '/api/admin/clients', wanted)),
      (made) => showOnce(
        { name: 'secret', heading: text.created, lead: text.createdLead },
        [
          { testid: 'secret-client-id', label: text.idField, text: made.client.id },
          { testid: 'secret-client', label: text.secretField, text: made.secret },
          { testid: 'secret-token-url', label: text.tokenUrl, text: list.tokenUrl },
          { testid: 'secret-url', label: words.scim.url, text: url },
        ],
        refresh,
      ),
    );
  };

  const refresh = async () => {
    const answer = await console.attempt(trouble, () => /** @type {Promise<ClientList>} */ (request('GET', '/api/admin/clients')));
    if (!answer) return;
    put(answer.done);
    keepFocus(box);
  };

  /** @param {Client} client */
  const revoke = (client) => ask(
    { name: 'client-revoke', heading: text.revokeHeading(isolated(client.description)), confirm: text.revoke, danger: true },
    async (close, inside) => {
      const done = await console.attempt(inside, () => request('DELETE', `/api/admin/clients/${encodeURIComponent(client.id)}`));
      if (!done) return;
      close();
      announce(text.revoked);
      await refresh();
    },
    h('p', {}, text.revokeLead),
  );

  const create = button('client-create', text.create, () => undefined, { icon: 'plus' });
  const box = panel({ heading: text.heading, text: text.lead, actions: create, testid: 'clients-panel' }, trouble, place, copyRow('token-url', text.tokenUrl, first.tokenUrl));
  put(first);
  return box;
}

/**
 * @param {Client} client
 * @param {() => void} revoke
 */
function rowOf(client, revoke) {
  const text = words.scim.clients;
  const name = nameCell(client, h('code', { class: 'under', dir: 'ltr', translate: 'no' }, client.id));
  const does = isOver(client) ? [] : [button('client-revoke', text.revoke, revoke, { icon: 'trash', kind: 'quiet', name: text.revokeName(client.description) })];
  return { id: client.id, testid: 'client', cells: [name, stateBadge(client), endCell(client), useCell(client), h('div', { class: 'row' }, does)] };
}
