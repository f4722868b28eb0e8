// An event as a sentence.

import { isolated } from '../../lib/names.js';
import { words } from '../strings/index.js';

/**
 * The sentence of an event. A kind of a later version is told by its name.
 * @param {import('./page.js').AuditEvent} event
 */
export function sentence(event) {
  const { events, audit } = words;
  const template = /** @type {Record<string, string | undefined>} */ (events)[event.kind];
  if (template === undefined) return event.kind;
  const user = event.userName ?? event.user;
  /** @type {Record<string, string>} */
  const names = {
    who: user === null ? audit.somebody : isolated(user),
    by: user === null ? audit.operator : isolated(user),
    it: quoted(event.credential ?? event.token ?? event.client),
    connection: quoted(event.connectionName ?? event.connection),
  };
  return template.replaceAll(/\{(\w+)\}/g, (_, name) => names[name] ?? '').replaceAll(/ {2,}/g, ' ').trim();
}

/** @param {string | null} name which may be of another direction than the sentence */
function quoted(name) {
  return name === null ? '' : words.audit.quoted(isolated(name));
}
