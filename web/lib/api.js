// The server's JSON interface. Problems (RFC 9457) become typed errors with the server's support id.

/**
 * @typedef {import('/types/api.js').Session} Session
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
export async function send(method, path, body) {
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
export function json(text) {
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
