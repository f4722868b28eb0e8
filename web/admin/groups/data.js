// Groups as the server tells of them.

import { request } from '../../lib/api.js';

/**
 * @typedef {{ number: number, more: boolean }} Count
 * @typedef {{ id: string, name: string, members: Count, mappedAt: number | null }} GroupRow
 * @typedef {{ groups: GroupRow[], next: string | null }} Groups
 * @typedef {GroupRow & { externalId: string | null, createdAt: number, lastModifiedAt: number, people: number, nested: number }} Group
 * @typedef {{ id: string, kind: 'user' | 'group', name: string, userName: string | null, active: boolean }} Member
 * @typedef {{ members: Member[], next: string | null }} Members
 */

/** @param {Record<string, string | undefined>} parameters */
function query(parameters) {
  const given = Object.entries(parameters).filter((entry) => entry[1] !== undefined && entry[1] !== '');
  return new URLSearchParams(/** @type {[string, string][]} */ (given)).toString();
}

/**
 * @param {string} search
 * @param {string} [cursor]
 * @returns {Promise<Groups>}
 */
export const getGroups = (search, cursor) => request('GET', `/api/admin/groups?${query({ search, cursor })}`);

/** @param {string} id */
const path = (id) => `/api/admin/groups/${encodeURIComponent(id)}`;

/** @param {string} id @returns {Promise<Group>} */
export const getGroup = (id) => request('GET', path(id));

/**
 * @param {string} id
 * @param {string} [cursor]
 * @returns {Promise<Members>}
 */
export const getMembers = (id, cursor) => request('GET', `${path(id)}/members?${query({ cursor })}`);

/** @param {string} id @returns {Promise<void>} */
export const mapGroup = (id) => request('PUT', `${path(id)}/role`, { role: 'admin' });

/** @param {string} id @returns {Promise<void>} */
export const unmapGroup = (id) => request('DELETE', `${path(id)}/role`);
