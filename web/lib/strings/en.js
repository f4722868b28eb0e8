// Every text of the pages, in English.

import { formsOf } from './forms.js';
import { sheet } from './sheet.js';

/**
 * What a person is told when something does not work: what happened, what became of the work, what to do next. Where a field only asks for better
 * input, nothing happened yet: `safe` is empty, and no support id is shown.
 * @typedef {{ title: string, safe: string, next: string }} ProblemText
 */

const { amount, count, duration } = formsOf('en');

const problems = /** @satisfies {Record<string, ProblemText>} */ ({
  'network-unreachable': {
    title: 'The server could not be reached',
    safe: 'Nothing was lost.',
    next: 'Check your connection, then try again.',
  },
  'bad-answer': {
    title: 'The server gave an answer that makes no sense',
    safe: 'Nothing was lost.',
    next: 'Try again in a minute. If it stays so, give the support id to your administrator.',
  },
  busy: {
    title: 'The server is busy',
    safe: 'Nothing was lost.',
    next: 'Wait a moment, then try again.',
  },
  internal: {
    title: 'The server met an error of its own',
    safe: 'Nothing was lost.',
    next: 'Try again. If it stays so, give the support id to your administrator.',
  },
  full: {
    title: 'You have stored as much as one person can',
    safe: 'Nothing was lost: what you typed is still here.',
    next: 'Delete something first, then try again.',
  },
  'signed-out': {
    title: 'Your sign-in has ended',
    safe: 'Nothing was lost.',
    next: 'Sign in again.',
  },
  suspended: {
    title: 'Your account is suspended',
    safe: 'Your keys and secrets are kept as they are; nothing was deleted.',
    next: 'Ask your administrator to switch the account on again. Then sign in.',
  },
  locked: {
    title: 'Your vault was locked on the server',
    safe: 'Nothing was lost.',
    next: 'Unlock it again with your passphrase.',
  },
  'link-refused': {
    title: 'This link does not work',
    safe: 'Nothing was lost. It was used already, its 15 minutes are over, or the account is not active.',
    next: 'Ask the person who made it for a new one.',
  },
  'link-incomplete': {
    title: 'This link is not complete',
    safe: 'Nothing was lost, and no link was used up.',
    next: 'Open it again exactly as it was given to you, with everything after the # sign.',
  },
  'too-often': {
    title: 'Too many attempts came from your network',
    safe: 'Nothing was lost.',
    next: 'Wait a minute, then try again.',
  },
  'cross-site': {
    title: 'The server refused a request that did not come from its own page',
    safe: 'Nothing was lost.',
    next: 'Open Freehold at its usual address and try again.',
  },
  'too-large': {
    title: 'That is more than the server takes',
    safe: 'Nothing was lost: what you typed is still here.',
    next: 'Make it shorter, then try again.',
  },
  'item-too-large': {
    title: 'One secret can be 1 MB at most',
    safe: 'Nothing was lost: what you typed is still here.',
    next: 'Make it shorter, or split it in two.',
  },
  'not-found': {
    title: 'This no longer exists on the server',
    safe: 'Nothing else was changed.',
    next: 'It may have been deleted in another tab or browser.',
  },
  'stale-version': {
    title: 'This secret was changed somewhere else while you edited it',
    safe: 'Nothing was lost: what you typed is still here, and the other version is kept until you decide.',
    next: 'Choose which version to keep.',
  },
  'invalid-setup': {
    title: 'The server did not accept the new keys',
    safe: 'Nothing was stored and no account was changed. The recovery kit you just made is not valid; throw it away.',
    next: 'Start again. If it happens twice, give the support id to your administrator.',
  },
  'offer-changed': {
    title: 'Your account changed while you were setting up',
    safe: 'Nothing was stored: your user name or another detail is different now, and the keys would not have matched it. The recovery kit you just made is not valid; throw it away.',
    next: 'Start again with the new details.',
  },
  'challenge-gone': {
    title: 'That took too long, so the server asks again',
    safe: 'Nothing was lost.',
    next: 'Try again.',
  },
  'password-too-short': {
    title: 'This passphrase is too short',
    safe: '',
    next: 'Use at least 12 characters; several words are better.',
  },
  'password-too-long': {
    title: 'This passphrase is too long',
    safe: '',
    next: 'Use at most 1,024 bytes: about 1,000 letters.',
  },
  'password-bad-character': {
    title: 'This passphrase holds a character that cannot be typed the same way everywhere',
    safe: '',
    next: 'Leave out control characters, private symbols and brand-new emoji.',
  },
  'password-weak': {
    title: 'This passphrase is too easy to guess',
    safe: '',
    next: 'Add words that have nothing to do with each other, or take the suggested one.',
  },
  'password-repeat': {
    title: 'The two passphrases are not the same',
    safe: '',
    next: 'Type it again, or press Show to see what you type.',
  },
  'password-empty': {
    title: 'Type your passphrase first',
    safe: '',
    next: '',
  },
  'wrong-secret': {
    title: 'That is not your passphrase',
    safe: 'Nothing was lost.',
    next: 'Check capitals, spaces and the keyboard layout, then try again.',
  },
  'tries-used-up': {
    title: 'Too many wrong passphrases',
    safe: 'Nothing was lost: your secrets are where they were.',
    next: 'Freehold is waiting on purpose, so that nobody can guess quickly.',
  },
  tampered: {
    title: 'What the server sent is not what you stored',
    safe: 'Your passphrase is not the problem, and no secret left this browser. The keys or records on the server were changed or damaged, so nothing was opened.',
    next: 'Do not set up again. Tell your security team or administrator, with the support id, and ask them to compare with a backup.',
  },
  'epoch-below': {
    title: 'The server shows an older account than the one you know',
    safe: 'Nothing was opened and nothing was sent. This browser has seen newer keys of yours than the server offers now.',
    next: 'Do not type your passphrase here. Tell your security team or administrator: an old copy may have been put back.',
  },
  'epoch-above': {
    title: 'Your keys were replaced since you were last here',
    safe: 'Nothing was opened and nothing was sent.',
    next: 'Go on only if you asked for new keys.',
  },
  'profile-refused': {
    title: 'The server asked for weaker protection than Freehold allows',
    safe: 'Your passphrase was not used and nothing was sent.',
    next: 'Tell your security team or administrator, with the support id.',
  },
  'wrong-origin': {
    title: 'This page is not at an address your account belongs to',
    safe: 'Your passphrase was not used and nothing was sent.',
    next: 'Open Freehold at the address your administrator gave you.',
  },
  'bad-message': {
    title: 'The server sent something this page cannot read',
    safe: 'Nothing was lost.',
    next: 'Reload the page. If it stays so, give the support id to your administrator.',
  },
  'bad-code': {
    title: 'This recovery code has a typing mistake',
    safe: 'Nothing was lost: your new keys wait in this tab.',
    next: 'Compare it with your kit, group by group. Capitals, spaces and hyphens do not matter.',
  },
  'recovery-mismatch': {
    title: 'This is a recovery code, but not the one of these keys',
    safe: 'Nothing was lost: your new keys wait in this tab.',
    next: 'Perhaps it is an older kit. Use the one you saved a moment ago, or go back and save it again.',
  },
  'recovery-empty': {
    title: 'Paste, type or choose your recovery kit first',
    safe: '',
    next: '',
  },
  'no-code-in-file': {
    title: 'There is no recovery code in this file',
    safe: 'Nothing was lost: your new keys wait in this tab.',
    next: 'Choose the file you just downloaded; its name begins with freehold-recovery-kit. A copy that another program saved or scanned does not count: paste or type its code.',
  },
  'file-too-large': {
    title: 'This file is too large to be a recovery kit',
    safe: 'Nothing was lost: your new keys wait in this tab. The file was not read.',
    next: 'Choose the file you just downloaded; its name begins with freehold-recovery-kit.',
  },
  'bad-passkey': {
    title: 'This passkey cannot open a vault here',
    safe: 'Nothing was changed. The passkey, or this browser, gives no secret to unlock with (WebAuthn calls it PRF), or does not check that it is you.',
    next: 'Use another passkey, another browser, or your passphrase. If this passkey was made just now, you can delete it where your passkeys are kept.',
  },
  'passkey-cancelled': {
    title: 'No passkey was used',
    safe: 'Nothing was lost. It was cancelled, took too long, could not tell that it is you, or no passkey for this account is at hand.',
    next: 'Try again, or use your passphrase.',
  },
  'passkey-there': {
    title: 'There is a passkey of this account already',
    safe: 'Nothing was changed. What you chose holds one that opens your vault.',
    next: 'Choose another device or security key, or use the one there is.',
  },
  'passkey-refused': {
    title: 'The browser did not let this page use passkeys',
    safe: 'Nothing was changed.',
    next: 'Open Freehold at its usual address, or use another browser.',
  },
  'passkey-removed': {
    title: 'This passkey was removed from your account',
    safe: 'Nothing was lost; it opens nothing any more.',
    next: 'Use another passkey, or your passphrase.',
  },
  'passkey-required': {
    title: 'Your organization asks everybody for a passkey',
    safe: 'Nothing was lost, but nothing is given out before there is one.',
    next: 'Add a passkey.',
  },
  'out-of-memory': {
    title: 'This browser ran out of memory',
    safe: 'Nothing was lost. Your passphrase was not judged: this is not about right or wrong.',
    next: 'Close other tabs and programs, then try again.',
  },
  'no-randomness': {
    title: 'This browser gives no secure random numbers',
    safe: 'Nothing was made or sent.',
    next: 'Use another browser, or restart this one.',
  },
  crashed: {
    title: 'The part of the page that does the secret work stopped',
    safe: 'Nothing was lost. Your passphrase was not judged. Most often the browser was short of memory.',
    next: 'Close other tabs and programs, then try again.',
  },
  'out-of-order': {
    title: 'The part of the page that held your keys has stopped',
    safe: 'Nothing was stored or sent, and what you typed is still here.',
    next: 'Copy what you typed, then lock your vault and unlock it again.',
  },
  'worker-failed': {
    title: 'The part of the page that does the secret work could not start',
    safe: 'Nothing was lost.',
    next: 'Reload the page. If it stays so, an extension or a proxy may be blocking it: try another browser.',
  },
  'module-altered': {
    title: 'The part of the page that does the secret work is not the one that was released',
    safe: 'It was not started, and nothing you typed went anywhere.',
    next: 'Do not type a passphrase here. Tell your administrator, with the support id: somebody changed this file on its way or on the server.',
  },
  'password-same': {
    title: 'That is the passphrase you have now',
    safe: '',
    next: 'Choose another one.',
  },
  'text-unseen': {
    title: 'This name has a character in it that cannot be seen',
    safe: 'Nothing was changed.',
    next: 'Type it instead of pasting it.',
  },
  'keys-changed': {
    title: 'Your keys or secrets were changed in another place at the same moment',
    safe: 'Nothing of this change was stored, and nothing was lost. If you kept a new recovery kit just now, throw it away: it opens nothing.',
    next: 'Begin again.',
  },
  'changed-too-often': {
    title: 'Your keys were changed too often',
    safe: 'Nothing of this change was stored, and nothing was lost. If you kept a new recovery kit just now, throw it away: it opens nothing.',
    next: 'Wait ten minutes, then begin again.',
  },
  'damaged-secrets': {
    title: 'One of your secrets cannot be opened, and would be lost with the old keys',
    safe: 'Nothing was changed.',
    next: 'Tell your administrator, who may have a backup; or delete that secret in your vault. Then begin again.',
  },
  'invalid-change': {
    title: 'The server did not accept the change',
    safe: 'Nothing was stored: everything is as it was. If you kept a new recovery kit just now, throw it away: it opens nothing.',
    next: 'Begin again. If it happens twice, give the support id to your administrator.',
  },
  'keys-replaced': {
    title: 'Your keys were made new in another place',
    safe: 'Nothing was stored: this window still holds the old keys.',
    next: 'Copy what you typed, lock your vault, and unlock it again.',
  },
  'reset-open': {
    title: 'You have asked already',
    safe: 'Nothing has changed.',
    next: 'Your request waits for somebody who approves it.',
  },
  'reset-too-often': {
    title: 'You have asked three times today',
    safe: 'Nothing has changed.',
    next: 'Ask again tomorrow, and tell an administrator the reason before.',
  },
  'reset-settled': {
    title: 'This request does not wait any more',
    safe: 'Nothing was changed by you.',
    next: 'The person has unlocked or taken it back, somebody else has decided, or its time is over. Open this screen again.',
  },
  'own-reset': {
    title: 'This is your own request',
    safe: 'Nothing was changed.',
    next: 'Somebody else has to decide on it.',
  },
  'not-appointed': {
    title: 'Somebody else must approve this',
    safe: 'Nothing was changed.',
    next: 'You are an administrator by a group, which is not enough here. An owner, or an administrator who was appointed on the server, can approve it.',
  },
  'not-allowed': {
    title: 'Your role does not allow this',
    safe: 'Nothing was changed.',
    next: 'Ask an owner of your organization.',
  },
  unlocked: {
    title: 'You are unlocked: nothing is lost',
    safe: 'Nothing was changed.',
    next: 'Change your passphrase or your recovery code on the security screen.',
  },
  'below-policy': {
    title: 'Your organization asks for stronger protection than this page used',
    safe: 'Nothing was stored.',
    next: 'Reload the page and begin again.',
  },
  'not-pending': {
    title: 'This account is already set up',
    safe: 'Nothing was changed.',
    next: 'Unlock it with the passphrase it was set up with.',
  },
  'sign-in-not-kept': {
    title: 'You signed in, but this browser did not keep it',
    safe: 'Nothing was lost.',
    next: 'Allow cookies for this site, then sign in again.',
  },
  'clipboard-refused': {
    title: 'The browser did not let this page copy',
    safe: 'Nothing was lost.',
    next: 'Select the text and copy it by hand.',
  },
  unexpected: {
    title: 'Something went wrong that should not have',
    safe: 'Nothing that was stored is lost.',
    next: 'Reload the page. If it happens again, give the support id to your administrator.',
  },
});

