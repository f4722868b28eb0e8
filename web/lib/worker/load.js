// How a Worker gets a WebAssembly module: only in the bytes that this release was built with.

import { CodedError } from './answer.js';

/**
 * Starts a module. Its bindings and its hash are imported on first use and not statically, so that a browser without WebAssembly can still say so.
 * @template {{ default: (options: { module_or_path: Response }) => Promise<unknown> }} M
 * @param {string} name
 * @param {Promise<M>} bindings
 * @returns {Promise<M>}
 */
export async function start(name, bindings) {
  const url = `/wasm/${name}_bg.wasm`;
  bindings.catch(() => {}); // told below, where they are waited for
  try {
    const { integrity } = /** @type {{ integrity: string }} */ (await import(`/wasm/${name}_bg.integrity.js`));
    const response = await fetch(url, { integrity })
      .catch(() => fetch(url, { integrity, cache: 'reload' })) // an altered copy may be in the browser's cache only
      .catch(() => explain(url));
    const module = await bindings;
    await module.default({ module_or_path: response });
    return module;
  } catch (error) {
    if (error instanceof CodedError) throw error;
    // The page ends this Worker and tries with a new one.
    throw new CodedError(error instanceof RangeError ? 'out-of-memory' : 'worker-failed');
  }
}

/**
 * The browser refused the file, or could not get it; it does not tell which.
 * @param {string} url
 * @returns {Promise<never>}
 */
async function explain(url) {
  const reachable = await fetch(url, { method: 'HEAD' }).then(({ ok }) => ok).catch(() => false);
  throw new CodedError(reachable ? 'module-altered' : 'worker-failed');
}
