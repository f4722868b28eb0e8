// The search box and the filters above the list of people.

import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { LONGEST_SEARCH } from '../parts.js';
import { words } from '../strings/index.js';

const DAYS = ['3', '7', '14', '30'];
/** @type {(import('./data.js').State | '')[]} */
const STATES = ['', 'PENDING', 'READY', 'SUSPENDED', 'DELETED'];

/**
 * @param {import('./data.js').Wanted} wanted changed by the person
 * @param {string[]} connections
 * @param {{ typed: (search: string) => void, chosen: () => void }} on
 */
export function filters(wanted, connections, on) {
  const text = words.users;
  const input = h('input', { type: 'search', id: 'users-search', maxlength: String(LONGEST_SEARCH), autocomplete: 'off', spellcheck: 'false', dir: 'auto', value: wanted.search, testid: 'users-search' });
  input.addEventListener('input', () => on.typed(input.value));
  const search = h('form', { role: 'search', class: 'search' }, h('label', { for: 'users-search', class: 'visually-hidden' }, `${words.people.searchLabel}: ${text.search}`), icon('search'), input);
  search.addEventListener('submit', (event) => {
    event.preventDefault();
    on.typed(input.value);
  });
  input.placeholder = text.search;

  const days = select('users-stuck', text.waiting, [['', text.anyTime], ...DAYS.map((/** @returns {[string, string]} */ (n) => [n, text.days(Number(n))])), ...unusual(wanted.stuckDays)], wanted.stuckDays, (value) => {
    wanted.stuckDays = value;
    on.chosen();
  });
  const chips = STATES.map((state) => {
    const name = state === '' ? text.everybody : words.people.states[state];
    const chip = h('button', { type: 'button', class: 'chip', testid: `users-state-${state || 'all'}`, 'aria-pressed': String(wanted.state === state) }, name);
    chip.addEventListener('click', () => {
      if (wanted.state === state) return;
      wanted.state = state;
      wanted.stuckDays = '';
      mark();
      on.chosen();
    });
    return chip;
  });
  const mark = () => {
    chips.forEach((chip, at) => chip.setAttribute('aria-pressed', String(STATES[at] === wanted.state)));
    days.box.hidden = wanted.state !== 'PENDING';
    days.input.value = wanted.stuckDays;
  };
  mark();
  const connection =
    (connections.length > 1 || wanted.connection !== '') &&
    select('users-connection', text.connection, [['', text.anyConnection], ...connections.map((/** @returns {[string, string]} */ (name) => [name, name]))], wanted.connection, (value) => {
      wanted.connection = value;
      on.chosen();
    }).box;
  return h('div', { class: 'filters' }, search, h('div', { class: 'chips', role: 'group', 'aria-label': text.filters }, chips), days.box, connection);
}

/**
 * A number of days that only an address asks for.
 * @param {string} days
 * @returns {[string, string][]}
 */
function unusual(days) {
  return days === '' || DAYS.includes(days) ? [] : [[days, words.users.days(Number(days))]];
}

/**
 * @param {string} testid
 * @param {string} label
 * @param {[string, string][]} options
 * @param {string} value
 * @param {(value: string) => void} change
 */
function select(testid, label, options, value, change) {
  const input = h('select', { id: testid, testid }, options.map(([key, name]) => h('option', { value: key }, name)));
  input.value = value;
  input.addEventListener('change', () => change(input.value));
  return { box: h('div', { class: 'chooser' }, h('label', { for: testid }, label), input), input };
}
