// The way around the console.

import { h } from '../lib/h.js';
import { icon } from '../lib/icons.js';
import { button } from '../lib/parts.js';
import { t } from '../lib/strings/index.js';
import { PAGES } from './pages.js';
import { words } from './strings/index.js';

/** @param {() => void} leave */
export function nav(leave) {
  /** @type {Map<string, HTMLElement>} */
  const links = new Map();
  const groups = PAGES.map(({ heading, pages }) => {
    const entries = pages.map(({ place, icon: picture }) => {
      const link = h('a', { href: `#/${place}`, testid: `nav-${place}` }, icon(picture), h('span', {}, words.nav[place]));
      links.set(place, link);
      return h('li', {}, link);
    });
    return h('div', { class: 'nav-group' }, h('h2', { id: `nav-${heading}` }, words.nav[heading]), h('ul', { 'aria-labelledby': `nav-${heading}` }, entries));
  });
  const out = h(
    'div',
    { class: 'nav-out' },
    h('a', { class: 'button quiet', href: '/vault/', testid: 'nav-vault' }, icon('key'), h('span', {}, words.nav.vault)),
    button('nav-sign-out', t.common.signOut, leave, { kind: 'quiet', icon: 'leave' }),
  );
  const menu = button('nav-menu', words.nav.menu, () => open(Boolean(list.hidden)), { kind: 'plain', icon: 'menu' });
  menu.setAttribute('aria-controls', 'nav-list');
  const list = h('div', { class: 'nav-list', id: 'nav-list' }, groups, out);
  const open = (/** @type {boolean} */ shown) => {
    list.hidden = !shown;
    menu.setAttribute('aria-expanded', String(shown));
  };
  const narrow = matchMedia('(max-width: 60em)');
  const adapt = () => open(!narrow.matches);
  narrow.addEventListener('change', adapt);
  adapt();
  const box = h('nav', { class: 'nav', 'aria-label': words.nav.label }, menu, list);
  /** @param {string} place */
  const mark = (place) => {
    for (const [name, link] of links) {
      if (name === place) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    adapt();
  };
  return { box, mark };
}
