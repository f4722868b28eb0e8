// What a SAML identity provider signs with. New ones are proposed by its metadata; an owner trusts them.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { button, notice } from '../../lib/parts.js';
import { announce } from '../../lib/screen.js';
import { locale } from '../../lib/strings/index.js';
import { ask, badge, fromNow, panel, table } from '../parts.js';
import { words } from '../strings/index.js';
import { told } from './form.js';

/** @typedef {import('./model.js').Certificate} Certificate */

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connection} connection
 * @param {Certificate[]} all
 */
export function certificates(console, connection, all) {
  const text = words.connections.certificates;
  const trouble = h('div', { class: 'trouble' });
  const rows = all.map((certificate) => ({
    testid: 'certificate',
    id: certificate.fingerprint,
    cells: [
      h('code', { class: 'fingerprint', translate: 'no', dir: 'ltr' }, pairs(certificate.fingerprint)),
      certificate.trust === 'trusted' ? badge(text.trusted, 'good') : badge(text.proposed, 'caution'),
      validity(certificate),
      console.isOwner && h('div', { class: 'row' }, buttons(console, connection, certificate)),
    ],
  }));
  const shown = table({ caption: text.heading, testid: 'certificates', columns: text.columns, empty: '' }, rows);
  const refresh = connection.metadataUrl && console.isOwner && button('certificates-refresh', text.refresh, () => look(console, connection, trouble), { icon: 'again' });
  const proposed = all.some(({ trust }) => trust === 'proposed');
  return panel({ heading: text.heading, text: connection.metadataUrl ? text.text : text.textOfFile, actions: refresh, testid: 'connection-certificates' }, proposed && notice('certificate-proposed', text.compare), trouble, shown);
}

/** As portals write them, breakable. @param {string} fingerprint */
function pairs(fingerprint) {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? fingerprint;
}

/** @param {Certificate} certificate */
function validity({ validUntil }) {
  const text = words.connections.certificates;
  if (validUntil === null) return '?';
  const date = new Date(validUntil).toLocaleDateString(locale, { dateStyle: 'medium' });
  return validUntil < Date.now() ? badge(text.over(date), 'bad') : `${date} (${fromNow(validUntil)})`;
}

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connection} connection
 * @param {Certificate} certificate
 */
function buttons(console, connection, certificate) {
  const text = words.connections.certificates;
  const path = `/api/admin/connections/${connection.id}/certificates/${certificate.fingerprint}`;
  const short = certificate.fingerprint.slice(0, 8);
  const trust = () => confirm(console, { name: 'trust', ...text.trusting }, certificate, () => request('POST', `${path}/trust`));
  const remove = () => confirm(console, { name: 'certificate-remove', danger: true, ...text.removing }, certificate, () => request('DELETE', path));
  return [
    certificate.trust === 'proposed' && button('certificate-trust', text.trust, trust, { kind: 'primary', name: `${text.trust}: ${short}` }),
    button('certificate-remove', text.remove, remove, { kind: 'quiet', icon: 'trash', name: `${text.remove}: ${short}` }),
  ];
}

/**
 * @param {import('../console.js').Console} console
 * @param {{ name: string, heading: string, text: string, confirm: string, done: string, danger?: boolean }} texts
 * @param {Certificate} certificate
 * @param {() => Promise<unknown>} work
 */
function confirm(console, texts, certificate, work) {
  ask(
    texts,
    async (close, trouble) => {
      if (!(await console.attempt(trouble, work))) return;
      close();
      announce(texts.done);
      console.again();
    },
    h('p', {}, texts.text),
    h('p', {}, h('code', { class: 'fingerprint', translate: 'no', dir: 'ltr' }, pairs(certificate.fingerprint))),
  );
}

/**
 * @param {import('../console.js').Console} console
 * @param {import('./model.js').Connection} connection
 * @param {HTMLElement} trouble
 */
async function look(console, connection, trouble) {
  const text = words.connections.certificates;
  /** @type {{ done: import('./model.js').Connection } | undefined} */
  const looked = await console.attempt(trouble, () => request('POST', `/api/admin/connections/${connection.id}/refresh`), told);
  if (!looked) return;
  const before = connection.certificates?.length ?? 0;
  const now = looked.done.certificates?.length ?? 0;
  announce(now > before ? text.found : text.nothingNew);
  console.again();
}
