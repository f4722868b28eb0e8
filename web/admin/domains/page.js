// Domains: whose e-mail addresses lead to this organization's sign-in.

import { ApiError, request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { button, field, notice } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { ask, badge, copyRow, fromNow, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';

/**
 * @typedef {{
 *   name: string, state: 'unverified' | 'verified' | 'failing', since: number, connection: string | null,
 *   recordName: string, recordValue: string, createdAt: number,
 * }} Domain
 */

/** @type {Record<Domain['state'], import('../parts.js').Tone>} */
const TONES = { unverified: 'plain', verified: 'good', failing: 'caution' };

/** @param {import('../console.js').Console} console */
export async function page(console) {
  /** @type {[{ domains: Domain[] }, import('../connections/model.js').Connections]} */
  const [{ domains }, { connections }] = await console.known(Promise.all([request('GET', '/api/admin/domains'), request('GET', '/api/admin/connections')]));
  const text = words.domains;
  const names = connections.map(({ name }) => name);
  const top = { lead: text.lead, actions: console.isOwner && button('domain-add', text.add, () => add(console, names), { kind: 'primary', icon: 'plus' }) };
  const all = domains.map((domain) => one(console, domain));
  const none = domains.length === 0 && panel({ heading: text.none }, h('p', { class: 'muted', testid: 'domains-empty' }, text.empty));
  show('domains', text.heading, top, none, ...all, !console.isOwner && notice('owners-only', words.connections.ownersOnly));
}

/**
 * @param {import('../console.js').Console} console
 * @param {Domain} domain
 */
function one(console, domain) {
  const text = words.domains;
  const trouble = h('div', { class: 'trouble' });
  const proven = domain.state === 'verified';
  const verify = button(`domain-${domain.name}-verify`, proven ? text.check : text.verify, () => look(console, domain, trouble), { kind: proven ? 'plain' : 'primary', icon: 'again' });
  const remove = button(`domain-${domain.name}-remove`, text.remove, () => drop(console, domain), { kind: 'quiet', icon: 'trash', name: `${text.remove}: ${domain.name}` });
  const record = h('div', { class: 'stack' }, h('p', { class: 'muted' }, proven ? text.recordStays : text.record), copyRow(`domain-${domain.name}-record-name`, text.recordName, domain.recordName), copyRow(`domain-${domain.name}-record-value`, text.recordValue, domain.recordValue));
  return panel(
    { heading: domain.name, actions: console.isOwner && [verify, remove], testid: `domain-${domain.name}` },
    h('p', { class: 'row' }, badge(text.states[domain.state], TONES[domain.state], `domain-${domain.name}-state`), h('span', { class: 'muted' }, text.since[domain.state](fromNow(domain.since))), domain.connection && h('span', { class: 'muted' }, text.leadsTo(domain.connection))),
    trouble,
    proven ? h('details', { class: 'further' }, h('summary', {}, text.showRecord), record) : record,
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {Domain} domain
 * @param {HTMLElement} trouble
 */
async function look(console, domain, trouble) {
  const text = words.domains;
  const found = await console.attempt(
    trouble,
    () => request('POST', `/api/admin/domains/${domain.name}/verify`),
    (error) => error instanceof ApiError && error.code === 'record-not-found' && h('p', { testid: 'records-found' }, text.records(error.number('records') ?? 0)),
  );
  if (!found) return;
  announce(text.verified(domain.name));
  console.again();
}

/**
 * @param {import('../console.js').Console} console
 * @param {Domain} domain
 */
function drop(console, domain) {
  const text = words.domains.removing;
  ask(
    { name: 'domain-remove', heading: text.heading(domain.name), confirm: text.confirm, danger: true },
    async (close, trouble) => {
      if (!(await console.attempt(trouble, () => request('DELETE', `/api/admin/domains/${domain.name}`)))) return;
      close();
      announce(text.done);
      console.again();
    },
    h('p', {}, text.text),
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {string[]} connections
 */
function add(console, connections) {
  const text = words.domains.adding;
  const input = h('input', { id: 'domain-name', type: 'text', class: 'text', required: true, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', inputmode: 'url', placeholder: 'acme.example', dir: 'ltr', testid: 'domain-name' });
  const choice = h('select', { id: 'domain-connection', class: 'text', testid: 'domain-connection' }, h('option', { value: '' }, text.any), connections.map((name) => h('option', { value: name }, name)));
  const chooser = connections.length > 1 && h('div', { class: 'field' }, h('label', { for: 'domain-connection' }, text.connection), choice);
  ask(
    { name: 'domain-add', heading: text.heading, confirm: text.confirm },
    async (close, trouble) => {
      const body = { name: input.value.trim(), ...(choice.value ? { connection: choice.value } : {}) };
      if (!(await console.attempt(trouble, () => request('POST', '/api/admin/domains', body)))) return;
      close();
      announce(text.done);
      console.again();
    },
    field({ label: text.label, hint: text.hint }, input),
    chooser,
  );
  input.focus();
}
