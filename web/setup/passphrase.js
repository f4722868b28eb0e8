// Screen 2: the passphrase.

import { newPassphraseForm } from '../lib/new-passphrase.js';
import { actions, button, lead, submit } from '../lib/parts.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { steps } from './steps.js';

/**
 * @param {import('./state.js').Context} context
 * @param {{ problem?: import('../lib/problem.js').Problem }} state
 */
export function passphrase(context, { problem }) {
  const words = t.setup.passphrase;
  const form = newPassphraseForm(context, {
    problem,
    actions: actions(
      button('passphrase-back', t.common.back, () => context.go({ kind: 'who' }), { kind: 'quiet', icon: 'back' }),
      submit('passphrase-continue', words.continue),
    ),
    chosen: (chosen) => context.go({ kind: 'making', passphrase: chosen }),
  });
  show('setup-passphrase', words.heading, steps(2), lead(words.lead), form);
}
