// "What the server received": the very records, taken apart and explained.

import { h } from '../lib/h.js';
import { t } from '../lib/strings/index.js';

/**
 * @typedef {{ card: string, state: string, keyring: string, methods: { type: number, parameters: string, envelope: string, proof: string }[] }} SetupRequest
 * @typedef {keyof typeof t.setup.done.records} RecordId
 * @typedef {{ id: RecordId, name: string, what: string, why: string, bytes: number, value: string }} ReceivedRecord
 */

/**
 * @param {string} request the message as it was sent
 * @returns {ReceivedRecord[]}
 */
export function receivedRecords(request) {
  /** @type {SetupRequest} */
  const { card, state, keyring, methods } = JSON.parse(request);
  const password = methods.find(({ type }) => type === 1);
  const recovery = methods.find(({ type }) => type === 2);
  /** @type {[RecordId, string | undefined][]} */
  const values = [
    ['card', card],
    ['state', state],
    ['keyring', keyring],
    ['password-parameters', password?.parameters],
    ['password-envelope', password?.envelope],
    ['password-proof', password?.proof],
    ['recovery-envelope', recovery?.envelope],
    ['recovery-proof', recovery?.proof],
  ];
  return values.flatMap(([id, value]) => (value === undefined ? [] : [{ id, value, bytes: byteLength(value), ...t.setup.done.records[id] }]));
}

/**
 * @param {import('../lib/api.js').Session} session
 * @param {string} request
 */
export function receivedFile(session, request) {
  const file = {
    about: t.setup.done.fileAbout,
    sentTo: `${location.origin}/api/setup`,
    organization: session.organization,
    user: { id: session.userId, userName: session.userName },
    records: receivedRecords(request).map(({ id, name, bytes, what, why, value }) => ({ id, name, bytes, what, whyItCannotBeOpened: why, value })),
    request: JSON.parse(request),
  };
  return new Blob([`${JSON.stringify(file, undefined, 2)}\n`], { type: 'application/json;charset=utf-8' });
}

/**
 * Bytes that a base64url text without padding stands for (RFC 4648 §5).
 * @param {string} text
 */
export function byteLength(text) {
  return Math.floor((text.length * 3) / 4);
}

/**
 * The roles are written out because the narrow layout, `display: block`, would take them away.
 * @param {{ id: string, name: string, what: string, why: string, bytes: number | undefined }[]} records `bytes`: where they are known
 */
export function recordsTable(records) {
  const words = t.setup.done;
  const rows = records.map((record) =>
    h(
      'tr',
      { role: 'row', testid: `done-record-${record.id}` },
      h('th', { scope: 'row', role: 'rowheader' }, record.name, record.bytes !== undefined && h('span', { class: 'size' }, words.bytes(record.bytes))),
      h('td', { role: 'cell', 'data-label': words.what }, record.what),
      h('td', { role: 'cell', 'data-label': words.why }, record.why),
    ),
  );
  const head = [words.record, words.what, words.why].map((name) => h('th', { scope: 'col', role: 'columnheader' }, name));
  return h(
    'table',
    { class: 'received', role: 'table', testid: 'done-records' },
    h('caption', { class: 'visually-hidden' }, words.caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
    h('tbody', { role: 'rowgroup' }, rows),
  );
}
