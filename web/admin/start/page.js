// First steps: how far the organization is, as the server finds it. The same in every browser and after every reload.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { tame } from '../../lib/names.js';
import { button, field } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { ask, badge, page as show, panel } from '../parts.js';
import { words } from '../strings/index.js';

/**
 * @typedef {{ shortName: string, name: string }} Organization
 * @typedef {{
 *   organization: Organization, named: boolean, token: boolean, scimRequest: boolean, connection: boolean,
 *   signIn: boolean, person: boolean, ready: boolean, domain: boolean, owners: number,
 * }} FirstSteps
 * @typedef {'organization' | 'token' | 'scimRequest' | 'connection' | 'signIn' | 'person' | 'ready' | 'domain' | 'owners'} Name
 * @typedef {{ name: Name, done: boolean, href?: string, optional?: boolean }} Step
 */

/** @param {import('../console.js').Console} console */
export async function page(console) {
  /** @type {FirstSteps} */
  const found = await console.known(request('GET', '/api/admin/first-steps'));
  const text = words.start;
  const steps = stepsOf(found);
  const needed = steps.filter(({ optional }) => !optional);
  const left = needed.filter(({ done }) => !done).length;
  const next = steps.find(({ done, optional }) => !done && !optional);
  const list = h('ol', { class: 'first-steps', testid: 'first-steps' }, steps.map((step) => item(console, found, step, step === next)));
  show(
    'start',
    text.heading,
    { lead: left === 0 ? text.complete : text.lead },
    panel(
      { heading: tame(found.organization.name), text: text.progress(needed.length - left, needed.length) },
      h('progress', { max: needed.length, value: needed.length - left, 'aria-label': text.heading, class: 'first-steps-bar' }),
      list,
    ),
  );
}

/**
 * @param {FirstSteps} found
 * @returns {Step[]}
 */
function stepsOf(found) {
  return [
    { name: 'organization', done: found.named },
    { name: 'connection', done: found.connection, href: '#/connections' },
    { name: 'signIn', done: found.signIn, href: '#/connections' },
    { name: 'token', done: found.token, href: '#/scim' },
    { name: 'scimRequest', done: found.scimRequest, href: '#/scim' },
    { name: 'person', done: found.person, href: '#/users' },
    { name: 'ready', done: found.ready, href: '#/users' },
    { name: 'domain', done: found.domain, href: '#/domains', optional: true },
    { name: 'owners', done: found.owners > 1, href: '#/users', optional: true },
  ];
}

/**
 * @param {import('../console.js').Console} console
 * @param {FirstSteps} found
 * @param {Step} step
 * @param {boolean} isNext
 */
function item(console, found, { name, done, href, optional }, isNext) {
  const step = words.start.steps[name];
  const dot = h('span', { class: 'dot', 'aria-hidden': 'true' }, done && icon('check'));
  const state = done ? badge(words.start.done, 'good') : optional ? badge(words.start.optional, 'plain') : isNext ? badge(words.start.next, 'plain') : undefined;
  const kind = done ? 'quiet' : isNext ? 'primary' : 'plain';
  const way = href
    ? h('a', { class: `button ${kind}`, href, testid: `step-${name}-go` }, h('span', {}, step.go))
    : console.isOwner && button(`step-${name}-go`, step.go, () => rename(console, found.organization), { kind });
  return h(
    'li',
    { class: `${done ? 'past' : isNext ? 'now' : 'next'}`, testid: `step-${name}`, 'data-done': String(done) },
    dot,
    h('div', { class: 'step-body' }, h('h3', {}, step.heading), h('p', { class: 'muted' }, step.text), name === 'owners' && h('p', { class: 'muted' }, h('code', { translate: 'no', dir: 'ltr' }, `freehold admin link --organization ${found.organization.shortName} --owner --user-name NAME`))),
    h('div', { class: 'step-end' }, state, way),
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {Organization} organization
 */
function rename(console, organization) {
  const text = words.start.rename;
  const input = h('input', { id: 'organization-name', type: 'text', class: 'text', required: true, maxlength: 200, autocomplete: 'organization', value: organization.name, testid: 'organization-name' });
  ask(
    { name: 'rename', heading: text.heading, confirm: text.confirm },
    async (close, trouble) => {
      const done = await console.attempt(trouble, () => request('PUT', '/api/admin/organization', { name: input.value.trim() }));
      if (!done) return;
      close();
      announce(text.done);
      console.again();
    },
    field({ label: text.label, hint: text.hint(organization.shortName) }, input),
  );
  input.select();
}
