// The recovery kit, to download, copy or print: screen 3 of set-up, and a part of changes that make a new one.

import { h } from '../lib/h.js';
import { named } from '../lib/names.js';
import { actions, button, copy, download, lead } from '../lib/parts.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { show } from '../lib/screen.js';
import { showDateTime, t } from '../lib/strings/index.js';
import { groups, kitFileName, kitTexts } from './kit-text.js';

/** @typedef {import('./state.js').Kit} Kit */

/**
 * @param {import('./state.js').KitContext} context
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
    context.kitIn.steps(3),
    lead(words.lead),
    paper(session, made),
    h(
      'div',
      { class: 'row' },
      button('kit-download', words.download, save, { kind: 'strong', icon: 'download' }),
      copyButton,
      button('kit-print', words.print, () => window.print(), { icon: 'print' }),
    ),
    words.sheetLanguage && h('p', { class: 'hint', testid: 'kit-language' }, words.sheetLanguage),
    trouble,
    h(
      'dl',
      { class: 'help' },
      h('div', {}, h('dt', {}, words.paper.can), h('dd', {}, words.canText)),
      h('div', {}, h('dt', {}, words.cannot), h('dd', {}, words.cannotText)),
    ),
    actions(
      button('kit-start-over', context.kitIn.leaveLabel, context.kitIn.leave, { kind: 'quiet' }),
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
  const facts = [session.organization.name, session.userName, location.origin, showDateTime(made.made)].flatMap((fact, index) => [index ? ' · ' : '', named(fact)]);
  return h(
    'section',
    { class: 'paper', 'aria-label': words.paper.codeLabel },
    h('p', { class: 'paper-title' }, words.paper.title),
    h('p', { class: 'paper-facts' }, ...facts),
    h('p', { class: 'paper-for' }, words.paperFor),
    h('h2', {}, words.paper.codeLabel),
    h('p', { class: 'code', testid: 'kit-code', dir: 'ltr', translate: 'no' }, ...code),
    h('h2', {}, words.paper.wordsLabel),
    h('p', { class: 'hint' }, words.paper.wordsHint),
    h('ol', { class: 'words', testid: 'kit-words', dir: 'ltr', translate: 'no' }, made.words.map((word) => h('li', {}, word))),
  );
}
