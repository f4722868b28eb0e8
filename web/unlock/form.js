// The unlock form: one field, and what went wrong the last time.

import { h } from '../lib/h.js';
import { actions, button, hiddenUserName, lead, passphraseField, submit } from '../lib/parts.js';
import { hasPasskeys } from '../lib/passkey.js';
import { ownProblem, problemBox } from '../lib/problem.js';
import { announce, show } from '../lib/screen.js';
import { showTime, t } from '../lib/strings/index.js';
import { unmadeNotice } from '../security/unmade.js';

const SLOW_MS = 3000;

/**
 * @param {import('./unlock.js').Context} context
 * @param {Extract<import('./unlock.js').State, { kind: 'form' }>} state
 */
export function form(context, { problem, typed, waitUntil, signIn }) {
  const { session, deriveMilliseconds, purpose } = context;
  const words = t.unlock;
  context.keys.warm();
  const { box, input } = passphraseField({
    id: 'unlock-passphrase', label: words.field, autocomplete: 'current-password',
    testid: 'unlock-passphrase', showTestid: 'unlock-show', capsTestid: 'unlock-caps',
  });
  const open = submit('unlock-submit', purpose.words.submit);
  const trouble = h('div', { class: 'trouble' });
  const send = () => {
    if (open.disabled) return;
    if (input.value !== '') return context.go({ kind: 'working', typed: input.value });
    trouble.replaceChildren(problemBox(ownProblem('password-empty')));
    input.focus();
  };
  const notice = context.notice;
  context.notice = undefined; // said once

  show(
    purpose.screen,
    purpose.words.heading,
    lead(purpose.words.lead),
    notice,
    purpose.screen === 'unlock' && unmadeNotice(session.userId),
    h(
      'form',
      { novalidate: true, class: 'stack', on: { submit: (event) => { event.preventDefault(); send(); } } },
      hiddenUserName('unlock-username', session.userName),
      box,
      deriveMilliseconds >= SLOW_MS && h('p', { class: 'hint', testid: 'unlock-estimate' }, words.slow(Math.round(deriveMilliseconds / 1000))),
      trouble,
      actions(
        button(`${purpose.screen}-leave`, purpose.leave.label, purpose.leave.press, { kind: 'quiet', icon: purpose.leave.icon }),
        context.passkeys.length > 0 && hasPasskeys() && button(`${purpose.screen}-by-passkey`, purpose.screen === 'unlock' ? t.passkeys.unlock : t.passkeys.useOne, () => context.go({ kind: 'passkey' }), { icon: 'key' }),
        open,
      ),
    ),
    purpose.canForget && h(
      'details',
      { testid: 'unlock-forgot' },
      h('summary', {}, words.forgot),
      words.forgotText.map((text) => h('p', {}, text)),
      h('div', { class: 'row' }, button('unlock-recover', words.recover, () => context.go({ kind: 'recover' }), { icon: 'key' }), button('unlock-lost', t.lost.open, () => context.go({ kind: 'lost' }), { kind: 'quiet' })),
    ),
  );
  const more = waitUntil === undefined ? [] : [h('p', { class: 'strong' }, waitText(waitUntil))];
  if (problem) trouble.replaceChildren(problemBox(problem, { more, ...(signIn ? { signIn } : {}) }));
  if (waitUntil !== undefined) return wait(open, trouble, waitUntil);
  if (typed !== undefined) {
    input.value = typed;
    input.select();
  }
  input.focus();
}

/** @param {number} until */
function waitText(until) {
  return t.unlock.waitUntil(showTime(until), Math.max(1, Math.ceil((until - Date.now()) / 1000)));
}

/**
 * Keeps the button off until the server will listen again.
 * @param {HTMLButtonElement} open
 * @param {HTMLElement} trouble
 * @param {number} until
 */
function wait(open, trouble, until) {
  open.disabled = true;
  const text = trouble.querySelector('.strong');
  const timer = setInterval(() => {
    if (!open.isConnected) return clearInterval(timer);
    if (Date.now() < until) {
      if (text) text.textContent = waitText(until);
      return;
    }
    clearInterval(timer);
    open.disabled = false;
    trouble.replaceChildren();
    announce(t.unlock.again);
  }, 1000);
}
