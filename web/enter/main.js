// A one-time link. Its secret is the fragment of the address, which stays in this browser. Opening the page uses nothing up, so that previews and
// scanners of mail do no harm; pressing the button does.

import { ApiError, enterByLink } from '../lib/api.js';
import { h } from '../lib/h.js';
import { actions, button, lead } from '../lib/parts.js';
import { ownProblem, problemBox, problemOf, showFault } from '../lib/problem.js';
import { frame, setBusy, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';

frame();
begin();
// Another link opened in this tab changes the fragment only.
addEventListener('hashchange', begin);

function begin() {
  const secret = takeSecret();
  if (secret) return offer(secret);
  showFault(ownProblem('link-incomplete'));
}

/** Takes the secret out of the address, so that no history, bookmark or screenshot keeps it. */
function takeSecret() {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(null, '', location.pathname);
  return secret;
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
    go.disabled = error instanceof ApiError && error.code === 'link-refused';
    trouble.replaceChildren(problemBox(problemOf(error)));
  }
}
