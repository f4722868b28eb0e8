// Screen 4: the kit is given back once, so that it is known to exist.

import { h } from '../lib/h.js';
import { actions, button, field, lead, submit } from '../lib/parts.js';
import { ownProblem, problemBox, problemOf } from '../lib/problem.js';
import { setBusy, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { steps } from './steps.js';

/** @typedef {import('./state.js').Context} Context */
/** @typedef {import('./state.js').Kit} Kit */

/**
 * @param {Context} context
 * @param {{ kit: Kit }} state
 */
export function prove(context, { kit }) {
  const words = t.setup.prove;
  const trouble = h('div', { class: 'trouble' });
  const text = h('textarea', {
    id: 'prove-text', rows: '4', class: 'code-input', testid: 'prove-text',
    autocomplete: 'off', autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', dir: 'auto', translate: 'no',
  });
  const file = h('input', { id: 'prove-file', type: 'file', accept: '.pdf,.txt,application/pdf,text/plain', testid: 'prove-file' });

  let checking = false;

  /**
   * @param {HTMLElement} from where to go on if it is not the kit
   * @param {() => Promise<boolean>} prove what is given back goes to the Worker, which alone reads it
   */
  const check = async (from, prove) => {
    if (checking) return; // a proof is spent by its success: a second press must not ask again
    checking = true;
    trouble.replaceChildren();
    setBusy(true);
    try {
      if (await prove()) return context.go({ kind: 'saving' });
      trouble.replaceChildren(problemBox(ownProblem('recovery-mismatch')));
    } catch (error) {
      trouble.replaceChildren(problemBox(problemOf(error)));
    }
    checking = false;
    setBusy(false);
    from.focus();
  };

  file.addEventListener('change', async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    await check(file, () => context.keys.proveFile(chosen));
    file.value = ''; // so that the same file can be chosen again
  });

  const send = () => {
    const typed = text.value;
    if (typed.trim() !== '') {
      check(text, () => context.keys.prove(typed));
      return;
    }
    trouble.replaceChildren(problemBox(ownProblem('recovery-empty')));
    text.focus();
  };

  show(
    'setup-prove',
    words.heading,
    steps(4),
    lead(words.lead),
    h(
      'form',
      { novalidate: true, class: 'stack', on: { submit: (event) => { event.preventDefault(); send(); } } },
      field({ label: words.file }, file),
      h('p', { class: 'or', 'aria-hidden': 'true' }, words.or),
      field({ label: words.text, hint: words.textHint }, text),
      trouble,
      actions(
        button('prove-back', words.back, () => context.go({ kind: 'kit', kit }), { kind: 'quiet', icon: 'back' }),
        submit('prove-continue', words.continue),
      ),
    ),
  );
}
