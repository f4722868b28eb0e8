// The Worker's side of the messages: one call after the other, each answered by its result or by a code.

/**
 * @template {import('./messages.js').AnyCalls} C
 * @typedef {{ [K in keyof C]: (input: C[K]['with']) => C[K]['gives'] | Promise<C[K]['gives']> }} Handlers
 */

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/**
 * Answers the page's calls by `handlers` from now on.
 * @template {import('./messages.js').AnyCalls} C
 * @param {Handlers<C>} handlers
 */
export function answer(handlers) {
  scope.addEventListener('message', async (event) => {
    const request = /** @type {import('./messages.js').Request<C>} */ (event.data);
    try {
      const ok = await handlers[request.call](request.with);
      scope.postMessage({ id: request.id, ok });
    } catch (error) {
      scope.postMessage({ id: request.id, error: codeOf(error) });
    }
  });
}

/**
 * The stable code of what went wrong. Never the message: engines quote the offending text in theirs, and that text may be a secret.
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  // Asked by name: where WebAssembly is switched off, there is no such class to ask for.
  if (error instanceof Error && error.name === 'RuntimeError') return 'crashed';
  if (isStackOverflow(error)) return 'crashed';
  if (error instanceof RangeError) return 'out-of-memory';
  return 'unexpected';
}

/**
 * A call that went too deep left the module in no known state. Engines have no class of their own for it; Firefox names it InternalError.
 * @param {unknown} error
 */
function isStackOverflow(error) {
  return error instanceof Error && (error.name === 'InternalError' || (error instanceof RangeError && /call stack/i.test(error.message)));
}

/** A failure with a code that the page has words for. */
export class CodedError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}
