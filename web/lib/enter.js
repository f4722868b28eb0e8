// Coming in: who is signed in, and can this browser do the work? Both are known before anything is shown or typed.

import { ApiError, getSession, signOut } from './api.js';
import { frame, showUser } from './frame.js';
import { h } from './h.js';
import { Keys } from './keys.js';
import { actions, button, lead } from './parts.js';
import { codeOf, loginAddress, ownProblem, problemBox, problemOf, showFault } from './problem.js';
import { rememberOrganization, rememberSentToLogin, sentToLogin } from './remembered.js';
import { show } from './screen.js';
import { t } from './strings/index.js';

/** @typedef {import('./api.js').Session} Session */
/** @typedef {{ session: Session, keys: Keys, deriveMilliseconds: number, loaded: Promise<void> }} Entered `loaded`: the Workers have their module */

const LOOP_MS = 20_000;

/**
 * Settles only for someone who may go on; everyone else is shown, or sent, where he belongs.
 * @returns {Promise<Entered>}
 */
export async function enter() {
  frame();
  show('loading', t.loading.heading, lead(t.loading.text));
  const keys = new Keys();
  const [session, detected] = await Promise.all([sessionOrLeave(), keys.detect().catch((error) => ({ error }))]);
  rememberOrganization(session.organization.slug);
  showUser(session.userName);
  // Nobody waits for this part: it is loaded when the page stands.
  setTimeout(() => import('./session-end.js').then(({ watchSession }) => watchSession(session), () => {}), 3000);
  if (session.state === 'SUSPENDED') return showSuspended(ownProblem('suspended'));
  if ('error' in detected) return stop(detected.error);
  if (!detected.webAssembly) return showUnsupported();
  const loaded = keys.load().catch((error) => codeOf(error) === 'ended' ? undefined : stop(error));
  return { session, keys, deriveMilliseconds: detected.deriveMilliseconds, loaded };
}

/** @returns {Promise<never>} a promise that leaves the page to what it shows now */
function stay() {
  return new Promise(() => {});
}

async function sessionOrLeave() {
  try {
    const session = await getSession();
    rememberSentToLogin(undefined);
    return session;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return leaveToLogin();
    if (error instanceof ApiError && error.code === 'suspended') return showSuspended(problemOf(error));
    return stop(error);
  }
}

/**
 * To the sign-in, unless we have just been there, or could not know: a browser that keeps no cookies would go round for ever.
 * @param {string} [path] where to come back to
 * @returns {Promise<never>}
 */
export function leaveToLogin(path = location.pathname) {
  const justThere = Date.now() - sentToLogin() < LOOP_MS;
  if (justThere || !rememberSentToLogin(Date.now())) {
    rememberSentToLogin(undefined);
    showFault(ownProblem('sign-in-not-kept'), { signIn: 'here' });
    return stay();
  }
  location.replace(loginAddress(path));
  return stay();
}

/**
 * @param {unknown} error
 * @returns {Promise<never>}
 */
function stop(error) {
  // Where the engine refuses the module itself, it is the same story as no WebAssembly at all.
  if (codeOf(error) === 'worker-failed' && typeof WebAssembly === 'undefined') return showUnsupported();
  showFault(problemOf(error), { retry: () => location.reload() });
  return stay();
}

/**
 * @param {import('./problem.js').Problem} problem
 * @returns {Promise<never>}
 */
export function showSuspended(problem) {
  show('suspended', t.suspended.heading, problemBox(problem), actions(button('suspended-sign-out', t.common.signOut, leave, { icon: 'leave' })));
  return stay();
}

/** @returns {Promise<never>} */
function showUnsupported() {
  show(
    'unsupported',
    t.unsupported.heading,
    h('p', { class: 'lead', testid: 'unsupported-reason' }, t.unsupported.why),
    h('h2', {}, t.unsupported.whatToDo),
    h('ul', { class: 'prose' }, t.unsupported.steps.map((step) => h('li', {}, step))),
    h('p', { class: 'muted' }, t.unsupported.never),
  );
  return stay();
}

/** Signs out here and goes to the page that says so. A server that cannot be reached keeps nobody from leaving. */
export async function leave() {
  await signOut().catch(() => {});
  location.replace('/signed-out/');
}
