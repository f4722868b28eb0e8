// Screen 3: the recovery kit, to download, copy or print.

import { h } from '../lib/h.js';
import { actions, button, copy, download, lead } from '../lib/parts.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { show } from '../lib/screen.js';
import { showDateTime, t } from '../lib/strings/index.js';
import { groups, kitFileName, kitTexts } from './kit-text.js';
import { steps } from './steps.js';

/** @typedef {import('./state.js').Context} Context */
/** @typedef {import('./state.js').Kit} Kit */

/**
 * @param {Context} context
 * @param {{ kit: Kit }} state
 */
export function kit(context, { kit: made }) {
  const { session } = context;
  const words = t.setup.kit;
  const copyButton = button('kit-copy', words.copy, () => copy(copyButton, groups(made.code).join(' ')), { icon: 'copy' });
  const trouble = h('div', { class: 'trouble' });
  const save = async () => {
    trouble.replaceChildren();
    try {
      download(kitFileName(session), await context.keys.kit(kitTexts(session, made)));
    } catch (error) {
      trouble.replaceChildren(problemBox(problemOf(error)));
    }
  };
  show(
    'setup-kit',
    words.heading,
    steps(3),
    lead(words.lead),
    paper(session, made),
    h(
      'div',
      { class: 'row' },
      button('kit-download', words.download, save, { kind: 'strong', icon: 'download' }),
      copyButton,
      button('kit-print', words.print, () => window.print(), { icon: 'print' }),
    ),
    trouble,
    h(
      'dl',
      { class: 'help' },
      h('div', {}, h('dt', {}, words.can), h('dd', {}, words.canText)),
      h('div', {}, h('dt', {}, words.cannot), h('dd', {}, words.cannotText)),
    ),
    actions(
      button('kit-start-over', words.startOver, () => startOver(context), { kind: 'quiet' }),
      button('kit-continue', words.continue, () => context.go({ kind: 'prove', kit: made }), { kind: 'primary' }),
    ),
  );
}

/**
 * The part that is printed.
 * @param {import('../lib/api.js').Session} session
 * @param {Kit} made
 */
function paper(session, made) {
  const words = t.setup.kit;
  const code = groups(made.code).flatMap((group, index) => [index ? ' ' : '', h('span', {}, group)]);
  const facts = `${session.organization.name} · ${session.userName} · ${location.origin} · ${showDateTime(made.made)}`;
  return h(
    'section',
    { class: 'paper', 'aria-label': words.codeLabel },
    h('p', { class: 'paper-title' }, words.paperTitle),
    h('p', { class: 'paper-facts' }, facts),
    h('p', { class: 'paper-for' }, words.paperFor),
    h('h2', {}, words.codeLabel),
    h('p', { class: 'code', testid: 'kit-code', dir: 'ltr', translate: 'no' }, ...code),
    h('h2', {}, words.wordsLabel),
    h('p', { class: 'hint' }, words.wordsHint),
    h('ol', { class: 'words', testid: 'kit-words', dir: 'ltr', translate: 'no' }, made.words.map((word) => h('li', {}, word))),
  );
}

/**
 * The keys made so far go with their Worker.
 * @param {Context} context
 */
function startOver(context) {
  context.keys.end();
  context.suggestion = undefined;
  context.go({ kind: 'passphrase' });
}
