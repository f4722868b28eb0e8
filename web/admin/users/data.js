// People as the server tells of them, and how a list of them is addressed.

import { request } from '../../lib/api.js';
import { searchIn } from '../parts.js';

/**
 * @typedef {'PENDING' | 'READY' | 'CONFIRMED' | 'SUSPENDED' | 'DELETED'} State
 * @typedef {'provisioned' | 'reset' | 'signed-in' | 'setup-begun'} StepName
 * @typedef {'member' | 'admin' | 'owner'} Role
 * @typedef {{
 *   id: string, userName: string, displayName: string | null, externalId: string | null, connection: string | null,
 *   state: State, since: number, step: { name: StepName, at: number } | null, refusal: { at: number, code: string } | null,
 *   signedInAt: number | null, role: Role, keptUntil: number | null,
 * }} UserRow
 * @typedef {{ users: UserRow[], next: string | null, count: { number: number, more: boolean } | null, connections: string[] | null }} Users
 * @typedef {UserRow & {
 *   own: boolean, createdAt: number, lastModifiedAt: number, emails: string[], attributes: { name: string, value: string }[],
 *   claimed: { connection: string, at: number } | null, setupBegunAt: number | null, grants: { role: 'admin' | 'owner', at: number }[],
 *   groups: { id: string, name: string, makesAdmins: boolean }[], sessions: number,
 *   reset: { id: string, askedAt: number, expiresAt: number } | null, signInUrl: string,
 * }} User
 * @typedef {import('../../lib/account.js').SignedIn & { connection: string | null }} Session
 * @typedef {{ search: string, state: State | '', stuckDays: string, connection: string }} Wanted
 */

/** @type {State[]} */
const STATES = ['PENDING', 'READY', 'SUSPENDED', 'DELETED'];

/**
 * What the address asks for. What it cannot mean is left out.
 * @param {URLSearchParams} query
 * @returns {Wanted}
 */
export function wantedBy(query) {
  const state = STATES.find((known) => known === query.get('state')) ?? '';
  const days = query.get('stuckDays') ?? '';
  return {
    search: searchIn(query),
    state,
    stuckDays: state === 'PENDING' && /^[1-9]\d{0,3}$/.test(days) ? days : '',
    connection: query.get('connection') ?? '',
  };
}

/** @param {Wanted} wanted */
function queryOf(wanted) {
  return new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== ''));
}

/** @param {Wanted} wanted */
export function addressOf(wanted) {
  const query = queryOf(wanted).toString();
  return query === '' ? '#/users' : `#/users?${query}`;
}

/** The list that was looked at last, for the way back to it. */
let last = '#/users';

export const lastList = () => last;

/** @param {string} address */
export function rememberList(address) {
  last = address;
}

/**
 * @param {Wanted} wanted
 * @param {string} [cursor]
 * @returns {Promise<Users>}
 */
export function getUsers(wanted, cursor) {
  const query = queryOf(wanted);
  if (cursor !== undefined) query.set('cursor', cursor);
  return request('GET', `/api/admin/users?${query}`);
}

/** @param {string} id */
const path = (id) => `/api/admin/users/${encodeURIComponent(id)}`;

/**
 * @param {string} id
 * @returns {Promise<User>}
 */
export const getUser = (id) => request('GET', path(id));

/**
 * @param {string} id
 * @returns {Promise<Session[]>}
 */
export async function getUserSessions(id) {
  const { sessions } = /** @type {{ sessions: Session[] }} */ (await request('GET', `${path(id)}/sessions`));
  return sessions;
}

/** @param {string} id @param {string} session @returns {Promise<void>} */
export const endUserSession = (id, session) => request('DELETE', `${path(id)}/sessions/${encodeURIComponent(session)}`);

/** @param {string} id @returns {Promise<{ ended: number }>} */
export const endUserSessions = (id) => request('DELETE', `${path(id)}/sessions`);

/** @param {string} id @returns {Promise<void>} */
export const makeAdmin = (id) => request('PUT', `${path(id)}/roles/admin`, {});

/** @param {string} id @param {'admin' | 'owner'} role @returns {Promise<void>} */
export const takeRole = (id, role) => request('DELETE', `${path(id)}/roles/${role}`);

/** @param {string} id @returns {Promise<void>} */
export const restore = (id) => request('POST', `${path(id)}/restore`, {});
