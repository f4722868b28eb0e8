// Every text of the console, in English. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {};

export const en = {
  lang: 'en',
  problems,
  /** @param {string} code */
  problem: (code) => problems[code],
  refused: 'The server does not take this',
  nothingChanged: 'Nothing was changed.',

  nav: {
    label: 'Console',
    menu: 'Menu',
    vault: 'Your vault',
    authentication: 'Authentication',
    scim: 'SCIM provisioning',
  },

  scim: {
    heading: 'SCIM provisioning',
    lead: 'Your identity provider tells Freehold who works here. It never sees a key.',
    state: 'Provisioning',
    on: 'SCIM is on',
    off: 'SCIM is off: every request is answered with 403. People and tokens are kept.',
    toggle: 'Take SCIM requests',
    url: 'SCIM URL (Entra: Tenant URL)',
  },
};
