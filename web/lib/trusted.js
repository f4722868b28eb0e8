// The one Trusted Types policy of the pages (`trusted-types freehold-worker`): script addresses can only be our own Workers.

/** @typedef {'/lib/worker/derive.js' | '/lib/worker/keys.js' | '/lib/worker/strength.js'} WorkerPath */

/** @type {readonly string[]} */
const WORKERS = ['/lib/worker/derive.js', '/lib/worker/keys.js', '/lib/worker/strength.js'];

/** @param {string} path */
function onlyWorkers(path) {
  if (!WORKERS.includes(path)) throw new TypeError('not a Worker of Freehold');
  return path;
}

// Browsers without Trusted Types get the same check by hand.
const policy = window.trustedTypes?.createPolicy('freehold-worker', { createScriptURL: onlyWorkers });

/**
 * @param {WorkerPath} path
 * @returns {Worker}
 */
export function startWorker(path) {
  const address = policy ? policy.createScriptURL(path) : onlyWorkers(path);
  return new Worker(/** @type {string} */ (/** @type {unknown} */ (address)), { type: 'module' });
}
