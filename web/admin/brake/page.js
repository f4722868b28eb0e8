// The brake: what is held back and why, and letting it pass.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { button } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { locale, showDateTime } from '../../lib/strings/index.js';
import { ask, badge, page as show, panel, table } from '../parts.js';
import { words } from '../strings/index.js';
import { askLimits } from './limits.js';

/**
 * @typedef {import('/types/api.js').LimitShown} Limit
 * @typedef {import('/types/api.js').BrakeShown} Brake
 */

/** @param {import('../console.js').Console} console */
export async function page(console) {
  /** @type {Brake} */
  const brake = await console.known(request('GET', '/api/admin/brake'));
  draw(console, brake);
}

/**
 * @param {import('../console.js').Console} console
 * @param {Brake} brake
 */
function draw(console, brake) {
  const text = words.brake;
  show('brake', text.heading, { lead: text.lead }, held(console, brake), alarm(brake), firstCycle(console, brake), limits(console, brake));
}

/**
 * @param {import('../console.js').Console} console
 * @param {Brake} brake
 */
function held(console, brake) {
  const text = words.brake;
  const kinds = /** @type {const} */ (['creates', 'deletes']).filter((kind) => brake[`${kind}HeldAt`] !== null);
  if (kinds.length === 0) {
    const released = brake.releasedAt !== null && h('p', { class: 'muted' }, text.releasedAt(showDateTime(brake.releasedAt)));
    return panel({ heading: text.state, testid: 'brake-free' }, badge(text.free, 'good', 'brake-state'), released);
  }
  const reasons = kinds.map((kind) => h('li', {}, text.heldBack[kind](showDateTime(brake[`${kind}HeldAt`] ?? 0), brake[kind].admitted, span(brake.windowSeconds))));
  const release = button('brake-release', text.release, () => askRelease(console), { kind: 'primary' });
  return h(
    'section',
    { class: 'panel alert', testid: 'brake-held' },
    h('div', { class: 'alert-head' }, icon('warning'), h('h2', {}, text.holds), badge(text.held, 'bad', 'brake-state')),
    h('ul', { class: 'prose' }, reasons),
    h('p', {}, text.meanwhile),
    h('p', {}, text.look, ' ', h('a', { href: '#/log/refused' }, text.refusals)),
    h('div', { class: 'actions' }, release),
  );
}

/** @param {import('../console.js').Console} console */
function askRelease(console) {
  const text = words.brake;
  ask(
    { name: 'release', heading: text.releaseHeading, confirm: text.release },
    async (close, trouble) => {
      const done = await console.attempt(trouble, () => request('POST', '/api/admin/brake/release', {}));
      if (!done) return;
      close();
      settled(console, /** @type {Brake} */ (done.done), text.released);
    },
    h('ul', { class: 'prose' }, text.releaseMeans.map((line) => h('li', {}, line))),
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {Brake} brake as the server answered it
 * @param {string} said
 */
function settled(console, brake, said) {
  draw(console, brake);
  announce(said);
  console.lookAtBrake();
}

/** @param {Brake} brake */
function alarm({ alarmedAt }) {
  if (alarmedAt === null) return undefined;
  const text = words.brake;
  return h(
    'section',
    { class: 'panel alert', testid: 'brake-alarm' },
    h('div', { class: 'alert-head' }, icon('warning'), h('h2', {}, text.alarm)),
    h('p', {}, text.alarmAt(showDateTime(alarmedAt))),
    h('p', {}, text.alarmNext),
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {Brake} brake
 */
function firstCycle(console, { confirmedAt }) {
  const text = words.brake;
  if (confirmedAt !== null) return undefined;
  const confirm = button('brake-confirm', text.confirm, () => {
    ask(
      { name: 'confirm', heading: text.confirmHeading, confirm: text.confirm },
      async (close, trouble) => {
        const done = await console.attempt(trouble, () => request('POST', '/api/admin/brake/confirm', {}));
        if (!done) return;
        close();
        settled(console, /** @type {Brake} */ (done.done), text.confirmed);
      },
      h('p', {}, text.confirmMeans),
    );
  });
  return panel({ heading: text.first, text: text.firstText, testid: 'brake-first' }, h('div', { class: 'actions' }, confirm));
}

/**
 * @param {import('../console.js').Console} console
 * @param {Brake} brake
 */
function limits(console, brake) {
  const text = words.brake;
  const columns = [text.columns.what, text.columns.most, text.columns.now, text.columns.then];
  const rows = /** @type {const} */ (['creates', 'deletes', 'deactivations']).map((kind) => {
    const limit = brake[kind];
    const counts = kind !== 'creates' || brake.confirmedAt !== null;
    return {
      testid: `limit-${kind}`,
      cells: [
        h('span', { class: 'strong' }, text.kinds[kind]),
        text.most(limit.count, limit.percent, limit.admitted),
        counts ? text.counted(limit.counted) : text.notCounted,
        text.then[kind],
      ],
    };
  });
  const trouble = h('div', { class: 'trouble' });
  // The dialog sends all numbers back, so it begins with those that hold now.
  const begin = async () => {
    const now = await console.attempt(trouble, () => /** @type {Promise<Brake>} */ (request('GET', '/api/admin/brake')));
    if (now) askLimits(console, now.done, (changed) => settled(console, changed, text.changed));
  };
  const change = button('brake-limits', text.change, begin, { icon: 'edit' });
  return panel({ heading: text.limits, text: text.limitsText(span(brake.windowSeconds)), actions: change }, trouble, table({ caption: text.limits, testid: 'limits', columns, empty: '' }, rows));
}

/**
 * A length of time in its largest whole unit.
 * @param {number} seconds
 */
export function span(seconds) {
  const units = /** @type {const} */ ([['day', 86_400], ['hour', 3_600], ['minute', 60]]);
  const [unit, length] = units.find(([, whole]) => seconds % whole === 0) ?? ['second', 1];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length);
}
