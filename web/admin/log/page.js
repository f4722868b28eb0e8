// The provisioning log: what the identity provider asked for, as it asks, and what to change where it was refused.

import { h } from '../../lib/h.js';
import { button } from '../../lib/parts.js';
import { problemBox, problemOf } from '../../lib/problem.js';
import { announce } from '../../lib/screen.js';
import { badge, page as show, panel, table, toggle } from '../parts.js';
import { words } from '../strings/index.js';
import { row } from './entry.js';
import { follow, getLog } from './live.js';

/** @typedef {import('./live.js').Entry} Entry */
/** @typedef {'all' | 'refused'} Outcome */

/** More rows than these are not kept while new ones come. */
const SHOWN = 300;

/**
 * @param {import('../console.js').Console} console
 * @param {string} [filter]
 */
export async function page(console, filter) {
  /** @type {Outcome} */
  const outcome = filter === 'refused' ? 'refused' : 'all';
  const first = await console.known(getLog(outcome));
  const text = words.log;
  const list = rows(outcome, () => (more.hidden = false));
  const state = h('span', { testid: 'log-state', role: 'status' });
  const trouble = h('div', { class: 'trouble' });
  const more = button('log-more', text.more, () => older(), { icon: 'arrow' });
  const older = async () => {
    const got = await console.attempt(trouble, () => getLog(outcome, list.oldest()));
    if (got) put(got.done);
  };
  /** @param {import('./live.js').Page} got */
  const put = ({ entries, next }) => {
    list.add(entries, SHOWN + list.count());
    more.hidden = next === null;
  };
  const { live, stop } = following(console, outcome, list, state, trouble);
  const { press } = toggle('log-live', text.live, true, (on) => (on ? live() : stop()));
  show(
    'log',
    text.heading,
    { lead: text.lead },
    panel(
      { heading: text.entries, actions: [state, press] },
      choice(outcome),
      trouble,
      list.box,
      h('div', { class: 'actions' }, more),
    ),
  );
  put(first);
  live();
}

/** @param {Outcome} chosen */
function choice(chosen) {
  const text = words.log;
  const link = (/** @type {Outcome} */ outcome, /** @type {string} */ href) =>
    h('a', { class: 'button plain', href, testid: `log-${outcome}`, ...(outcome === chosen ? { 'aria-current': 'true' } : {}) }, h('span', {}, text[outcome]));
  return h('div', { class: 'choice', role: 'group', 'aria-label': text.filter }, link('all', '#/log'), link('refused', '#/log/refused'));
}

/**
 * @param {Outcome} outcome
 * @param {() => void} dropped the oldest rows made room for new ones
 */
function rows(outcome, dropped) {
  const text = words.log;
  const columns = [text.columns.when, text.columns.request, text.columns.outcome, text.columns.token];
  /** @type {Map<string, HTMLElement>} by id, in the order of the page */
  const shown = new Map();
  const body = h('tbody', {});
  const head = table({ caption: text.heading, testid: 'log', columns, empty: '' }, [{ cells: [] }]);
  head.querySelector('tbody')?.replaceWith(body);
  const none = h('p', { class: 'empty muted', testid: 'log-empty' }, outcome === 'refused' ? text.noRefusals : text.none);
  const box = h('div', {}, head, none);
  const ids = () => [...body.children].map((one) => /** @type {HTMLElement} */ (one).dataset['id'] ?? '');
  const draw = () => {
    head.hidden = shown.size === 0;
    none.hidden = shown.size !== 0;
  };
  /** @param {string} id */
  const place = (id) => [...body.children].find((one) => (/** @type {HTMLElement} */ (one).dataset['id'] ?? '') < id) ?? null;
  /**
   * @param {Entry[]} entries in any order; those that are there are passed over
   * @param {number} most rows that are kept
   * @param {boolean} [fresh]
   * @returns {Entry[]} those that are new here
   */
  const add = (entries, most, fresh = false) => {
    const added = entries.filter(({ id }) => !shown.has(id));
    for (const entry of added) {
      const line = row(columns, entry);
      if (fresh) line.classList.add('fresh');
      shown.set(entry.id, line);
      body.insertBefore(line, place(entry.id));
    }
    if (body.children.length > most) dropped();
    while (body.children.length > most && body.lastElementChild) {
      shown.delete(/** @type {HTMLElement} */ (body.lastElementChild).dataset['id'] ?? '');
      body.lastElementChild.remove();
    }
    draw();
    return added;
  };
  draw();
  return { box, add, newest: () => ids()[0], oldest: () => ids().at(-1), count: () => shown.size };
}

/**
 * @param {import('../console.js').Console} console
 * @param {Outcome} outcome
 * @param {ReturnType<typeof rows>} list
 * @param {HTMLElement} state
 * @param {HTMLElement} trouble
 */
function following(console, outcome, list, state, trouble) {
  const text = words.log;
  const { left } = console;
  /** @type {AbortController | undefined} */
  let ends;
  const say = (/** @type {'live' | 'connecting' | 'away' | 'paused'} */ now) => {
    const tones = /** @type {const} */ ({ live: 'good', connecting: 'plain', away: 'caution', paused: 'plain' });
    state.dataset['state'] = now;
    state.replaceChildren(badge(text.states[now], tones[now]));
  };
  const failed = (/** @type {unknown} */ error) => {
    if (left.aborted || console.handled(error)) return true;
    trouble.replaceChildren(problemBox(problemOf(error)));
    return false;
  };
  /** @param {Entry[]} entries */
  const add = (entries) => {
    const refused = list.add(entries, SHOWN, true).filter((entry) => entry.outcome === 'refused');
    if (refused.length > 0) announce(text.refusals(refused.length));
  };
  const reload = () => getLog(outcome).then(({ entries }) => add(entries), failed);
  const live = () => {
    ends = new AbortController();
    const told = {
      entries: add,
      reload: () => void reload(),
      failed,
      state: (/** @type {import('./live.js').State} */ now) => {
        if (now === 'live') trouble.replaceChildren();
        say(now);
      },
    };
    follow({ outcome, newest: list.newest }, told, AbortSignal.any([ends.signal, left]));
  };
  const stop = () => {
    ends?.abort();
    say('paused');
  };
  return { live, stop };
}
