// Leaving a page that holds keys: what would be lost is asked about, and no key outlives the page.

import { askBeforeReload, isReloading } from './language-choice.js';

/**
 * @param {import('./keys.js').Keys} keys
 * @param {() => boolean} holds whether loading the page again would lose something that no field shows
 * @param {() => boolean} [unsaved] whether leaving it would lose what nothing else holds
 */
export function guardLeaving(keys, holds, unsaved = holds) {
  askBeforeReload(holds);
  window.addEventListener('beforeunload', (event) => {
    if (unsaved() && !isReloading()) event.preventDefault();
  });
  // A page kept for the Back button would keep the keys too.
  window.addEventListener('pagehide', () => keys.end());
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}
