// Every page of the console by its address after the #, in the order of the navigation.

/**
 * @typedef {'scim' | 'log' | 'brake' | 'policy' | 'audit' | 'users' | 'groups'} Place
 * @typedef {{ page: (console: import('./console.js').Console, ...rest: string[]) => void | Promise<void> }} PageModule
 * @typedef {{ place: Place, icon: import('../lib/icons.js').Icon, load: () => Promise<PageModule> }} Page
 */

/** @type {{ heading: 'authentication' | 'people', pages: [Page, ...Page[]] }[]} */
export const PAGES = [
  {
    heading: 'authentication',
    pages: [
      { place: 'scim', icon: 'again', load: () => import('./scim/page.js') },
      { place: 'log', icon: 'pulse', load: () => import('./log/page.js') },
      { place: 'brake', icon: 'brake', load: () => import('./brake/page.js') },
      { place: 'policy', icon: 'key', load: () => import('./policy/page.js') },
      { place: 'audit', icon: 'book', load: () => import('./audit/page.js') },
    ],
  },
  {
    heading: 'people',
    pages: [
      { place: 'users', icon: 'person', load: () => import('./users/page.js') },
      { place: 'groups', icon: 'people', load: () => import('./groups/page.js') },
    ],
  },
];

/**
 * @param {string | undefined} name
 * @returns {Page} the first one for an address that means none
 */
export function find(name) {
  const all = PAGES.flatMap(({ pages }) => pages);
  const [first] = all;
  return all.find(({ place }) => place === name) ?? /** @type {Page} */ (first);
}
