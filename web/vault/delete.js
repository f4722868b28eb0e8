// Asking before a secret is deleted.

import { ApiError } from '../lib/api.js';
import { h } from '../lib/h.js';
import { actions, button } from '../lib/parts.js';
import { announce } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { nameOf } from './items.js';

/**
 * @param {import('./main.js').Context} context
 * @param {import('./items.js').ListedItem} item
 * @param {() => void} draw draws the list anew
 * @param {(error: unknown, words?: import('../lib/problem.js').Words) => void} fail
 */
export function askToDelete(context, item, draw, fail) {
  const words = t.vault;
  const remove = async () => {
    dialog.close();
    try {
      await context.items.remove(item);
      announce(words.deleted);
    } catch (error) {
      // Changed somewhere else since it was listed: show what it is now, and let the user decide again.
      const stale = error instanceof ApiError && error.code === 'stale-version';
      if (stale) await context.items.load().catch(() => {});
      fail(error, stale ? words.notDeleted : {});
    }
    draw();
    document.querySelector('h1')?.focus();
  };
  const dialog = h(
    'dialog',
    { class: 'dialog', testid: 'delete-dialog', 'aria-labelledby': 'delete-heading', 'aria-describedby': 'delete-text' },
    h('h2', { id: 'delete-heading' }, words.deleteHeading),
    h('p', { id: 'delete-text' }, words.deleteText(nameOf(item))),
    actions(
      button('delete-cancel', t.common.cancel, () => dialog.close()),
      button('delete-confirm', words.deleteConfirm, remove, { kind: 'danger', icon: 'trash' }),
    ),
  );
  // The browser gives the focus back.
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
