// What the server has of the account, shown as it gave it to this browser at the last unlock; and why each record stays closed.

import { getMethods, lastUnlock } from '../lib/account.js';
import { h } from '../lib/h.js';
import { isolated } from '../lib/names.js';
import { button, download, lead } from '../lib/parts.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { setBusy, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { byteLength, recordsTable } from '../setup/received.js';

/** @typedef {import('../lib/account.js').Method} Method */
/** @typedef {{ id: string, name: string, what: string, why: string, bytes: number | undefined, values: string[] }} Kept */

/**
 * @param {import('../vault/main.js').Context} context
 * @param {import('./flow.js').Flow} flow
 */
export async function received(context, flow) {
  const words = t.security.received;
  const content = h('div', { class: 'stack' });
  show(
    'security-received',
    words.heading,
    h('div', { class: 'row' }, button('received-back', t.common.back, () => context.go({ kind: 'security' }), { icon: 'back' })),
    lead(words.lead),
    content,
  );
  setBusy(true);
  try {
    const records = [...ofUnlock(), ...ofMethods(await flow.live(getMethods())), ...ofItems(context.items.stored)];
    const save = () => download(words.fileName, file(records));
    content.replaceChildren(
      recordsTable(records),
      h('p', {}, words.clear),
      h('div', { class: 'row' }, button('received-download', t.setup.done.download, save, { icon: 'download' })),
    );
  } catch (error) {
    if (context.handled(error)) return;
    content.replaceChildren(problemBox(problemOf(error), { retry: () => context.go({ kind: 'received' }) }));
  }
  setBusy(false);
}

/**
 * @param {string} id
 * @param {{ name: string, what: string, why: string }} texts
 * @param {string[]} values base64url
 * @returns {Kept}
 */
function kept(id, texts, values) {
  return { id, ...texts, values, bytes: values.length > 0 ? values.reduce((sum, value) => sum + byteLength(value), 0) : undefined };
}

/** Card, states and keyring. @returns {Kept[]} */
function ofUnlock() {
  const texts = t.setup.done.records;
  const last = lastUnlock();
  /** @type {{ card: string, states: string[], keyring: string } | undefined} */
  const answer = last && JSON.parse(last.answer);
  return [
    kept('card', texts.card, answer ? [answer.card] : []),
    kept('state', texts.state, answer?.states ?? []),
    kept('keyring', texts.keyring, answer ? [answer.keyring] : []),
  ];
}

/**
 * Each way to unlock: its settings, and the envelope, which the server gives only to whoever has proved that very way.
 * @param {Method[]} methods
 */
function ofMethods(methods) {
  const texts = t.setup.done.records;
  const words = t.security.received;
  const last = lastUnlock();
  const used = last && /** @type {{ type: number, parameters?: string }} */ (JSON.parse(last.request));
  /** @param {Method} method */
  const envelopeOf = ({ type, parameters }) => {
    const isUsed = last && used?.type === type && (used.parameters === undefined || used.parameters === parameters);
    return isUsed ? [/** @type {{ envelope: string }} */ (JSON.parse(last.answer)).envelope] : [];
  };
  return methods.flatMap((method, index) => {
    const envelope = envelopeOf(method);
    if (method.type === 1) return [kept('password-parameters', texts['password-parameters'], [method.parameters]), kept('password-envelope', texts['password-envelope'], envelope)];
    if (method.type === 2) return [kept('recovery-envelope', texts['recovery-envelope'], envelope)];
    return [kept(`passkey-${index}`, { ...words.passkey, name: words.passkey.name(isolated(method.name ?? t.passkeys.unnamed)) }, [method.parameters, ...envelope])];
  });
}

/** @param {{ count: number, values: string[] }} stored */
function ofItems({ count, values }) {
  const words = t.security.received.items;
  return [kept('items', { ...words, name: words.name(t.vault.count(count, count)) }, values)];
}

/** @param {Kept[]} records */
function file(records) {
  const about = t.security.received.fileAbout;
  const listed = records.map(({ id, name, bytes, what, why, values }) => ({ id, name, bytes, what, whyItCannotBeOpened: why, values }));
  return new Blob([`${JSON.stringify({ about, records: listed }, undefined, 2)}\n`], { type: 'application/json;charset=utf-8' });
}
