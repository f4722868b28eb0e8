// Choosing another language, at the foot of every page. The page is loaded again in it, at once only where nothing is lost by that.

import { h } from './h.js';
import { directionOf, language, LANGUAGES } from './language.js';
import { actions, button } from './parts.js';
import { rememberLanguage } from './remembered.js';
import { isAnythingAside } from './screen.js';
import { t } from './strings/index.js';

/** @typedef {import('./language.js').Language} Language */

/** @type {() => boolean} */
let holdsMore = () => false;
let reloading = false;

/**
 * Asks before the page is loaded again, where that would lose something that no field shows.
 * @param {() => boolean} holds
 */
export function askBeforeReload(holds) {
  holdsMore = holds;
}

/** Whether somebody has said yes to losing it. */
export function isReloading() {
  return reloading;
}

export function languageChoice() {
  const names = /** @type {Language[]} */ (Object.keys(LANGUAGES));
  const choices = names.map((name) => {
    const choice = h(
      'button',
      { type: 'button', class: 'language', testid: `language-${name}`, lang: name, dir: directionOf(name), 'aria-current': name === language && 'true', on: { click: () => choose(name) } },
      LANGUAGES[name],
    );
    return h('li', {}, choice);
  });
  return h('ul', { class: 'languages', 'aria-label': t.language.label }, choices);
}

/** @param {Language} name */
function choose(name) {
  if (name === language) return;
  if (holdsMore() || isAnythingAside() || isAnythingTyped()) ask(name);
  else change(name);
}

/** @param {Language} name */
function change(name) {
  reloading = true;
  rememberLanguage(name);
  location.reload();
}

function isAnythingTyped() {
  const fields = /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */ (document.querySelectorAll('input, textarea'));
  return [...fields].some((field) => field.value !== field.defaultValue);
}

/** @param {Language} name */
function ask(name) {
  const words = t.language;
  const dialog = h(
    'dialog',
    { class: 'dialog', testid: 'language-dialog', 'aria-labelledby': 'language-heading', 'aria-describedby': 'language-text' },
    h('h2', { id: 'language-heading' }, words.heading),
    h('p', { id: 'language-text' }, words.text),
    actions(button('language-keep', words.keep, () => dialog.close()), button('language-change', words.change, () => change(name), { kind: 'primary' })),
  );
  // The browser gives the focus back.
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
