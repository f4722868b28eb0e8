// A person who is on the way: how far, why no farther, and the reminder.

import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { notice } from '../../lib/parts.js';
import { showDateTime } from '../../lib/strings/index.js';
import { copyRow, fromNow, panel } from '../parts.js';
import { words } from '../strings/index.js';
import { nameOf } from './shown.js';

/** @typedef {import('./data.js').User} User */

/** @param {User} user */
export function pending(user) {
  const text = words.user.pending;
  const { step } = user;
  if (!step) return undefined;
  return panel(
    { heading: text.heading, testid: 'user-pending' },
    course(user, step),
    h('div', { testid: 'user-advice', 'data-step': step.name }, notice('stuck', text.advice[step.name])),
    user.refusal && why(user.refusal),
    remind(user),
  );
}

/**
 * The steps, those that were made with their times.
 * @param {User} user
 * @param {NonNullable<User['step']>} step
 */
function course(user, step) {
  const text = words.user.pending;
  const made = { provisioned: 1, reset: 1, 'signed-in': 2, 'setup-begun': 3 }[step.name];
  const first = user.since > user.createdAt ? text.reset : text.provisioned;
  /** @type {[string, number | null][]} */
  const steps = [
    [first, user.since],
    [text.signedIn, user.signedInAt],
    [text.begun, user.setupBegunAt],
    [text.ready, null],
  ];
  return h(
    'ol',
    { class: 'course', testid: 'user-steps' },
    steps.map(([name, at], index) => {
      const past = index < made;
      return h(
        'li',
        { class: past ? 'past' : '', ...(index === made ? { 'aria-current': 'step' } : {}) },
        h('span', { class: 'course-dot' }, past && icon('check')),
        h('span', {}, name),
        past && at !== null && h('time', { class: 'muted small', datetime: new Date(at).toISOString(), title: fromNow(at) }, showDateTime(at)),
      );
    }),
  );
}

/**
 * A refused sign-in, of a person who is not on the way.
 * @param {NonNullable<User['refusal']>} refused
 */
export function refusal(refused) {
  return h('section', { class: 'panel' }, why(refused));
}

/** @param {NonNullable<User['refusal']>} refused */
function why({ at, code }) {
  const text = words.user.refusal;
  return h(
    'div',
    { class: 'problem', testid: 'user-refusal', 'data-code': code },
    icon('warning'),
    h('div', { class: 'problem-in' }, h('p', { class: 'problem-title' }, `${text.title(showDateTime(at))}.`), h('p', {}, text.why[code] ?? text.other)),
  );
}

/** @param {User} user */
function remind(user) {
  const text = words.user.remind;
  const [address] = user.emails.length > 0 ? user.emails : [user.userName].filter((name) => name.includes('@'));
  const body = text.body(nameOf(user), user.signInUrl);
  const mail = address && `mailto:${encodeURIComponent(address)}?subject=${encodeURIComponent(text.subject)}&body=${encodeURIComponent(body)}`;
  return h(
    'div',
    { class: 'stack remind', testid: 'user-remind' },
    h('h3', {}, text.heading),
    h('p', { class: 'muted' }, text.text),
    copyRow('sign-in-link', text.link, user.signInUrl),
    mail ? h('div', { class: 'row' }, h('a', { class: 'button plain', href: mail, testid: 'user-mail' }, icon('mail'), h('span', {}, text.mail))) : h('p', { class: 'muted' }, text.noMail),
  );
}
