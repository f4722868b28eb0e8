// Every page of the console by its address after the #, in the order of the navigation.

/**
 * @typedef {'start' | 'policy' | 'audit' | 'scim' | 'connections' | 'domains' | 'users' | 'groups' | 'log' | 'brake'} Place
 * @typedef {{ page: (console: import('./console.js').Console, ...rest: string[]) => void | Promise<void> }} PageModule
 * @typedef {{ place: Place, icon: import('../lib/icons.js').Icon, load: () => Promise<PageModule> }} Page
 */

/** @type {{ heading: 'organization' | 'authentication' | 'people' | 'activity', pages: [Page, ...Page[]] }[]} */
export const PAGES = [
  {
    heading: 'organization',
    pages: [
      { place: 'start', icon: 'check', load: () => import('./start/page.js') },
      { place: 'policy', icon: 'key', load: () => import('./policy/page.js') },
    ],
  },
  {
    heading: 'authentication',
    pages: [
      { place: 'scim', icon: 'again', load: () => import('./scim/page.js') },
      { place: 'connections', icon: 'link', load: () => import('./connections/page.js') },
      { place: 'domains', icon: 'globe', load: () => import('./domains/page.js') },
    ],
  },
  {
    heading: 'people',
    pages: [
      { place: 'users', icon: 'person', load: () => import('./users/page.js') },
      { place: 'groups', icon: 'people', load: () => import('./groups/page.js') },
    ],
  },
  {
    heading: 'activity',
    pages: [
      { place: 'log', icon: 'pulse', load: () => import('./log/page.js') },
      { place: 'brake', icon: 'brake', load: () => import('./brake/page.js') },
      { place: 'audit', icon: 'book', load: () => import('./audit/page.js') },
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
