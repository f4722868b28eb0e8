import { h } from '../lib/h.js';
import { icon } from '../lib/icons.js';
import { t } from '../lib/strings/index.js';

/**
 * Where we are in the five steps.
 * @param {1 | 2 | 3 | 4 | 5} at
 */
export function steps(at) {
  const names = t.setup.steps;
  const items = names.map((name, index) => {
    const state = index + 1 < at ? 'past' : index + 1 === at ? 'now' : 'next';
    const dot = h('span', { class: 'dot', 'aria-hidden': 'true' }, state === 'past' ? icon('check') : index + 1);
    return h('li', { class: state, 'aria-current': state === 'now' && 'step' }, dot, h('span', { class: 'step-name' }, name));
  });
  return h('ol', { class: 'steps', 'aria-label': t.setup.stepsLabel }, items);
}
