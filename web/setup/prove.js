// The kit is given back once, so that it is known to exist: screen 4 of set-up, and a part of changes that make a new kit.

import { lead } from '../lib/parts.js';
import { ownProblem, problemOf } from '../lib/problem.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { codeForm } from './code-form.js';

/**
 * @param {import('./state.js').KitContext} context
 * @param {{ kit: import('./state.js').Kit }} state
 */
export function prove(context, { kit }) {
  const words = t.setup.prove;
  const { keys } = context;
  /** @param {string | File} given goes to the Worker, which alone reads it */
  const give = async (given) => {
    try {
      if (!(await (typeof given === 'string' ? keys.prove(given) : keys.proveFile(given)))) return ownProblem('recovery-mismatch');
      context.go({ kind: 'saving' });
    } catch (error) {
      return problemOf(error);
    }
    return undefined;
  };
  const form = codeForm(words, { give, back: () => context.go({ kind: 'kit', kit }) });
  show('setup-prove', words.heading, context.kitIn.steps(4), lead(words.lead), form);
}
