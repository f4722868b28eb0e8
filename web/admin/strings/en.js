// Every text of the console, in English. Names of fields and menus of other products are as those products write them.

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {
  'last-owner': {
    title: 'The last owner stays',
    safe: 'Nothing was changed.',
    next: 'Without this owner nobody could give roles here. Make another owner first, by a one-time link on the server.',
  },
  'restore-taken': {
    title: 'Somebody else has this name or id by now',
    safe: 'Nothing was changed.',
    next: 'Change or delete that account at the identity provider first, then restore again.',
  },
  'restore-person': {
    title: 'The person has another account by now',
    safe: 'Nothing was changed.',
    next: 'Delete that account at the identity provider first, then restore again.',
  },
  'restore-late': {
    title: 'It is too late',
    safe: 'The time in which this person could come back is over.',
    next: 'Keys and secrets are destroyed. Provision the person anew.',
  },
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
    people: 'People and groups',
    users: 'People',
    groups: 'Groups',
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

  people: {
    searchLabel: 'Search',
    more: 'Show more',
    /** @param {number} number */
    added: (number) => `${number} more shown`,
    states: { PENDING: 'Pending', READY: 'Ready', CONFIRMED: 'Confirmed', SUSPENDED: 'Suspended', DELETED: 'Deleted' },
    roles: { member: 'Member', admin: 'Admin', owner: 'Owner' },
    /** @param {string} when */
    since: (when) => `since ${when}`,
    never: 'never',
    none: 'none',
    createdAt: 'Created',
    changedAt: 'Last changed',
  },

  users: {
    heading: 'People',
    lead: 'Everybody whom your identity provider has provisioned: who is ready, who is still on the way, and where it is stuck.',
    search: 'Name, e-mail address or external id',
    filters: 'State',
    everybody: 'Everybody',
    waiting: 'Waiting for',
    anyTime: 'any time',
    /** @param {number} days */
    days: (days) => `more than ${days} days`,
    connection: 'Connection',
    anyConnection: 'all connections',
    /** @param {string} number @param {boolean} more */
    count: (number, more) => (more ? `More than ${number} people` : number === '1' ? '1 person' : `${number} people`),
    columns: ['Person', 'State', 'Last sign-in', 'Role'],
    nobody: 'Nobody here.',
    nobodyFound: 'Nobody is found. A search looks at the beginnings of names and words, e-mail addresses and external ids.',
    steps: { provisioned: 'never signed in', reset: 'keys reset, not signed in since', 'signed-in': 'signed in, not set up', 'setup-begun': 'set-up not finished' },
    refused: 'sign-in refused',
    /** @param {string} when */
    keptUntil: (when) => `can be restored until ${when}`,
    resets: 'Requests for new keys',
    resetsText: 'Somebody who lost everything asks to begin anew. Talk to the person first, not by e-mail.',
  },

  user: {
    back: 'People',
    account: 'Account',
    state: 'State',
    userName: 'User name',
    externalId: 'External id',
    emails: 'E-mail',
    connection: 'Connection',
    lastSignIn: 'Last sign-in',
    attributes: { givenName: 'Given name', familyName: 'Family name', title: 'Title', department: 'Department', employeeNumber: 'Employee number' },
    pending: {
      heading: 'The way to ready',
      provisioned: 'Provisioned by the identity provider',
      reset: 'Keys were reset',
      signedIn: 'Signed in',
      begun: 'Set-up begun',
      ready: 'Keys made, recovery kit proven',
      advice: {
        provisioned: 'This person has never signed in. Send the sign-in link.',
        reset: 'The old keys were put aside. This person has to sign in and make new ones: send the sign-in link.',
        'signed-in': 'This person signed in and left before choosing a passphrase. Nothing is lost: send the link again.',
        'setup-begun': 'This person began and did not finish. Most often it is the recovery kit: it was not saved, or the window was closed before its code was given back. Nothing is lost: the link leads there again.',
      },
    },
    refusal: {
      /** @param {string} when */
      title: (when) => `The last sign-in was refused, ${when}`,
      /** @type {Record<string, string>} */
      why: {
        'no-user': 'The identity provider knows this person by another id than the external id here. Change the mapping of externalId. In Entra: Attribute mapping > Provision Microsoft Entra ID Users, externalId from objectId. In Okta: Provisioning > To App, externalId from user.getInternalProperty("id"). Then provision this person again.',
        'not-object-ids': 'External ids here are no object ids. In Entra: Attribute mapping > Provision Microsoft Entra ID Users, set externalId to objectId (Entra proposes mailNickname). Then provision this person again.',
        'has-object-id': 'Somebody else signs in with this user name: the external id here is the object id of another person. Check in the identity provider who has the name now, and provision that person as a new one.',
        'other-connection': 'This person signed in over another connection than the account carries. Use the sign-in of that connection, or provision with a token of the one that was used.',
        'connection-unclear': 'The account carries no connection, and the organization has several. Provision with a token that is bound to a connection.',
        ambiguous: 'Several accounts have this external id. Delete the wrong ones at the identity provider.',
        inactive: 'The account is switched off. Set the person active at the identity provider.',
        'already-linked': 'The account belongs to another person of the identity provider already. If that is a former account of the same person, delete it there and provision again.',
        'unlinked-owner': 'Owners are not handed over by an external id. The owner signs in once from the browser in which the vault was opened with the one-time link.',
        'not-pending': 'The account has keys, but no person of the identity provider belongs to it. It is never handed over by a sign-in: delete it at the identity provider and provision the person anew.',
      },
      other: 'The server log says why, under the time given here.',
    },
    remind: {
      heading: 'Remind',
      text: 'This link holds no secret. It may be opened as often as you like, by mail scanners too, and works for everybody of your organization.',
      link: 'Sign-in link',
      mail: 'Write an e-mail',
      noMail: 'The identity provider gave no e-mail address. Copy the link.',
      subject: 'Please finish setting up Freehold',
      /** @param {string} name @param {string} link */
      body: (name, link) => `Hello ${name},\n\nyour Freehold account waits to be set up. It takes a few minutes:\n\n${link}\n\nSign in as usual, choose a passphrase, and save the recovery kit when you are asked to. If something does not work, write to me.\n`,
    },
    suspended: {
      heading: 'Access is suspended',
      /** @param {string} when */
      text: (when) => `The identity provider switched this person off ${when}. Keys and secrets are kept. Access comes back when the person is active there again.`,
    },
    deleted: {
      heading: 'Deleted by the identity provider',
      /** @param {string} deleted @param {string} until */
      text: (deleted, until) => `Deleted ${deleted}. Keys and secrets are kept until ${until}, then they are destroyed.`,
      restore: 'Restore',
      /** @param {string} name */
      ask: (name) => `Restore ${name}?`,
      effects: 'The account comes back with its id, keys and secrets. Roles and groups do not. If the person is still out of scope at the identity provider, it deletes the account again at its next cycle: assign the person there first.',
      done: 'Restored.',
      ownerOnly: 'An owner can restore this person.',
    },
    reset: {
      heading: 'Asks for new keys',
    },
    sessions: {
      heading: 'Signed in',
      text: 'Browsers in which this person is signed in. One that you end is out at its next request; nothing is lost.',
      none: 'Nowhere.',
      columns: ['Browser', 'Last used', 'Signed in', ''],
      unknown: 'A browser',
      thisOne: 'this browser',
      end: 'End',
      endAll: 'End all',
      ended: 'Ended.',
      byLink: 'by a one-time link',
    },
    roles: {
      heading: 'Role',
      text: 'Admins see this console. Owners also decide who may sign in, and who is an admin.',
      /** @param {string} when */
      granted: (when) => `given ${when}`,
      byGroup: 'by the group',
      byNothing: 'No role beyond that of a member.',
      grant: 'Make admin',
      /** @param {string} role */
      revoke: (role) => `Take away: ${role}`,
      /** @param {string} name */
      askGrant: (name) => `Make ${name} an admin?`,
      effects: 'An admin sees people, groups and logs, ends sessions, and can approve requests for new keys.',
      notReady: 'This person has no keys yet. Whoever can sign in at the identity provider as this person would become the admin. Better wait until the state is Ready.',
      /** @param {string} name @param {string} role */
      askRevoke: (name, role) => `Take the role from ${name}: ${role}?`,
      revokeEffects: 'It counts from the next request on. A group may still make this person an admin.',
      ownerByLink: 'An owner is made by a one-time link, on the server: freehold admin link --owner',
      ownerOnly: 'An owner can change roles.',
      done: 'Changed.',
    },
    groups: {
      heading: 'Groups',
      none: 'In no group.',
      makesAdmins: 'makes admins',
    },
  },

  groups: {
    heading: 'Groups',
    lead: 'Groups of your identity provider. A group can make its members admins here.',
    search: 'Name',
    columns: ['Group', 'Members', 'Role'],
    none: 'No groups. Your identity provider pushes them where the SCIM application provisions groups.',
    noneFound: 'No group has this in its name.',
    /** @param {string} number @param {boolean} more */
    members: (number, more) => (more ? `more than ${number}` : number),
    makesAdmins: 'Admins',
    noRole: 'none',
  },

  group: {
    back: 'Groups',
    about: 'Group',
    externalId: 'External id',
    memberCount: 'Direct members',
    role: {
      heading: 'Role',
      /** @param {string} when */
      mapped: (when) => `Its direct members are admins, since ${when}.`,
      unmapped: 'This group gives no role.',
      /** @param {string} number */
      people: (number) => `Active people whom the mapping makes admins: ${number}`,
      /** @param {string} number */
      nested: (number) => `Groups inside are not reached: ${number}`,
      map: 'Make its members admins',
      unmap: 'End that',
      /** @param {string} name */
      askMap: (name) => `Make the members of ${name} admins?`,
      effects: 'It counts now and later: whoever decides on the membership at the identity provider decides who is an admin here. Such admins cannot approve requests for new keys.',
      /** @param {string} name */
      askUnmap: (name) => `Shall ${name} give no role any more?`,
      unmapEffects: 'Whoever is an admin by this group alone is none from the next request on.',
      ownerOnly: 'An owner can change this.',
      done: 'Changed.',
    },
    members: {
      heading: 'Direct members',
      columns: ['Name', 'User name', 'Kind'],
      none: 'Nobody.',
      user: 'Person',
      group: 'Group',
      inactive: 'suspended',
    },
  },
};
