// Test connection: the server asks itself, over its public URL, what Entra and Okta will ask.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { button } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { badge, panel } from '../parts.js';
import { words } from '../strings/index.js';

/**
 * @typedef {keyof typeof words.scim.trial.found} Found
 * @typedef {{
 *   name: keyof typeof words.scim.trial.steps, client: 'every' | 'entra' | 'okta', request: string,
 *   outcome: 'green' | 'failed' | 'skipped', found: Found | 'as-expected' | 'not-asked', status: number | null, detail: string | null,
 * }} Step
 * @typedef {{ green: boolean, url: string, steps: Step[], unseen: (keyof typeof words.scim.trial.unseen)[] }} Report
 */

const ASKERS = /** @type {const} */ (['every', 'entra', 'okta']);
const UNSEEN = /** @type {const} */ (['public-dns', 'tls-from-outside', 'firewall', 'provider-settings']);

/** @param {import('../console.js').Console} console */
export function trial(console) {
  const text = words.scim.trial;
  const trouble = h('div', { class: 'trouble' });
  const place = h('div', { class: 'stack' });
  const press = button('scim-test', text.start, async () => {
    if (press.ariaDisabled === 'true') return undefined;
    press.ariaDisabled = 'true'; // it keeps the focus
    const wait = h('progress', { 'aria-label': text.running });
    place.replaceChildren(wait);
    const answer = await console.attempt(trouble, () => /** @type {Promise<Report>} */ (request('POST', '/api/admin/scim/test', {})));
    press.ariaDisabled = 'false';
    if (!answer) return place.replaceChildren();
    place.replaceChildren(report(answer.done));
    announce(answer.done.green ? text.green : text.failed);
    return undefined;
  }, { kind: 'strong', icon: 'check' });
  return panel({ heading: text.heading, text: text.lead, actions: press, testid: 'trial-panel' }, trouble, place, unseen());
}

/** @param {Report} of */
function report({ green, steps }) {
  const text = words.scim.trial;
  const first = steps.find(({ outcome }) => outcome === 'failed');
  return h(
    'div',
    { class: 'stack', testid: 'trial-report', 'data-green': String(green) },
    h('div', {}, green ? badge(text.green, 'good', 'trial-verdict') : badge(text.failed, 'bad', 'trial-verdict')),
    first && remedy(first),
    h('div', { class: 'trial' }, ASKERS.map((asker) => group(asker, steps.filter(({ client }) => client === asker)))),
    h('details', { testid: 'trial-requests' }, h('summary', {}, text.requests), h('ol', { class: 'requests', dir: 'ltr' }, steps.map(exchange))),
  );
}

/**
 * @param {typeof ASKERS[number]} asker
 * @param {Step[]} steps
 */
function group(asker, steps) {
  const text = words.scim.trial;
  const id = `trial-${asker}`;
  return h('div', { class: 'trial-group' }, h('h3', { id }, text.askers[asker]), h('ul', { class: 'checks', 'aria-labelledby': id }, steps.map(line)));
}

/** @param {Step} step */
function line({ name, client, outcome, found }) {
  const text = words.scim.trial;
  const pictures = { green: () => icon('check'), failed: () => icon('warning'), skipped: () => h('span', { class: 'dash', 'aria-hidden': 'true' }, '–') };
  const said = outcome === 'failed' && found in text.found ? text.found[/** @type {Found} */ (found)].found : text.outcomes[outcome];
  return h(
    'li',
    { class: `check ${outcome}`, testid: 'trial-step', 'data-name': name, 'data-client': client, 'data-found': found },
    pictures[outcome](),
    h('p', {}, h('span', {}, text.steps[name]), ' ', h('span', { class: 'check-outcome' }, said)),
  );
}

/** @param {Step} step */
function exchange({ request: asked, status, detail }) {
  const heard = [status === null ? '' : `HTTP ${status}`, detail ?? ''].filter((part) => part !== '').join(' · ');
  return h('li', {}, h('code', { translate: 'no' }, asked), heard !== '' && h('code', { class: 'under', translate: 'no' }, heard));
}

/** What to do about the first fault: the others often follow from it. @param {Step} step */
function remedy({ found }) {
  const text = words.scim.trial;
  const told = text.found[/** @type {Found} */ (found)];
  if (!told) return undefined;
  const toSwitch = found === 'scim-off' && button('trial-to-switch', text.toSwitch, () => focusSwitch(), { icon: 'arrow' });
  return h('div', { class: 'remedy', testid: 'trial-remedy' }, icon('info'), h('div', { class: 'stack-small' }, h('h3', {}, told.found), h('p', {}, told.fix), toSwitch));
}

function focusSwitch() {
  const press = document.querySelector('[data-testid="scim-toggle"]');
  if (!(press instanceof HTMLElement)) return;
  press.scrollIntoView({ block: 'center' });
  press.focus();
}

function unseen() {
  const text = words.scim.trial;
  return h('div', { class: 'stack-small', testid: 'trial-unseen' }, h('h3', {}, text.unseenHeading), h('ul', { class: 'plain-list' }, UNSEEN.map((what) => h('li', {}, text.unseen[what]))));
}
