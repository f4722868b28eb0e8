// Connections as the server tells them.

/**
 * @typedef {{ fingerprint: string, trust: 'trusted' | 'proposed', validFrom: number | null, validUntil: number | null, addedAt: number }} Certificate
 * @typedef {{
 *   id: string, name: string, protocol: 'oidc' | 'saml', issuer: string, clientId: string | null, tenant: string | null,
 *   subject: string, matchesUserName: boolean, signOnUrl: string | null, audience: string | null, metadataUrl: string | null,
 *   metadataFetchedAt: number | null, certificates: Certificate[] | null, createdAt: number,
 * }} Connection
 * @typedef {{ entityId: string, acs: string, redirectUri: string, logoutUri: string, signInUrl: string, relayState: string }} Here
 * @typedef {{ connections: Connection[], here: Here }} Connections
 * @typedef {'linked' | 'would-link' | 'no-user' | 'not-admitted' | 'refused'} Verdict
 * @typedef {{ subject: string, tenant: string | null, displayName: string | null, upn: string | null }} Person
 * @typedef {{ at: number, verdict: Verdict, reason: string | null, userName: string | null, person: Person | null }} Test
 */

import { request } from '../../lib/api.js';

/** @returns {Promise<Connections>} */
export function getConnections() {
  return request('GET', '/api/admin/connections');
}

/**
 * @param {string} id
 * @returns {Promise<{ test: Test | null }>}
 */
export function getTest(id) {
  return request('GET', `/api/admin/connections/${encodeURIComponent(id)}/test`);
}
