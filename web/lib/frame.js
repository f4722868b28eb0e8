// What is around every screen: header, footer, and what is spoken.

import { h } from './h.js';
import { mark } from './icons.js';
import { languageChoice } from './language-choice.js';
import { tame } from './names.js';
import { spoken } from './screen.js';
import { t } from './strings/index.js';

const headerUser = h('span', { class: 'top-user', testid: 'header-user', dir: 'auto' });

/** Puts header and footer around <main>. Once a document. */
export function frame() {
  const brand = h('a', { class: 'brand', href: '/vault/', testid: 'brand', 'aria-label': t.home }, mark(), h('span', {}, t.product));
  document.body.prepend(
    h('a', { class: 'skip', href: '#main', testid: 'skip-link' }, t.skip),
    h('header', { class: 'top' }, h('div', { class: 'top-in' }, brand, headerUser)),
  );
  document.body.append(h('footer', { class: 'foot' }, h('p', {}, t.footer), languageChoice()), spoken);
}

/** @param {string} userName */
export function showUser(userName) {
  headerUser.textContent = tame(userName);
  headerUser.title = userName;
}