export const en = {
  lang: 'en',
  product: 'Freehold',
  skip: 'Skip to content',
  home: 'Freehold, to your vault',
  /** @param {string} screen */
  title: (screen) => `${screen} · Freehold`,
  footer: 'Your keys are made and used in this browser. The server keeps only what it cannot open.',
  noticeLabel: 'For your information',

  language: {
    label: 'Language',
    heading: 'Show the pages in another language?',
    text: 'The page is loaded again for that. What you typed here is lost, an open vault is locked, and a set-up begins again.',
    keep: 'Stay here',
    change: 'Change the language',
  },

  common: {
    back: 'Back',
    cancel: 'Cancel',
    copy: 'Copy',
    copied: 'Copied',
    show: 'Show',
    hide: 'Hide',
    retry: 'Try again',
    signIn: 'Sign in',
    signInNewTab: 'Sign in again in a new tab',
    signOut: 'Sign out',
    supportId: 'Support id',
    startOver: 'Start again',
    capsLock: 'Caps Lock is on.',
  },

  loading: { heading: 'One moment', text: 'Freehold is starting.' },

  unsupported: {
    heading: 'This browser cannot make or use your keys',
    why: 'Freehold needs WebAssembly as browsers have had it since 2023. This browser is older, or has switched it off: Lockdown and strict security modes do that. Nothing was typed, made or sent.',
    whatToDo: 'What you can do',
    steps: [
      'On an iPhone, iPad or Mac in Lockdown Mode: open the page settings in the address bar and switch Lockdown Mode off for this site only.',
      'In Microsoft Edge: site permissions, Enhanced security, and add this site as an exception.',
      'In Tor Browser: set the security level to Standard for this session.',
      'Or use another browser. An up-to-date Firefox, Chrome, Edge or Safari works.',
    ],
    never: 'There is no weaker way in for older browsers. It would be the one that an attacker uses.',
  },

  sessionEnd: {
    idle: 'You will be signed out in about three minutes, because this page was not used.',
    stay: 'Stay signed in',
    /** @param {string} when */
    absolute: (when) => `Your sign-in ends at ${when}. Sign in again in a new tab; what you typed here stays.`,
    ended: 'Your sign-in has ended. What you typed is still here: sign in again in a new tab, then go on in this one.',
  },

  suspended: { heading: 'Your account is suspended' },

  problems,
  /** @param {string} code @returns {ProblemText} */
  problem: (code) => /** @type {Record<string, ProblemText | undefined>} */ (problems)[code] ?? problems.unexpected,

  setup: {
    steps: ['You', 'Passphrase', 'Recovery kit', 'Proof', 'Done'],
    stepsLabel: 'Set-up',

    who: {
      heading: 'Welcome to Freehold',
      /** @param {string} organization */
      lead: (organization) =>
        `${organization} gave you a place for your secrets that only you can open. Setting it up takes about a minute.`,
      from: 'Your sign-in says you are',
      name: 'Name',
      userName: 'User name',
      organization: 'Organization',
      externalId: 'Id at your identity provider',
      plan: 'What happens now',
      planSteps: [
        'You choose a passphrase. It never leaves this browser.',
        'You keep a recovery kit, for the day you forget the passphrase.',
        'This browser makes your keys, and sends the server only what it cannot open.',
      ],
      /** @param {number} seconds */
      slow: (seconds) =>
        `This device is slow at this kind of work: making your keys will take about ${duration(seconds)}. You can cancel at any time. Another browser may be much faster.`,
      /** @param {string} when */
      again: (when) =>
        `Keys were made in this browser on ${when}, but the set-up was not finished, so nothing of them was stored. You start afresh, and nothing is lost. If you kept a recovery kit from then, throw it away: it opens nothing.`,
      otherTab: 'Set-up is also open in another tab of this browser. Go on there, or here: only one of them can finish.',
      continue: 'Yes, this is me',
      notMe: 'This is not me',
    },

    passphrase: {
      heading: 'Choose your passphrase',
      lead: 'You will type it to open your vault. It never leaves this browser, so nobody can look it up or reset it for you.',
      choice: 'Which passphrase?',
      suggested: 'Use the suggested one',
      suggestedHint: 'Seven random words. Hard to guess, easy to type.',
      own: 'Choose my own',
      ownHint: 'At least 12 characters, in any language.',
      suggestedLabel: 'Your suggested passphrase',
      suggestedStrength: 'Very strong: there are 150 sextillion passphrases like it.',
      another: 'Suggest another',
      copy: 'Copy',
      keep: 'Save it in your password manager, or write it down and keep it safe until you know it by heart.',
      field: 'Your passphrase',
      repeat: 'Type it again',
      continue: 'Make my keys',
    },

    strength: {
      label: 'Strength',
      idle: 'Longer is better. Several words that have nothing to do with each other are best.',
      checking: 'Checking how hard it is to guess',
      failed:
        'The strength check could not run, so this passphrase was not judged. Take the suggested one, or a long phrase that nobody else uses.',
      common: 'This one is on the list of passphrases that attackers try first.',
      scores: ['Very weak', 'Weak', 'Not enough yet', 'Nearly there', 'Strong'],
      /** @param {string} score @param {number} log10 @param {string | undefined} why */
      verdict: (score, log10, why) => `${score}: about ${magnitude(log10)} guesses.${why ? ` ${why}` : ''}`,
      /** By the names that the estimate gives its warnings. @type {Record<string, string | undefined>} */
      warnings: {
        StraightRowsOfKeysAreEasyToGuess: 'Rows of keys are easy to guess.',
        ShortKeyboardPatternsAreEasyToGuess: 'Keyboard patterns are easy to guess.',
        RepeatsLikeAaaAreEasyToGuess: 'Repeated characters are easy to guess.',
        RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess: 'Repeating it makes it hardly harder.',
        SequencesLikeAbcAreEasyToGuess: 'Sequences are easy to guess.',
        RecentYearsAreEasyToGuess: 'Years are easy to guess.',
        AWordByItselfIsEasyToGuess: 'A single word is easy to guess.',
        DatesAreOftenEasyToGuess: 'Dates are easy to guess.',
        NamesAndSurnamesByThemselvesAreEasyToGuess: 'Names are easy to guess.',
        CommonNamesAndSurnamesAreEasyToGuess: 'Names are easy to guess.',
      },
    },

    making: {
      heading: 'Making your keys',
      lead: 'This is slow on purpose: whoever wants to guess your passphrase must do the same work for every guess.',
      label: 'Progress',
      cancel: 'Cancel',
      steps: {
        derive: 'Stretching your passphrase',
        make: 'Making your keys',
        seal: 'Encrypting them',
        check: 'Opening everything once more, to be sure',
      },
      start: 'Asking the server for your account',
    },

    kit: {
      heading: 'Keep your recovery kit',
      lead: 'If you forget your passphrase, this kit is the only way back to your keys. Keep it where you keep your passport.',
      paperFor: 'If you forget your passphrase, this code opens your keys in its place, so that you can choose a new one. Keep it safe and show it to nobody.',
      download: 'Download the kit',
      copy: 'Copy the code',
      print: 'Print',
      canText: 'You can, with this kit. Whoever holds it can get at your keys: show it to nobody.',
      cannot: 'Who cannot',
      cannotText: 'Your administrator, your identity provider and the people who run this server never see it and cannot make another.',
      continue: 'I have kept it',
      startOver: 'Start again with another passphrase',
      /** @param {string} slug @param {string} user */
      fileName: (slug, user) => `freehold-recovery-kit-${slug}-${user}.pdf`,
      paper: sheet.paper,
      sheet,
      /** What to know about the PDF's language where it is another one. */
      sheetLanguage: '',
    },

    prove: {
      heading: 'Show that you kept it',
      lead: 'Kits that were never saved are found out on the worst day. So give it back once: choose the file, or paste or type the code or the 24 words.',
      file: 'Choose the kit you downloaded',
      or: 'or',
      text: 'Paste or type the code or the words',
      textHint: 'Capitals, spaces and hyphens do not matter.',
      continue: 'Check and finish',
      back: 'Back to the kit',
    },

    saving: {
      heading: 'Storing your keys',
      text: 'Sending the server what it cannot open.',
      networkSafe: 'Nothing was lost: your new keys wait in this tab, and trying again sends exactly the same message, so that it cannot count twice.',
      signedOutNext: 'Sign in again in a new tab. Then come back to this tab and press Try again.',
      waitSafe: 'Nothing was lost: your new keys wait in this tab. Keep it open.',
    },

    done: {
      heading: 'Done. Your vault is yours',
      lead: 'Your keys are stored, encrypted. Nobody but you can open them: not your administrator, not the people who run this server.',
      next: 'Your vault asks for your passphrase now, the first of many times.',
      open: 'Open my vault',
      organize: 'Set up your organization',
      receivedHeading: 'What the server received',
      receivedLead: 'These are all the records that left this browser, and why each one stays closed to the server.',
      download: 'Download these records',
      caption: 'The records the server received',
      record: 'Record',
      what: 'What it is',
      why: 'Why it cannot be opened',
      /** @param {number} bytes */
      bytes: (bytes) => amount(bytes, 'byte'),
      fileName: 'freehold-what-the-server-received.json',
      fileAbout: 'Everything the server received from this browser at set-up. "request" is the message as it was sent, "records" explains it. Binary values are base64url.',
      records: {
        card: {
          name: 'Card',
          what: 'Your public keys and your user name, signed by your own key. Others use it to encrypt for you.',
          why: 'It holds nothing secret: public keys cannot decrypt.',
        },
        state: {
          name: 'Account state',
          what: 'A signed list of your ways in, with fingerprints of every record here, so that your browser notices any exchange.',
          why: 'It holds public keys and fingerprints only. Whoever has it can test guesses at your passphrase, each as slow as the one you saw: that is why the passphrase must be strong.',
        },
        keyring: {
          name: 'Keyring',
          what: 'Your private keys, encrypted.',
          why: 'It is encrypted with a key made from your master key, which never left this browser.',
        },
        'password-parameters': {
          name: 'Passphrase settings',
          what: 'A random salt and how much work one guess costs.',
          why: 'It says nothing about your passphrase.',
        },
        'password-envelope': {
          name: 'Master key, closed with your passphrase',
          what: 'Your master key, encrypted.',
          why: 'Only the key stretched from your passphrase opens it, and that never left this browser.',
        },
        'password-proof': {
          name: 'Proof for the passphrase',
          what: 'A signature over the server’s question, so that later unlocks can be checked.',
          why: 'A signature shows that you hold a key without showing the key.',
        },
        'recovery-envelope': {
          name: 'Master key, closed with your recovery code',
          what: 'Your master key, encrypted a second time.',
          why: 'Only the recovery code opens it: 256 random bits that nobody can guess.',
        },
        'recovery-proof': {
          name: 'Proof for the recovery code',
          what: 'A signature over the server’s question, made with a key from the recovery code.',
          why: 'A signature shows that you hold a key without showing the key.',
        },
      },
    },

    taken: {
      heading: 'This account was just set up somewhere else',
      text: 'Another tab or browser that is signed in as you finished its set-up first. The keys made here were not stored and are gone; the account has one set of keys, the other one.',
      kit: 'If you kept a recovery kit here, throw it away: it opens nothing. The kit from the other place is the right one.',
      wasMe: 'If that was you, unlock with the passphrase you chose there.',
      notMe: 'If it was not you, someone can sign in as you. Tell your administrator now. Nothing of yours is in the account yet.',
      unlock: 'Unlock',
    },

    epoch: {
      heading: 'Your keys were reset',
      text: 'This browser remembers earlier keys of yours. The server says that they were put aside and that you shall make new ones. That is right if you asked for a reset because you lost everything.',
      yes: 'I asked for it. Go on',
      no: 'I did not. Stop here',
    },
    refusedHeading: 'Set-up stopped',
  },

  unlock: {
    heading: 'Unlock your vault',
    /** @param {string} name */
    lead: (name) => `Signed in as ${name}. Your passphrase does the rest, in this browser only.`,
    field: 'Passphrase',
    submit: 'Unlock',
    /** @param {number} tries */
    triesLeft: (tries) => count(tries, { one: 'You have one more try before a waiting time.', other: 'You have # more tries before a waiting time.' }),
    noTriesLeft: 'That was the last try before a waiting time.',
    /** @param {string} when @param {number} seconds */
    waitUntil: (when, seconds) => `You can try again at ${when}, in ${duration(seconds)}.`,
    waitUnknown: 'Waiting does not help: open your keys with your recovery code instead, and choose a new passphrase.',
    again: 'You can try again now.',
    forgot: 'I forgot my passphrase',
    forgotText: [
      'Nobody can look it up for you: that is the point of it.',
      'Your recovery kit opens your keys in its place. You choose a new passphrase then, and get a new kit.',
    ],
    recover: 'Use my recovery code',
    slow: /** @param {number} seconds */ (seconds) => `On this device unlocking takes about ${duration(seconds)}. You can cancel at any time. Another browser may be much faster.`,

    working: {
      heading: 'Unlocking',
      lead: 'This is slow on purpose, so that nobody can guess quickly.',
      steps: {
        derive: 'Stretching your passphrase',
        make: 'Answering the server’s question',
        seal: 'Answering the server’s question',
        check: 'Checking and opening your keys',
      },
      start: 'Asking the server for your account',
    },

    epoch: {
      heading: 'Your keys were replaced',
      text: 'The server offers newer keys than the ones this browser remembers. That is right if you replaced your keys elsewhere, or asked for a reset.',
      yes: 'I replaced them. Go on',
      no: 'I did not. Sign out',
    },
    refusedHeading: 'Not unlocked',
    tamperedHeading: 'Something is wrong with your account on the server',
    signedOutNext: 'Sign in again in a new tab. Then come back to this tab and unlock.',
    notCounted: 'It was not sent to the server and does not count as a try.',
  },

  lost: {
    open: 'I have lost my recovery kit too',
    heading: 'Ask for new keys',
    lead: 'Without passphrase, recovery kit and passkeys nobody can open your secrets, not even we. You can ask to begin anew.',
    effects: [
      'Asking changes nothing. If you find your passphrase or your kit, just unlock: that takes the request back.',
      'Somebody else has to approve it. Your present keys and secrets are put aside then, and you set up new ones; your vault is empty.',
      'What was put aside is kept for a while and can be brought back until you have made new keys. Then it is destroyed.',
    ],
    byAdmin: 'An administrator of your organization approves it, who should ask you in person or by phone. Tell one of them the number of the request.',
    byOperator: 'Nobody else in your organization can approve it in these pages: it takes whoever runs the server.',
    ask: 'Ask for new keys',
    back: 'Back',
    waitingHeading: 'Your request waits',
    /** @param {string} asked @param {string} until */
    waiting: (asked, until) => `You asked on ${asked}. It waits until ${until}. Nothing has changed yet.`,
    /** @param {string} id */
    id: (id) => `Request ${id}`,
    cancel: 'Take it back',
    look: 'Look again',
    before: {
      requested: '',
      approved: 'An earlier request was approved.',
      denied: 'Your last request was turned down. Nothing was changed.',
      cancelled: 'Your last request was taken back. Nothing was changed.',
      expired: 'Your last request waited too long and is over. Nothing was changed.',
      undone: 'Your last request was undone: your earlier keys and secrets are back.',
    },
  },

  passkeys: {
    heading: 'Passkeys',
    text: 'A passkey opens your vault with a finger, a face, a PIN or a security key, in place of the passphrase. Passphrase and recovery kit stay. It works at this address only, and is as safe as the device or the service that keeps it.',
    unlock: 'Unlock with a passkey',
    useOne: 'Use a passkey',
    add: 'Add a passkey',
    unnamed: 'A passkey without a name',
    /** @param {string} when */
    since: (when) => `Added ${when}`,
    rename: 'Rename',
    renameHeading: 'Rename this passkey',
    renamed: 'Renamed.',
    save: 'Save',
    name: 'Name',
    nameHint: 'For example the device it is on.',
    remove: 'Remove',
    /** @param {string} name */
    removeHeading: (name) => `Remove “${name}”?`,
    removeLead: 'It will not open your vault any more. Show that it is you first.',
    removed: 'Removed.',
    impossible: 'This browser cannot use passkeys. Another one on this device may.',
    /** @param {number} most */
    full: (most) => `You have ${most} passkeys, as many as an account takes. Remove one to add another.`,

    waiting: {
      heading: 'Waiting for your passkey',
      lead: 'Follow your browser or device. It asks for your finger, face or PIN.',
    },

    adding: {
      heading: 'Add a passkey',
      proveLead: 'Show first that it is you.',
      prove: 'Continue',
      makeLead: 'Give it a name, then let your browser or device make it.',
      /** @param {number} n */
      defaultName: (n) => `Passkey ${n}`,
      create: 'Make the passkey',
      useHeading: 'Use it once',
      useLead: 'The passkey is made. Use it now, so that it is certain to open your vault later. Nothing is stored before that.',
      use: 'Use it now',
      added: 'The passkey was added. It opens your vault from now on.',
    },

    first: {
      heading: 'Your organization asks for a passkey',
      text: 'Everybody in your organization needs a passkey, and your account has none yet. Add one, and your vault opens.',
      kept: 'Your secrets are where they were. Your passphrase goes on working.',
    },

    problems: {
      wrong: {
        title: 'This passkey did not unlock your vault',
        safe: 'Nothing was lost. It gave another secret than when it was added: its device or service may have been reset.',
        next: 'Unlock with your passphrase or another passkey. Then remove this one and add it again.',
      },
      usedUp: {
        title: 'Too many tries with passkeys',
        safe: 'Nothing was lost, and your passphrase is not held back.',
        next: 'Unlock with your passphrase, or wait an hour.',
      },
      last: {
        title: 'This is your only passkey, and your organization asks for one',
        safe: 'It was not removed.',
        next: 'Add another one first.',
      },
    },
  },

  vault: {
    heading: 'Your vault',
    add: 'Add a secret',
    search: 'Search by name',
    lock: 'Lock',
    console: 'Organization',
    security: 'Security',
    listLabel: 'Your secrets',
    /** @param {number} shown @param {number} all */
    count: (shown, all) => (shown === all ? '' : `${shown} of `) + count(all, { one: '# secret', other: '# secrets' }),
    emptyHeading: 'Nothing here yet',
    emptyText: 'Keep a password, a code or a note. It is encrypted in this browser before it is sent.',
    settings: 'Settings for this browser',
    lockSetting: {
      label: 'Lock as soon as this tab is out of sight',
      hint: 'When you switch to another tab or app, or the screen locks. Without it, your vault locks after 15 minutes without use.',
    },
    noMatch: 'No secret has that in its name.',
    reveal: 'Show',
    conceal: 'Hide',
    copy: 'Copy',
    edit: 'Edit',
    remove: 'Delete',
    value: 'Value',
    note: 'Note',
    noValue: 'No value',
    /** @param {string} action @param {string} name */
    actionOn: (action, name) => `${action} ${name}`,
    /** @param {string} when @param {number} version */
    changed: (when, version) => `Version ${version} · changed ${when}`,
    copiedValue: 'Copied. It stays in the clipboard until you copy something else.',
    damagedName: 'A secret that cannot be opened',
    damagedText: 'It was changed or damaged outside your browser. Your other secrets are not touched. Tell your administrator, who may have a backup; deleting it here cannot be undone.',
    saved: 'Saved.',
    deleted: 'Deleted.',
    loading: 'Opening your secrets',
    idle: 'Still there? Your vault locks in one minute.',
    stay: 'Stay unlocked',

    deleteHeading: 'Delete this secret?',
    /** @param {string} name */
    deleteText: (name) => `“${name}” will be gone for good. Nobody can bring it back.`,
    deleteConfirm: 'Delete',
    notDeleted: {
      title: 'This secret was changed somewhere else',
      safe: 'It was not deleted, and nothing was lost.',
      next: 'Look at what it is now, then decide again.',
    },

    notices: {
      /** @param {number} n */
      failedSince: (n) => `Since you last unlocked, there ${count(n, { one: 'was # failed try', other: 'were # failed tries' })} at your vault. If that was not you, tell your administrator: someone can sign in as you.`,
      /** @param {string} when */
      changedAt: (when) => `Your keys were last changed on ${when}.`,
      lockedIdle: 'Locked after 15 minutes without use. Nothing was lost.',
      lockedIdleDraft: 'Locked after 15 minutes without use. What you were typing is kept, encrypted, and comes back when you unlock.',
      lockedHidden: 'Locked because this tab was out of sight, as you asked for. Nothing was lost.',
      lockedHiddenDraft: 'Locked because this tab was out of sight, as you asked for. What you were typing is kept, encrypted, and comes back when you unlock.',
      lockedCrashed: 'Locked: the part of the page that held your keys stopped. Nothing was lost. Most often the browser was short of memory.',
      lockedByYou: 'Locked. Your keys are gone from this browser’s memory.',
      lockedElsewhere: 'Locked from another tab.',
      lockedOvertaken: 'Your keys were changed in another place, so the server asks for your passphrase again: the newest one.',
      lockedByServer: 'The server asks for your passphrase again. Nothing was lost.',
      lockedByServerDraft: 'The server asks for your passphrase again. What you were typing is kept, encrypted, and comes back when you unlock.',
      draftBack: 'Here is what you were typing before the vault was locked. It is not saved yet.',
    },
  },

  security: {
    heading: 'Security',
    back: 'Back to your vault',
    continue: 'Continue',
    /** @param {string} when */
    lead: (when) => `Your keys were last changed on ${when}. If that was not you, tell your administrator.`,
    ways: 'What opens your keys',
    /** @param {string} when */
    since: (when) => `Since ${when}`,

    confirm: {
      heading: 'Your present passphrase',
      submit: 'Continue',
      working: { heading: 'Checking your passphrase', lead: 'This is slow on purpose, so that nobody can guess quickly.' },
    },

    working: {
      heading: 'Closing your keys anew',
      lead: 'This is slow on purpose: whoever wants to guess your passphrase must do the same work for every guess. Nothing is stored yet.',
      start: 'Beginning',
      steps: {
        derive: 'Stretching your passphrase',
        make: 'Making your keys',
        seal: 'Encrypting them',
        check: 'Opening everything once more, to be sure',
      },
    },

    saving: {
      heading: 'Storing the change',
      text: 'Sending the server what it cannot open. Keep this tab open.',
      waitSafe:
        'Nothing was lost. Either all of the change is stored or nothing of it, and trying again sends exactly the same message, so that it cannot count twice. If you leave before there is an answer, what is new counts if it was stored, and what was before if not.',
    },

    passphrase: {
      name: 'Passphrase',
      what: 'You type it to open your vault.',
      change: 'Change',
      reason: 'To change your passphrase, type the one you have now.',
      choose: {
        heading: 'Choose a new passphrase',
        lead: 'It opens the same keys: your secrets stay as they are, and your recovery kit stays good.',
        continue: 'Change my passphrase',
      },
      done: {
        heading: 'Your passphrase is changed',
        text: ['The new one counts from now on; the old one opens nothing any more. Your secrets and your recovery kit stay as they were.', 'Your other browsers are locked and will ask for the new one.'],
      },
    },

    code: {
      name: 'Recovery code',
      what: 'It opens your keys if you forget the passphrase.',
      change: 'Replace',
      reason: 'To get a new recovery kit, type your passphrase. The old kit stays good until you have shown that you kept the new one.',
      done: {
        heading: 'Your recovery code is replaced',
        text: ['The kit that you kept just now is the right one. Throw the old one away: its code opens nothing any more.', 'Your other browsers are locked and will ask for your passphrase.'],
      },
    },

    unmade: {
      not: {
        text: 'The change that you had begun was not made. Your old passphrase and your old recovery code still hold, unless you have changed them elsewhere since.',
        /** @param {string} made */
        kit: (made) => `The recovery kit of ${made} is void: it opens nothing. Destroy it, so that nobody takes it for the right one.`,
      },
      unknown: {
        text: 'No answer came to the change that you had sent, so this browser does not know whether it was stored. If you had chosen a new passphrase, try that one first, then the old one.',
        /** @param {string} made */
        kit: (made) => `Until you know, keep your old recovery kit and the one of ${made}: if the change was stored, only the new one opens your keys, else only the old one. Under Security you see since when your recovery code counts.`,
      },
    },

    resets: {
      heading: 'Requests for new keys',
      text: 'Somebody who lost everything asks to begin anew. Talk to the person first, not by e-mail: whoever signs in as that person makes the new keys.',
      none: 'Nobody asks.',
      /** @param {string} when */
      asked: (when) => `asked on ${when}`,
      own: 'This is your own request. Somebody else has to decide.',
      approve: 'Approve',
      deny: 'Turn down',
      /** @param {string} name */
      sure: (name) => `The keys and secrets of ${name} are put aside, and destroyed after a while. Have you talked to the person and compared the number of the request?`,
      approveSure: 'Yes, put the old keys aside',
      approved: 'Approved. The person can set up new keys now.',
      denied: 'Turned down. Nothing was changed.',
    },
    received: {
      heading: 'What the server has received',
      short: 'Every record that the server keeps of you, what it is, and why it cannot be opened there.',
      open: 'Look at the records',
      lead: 'These are the records as the server gave them to this browser when you last unlocked, and why each one stays closed to it. It gives out an envelope only to whoever has proved the way that opens it, so the others have no size here.',
      clear: 'In the clear it has what your identity provider told it of you, when and from where you signed in, the names of your passkeys, and how many secrets you have, how large they are and when they changed.',
      fileName: 'freehold-what-the-server-has.json',
      fileAbout: 'The records that the server keeps of this account, as it gave them at the last unlock. Binary values are base64url; several values of a record are in order.',
      passkey: {
        /** @param {string} name */
        name: (name) => `Passkey “${name}”`,
        what: 'What to ask the passkey, and your master key, encrypted once more.',
        why: 'Only the secret that the passkey gives opens it, and that never left your devices.',
      },
      items: {
        /** @param {string} count */
        name: (count) => `In your vault: ${count}`,
        what: 'Name, value and note of each secret, encrypted with a key of its own.',
        why: 'That key is encrypted for your private key, which is in your keyring.',
      },
    },

    leaked: {
      heading: 'Somebody may know my passphrase or code',
      short: 'Perhaps somebody watched you type, found your kit, or a device of yours was stolen or infected. Then another passphrase is not enough: make all keys new.',
      begin: 'Make all my keys new',
      lead: 'This makes new keys for everything you have, so that whoever learned your passphrase or your code can do nothing with it from then on. It takes a few minutes.',
      effects: [
        'You choose a new passphrase and get a new recovery kit. The old ones open nothing any more.',
        'Your secrets stay. Each is put under the new keys.',
        'Passkeys have to be added again.',
        'Your other browsers are locked. They ask whether you replaced your keys, and then for the new passphrase.',
      ],
      items: 'What somebody has already read cannot be made unread: afterwards, also change the passwords that you keep in your vault.',
      continue: 'Go on',
      reason: 'To make all your keys new, type the passphrase you have now.',
      choose: {
        heading: 'Choose a new passphrase',
        lead: 'Choose one that has nothing to do with the old one.',
        continue: 'Make new keys',
      },
      done: {
        heading: 'All your keys are new',
        text: [
          'The old passphrase and the old kit open nothing any more. Your secrets are all here, under the new keys.',
          'Your other browsers are locked. When they ask whether you replaced your keys, say yes.',
          'Passkeys have to be added again. And change the passwords that you keep in your vault, if somebody may have read them.',
        ],
      },
    },

    recover: {
      heading: 'Use your recovery code',
      lead: 'It is in your recovery kit. It opens your keys once, so that you can choose a new passphrase; you get a new code with it.',
      file: 'Choose your recovery kit',
      or: 'or',
      text: 'Paste or type the code or the words',
      textHint: 'Capitals, spaces and hyphens do not matter.',
      continue: 'Open my keys',
      back: 'Back',
      tooMany: 'Too many wrong recovery codes',
      badCodeSafe: 'It was not sent to the server and does not count as a try.',
      wrong: {
        title: 'That is a recovery code, but not the one of your account',
        next: 'Perhaps it is from an older kit. The newest one is the right one.',
      },
      passphrase: {
        heading: 'Choose a new passphrase',
        lead: 'Your recovery code is right. It stays good until you have a new passphrase and have kept a new kit; nothing is changed before that.',
        continue: 'Go on to the new kit',
      },
      done: {
        heading: 'You are back in',
        text: ['Your new passphrase and your new kit count from now on. The old passphrase and the old code open nothing any more: throw the old kit away.', 'Your secrets are as they were. Your other browsers are locked and will ask for the new passphrase.'],
      },
    },

    raising: {
      heading: 'Raising the protection of your keys',
      lead: 'Your organization asks for stronger protection than your keys have. Your passphrase stays the same, and your vault opens in a moment.',
      start: 'Asking the server',
      steps: {
        derive: 'Stretching your passphrase harder than before',
        make: 'Storing the stronger protection',
        seal: 'Storing the stronger protection',
        check: 'Storing the stronger protection',
      },
      skip: 'Not now',
    },

    sessions: {
      heading: 'Where you are signed in',
      lead: 'Ending a sign-in locks that browser at once. It cannot be unlocked again without signing in.',
      thisOne: 'This browser',
      unknown: 'Unknown browser',
      /** @param {string} browser @param {string} system */
      client: (browser, system) => `${browser} on ${system}`,
      /** @param {string} when */
      seen: (when) => `Last used ${when}`,
      /** @param {string} when */
      since: (when) => `Signed in ${when}`,
      end: 'End',
      endOthers: 'End all others',
      ended: 'Ended.',
    },
  },

  edit: {
    newHeading: 'Add a secret',
    changeHeading: 'Edit secret',
    name: 'Name',
    nameHint: 'For example the site or program it belongs to.',
    value: 'Secret value',
    note: 'Note',
    noteHint: 'Encrypted like the value.',
    optional: 'optional',
    save: 'Save',
    nameMissing: 'Give it a name, so that you find it again.',
    theirs: 'The other version',
    keepMine: 'Save mine as the newest version',
    takeTheirs: 'Drop mine, keep the other',
    goneTitle: 'This secret was deleted somewhere else while you edited it',
    gone: 'What you typed is still here.',
    signedOutNext: 'Sign in again in a new tab. Then come back to this tab and press Try again.',
    keepAsNew: 'Keep it as a new secret',
    dropMine: 'Drop it',
  },

  enter: {
    heading: 'Sign in with a one-time link',
    lead: 'This link signs you in without your identity provider. Your vault still opens with your passphrase only.',
    once: 'It works once. Whoever is signed in to Freehold in this browser is signed out.',
    continue: 'Continue',
  },

  signedOut: {
    heading: 'You are signed out',
    text: 'Your keys are gone from this browser’s memory. You may still be signed in at your identity provider; on a shared computer, sign out there too.',
  },
};

/** @param {number} log10 */
function magnitude(log10) {
  const names = ['', 'thousand', 'million', 'billion', 'trillion', 'quadrillion', 'quintillion', 'sextillion'];
  const power = Math.min(23, Math.max(0, Math.floor(log10)));
  if (power < 3) return `${10 ** power}`;
  return `${10 ** (power % 3)} ${names[Math.floor(power / 3)]}`;
}
