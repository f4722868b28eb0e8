// Every text of the console, in English. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {
  'token-over': { title: 'This token has ended', safe: 'Nothing was changed.', next: 'It was revoked or has expired. Create a new token.' },
  'connection-needed': { title: 'There are several connections', safe: 'Nothing was changed.', next: 'Reload the page and choose the one that these people will sign in over.' },
};

export const en = {
  lang: 'en',
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
    life: {
      states: { live: 'Live', expiring: 'Ends soon', expired: 'Expired', revoked: 'Revoked' },
      neverUsed: 'Not used yet',
      /** @param {string[]} parts address and program */
      from: (parts) => `from ${parts.join(', ')}`,
      /** @param {string} name */
      forConnection: (name) => `for sign-ins over ${name}`,
    },
    make: {
      description: 'Description',
      days: 'Days until it ends',
      daysHint: '1 to 366. When it ends, provisioning stops; you are warned 30, 14, 7 days and 1 day before.',
      connection: 'The people it creates will sign in over',
      confirm: 'Create',
      done: 'I have copied it',
      once: 'This is the only time it is shown. The server keeps nothing from which it could show it again.',
      noDescription: 'Say what it is for.',
      noDays: 'Enter a whole number from 1 to 366.',
      noConnection: 'Choose one.',
      lostAnswer: 'It may have been made all the same. If it stands in the list after a reload, revoke it: nobody has seen its secret.',
    },
    tokens: {
      heading: 'Tokens',
      lead: 'With a token your identity provider proves that it may provision. Several can be live at once.',
      columns: ['Token', 'State', 'Ends', 'Last used', 'Actions'],
      none: 'No token yet. Create one and paste it into your identity provider.',
      /** @param {number} n */
      over: (n) => (n === 1 ? '1 token that has ended' : `${n} tokens that have ended`),
      create: 'Create a token',
      descriptionHint: 'What it is for, such as the name of the identity provider.',
      created: 'Your new token',
      createdLead: 'Paste these two into your identity provider, and test the connection there.',
      secretField: 'Token (Entra: Secret token; Okta: Authorization)',
      rotate: 'Rotate',
      /** @param {string} name */
      rotateName: (name) => `Rotate the token ${name}`,
      /** @param {string} name */
      rotateHeading: (name) => `Rotate the token “${name}”`,
      rotateLead: 'You get a new token. The old one stays good for a while, so that provisioning goes on while you paste the new one.',
      rotateConfirm: 'Make the new token',
      hours: 'Hours for which the old one stays good',
      hoursHint: '1 to 168. Entra asks about every 40 minutes; a day leaves time to paste and to look.',
      noHours: 'Enter a whole number from 1 to 168.',
      rotatedLead: 'Paste it into your identity provider in place of the old one, and test the connection there.',
      /** @param {number} hours */
      rotatedAfter: (hours) => (hours === 1 ? 'The old token ends in an hour at the latest.' : `The old token ends in ${hours} hours at the latest.`),
      newerInUse: 'A newer one is in use: this one can be revoked.',
      newerUnused: 'A newer one waits to be used: paste it before this one ends.',
      revoke: 'Revoke',
      /** @param {string} name */
      revokeName: (name) => `Revoke the token ${name}`,
      /** @param {string} name */
      revokeHeading: (name) => `Revoke the token “${name}”?`,
      revokeLead: 'The next request with it is refused. This cannot be undone; people and groups stay as they are.',
      revokeInUse: 'It has been in use. If your identity provider still has it, provisioning stops.',
      revoked: 'The token is revoked',
      /** @param {string} name @param {number} days @param {string} date */
      warning: (name, days, date) => `The token “${name}” ends ${days === 1 ? 'within a day' : `within ${days} days`}, on ${date}. Provisioning stops then.`,
      rotateNow: 'Rotate it now',
    },
    clients: {
      heading: 'OAuth clients',
      lead: 'For identity providers that ask for OAuth 2.0 client credentials in place of a token.',
      columns: ['Client', 'State', 'Ends', 'Last used', 'Actions'],
      none: 'No client. You need none if your identity provider takes a token.',
      /** @param {number} n */
      over: (n) => (n === 1 ? '1 client that has ended' : `${n} clients that have ended`),
      create: 'Create a client',
      created: 'Your new client',
      createdLead: 'Paste these into your identity provider. Leave the scope empty.',
      idField: 'Client ID',
      secretField: 'Client secret',
      tokenUrl: 'Token endpoint',
      revoke: 'Revoke',
      /** @param {string} name */
      revokeName: (name) => `Revoke the client ${name}`,
      /** @param {string} name */
      revokeHeading: (name) => `Revoke the client “${name}”?`,
      revokeLead: 'It and its access tokens are refused from the next request on. This cannot be undone; people and groups stay as they are.',
      revoked: 'The client is revoked',
    },
  },
};
