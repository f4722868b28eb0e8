// A secret that the server tells once: asked for in a dialog, shown in a dialog, and nowhere afterwards.

import { NetworkError } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { actions, button, field, notice } from '../../lib/parts.js';
import { ask, complain, copyRow } from '../parts.js';
import { words } from '../strings/index.js';

/**
 * @typedef {{ description: string, days: number, connection?: string }} Wanted
 * @typedef {{ testid: string, label: string, text: string }} Row
 */

const DAYS = 366;
/** Of a description, in UTF-8. */
const LONGEST = 200;

/**
 * A field for a number of days.
 * @param {string} id
 * @param {string} hint
 */
export function daysField(id, hint) {
  const text = words.scim.make;
  const input = h('input', { id, type: 'text', inputmode: 'numeric', autocomplete: 'off', value: DAYS, testid: id, class: 'short-input', dir: 'ltr' });
  return { box: field({ label: text.days, hint }, input), input };
}

/**
 * The number in a field, if it is a whole one in the range.
 * @param {HTMLInputElement} input
 * @param {number} most
 * @returns {number | undefined}
 */
export function whole(input, most) {
  const value = input.value.trim();
  const number = /^[0-9]{1,4}$/.test(value) ? Number(value) : 0;
  return number >= 1 && number <= most ? number : undefined;
}

/**
 * Asks what a new token or client is to be.
 * @template Made
 * @param {{ console: import('../console.js').Console, name: string, heading: string, hint: string, connections: string[] }} about
 * @param {(wanted: Wanted) => Promise<Made>} make
 * @param {(made: Made) => void} then
 */
export function askForNew({ console, name, heading, hint, connections }, make, then) {
  const text = words.scim.make;
  const called = h('input', { id: `${name}-description`, type: 'text', maxlength: 200, autocomplete: 'off', required: true, testid: `${name}-description`, dir: 'auto' });
  const days = daysField(`${name}-days`, text.daysHint);
  const options = connections.map((connection, at) => {
    const id = `${name}-connection-${at}`;
    return h('div', { class: 'option' }, h('input', { type: 'radio', name: `${name}-connection`, id, value: connection, testid: id }), h('label', { for: id, dir: 'auto' }, connection));
  });
  const choice = options.length > 0 && h('fieldset', { class: 'choice' }, h('legend', {}, text.connection), ...options);
  const dialog = ask(
    { name, heading, confirm: text.confirm },
    async (close, trouble) => {
      const description = called.value.trim();
      if (description === '') return complain(trouble, called, text.noDescription);
      if (new TextEncoder().encode(description).length > LONGEST) return complain(trouble, called, text.longDescription);
      const life = whole(days.input, DAYS);
      if (life === undefined) return complain(trouble, days.input, text.noDays);
      const chosen = /** @type {HTMLInputElement | null} */ (dialog.querySelector('input[type="radio"]:checked'));
      const first = dialog.querySelector('input[type="radio"]');
      if (first instanceof HTMLInputElement && !chosen) return complain(trouble, first, text.noConnection);
      const wanted = { description, days: life, ...(chosen ? { connection: chosen.value } : {}) };
      const answer = await console.attempt(trouble, () => make(wanted), lostAnswer, 'anywhere');
      if (!answer) return undefined;
      close();
      return then(answer.done);
    },
    field({ label: text.description, hint }, called),
    choice,
    days.box,
  );
  called.focus();
}

/**
 * What else to say where no answer came: it may have been made all the same, and its secret is gone then.
 * @param {unknown} error
 */
export function lostAnswer(error) {
  return error instanceof NetworkError && h('p', {}, words.scim.make.lostAnswer);
}

/**
 * Shows what is told once. It goes with the dialog, and when the page is left; Escape does not take it away unseen.
 * @param {{ name: string, heading: string, lead: string, after?: string }} texts
 * @param {Row[]} rows
 * @param {() => void} closed
 */
export function showOnce({ name, heading, lead, after }, rows, closed) {
  const text = words.scim.make;
  const title = h('h2', { id: 'dialog-title', tabindex: '-1' }, heading);
  const leave = () => {
    dialog.replaceChildren(); // at once: a browser tells of the end when it draws, and a page that was left is not drawn
    dialog.close();
  };
  const done = button(`${name}-done`, text.done, leave, { kind: 'primary' });
  const dialog = h(
    'dialog',
    { class: 'dialog wide', testid: `${name}-dialog`, 'aria-labelledby': 'dialog-title', closedby: 'none' },
    h(
      'div',
      { class: 'stack' },
      title,
      h('p', {}, lead),
      ...rows.map(({ testid, label, text: shown }) => copyRow(testid, label, shown)),
      notice('shown-once', text.once, 'warning'),
      after && h('p', {}, after),
      actions(done),
    ),
  );
  const stays = (/** @type {Event} */ event) => {
    event.preventDefault();
    done.focus();
  };
  dialog.addEventListener('cancel', stays);
  // A browser asks once whether a dialog may be closed; at the second Escape it is, unless the key itself is taken.
  dialog.addEventListener('keydown', (event) => event.key === 'Escape' && stays(event));
  window.addEventListener('pagehide', leave);
  dialog.addEventListener('close', () => {
    window.removeEventListener('pagehide', leave);
    dialog.remove();
    closed();
  });
  document.getElementById('main')?.append(dialog);
  dialog.showModal();
  title.focus();
}
