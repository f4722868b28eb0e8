// A one-time link. Its secret is the fragment of the address, which stays in this browser. Opening the page uses nothing up, so that previews and
// scanners of mail do no harm; pressing the button does.

import { ApiError, enterByLink } from '../lib/api.js';
import { frame } from '../lib/frame.js';
import { h } from '../lib/h.js';
import { actions, button, lead } from '../lib/parts.js';
import { ownProblem, problemBox, problemOf, showFault } from '../lib/problem.js';
import { setBusy, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';

const PREFIX = '#fhl_';

frame();
if (!offerLink()) showFault(ownProblem('link-incomplete'));
// Another link opened in this tab changes the fragment only. So does the skip link, which is none.
addEventListener('hashchange', offerLink);

/** Takes the secret out of the address, so that no history, bookmark or screenshot keeps it. */
function offerLink() {
  if (!location.hash.startsWith(PREFIX)) return false;
  const secret = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  offer(secret);
  return true;
}

/** @param {string} secret */
function offer(secret) {
  const words = t.enter;
  const trouble = h('div', { class: 'trouble' });
  const go = button('enter-continue', words.continue, () => proceed(secret, trouble, go), { kind: 'primary' });
  show('enter', words.heading, lead(words.lead), h('p', {}, words.once), trouble, actions(go));
}

/**
 * @param {string} secret
 * @param {HTMLElement} trouble
 * @param {HTMLButtonElement} go
 */
async function proceed(secret, trouble, go) {
  trouble.replaceChildren();
  setBusy(true);
  go.disabled = true;
  try {
    location.replace(await enterByLink(secret));
  } catch (error) {
    setBusy(false);
    // A link that was refused does not work at the second try either.
    if (error instanceof ApiError && error.code === 'link-refused') return showFault(problemOf(error));
    go.disabled = false;
    go.focus();
    trouble.replaceChildren(problemBox(problemOf(error)));
  }
}
