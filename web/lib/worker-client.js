// The page's side of a Worker: a call is a promise, progress is a callback, and ending the Worker is the only cancel there is.

import { startWorker } from './trusted.js';

const FAREWELL_MS = 200;

/** A call that the Worker refused or did not live to answer; `code` is what the strings have words for. */
export class WorkerError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = 'WorkerError';
    this.code = code;
  }
}

/**
 * @template {import('./worker/messages.js').AnyCalls} C
 */
export class WorkerClient {
  /** @type {Worker | undefined} */
  #worker;
  #nextId = 1;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: WorkerError) => void }>} */
  #waiting = new Map();
  #path;
  #farewell;

  /** @type {((progress: import('./worker/messages.js').Progress) => void) | undefined} */
  onProgress;

  /**
   * @param {import('./trusted.js').WorkerPath} path
   * @param {keyof C & string} [farewell] the call by which an idle Worker wipes itself
   */
  constructor(path, farewell) {
    this.#path = path;
    this.#farewell = farewell;
  }

  /**
   * @template {keyof C & string} K
   * @param {K} name
   * @param {C[K]['with']} input
   * @param {Transferable[]} [transfer] what leaves the page for good: a transferred array is empty here afterwards
   * @returns {Promise<C[K]['gives']>}
   */
  call(name, input, transfer = []) {
    const worker = this.#running();
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, call: name, with: input }, transfer);
    });
  }

  /**
   * Ends the Worker and its memory. One that is at work ends at once, and its calls are refused with `ended`; an idle one is first given a moment to
   * overwrite what it holds. The next call starts a new Worker.
   */
  end() {
    const worker = this.#worker;
    const idle = worker && this.#waiting.size === 0 && this.#farewell;
    if (!idle) return this.#fail('ended');
    this.#worker = undefined;
    worker.addEventListener('message', () => worker.terminate());
    worker.postMessage({ id: 0, call: this.#farewell, with: null });
    setTimeout(() => worker.terminate(), FAREWELL_MS);
  }

  #running() {
    if (this.#worker) return this.#worker;
    const worker = startWorker(this.#path);
    // What an ended one still says in its last moment is no matter of the next one.
    const failed = () => this.#worker === worker && this.#fail('worker-failed');
    worker.addEventListener('message', (event) => this.#worker === worker && this.#receive(event.data));
    worker.addEventListener('error', failed);
    worker.addEventListener('messageerror', failed);
    this.#worker = worker;
    return worker;
  }

  /** @param {import('./worker/messages.js').Answer} answer */
  #receive(answer) {
    if ('progress' in answer) {
      this.onProgress?.(answer);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new WorkerError(answer.error));
    else waiting?.resolve(answer.ok);
    // A WebAssembly instance that trapped is in no known state, and a module that did not load is not asked for again by the same Worker.
    if ('error' in answer && (answer.error === 'crashed' || answer.error === 'worker-failed')) this.#fail(answer.error);
  }

  /** @param {string} code */
  #fail(code) {
    this.#worker?.terminate();
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new WorkerError(code));
  }
}
