// The limits of the brake, in a dialog.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { field } from '../../lib/parts.js';
import { ask } from '../parts.js';
import { words } from '../strings/index.js';

/** @typedef {import('./page.js').Brake} Brake */

const KINDS = /** @type {const} */ (['creates', 'deletes', 'deactivations']);

/**
 * @param {import('../console.js').Console} console
 * @param {Brake} brake
 * @param {(brake: Brake) => void} changed
 */
export function askLimits(console, brake, changed) {
  const text = words.brake;
  const window = number('limit-window', brake.windowSeconds / 60, 10_080);
  window.min = '1';
  const fields = KINDS.map((kind) => ({ kind, count: number(`limit-${kind}-count`, brake[kind].count, 10_000_000), percent: number(`limit-${kind}-percent`, brake[kind].percent, 100) }));
  ask(
    { name: 'limits', heading: text.change, confirm: text.save },
    async (close, trouble) => {
      const all = [window, ...fields.flatMap(({ count, percent }) => [count, percent])];
      const wrong = all.find((input) => !input.reportValidity());
      if (wrong) return;
      const wanted = Object.fromEntries(fields.map(({ kind, count, percent }) => [kind, { count: count.valueAsNumber, percent: percent.valueAsNumber }]));
      const body = { ...wanted, windowSeconds: window.valueAsNumber * 60 };
      const done = await console.attempt(trouble, () => request('PUT', '/api/admin/brake', body));
      if (!done) return;
      close();
      changed(/** @type {Brake} */ (done.done));
    },
    h('p', { class: 'muted' }, text.larger),
    ...fields.map(({ kind, count, percent }) =>
      h('fieldset', { class: 'pair' }, h('legend', {}, text.kinds[kind]), field({ label: text.count }, count), field({ label: text.percent }, percent)),
    ),
    field({ label: text.window }, window),
  );
}

/**
 * @param {string} id
 * @param {number} value
 * @param {number} max
 */
function number(id, value, max) {
  return h('input', { id, testid: id, type: 'number', inputmode: 'numeric', min: '0', max: String(max), step: '1', required: true, value: String(value) });
}
