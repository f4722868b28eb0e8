// What all pages of the console share: which one is shown, and what is asked before something changes.

import { ApiError, getSession, NetworkError } from '../lib/api.js';
import { leave, leaveToLogin, showSuspended } from '../lib/enter.js';
import { h } from '../lib/h.js';
import { codeOf, problemBox, problemOf } from '../lib/problem.js';
import { setAside, setBusy } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { unlock } from '../unlock/unlock.js';
import { brakeNotice } from './brake/notice.js';
import { nav } from './nav.js';
import { loading, page as put } from './parts.js';
import { find } from './pages.js';
import { words } from './strings/index.js';

/** @typedef {import('../lib/h.js').Child} Child */

export class Console {
  #who;
  #visit = new AbortController();
  #nav = nav(leave);
  #query = new URLSearchParams();

  /** Asks again whether the brake holds something back, which is told on top of every page. */
  lookAtBrake = async () => {};

  /** @param {import('../lib/enter.js').Entered} who */
  constructor(who) {
    this.#who = who;
  }

  start() {
    this.#who.keys.end(); // until a passphrase is asked for
    document.body.classList.add('console');
    document.getElementById('main')?.before(this.#nav.box);
    this.lookAtBrake = brakeNotice();
    window.addEventListener('hashchange', () => this.#go());
    this.#go();
  }

  get session() {
    return this.#who.session;
  }

  get isOwner() {
    return this.session.role === 'owner';
  }

  /** Aborts when another page is shown: for what a page keeps open. */
  get left() {
    return this.#visit.signal;
  }

  /** What the address says after a question mark: a search, filters. */
  get query() {
    return this.#query;
  }

  /** Shows the page of the address again, from the server. */
  again() {
    this.#go();
  }

  async #go() {
    this.#visit.abort();
    const visit = new AbortController();
    this.#visit = visit;
    const [path = '', query] = location.hash.replace(/^#\/?/, '').split('?', 2);
    this.#query = new URLSearchParams(query);
    const [name, ...rest] = path.split('/').map(decoded);
    const { place, load } = find(name);
    this.#nav.mark(place);
    loading();
    void this.lookAtBrake();
    let retry = () => this.#go();
    try {
      const { page } = await load().catch(() => {
        retry = () => this.#anew();
        throw new NetworkError();
      });
      if (!visit.signal.aborted) await page(this, ...rest);
    } catch (error) {
      if (visit.signal.aborted || this.handled(error)) return;
      const problem = problemOf(error);
      put('fault', problem.title, { lead: '' }, problemBox(problem, { retry }));
    }
  }

  /** Some browsers never ask again for a module that did not come: where the server answers, the document is loaded anew. */
  async #anew() {
    const isThere = await getSession().then(() => true, () => false);
    if (isThere) location.reload();
    else await this.#go();
  }

  /**
   * What a page has to know before it is shown. Where another page was gone to meanwhile, this one ends here: it would cover that one.
   * @template T
   * @param {Promise<T>} asked
   * @returns {Promise<T>}
   */
  async known(asked) {
    const { left } = this;
    const answer = await asked;
    left.throwIfAborted();
    return answer;
  }

  /**
   * Changes something. Where the session is locked, asks for the passphrase and goes on; the page stays as it is meanwhile.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async act(work) {
    setBusy(true);
    try {
      return await this.#unlocking(work);
    } finally {
      setBusy(false);
    }
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   */
  async #unlocking(work) {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== 'locked') throw error;
    }
    const { left } = this;
    const back = setAside();
    await unlock(this.#who);
    this.#who.keys.end(); // the server knows now; nothing is opened here
    left.throwIfAborted();
    back();
    return work();
  }

  /**
   * Changes something from a page, and tells there what went wrong. What comes of it after the page was left is nobody's: it changes no other page.
   * @template T
   * @param {HTMLElement} trouble
   * @param {() => Promise<T>} work
   * @param {(error: unknown) => Child} [more] what else to say of a refusal
   * @param {'here' | 'anywhere'} [heard] `anywhere`: the answer is told once and never again
   * @returns {Promise<{ done: T } | undefined>}
   */
  async attempt(trouble, work, more, heard = 'here') {
    const { left } = this;
    trouble.replaceChildren();
    try {
      const done = await this.act(work);
      return left.aborted && heard === 'here' ? undefined : { done };
    } catch (error) {
      if (left.aborted) return undefined;
      if (codeOf(error) === 'signed-out') {
        // What was typed stays: whoever signs in again in another tab presses once more.
        trouble.replaceChildren(problemBox(problemOf(error, { next: t.unlock.signedOutNext }), { signIn: 'new-tab' }));
        return undefined;
      }
      if (this.handled(error)) return undefined;
      trouble.replaceChildren(problemBox(toldOf(error), { more: [ofServer(error), more?.(error)] }));
      return undefined;
    }
  }

  /**
   * Deals with what ends the session's access; everything else is the page's to tell.
   * @param {unknown} error
   */
  handled(error) {
    if (codeOf(error) === 'suspended') {
      this.#nav.box.remove();
      showSuspended(problemOf(error));
      return true;
    }
    if (error instanceof ApiError && error.status === 401) {
      leaveToLogin(location.pathname + location.hash);
      return true;
    }
    return false;
  }
}

/**
 * A part of an address. One that nobody can have meant is taken as it is, and finds nothing.
 * @param {string} part
 */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * A refusal that only the console meets is told in the console's words; one that has none, in the server's.
 * @param {unknown} error
 */
function toldOf(error) {
  const own = words.problem(codeOf(error));
  if (own) return problemOf(error, own);
  return problemOf(error, ofServer(error) ? { title: words.refused, safe: words.nothingChanged, next: '' } : {});
}

/**
 * The server's own words, which are English, where there are none of the console.
 * @param {unknown} error
 */
function ofServer(error) {
  if (!(error instanceof ApiError) || error.code !== 'bad-request' || words.problem(error.code)) return undefined;
  const { detail } = error.problem;
  return typeof detail === 'string' ? h('p', { lang: 'en', dir: 'ltr', testid: 'error-next' }, detail) : undefined;
}
