// Before a sign-in ends, the page says so, so that nothing that was typed is lost: after a time without use, and some hours after the sign-in. Whoever
// signs in again in another tab goes on here.

import { ApiError, getSession, heardAt } from './api.js';
import { h } from './h.js';
import { icon } from './icons.js';
import { button } from './parts.js';
import { loginAddress } from './problem.js';
import { announce } from './screen.js';
import { showTime, t } from './strings/index.js';

const CHECK_EVERY_MS = 10_000;
const WARN_BEFORE_MS = 3 * 60_000;
/** Somebody who typed or clicked since then uses the page, though the server sees nothing of it. */
const RECENT_MS = 5 * 60_000;

/** @typedef {'idle' | 'absolute' | 'ended'} Warning */

/** @param {import('./api.js').Session} session */
export function watchSession(session) {
  let end = Date.now() + session.endsInMs;
  let usedAt = Date.now();
  let over = false;
  /** @type {{ kind: Warning, box: HTMLElement } | undefined} */
  let shown;

  /** @param {Warning | undefined} kind */
  const warn = (kind) => {
    if (shown?.kind === kind) return;
    shown?.box.remove();
    shown = kind && { kind, box: banner(kind, end, ask) };
    if (!shown) return;
    document.querySelector('.top')?.after(shown.box);
    announce(shown.box.querySelector('p')?.textContent ?? '');
  };

  const check = () => {
    const now = Date.now();
    const idleEnd = heardAt() + session.idleMs;
    if (over) return warn('ended');
    if (now >= Math.min(end, idleEnd)) return ask(); // another tab may have kept it
    if (end - now < WARN_BEFORE_MS) return warn('absolute');
    if (idleEnd - now >= WARN_BEFORE_MS) return warn(undefined);
    if (now - usedAt < RECENT_MS) return ask();
    warn('idle');
  };

  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const { endsInMs } = await getSession();
      end = Date.now() + endsInMs;
      over = false;
      check();
    } catch (error) {
      // Without an answer nothing is known; it is asked again.
      if (error instanceof ApiError && error.status === 401) {
        over = true;
        check();
      }
    } finally {
      asking = false;
    }
  };

  for (const name of ['pointerdown', 'keydown']) window.addEventListener(name, () => (usedAt = Date.now()), { passive: true, capture: true });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && shown) ask();
  });
  setInterval(check, CHECK_EVERY_MS);
}

/**
 * @param {Warning} kind
 * @param {number} end
 * @param {() => void} stay
 */
function banner(kind, end, stay) {
  const words = t.sessionEnd;
  const text = { idle: words.idle, absolute: words.absolute(showTime(end)), ended: words.ended }[kind];
  const way =
    kind === 'idle'
      ? button('session-stay', words.stay, stay)
      : h('a', { class: 'button plain', href: loginAddress(location.pathname), target: '_blank', rel: 'noopener', testid: 'session-sign-in' }, t.common.signInNewTab);
  return h('div', { class: 'banner of-session', testid: 'session-warning', 'data-kind': kind, role: 'region', 'aria-label': t.noticeLabel }, icon('warning'), h('p', {}, text), way);
}
