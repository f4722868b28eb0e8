// Whether hiding the tab locks the vault. Off unless switched on; kept in this browser, for it is about this device and not about the account.

import { h } from '../lib/h.js';
import { t } from '../lib/strings/index.js';

const STORED = 'freehold.lock-when-hidden';

/** @returns {boolean} */
export function locksWhenHidden() {
  try {
    return localStorage.getItem(STORED) === 'yes';
  } catch {
    return false; // storage is blocked: the setting cannot be made either
  }
}

/** @param {boolean} on */
function keep(on) {
  if (on) localStorage.setItem(STORED, 'yes');
  else localStorage.removeItem(STORED);
}

/** The switch, for any page that shows settings. */
export function lockSetting() {
  const words = t.vault.lockSetting;
  const input = h('input', { type: 'checkbox', id: 'lock-when-hidden', testid: 'lock-when-hidden', checked: locksWhenHidden(), 'aria-describedby': 'lock-when-hidden-hint' });
  input.addEventListener('change', () => {
    try {
      keep(input.checked);
    } catch {
      input.checked = false;
    }
  });
  return h(
    'div',
    { class: 'option' },
    input,
    h('label', { for: 'lock-when-hidden' }, words.label),
    h('p', { class: 'hint', id: 'lock-when-hidden-hint' }, words.hint),
  );
}
