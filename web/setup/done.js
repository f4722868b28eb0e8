// Screen 5: ready, and exactly what the server got.

import { h } from '../lib/h.js';
import { icon } from '../lib/icons.js';
import { actions, button, download, lead } from '../lib/parts.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { receivedFile, receivedRecords, recordsTable } from './received.js';
import { steps } from './steps.js';

/**
 * @param {import('./state.js').Context} context
 * @param {{ request: string }} state
 */
export function done(context, { request }) {
  const words = t.setup.done;
  const save = () => download(words.fileName, receivedFile(context.session, request));
  show(
    'setup-done',
    words.heading,
    steps(5),
    lead(words.lead),
    h('p', {}, words.next),
    actions(
      context.session.role !== 'member' && h('a', { class: 'button plain', href: '/admin/', testid: 'done-organize' }, h('span', {}, words.organize)),
      h('a', { class: 'button primary', href: '/vault/', testid: 'done-open-vault' }, h('span', {}, words.open), icon('arrow')),
    ),
    h('h2', {}, words.receivedHeading),
    h('p', { class: 'muted' }, words.receivedLead),
    recordsTable(receivedRecords(request)),
    h('div', { class: 'row' }, button('done-download', words.download, save, { icon: 'download' })),
  );
}
