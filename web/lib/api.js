// The server's JSON interface. Problems (RFC 9457) become typed errors with the server's support id.

/**
 * @typedef {import('/types/api.js').Session} Session
 * @typedef {import('./worker/messages.js').ItemRecord} ItemRecord
 */

const TIMEOUT_MS = 30_000;

let heard = Date.now();

/** When the request was sent that the server last took for use of the session. */
export function heardAt() {
  return heard;
}

/** The server answered, and the answer is no. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {number} status
   * @param {Record<string, unknown>} problem
   */
  constructor(code, status, problem) {
    super(code);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.problem = problem;
  }

  /** @returns {string | undefined} */
  get supportId() {
    const id = this.problem['supportId'];
    return typeof id === 'string' ? id : undefined;
  }

  /**
   * A number that the problem carries beside the usual members.
   * @param {string} name
   * @returns {number | undefined}
   */
  number(name) {
    const value = this.problem[name];
    return typeof value === 'number' ? value : undefined;
  }
}

/** No answer came: it is not known whether the server got the request. */
export class NetworkError extends Error {
  code = 'network-unreachable';

  constructor() {
    super('network-unreachable');
    this.name = 'NetworkError';
  }
}

/**
 * Sends one request and gives the answer's JSON; nothing for 204.
 * @template T
 * @param {'GET' | 'POST' | 'PUT' | 'DELETE'} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<T>}
 */
export async function request(method, path, body) {
  const text = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
  return text === '' ? /** @type {T} */ (undefined) : json(text);
}

/**
 * Sends one request and gives the answer's text.
 * @param {'GET' | 'POST' | 'PUT' | 'DELETE'} method
 * @param {string} path
 * @param {string} [body] JSON
 * @returns {Promise<string>}
 */
async function send(method, path, body) {
  const at = Date.now();
  const response = await receive(method, path, body);
  if (response.status !== 401) heard = at;
  const text = await response.text().catch(() => {
    throw new NetworkError();
  });
  if (!response.ok) throw problemOf(response, text);
  return text;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string | undefined} body
 */
async function receive(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json, application/problem+json' };
  if (method !== 'GET') headers['content-type'] = 'application/json';
  try {
    return await fetch(path, {
      method,
      headers,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    throw new NetworkError();
  }
}

/**
 * @param {Response} response
 * @param {string} text
 */
function problemOf(response, text) {
  const problem = parseObject(text) ?? {};
  const code = problem['code'];
  return new ApiError(typeof code === 'string' ? code : 'bad-answer', response.status, problem);
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | undefined}
 */
function parseObject(text) {
  try {
    const value = /** @type {unknown} */ (JSON.parse(text));
    return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @template T
 * @param {string} text
 * @returns {T}
 */
function json(text) {
  const value = parseObject(text);
  if (!value) throw new ApiError('bad-answer', 200, {});
  return /** @type {T} */ (value);
}

/** @returns {Promise<Session>} */
export async function getSession() {
  return json(await send('GET', '/api/session'));
}

/**
 * Uses a one-time link up.
 * @param {string} secret
 * @returns {Promise<string>} the page of ours to go on at
 */
export async function enterByLink(secret) {
  const { next } = /** @type {import('/types/api.js').Entered} */ (json(await send('POST', '/api/enter', JSON.stringify({ secret }))));
  return next;
}

export async function signOut() {
  await send('POST', '/api/sign-out', '{}');
}

export async function lockSession() {
  await send('POST', '/api/lock', '{}');
}

/** The offer as the server wrote it: the Worker parses it, nobody in between. */
export function getSetupOffer() {
  return send('GET', '/api/setup');
}

/** @param {string} request */
export async function sendSetup(request) {
  await send('POST', '/api/setup', request);
}

export function getUnlockOffer() {
  return send('GET', '/api/unlock');
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
