// Locks after a time without use, and if the person wants it as soon as the tab is hidden. Wall-clock time, so that a computer that slept through the deadline is locked when it wakes.

import { locksWhenHidden } from './lock-setting.js';

const LOCK_AFTER_MS = 15 * 60_000;
const WARN_BEFORE_MS = 60_000;
const TELL_EVERY_MS = 10_000;
const EVENTS = /** @type {const} */ (['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']);

/**
 * @param {{ warn: (on: boolean) => void, lock: (reason: 'idle' | 'hidden') => void, active: () => void }} react `active`: at most every 10 seconds, for the other tabs
 * @returns {{ touch: () => void, end: () => void, usedAt: () => number }}
 */
export function watchIdle({ warn, lock, active }) {
  let usedAt = Date.now();
  let toldAt = 0;
  let warned = false;

  const touch = () => {
    usedAt = Date.now();
    if (warned) {
      warned = false;
      warn(false);
    }
  };
  /** @param {Event} event */
  const used = (event) => {
    if (expired()) return check(); // the first touch after a long sleep must not revive it
    // Once warned, moving towards the banner must not take it away from under the pointer; its button calls `touch`.
    if (warned && (event.type === 'pointermove' || isInBanner(event.target))) return;
    touch();
    if (usedAt - toldAt < TELL_EVERY_MS) return;
    toldAt = usedAt;
    active();
  };
  const expired = () => Date.now() - usedAt >= LOCK_AFTER_MS;
  const check = () => {
    if (expired()) {
      end();
      return lock('idle');
    }
    if (!warned && Date.now() - usedAt >= LOCK_AFTER_MS - WARN_BEFORE_MS) {
      warned = true;
      warn(true);
    }
  };

  const looked = () => {
    if (document.visibilityState !== 'hidden' || !locksWhenHidden()) return check();
    end();
    lock('hidden');
  };

  const timer = setInterval(check, 1000);
  for (const name of EVENTS) window.addEventListener(name, used, { passive: true, capture: true });
  document.addEventListener('visibilitychange', looked);

  function end() {
    clearInterval(timer);
    for (const name of EVENTS) window.removeEventListener(name, used, { capture: true });
    document.removeEventListener('visibilitychange', looked);
  }
  return { touch, end, usedAt: () => usedAt };
}

/** @param {EventTarget | null} target */
function isInBanner(target) {
  return target instanceof Element && target.closest('.banner') !== null;
}
