// What is to be done at the identity provider, to check off. The ticks stay in this browser, for each organization.

import { h } from '../../lib/h.js';
import { button } from '../../lib/parts.js';
import { panel } from '../parts.js';
import { words } from '../strings/index.js';
import { MAPPINGS } from './mappings.js';

/** @typedef {keyof typeof MAPPINGS} Provider */

const PROVIDERS = /** @type {const} */ (['entra', 'okta']);

/** The ticks of an organization in this browser; without storage, of this visit. */
class Ticks {
  #key;
  /** @type {Set<string>} */
  #ticked = new Set();

  /** @param {string} organization */
  constructor(organization) {
    this.#key = `freehold.mapping.${organization}`;
    try {
      const held = /** @type {unknown} */ (JSON.parse(localStorage.getItem(this.#key) ?? '[]'));
      if (Array.isArray(held)) this.#ticked = new Set(held.filter((name) => typeof name === 'string'));
    } catch {
      this.#ticked = new Set();
    }
  }

  /** @param {string} name */
  has(name) {
    return this.#ticked.has(name);
  }

  /**
   * @param {string} name
   * @param {boolean} on
   */
  set(name, on) {
    if (on) this.#ticked.add(name);
    else this.#ticked.delete(name);
    try {
      localStorage.setItem(this.#key, JSON.stringify([...this.#ticked]));
    } catch {
      // It stays for this visit.
    }
  }
}

/** @param {import('../console.js').Console} console */
export function checklist(console) {
  const text = words.scim.mapping;
  const ticks = new Ticks(console.session.organization.id);
  const place = h('div', { class: 'stack' });
  const buttons = PROVIDERS.map((provider) => button(`mapping-${provider}`, text.providers[provider], () => choose(provider)));
  const choose = (/** @type {Provider} */ chosen) => {
    buttons.forEach((press, at) => press.setAttribute('aria-pressed', String(PROVIDERS[at] === chosen)));
    PROVIDERS.forEach((provider) => ticks.set(`chosen-${provider}`, provider === chosen));
    place.replaceChildren(listOf(chosen, ticks));
  };
  choose(ticks.has('chosen-okta') ? 'okta' : 'entra');
  return panel({ heading: text.heading, text: text.lead, testid: 'mapping-panel' }, h('div', { class: 'row segments', role: 'group', 'aria-label': text.which }, buttons), place);
}

/**
 * @param {Provider} provider
 * @param {Ticks} ticks
 */
function listOf(provider, ticks) {
  const text = words.scim.mapping;
  const { steps, users, groups } = MAPPINGS[provider];
  const names = [...steps, ...users, ...groups].map(({ id }) => `${provider}-${id}`);
  const bar = h('progress', { max: names.length, 'aria-label': text.progress });
  const told = h('p', { class: 'muted', testid: 'mapping-progress', 'aria-live': 'polite' });
  const count = () => {
    const done = names.filter((name) => ticks.has(name)).length;
    bar.value = done;
    told.textContent = text.done(done, names.length);
  };
  count();
  const stepsOf = /** @type {Record<string, string>} */ (text.steps[provider]);
  /** @param {string} id */
  const box = (id) => {
    const name = `${provider}-${id}`;
    const input = h('input', { type: 'checkbox', id: `tick-${name}`, testid: `tick-${name}`, ...(ticks.has(name) ? { checked: true } : {}) });
    input.addEventListener('change', () => {
      ticks.set(name, input.checked);
      count();
    });
    return input;
  };
  return h(
    'div',
    { class: 'stack' },
    h('div', { class: 'mapping-progress' }, bar, told),
    h('h3', {}, text.stepsHeading),
    h('ol', { class: 'ticks' }, steps.map(({ id, menu }) => h('li', {}, box(id), h('label', { for: `tick-${provider}-${id}` }, trail(menu), h('span', { class: 'under' }, stepsOf[id] ?? ''))))),
    h('h3', {}, text.usersHeading),
    rows(provider, users, box),
    groups.length > 0 && h('h3', {}, text.groupsHeading),
    groups.length > 0 && rows(provider, groups, box),
  );
}

/**
 * The names of menus, in the order of clicks.
 * @param {string[]} menu
 */
function trail(menu) {
  return h('span', { class: 'trail' }, h('bdi', { dir: 'ltr', lang: 'en', translate: 'no' }, menu.join(' → ')));
}

/**
 * @param {Provider} provider
 * @param {import('./mappings.js').MappingRow[]} all
 * @param {(id: string) => HTMLElement} box
 */
function rows(provider, all, box) {
  const text = words.scim.mapping;
  const codes = (/** @type {string[]} */ names) => h('span', { class: 'codes' }, names.map((name) => h('code', { dir: 'ltr', translate: 'no' }, name)));
  return h('ul', { class: 'ticks' }, all.map(({ id, to, from, note }) => h(
    'li',
    {},
    box(id),
    h(
      'label',
      { for: `tick-${provider}-${id}` },
      codes(to),
      h('span', { class: 'from' }, h('span', { class: 'muted' }, text.from), ' ', from.length > 0 ? codes(from) : h('span', {}, text.ofTheSameName)),
      h('span', { class: note === 'matchFirst' ? 'under strong-under' : 'under' }, text.notes[note]),
    ),
  )));
}
