// What the pages ask that stand behind the set-up: vault, security, unlock. The set-up page does without.

import { ApiError, json, send } from './api.js';

/** @typedef {import('./worker/messages.js').ItemRecord} ItemRecord */

export async function lockSession() {
  await send('POST', '/api/lock', '{}');
}

/** @type {{ request: string, answer: string } | undefined} */
let unlocked;

/**
 * @param {string} request
 * @returns {Promise<string>} the answer as the server wrote it
 */
export async function sendUnlock(request) {
  const answer = await send('POST', '/api/unlock', request);
  unlocked = { request, answer };
  return answer;
}

/** The last unlock as it was asked and answered, to be looked at. */
export function lastUnlock() {
  return unlocked;
}

export function forgetUnlock() {
  unlocked = undefined;
}

/**
 * A way to unlock, as the server knows it.
 * @typedef {import('/types/api.js').Method} Method
 * @returns {Promise<Method[]>}
 */
export async function getMethods() {
  const { methods } = /** @type {import('/types/api.js').Methods} */ (json(await send('GET', '/api/keys')));
  if (!Array.isArray(methods)) throw new ApiError('bad-answer', 200, {});
  return methods;
}

/**
 * A request for new keys.
 * @typedef {import('/types/api.js').ResetStatus} ResetStatus
 * @typedef {import('/types/api.js').WaitingReset} WaitingReset
 * @returns {Promise<ResetStatus>}
 */
export async function getReset() {
  return json(await send('GET', '/api/reset'));
}

export async function askReset() {
  await send('POST', '/api/reset', '{}');
}

export async function cancelReset() {
  await send('DELETE', '/api/reset');
}

/** @returns {Promise<WaitingReset[]>} those of the organization, for admins */
export async function getResets() {
  const { resets } = /** @type {import('/types/api.js').WaitingResets} */ (json(await send('GET', '/api/resets')));
  if (!Array.isArray(resets)) throw new ApiError('bad-answer', 200, {});
  return resets;
}

/**
 * @param {string} id
 * @param {'approve' | 'deny'} decision
 */
export async function decideReset(id, decision) {
  await send('POST', `/api/resets/${encodeURIComponent(id)}/${decision}`, '{}');
}

export function getChangeOffer() {
  return send('GET', '/api/keys/change');
}

/** @param {string} request */
export async function sendChange(request) {
  await send('POST', '/api/keys/change', request);
}

export function getRenewalOffer() {
  return send('GET', '/api/keys/renewal');
}

/** @param {string} request */
export async function sendRenewal(request) {
  await send('POST', '/api/keys/renewal', request);
}

/**
 * @param {string} parameters of the passkey, as the server lists them
 * @param {string} name
 */
export async function namePasskey(parameters, name) {
  await send('PUT', '/api/keys/passkey', JSON.stringify({ parameters, name }));
}

/** @returns {Promise<ItemRecord[]>} */
export async function getItems() {
  const { items } = /** @type {{ items: ItemRecord[] }} */ (json(await send('GET', '/api/items')));
  if (!Array.isArray(items)) throw new ApiError('bad-answer', 200, {});
  return items;
}

/** The same as JSON, for the Worker. */
export async function getItemsText() {
  return JSON.stringify(await getItems());
}

/** @returns {Promise<string>} the id that the server set aside for a new item */
export async function reserveItem() {
  const { id } = /** @type {import('/types/api.js').Reserved} */ (json(await send('POST', '/api/items', '{}')));
  return id;
}

/**
 * @param {string} id
 * @param {string} record
 * @param {number} epoch of the keys that it was sealed with
 */
export async function putItem(id, record, epoch) {
  await send('PUT', `/api/items/${encodeURIComponent(id)}?epoch=${epoch}`, record);
}

/**
 * @param {string} id
 * @param {number} version the version that the user saw
 */
export async function deleteItem(id, version) {
  await send('DELETE', `/api/items/${encodeURIComponent(id)}?version=${version}`);
}

/**
 * A browser that is signed in; times in milliseconds since 1970. `client` is what the browser calls itself; either may be empty.
 * @typedef {import('/types/api.js').SignedIn} SignedIn
 * @returns {Promise<SignedIn[]>}
 */
export async function getSessions() {
  const { sessions } = /** @type {import('/types/api.js').Sessions} */ (json(await send('GET', '/api/sessions')));
  if (!Array.isArray(sessions)) throw new ApiError('bad-answer', 200, {});
  return sessions;
}

/** @param {string} id */
export async function endSession(id) {
  await send('DELETE', `/api/sessions/${encodeURIComponent(id)}`);
}

export async function endOtherSessions() {
  await send('POST', '/api/sessions/end-others', '{}');
}
