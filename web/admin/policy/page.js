// What the organization demands of keys, and what that does to people.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { notice, once, submit } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { ask, page as show, panel, toggle } from '../parts.js';
import { words } from '../strings/index.js';

/** @typedef {{ profileFloor: number, passkeyRequired: boolean, recoveryCodeRequired: boolean }} Policy */

/** @param {import('../console.js').Console} console */
export async function page(console) {
  /** @type {Policy} */
  const policy = await console.known(request('GET', '/api/policy'));
  draw(console, policy);
}

/**
 * @param {import('../console.js').Console} console
 * @param {Policy} policy
 */
function draw(console, policy) {
  const text = words.policy;
  const floors = floor(policy.profileFloor);
  const passkey = demand('policy-passkey', text.passkey, policy.passkeyRequired);
  const code = demand('policy-recovery', text.recovery, policy.recoveryCodeRequired);
  const trouble = h('div', { class: 'trouble' });
  const form = h('form', { class: 'stack' }, floors.box, passkey.box, code.box, trouble, console.isOwner && h('div', { class: 'actions' }, submit('policy-save', text.save)));
  const save = once(async () => {
    const seen = { profileFloor: floors.value(), passkeyRequired: passkey.value(), recoveryCodeRequired: code.value() };
    const now = await console.attempt(trouble, () => /** @type {Promise<Policy>} */ (request('GET', '/api/policy')));
    if (!now) return;
    const wanted = merged(policy, seen, now.done);
    const changes = consequences(now.done, wanted);
    if (changes.length === 0) return announce(text.unchanged);
    askSure(console, wanted, changes);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });
  if (!console.isOwner) for (const input of form.querySelectorAll('input, button')) input.setAttribute('disabled', '');
  show('policy', text.heading, { lead: text.lead }, !console.isOwner && notice('owners-only', text.ownersOnly), panel({ heading: text.demands, text: text.demandsText }, form));
}

/**
 * @param {import('../console.js').Console} console
 * @param {Policy} wanted
 * @param {string[]} changes
 */
function askSure(console, wanted, changes) {
  const text = words.policy;
  ask(
    { name: 'policy', heading: text.sure, confirm: text.save },
    async (close, trouble) => {
      const done = await console.attempt(trouble, () => request('PUT', '/api/policy', wanted));
      if (!done) return;
      close();
      draw(console, /** @type {Policy} */ (done.done));
      announce(text.saved);
    },
    h('ul', { class: 'prose', testid: 'policy-changes' }, changes.map((change) => h('li', {}, change))),
  );
}

/**
 * What was changed here, and of the rest what holds now: another owner may have changed it since the page was shown.
 * @param {Policy} before
 * @param {Policy} seen
 * @param {Policy} now
 * @returns {Policy}
 */
function merged(before, seen, now) {
  return {
    profileFloor: seen.profileFloor === before.profileFloor ? now.profileFloor : seen.profileFloor,
    passkeyRequired: seen.passkeyRequired === before.passkeyRequired ? now.passkeyRequired : seen.passkeyRequired,
    recoveryCodeRequired: seen.recoveryCodeRequired === before.recoveryCodeRequired ? now.recoveryCodeRequired : seen.recoveryCodeRequired,
  };
}

/**
 * What a change of the policy does to people, one sentence each.
 * @param {Policy} before
 * @param {Policy} after
 */
function consequences(before, after) {
  const text = words.policy.changes;
  const changes = [];
  if (after.profileFloor !== before.profileFloor) changes.push(after.profileFloor > before.profileFloor ? text.floorUp : text.floorDown);
  if (after.passkeyRequired !== before.passkeyRequired) changes.push(after.passkeyRequired ? text.passkeyOn : text.passkeyOff);
  if (after.recoveryCodeRequired !== before.recoveryCodeRequired) changes.push(after.recoveryCodeRequired ? text.recoveryOn : text.recoveryOff);
  return changes;
}

/** @param {number} now */
function floor(now) {
  const text = words.policy;
  const inputs = [1, 2].map((number) => h('input', { type: 'radio', name: 'floor', id: `floor-${number}`, testid: `floor-${number}`, value: String(number), ...(number === now ? { checked: true } : {}) }));
  const rows = inputs.map((input, at) => h('div', { class: 'option' }, input, h('label', { for: input.id }, h('span', { class: 'strong' }, text.floors[at]?.name), h('span', { class: 'muted small' }, text.floors[at]?.means))));
  const box = h('fieldset', { class: 'demand' }, h('legend', {}, text.floor), h('p', { class: 'muted small' }, text.floorText), rows);
  return { box, value: () => Number(inputs.find((input) => input.checked)?.value ?? now) };
}

/**
 * @param {string} testid
 * @param {{ label: string, who: string }} said
 * @param {boolean} on
 */
function demand(testid, said, on) {
  let wanted = on;
  const { press } = toggle(testid, said.label, on, (now) => {
    wanted = now;
  });
  return { box: h('div', { class: 'demand' }, press, h('p', { class: 'muted small' }, said.who)), value: () => wanted };
}
