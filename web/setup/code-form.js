// The form in which a recovery code is given: as a file, or typed or pasted as code or words.

import { h } from '../lib/h.js';
import { actions, button, field, submit } from '../lib/parts.js';
import { ownProblem, problemBox } from '../lib/problem.js';
import { setBusy } from '../lib/screen.js';

/** @typedef {import('../lib/problem.js').Problem} Problem */

/**
 * @param {{ file: string, or: string, text: string, textHint: string, continue: string, back: string }} words
 * @param {{ give: (given: string | File) => Promise<Problem | undefined>, back: () => void }} use `give`: what is wrong with it; nothing when the code was taken
 */
export function codeForm(words, { give, back }) {
  const trouble = h('div', { class: 'trouble' });
  const text = h('textarea', {
    id: 'prove-text', rows: '4', class: 'code-input', testid: 'prove-text',
    autocomplete: 'off', autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', dir: 'auto', translate: 'no',
  });
  const file = h('input', { id: 'prove-file', type: 'file', accept: '.pdf,.txt,application/pdf,text/plain', testid: 'prove-file' });

  let giving = false;

  /** @param {string | File} given */
  const check = async (given) => {
    if (giving) return; // a code is spent by its success: a second press must not ask again
    giving = true;
    trouble.replaceChildren();
    setBusy(true);
    const problem = await give(given);
    if (!problem) return;
    giving = false;
    setBusy(false);
    trouble.replaceChildren(problemBox(problem));
    (typeof given === 'string' ? text : file).focus();
  };

  file.addEventListener('change', async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    await check(chosen);
    file.value = ''; // so that the same file can be chosen again
  });

  const send = () => {
    if (text.value.trim() !== '') {
      check(text.value);
      return;
    }
    trouble.replaceChildren(problemBox(ownProblem('recovery-empty')));
    text.focus();
  };

  return h(
    'form',
    { novalidate: true, class: 'stack', on: { submit: (event) => { event.preventDefault(); send(); } } },
    field({ label: words.file }, file),
    h('p', { class: 'or', 'aria-hidden': 'true' }, words.or),
    field({ label: words.text, hint: words.textHint }, text),
    trouble,
    actions(button('prove-back', words.back, back, { kind: 'quiet', icon: 'back' }), submit('prove-continue', words.continue)),
  );
}
