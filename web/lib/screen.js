// One document, one screen at a time: what changes when it does, and what is spoken.

import { h } from './h.js';
import { t } from './strings/index.js';

const ANNOUNCE_EVERY_MS = 1000;

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
/** What a screen reader speaks when it is changed. */
export const spoken = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });

/**
 * Shows a screen: replaces what was there, names it, moves the focus to its heading.
 * @param {string} name what `data-screen` says
 * @param {string} heading
 * @param {...import('./h.js').Child} children what follows the heading
 * @returns {HTMLElement} the card that holds the screen
 */
export function show(name, heading, ...children) {
  const title = h('h1', { tabindex: '-1' }, heading);
  const card = h('div', { class: `card screen-${name}` }, title, ...children);
  put(name, heading, card, title);
  return card;
}

/**
 * Shows a screen of another form than a card.
 * @param {string} name what `data-screen` says
 * @param {string} heading
 * @param {HTMLElement} content
 * @param {HTMLElement} title the heading in it
 */
export function put(name, heading, content, title) {
  main.replaceChildren(content);
  main.dataset['screen'] = name;
  setBusy(false);
  document.title = t.title(heading);
  window.scrollTo(0, 0);
  title.focus({ preventScroll: true });
}

let aside = 0;

/** Whether a screen waits to be put back. */
export function isAnythingAside() {
  return aside > 0;
}

/**
 * Takes the screen away as it is, with everything that was typed.
 * @returns {() => void} puts it back
 */
export function setAside() {
  const nodes = [...main.childNodes];
  const { screen } = main.dataset;
  const { title } = document;
  const focused = document.activeElement;
  aside += 1;
  return () => {
    aside -= 1;
    main.replaceChildren(...nodes);
    for (const node of nodes) if (node instanceof HTMLDialogElement && node.open) openAgain(node);
    main.dataset['screen'] = screen;
    document.title = title;
    setBusy(false);
    if (focused instanceof HTMLElement) focused.focus();
  };
}

/** A dialog that was taken out of the page stands in it no longer above everything else. @param {HTMLDialogElement} dialog */
function openAgain(dialog) {
  dialog.removeAttribute('open');
  dialog.showModal();
}

/** Says on <main> that a request of ours is on its way. @param {boolean} busy */
export function setBusy(busy) {
  main.dataset['busy'] = String(busy);
  main.ariaBusy = String(busy);
}

/** The name of the screen now shown. */
export function currentScreen() {
  return main.dataset['screen'];
}

let spokenAt = 0;
/** @type {number | undefined} */
let pending;

/**
 * Speaks a text politely, at most once a second; the latest wins.
 * @param {string} text
 */
export function announce(text) {
  clearTimeout(pending);
  const wait = Math.max(0, spokenAt + ANNOUNCE_EVERY_MS - performance.now());
  pending = setTimeout(() => {
    spokenAt = performance.now();
    spoken.textContent = text;
  }, wait);
}
