// Every text of the console, in English. Names of fields and menus of other products are as those products write them.

import { events } from './events/en.js';

/** What only the console is refused, by the server's code. @type {Record<string, { title: string, safe: string, next: string } | undefined>} */
const problems = {};

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
    log: 'Provisioning log',
    brake: 'Brake',
    policy: 'Policy',
    audit: 'Audit log',
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

  log: {
    heading: 'Provisioning log',
    lead: 'Every SCIM request as it comes, and for each refusal what to change on which screen of your identity provider.',
    entries: 'Requests',
    live: 'Show new requests as they come',
    states: { live: 'Live', connecting: 'Connecting', away: 'Not live: trying again', paused: 'Paused' },
    filter: 'Which requests',
    all: 'All',
    refused: 'Refused',
    columns: { when: 'When', request: 'Request', outcome: 'Outcome', token: 'Token' },
    outcomes: { done: 'Done', refused: 'Refused', lost: 'Not written down' },
    lost: 'Too much at once',
    fix: 'What to change',
    body: 'Body, values masked',
    /** @param {number} milliseconds */
    took: (milliseconds) => `${milliseconds} ms`,
    more: 'Older requests',
    none: 'Nothing yet: the identity provider has asked for nothing. What it asks appears here by itself.',
    noRefusals: 'Nothing was refused. A refusal appears here by itself.',
    /** @param {number} count */
    refusals: (count) => (count === 1 ? 'A request was refused.' : `${count} requests were refused.`),
  },

  brake: {
    heading: 'Brake',
    lead: 'A sync that goes wrong is held back before it deletes, or makes, a whole organization. Ending access is never held back.',
    state: 'Now',
    free: 'Nothing is held back',
    held: 'Held back',
    holds: 'The brake holds something back',
    /** @param {string} at */
    releasedAt: (at) => `Last released: ${at}. Only what came after that counts.`,
    heldBack: {
      /** @param {string} at @param {number} admitted @param {string} window */
      creates: (at, admitted, window) => `New users and groups, since ${at}: more than ${admitted} within ${window}.`,
      /** @param {string} at @param {number} admitted @param {string} window */
      deletes: (at, admitted, window) => `Deletes, since ${at}: more than ${admitted} within ${window}.`,
    },
    meanwhile: 'Your identity provider gets “429, try again later” for them, and tries again by itself. Nothing is lost. Switching people off goes on as always.',
    look: 'First look whether the sync does what you mean: a wrong scope or filter is the usual reason.',
    refusals: 'What was refused',
    release: 'Release the brake',
    releaseHeading: 'Let it pass?',
    releaseMeans: [
      'What is held back is done when your identity provider asks for it again: Entra within 40 minutes or by “Provision on demand”, Okta when you retry the tasks.',
      'Who is deleted loses access at once; keys and secrets can be brought back on the server within the retention time.',
      'Counting begins anew: the brake holds again when the limit is passed again.',
    ],
    released: 'The brake is released.',
    alarm: 'Unusually many people were switched off',
    /** @param {string} at */
    alarmAt: (at) => `Last at ${at}. Their sessions have ended; no key was destroyed.`,
    alarmNext: 'If this was not meant, correct the scope or assignment in your identity provider: whoever is switched on again finds everything as it was.',
    first: 'The first cycle',
    firstText: 'New users are not counted yet, so that the first sync of a whole organization passes. Confirm when it has done what you meant.',
    confirm: 'Confirm the first cycle',
    confirmHeading: 'Has the first cycle done what was meant?',
    confirmMeans: 'From now on new users and groups are counted too, and held back when there are unusually many. What was there before does not count.',
    confirmed: 'The first cycle is confirmed.',
    limits: 'Limits',
    /** @param {string} window */
    limitsText: (window) => `Counted within ${window}.`,
    columns: { what: 'What', most: 'At most', now: 'Counted now', then: 'Beyond that' },
    kinds: { creates: 'New users and groups', deletes: 'Deletes', deactivations: 'Switched off' },
    then: { creates: 'Held back until released', deletes: 'Held back until released', deactivations: 'Alarm; never held back' },
    /** @param {number} count @param {number} percent @param {number} admitted */
    most: (count, percent, admitted) => `${count} or ${percent} % of all: now ${admitted}`,
    /** @param {number} count */
    counted: (count) => String(count),
    notCounted: 'Not counted before the first cycle is confirmed',
    change: 'Change the limits',
    larger: 'The larger of number and share of all users and groups counts. What is held back stays so until it is released.',
    count: 'Number',
    percent: 'Share, in percent',
    window: 'Window, in minutes',
    save: 'Save',
    changed: 'The limits are changed.',
    notice: {
      creates: 'The brake holds new users and groups back.',
      deletes: 'The brake holds deletes back.',
      both: 'The brake holds new users, groups and deletes back.',
      link: 'See why, and release it',
    },
  },

  policy: {
    heading: 'Policy',
    lead: 'What your organization demands of people’s keys, beyond what Freehold always demands.',
    ownersOnly: 'Only owners change the policy. You see it as it is.',
    demands: 'Demands',
    demandsText: 'A change counts from each person’s next unlock or set-up on. Nobody loses a secret by it.',
    floor: 'Passphrases',
    floorText: 'How much memory each guess at a passphrase costs. Who has less is raised at the next unlock, with the same passphrase and without being asked anything.',
    floors: [
      { name: '64 MiB', means: 'Runs well on every device of the last ten years.' },
      { name: '256 MiB', means: 'Each guess costs an attacker four times as much. Unlocking takes longer, seconds on old phones.' },
    ],
    passkey: { label: 'Everybody needs a passkey', who: 'Who has none is asked to add one at the next unlock, and sees no secret before. The passphrase stays. The last passkey cannot be removed.' },
    recovery: { label: 'Everybody needs a recovery code', who: 'Nobody has to act: every account of this version has one.' },
    save: 'Save',
    sure: 'What this does',
    changes: {
      floorUp: 'Everybody’s next unlock takes a little longer, once, and each one after that somewhat longer than now.',
      floorDown: 'New passphrases may cost less again. Accounts that were raised stay as they are.',
      passkeyOn: 'Everybody without a passkey must add one at the next unlock before any secret is shown. People need a device or security key whose passkeys support the PRF extension: try it with one person first.',
      passkeyOff: 'Passkeys become optional. Those that exist go on working.',
      recoveryOn: 'Nobody has to do anything: every account has a recovery code.',
      recoveryOff: 'Nothing changes for anybody: every account keeps its recovery code.',
    },
    saved: 'The policy is saved.',
    unchanged: 'Nothing was changed.',
  },

  audit: {
    heading: 'Audit log',
    lead: 'What happened in your organization, in a chain of hashes that shows whether something was changed afterwards. It holds ids and reasons, no secrets.',
    export: 'Export',
    chain: 'Is it as it was written?',
    chainText: 'Verifying follows the chain from the first event to the last.',
    head: 'Head of the chain',
    headText: 'Keep the head where nobody who can write to this server’s database reaches it, for instance every day in a ticket. With it nobody can rewrite what came before without being found out.',
    verify: 'Verify the chain',
    /** @param {number} count */
    verifying: (count) => `${count} events so far are intact …`,
    against: 'Compare with a head that you kept',
    noted: 'A head that you kept',
    notedHint: 'A number, a colon and 64 letters and digits.',
    /** @param {number} count */
    intact: (count) => `The chain is intact: ${count} events verified.`,
    upTo: 'Its head:',
    /** @param {number} seq */
    broken: (seq) => `The chain is not intact: something is wrong at event #${seq}.`,
    brokenNext: 'Keep a copy of the database as it is, export the log, and find out who could write to the database.',
    /** By the server's code. @type {Record<string, string | undefined>} */
    faults: {
      gap: 'Events are missing, stand twice or in another place.',
      organization: 'An event of another organization stands there.',
      previous: 'The event follows another one than the event before it.',
      hash: 'The event was changed after it was written, or its hash was.',
      rewritten: 'Events up to the head that you kept were written anew.',
      missing: 'The head that you kept is not there: the end was cut off.',
      'kept-head': 'The end of the chain does not fit the last event: events were cut off or added.',
      other: 'The events do not fit their hashes.',
    },
    events: 'Events',
    columns: { when: 'When', what: 'What happened', place: 'Number' },
    outside: 'Outside the chain',
    none: 'Nothing has happened yet.',
    more: 'Older events',
    somebody: 'somebody',
    operator: 'The operator',
    /** @param {string} name */
    quoted: (name) => `“${name}”`,
  },

  events,
};
