// The screens that changes of keys are made of.

import { h } from '../lib/h.js';
import { newPassphraseForm } from '../lib/new-passphrase.js';
import { actions, button, lead, progress, submit } from '../lib/parts.js';
import { ownProblem, problemOf } from '../lib/problem.js';
import { forgetChangeBegun, rememberChangeBegun } from '../lib/remembered.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { WorkerError } from '../lib/worker-client.js';
import { kit as kitScreen } from '../setup/kit.js';
import { prove as proveScreen } from '../setup/prove.js';

/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('../lib/problem.js').Problem} Problem */
/** @typedef {import('../lib/worker/messages.js').Code} Code */

/**
 * Asks for a new passphrase, and does with it what takes time, until one is taken.
 * @template T
 * @param {Flow} flow
 * @param {{ heading: string, lead: string, continue: string, present?: string }} texts `present`: the passphrase that must not be chosen again
 * @param {(passphrase: string) => Promise<T>} use
 * @returns {Promise<{ made: T } | undefined>} `undefined`: the person went back
 */
export async function withNewPassphrase(flow, texts, use) {
  /** @type {Problem | undefined} */
  let problem;
  for (;;) {
    const passphrase = await newPassphrase(flow, texts, problem);
    if (passphrase === undefined) return undefined;
    problem = undefined;
    rememberChangeBegun(flow.who.session.userId);
    try {
      const made = await working(flow, () => use(passphrase));
      if (made) return made;
    } catch (error) {
      if (!isAboutPassphrase(error)) throw error;
      problem = problemOf(error);
    }
  }
}

/** @param {unknown} error */
function isAboutPassphrase(error) {
  return error instanceof WorkerError && (error.code.startsWith('password-') || error.code === 'out-of-memory');
}

/**
 * @param {Flow} flow
 * @param {{ heading: string, lead: string, continue: string, present?: string }} texts
 * @param {Problem | undefined} problem
 * @returns {Promise<string | undefined>}
 */
function newPassphrase(flow, texts, problem) {
  const { session, keys } = flow.who;
  return flow.ask((answer) => {
    const chooser = {
      session,
      keys,
      get suggestion() {
        return flow.suggestion;
      },
      set suggestion(text) {
        flow.suggestion = text;
      },
    };
    const form = newPassphraseForm(chooser, {
      problem,
      actions: actions(
        button('passphrase-back', t.common.cancel, () => answer(undefined), { kind: 'quiet', icon: 'back' }),
        submit('passphrase-continue', texts.continue),
      ),
      chosen: answer,
      refuse: (chosen) => (isSame(chosen, texts.present) ? ownProblem('password-same') : undefined),
    });
    show('security-passphrase', texts.heading, lead(texts.lead), form);
  });
}

/**
 * @param {string} chosen
 * @param {string | undefined} present
 */
function isSame(chosen, present) {
  return present !== undefined && chosen.normalize('NFKC') === present.normalize('NFKC');
}

/**
 * Shows progress of slow work, and a way out of it.
 * @template T
 * @param {Flow} flow
 * @param {() => Promise<T>} work
 * @returns {Promise<{ made: T } | undefined>} `undefined`: it was canceled
 */
async function working(flow, work) {
  const { keys, deriveMilliseconds } = flow.who;
  const words = t.security.working;
  const bar = progress({ progressTestid: 'working-progress', stepTestid: 'working-step', label: words.heading, ...words }, deriveMilliseconds);
  const canceled = flow.ask((/** @type {(value: undefined) => void} */ answer) => {
    const cancel = () => {
      keys.cancel();
      answer(undefined);
    };
    show('security-working', words.heading, lead(words.lead), bar.box, actions(button('working-cancel', t.common.cancel, cancel)));
  });
  keys.onProgress = bar.update;
  try {
    return await flow.live(Promise.race([canceled, work().then((made) => ({ made }))]));
  } finally {
    keys.onProgress = undefined;
  }
}

/**
 * Shows a new recovery code as a kit, and lets it be given back.
 * @param {Flow} flow
 * @param {Code} code
 * @returns {Promise<boolean>} whether it is proved that it is kept; otherwise the person left
 */
export function keepKit(flow, { code, words }) {
  /** @type {import('../setup/state.js').Kit} */
  const kit = { code, words: words.trim().split(/\s+/), made: new Date() };
  rememberChangeBegun(flow.who.session.userId, { kit: kit.made.getTime() });
  return flow.ask((answer) => {
    /** @type {import('../setup/state.js').KitContext} */
    const context = {
      session: flow.who.session,
      keys: flow.who.keys,
      kitIn: { steps: () => undefined, leaveLabel: t.common.cancel, leave: () => answer(false) },
      go(state) {
        if (flow.isOver) return;
        if (state.kind === 'kit') kitScreen(context, state);
        else if (state.kind === 'prove') proveScreen(context, state);
        else answer(true);
      },
    };
    context.go({ kind: 'kit', kit });
  });
}

/**
 * Says plainly what is so now.
 * @param {Flow} flow
 * @param {{ heading: string, text: string[] }} texts
 */
export function done(flow, texts) {
  return flow.ask((/** @type {(value: undefined) => void} */ answer) => {
    show(
      'security-done',
      texts.heading,
      texts.text.map((line) => h('p', {}, line)),
      actions(button('security-continue', t.security.continue, () => answer(undefined), { kind: 'primary' })),
    );
    forgetChangeBegun();
  });
}
