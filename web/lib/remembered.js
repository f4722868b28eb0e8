// What this browser remembers of an account between visits: how far its signed history had come. Nothing secret, but it is what stops a server from
// showing an older account again.

/**
 * What the page itself looks at; the text holds more, which is the Worker's.
 * @typedef {{ user: string, epoch: number, seq: number }} Remembered
 *
 * How far a change of keys came. `kit`: when its recovery kit was made, in milliseconds since 1970; `sent`: it may be stored.
 * @typedef {{ kit?: number, sent?: boolean }} ChangeBegun
 */

const PREFIX = 'freehold.remembered.';
const ORGANIZATION = 'freehold.organization';
const LANGUAGE = 'freehold.language';
const SETUP_BEGUN = 'freehold.setup-begun.';
const CHANGE_BEGUN = 'freehold.change-begun';
const SENT_TO_LOGIN = 'freehold.sent-to-login';

/** Of this tab alone: it outlives loading the page anew, and no other tab sees it. */
const ofTab = () => sessionStorage;

/**
 * @param {string} key
 * @returns {string | undefined}
 */
function read(key, storage = () => localStorage) {
  try {
    return storage().getItem(key) ?? undefined;
  } catch {
    return undefined; // storage is switched off: this browser remembers nothing
  }
}

/**
 * @param {string} key
 * @param {string | undefined} value
 * @returns {boolean} whether it is kept
 */
function write(key, value, storage = () => localStorage) {
  try {
    if (value === undefined) storage().removeItem(key);
    else storage().setItem(key, value);
    return true;
  } catch {
    return false; // as above
  }
}

/**
 * @param {string} text
 * @returns {Remembered | undefined}
 */
function parse(text) {
  try {
    const found = JSON.parse(text);
    const right = typeof found.user === 'string' && Number.isInteger(found.epoch) && Number.isInteger(found.seq);
    return right ? found : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} userId
 * @returns {Remembered | undefined}
 */
export function remembered(userId) {
  const found = parse(read(PREFIX + userId) ?? '');
  return found?.user === userId ? found : undefined;
}

/**
 * All of it, as the Worker takes it.
 * @param {string} userId
 * @param {number | undefined} acceptEpoch a higher epoch that the user said yes to
 */
export function rememberedText(userId, acceptEpoch) {
  const found = remembered(userId);
  return found && JSON.stringify({ ...found, acceptEpoch });
}

/**
 * Keeps what the Worker verified. Another tab may have come further in the meantime; the memory never goes back.
 * @param {string} userId
 * @param {string} text
 */
export function remember(userId, text) {
  const next = parse(text);
  const known = remembered(userId);
  if (!next || next.user !== userId) return;
  const goesBack = known && (next.epoch < known.epoch || (next.epoch === known.epoch && next.seq < known.seq));
  if (!goesBack) write(PREFIX + userId, JSON.stringify(next));
}

/**
 * The epoch that an offer names, against the remembered one: for the questions to ask before anything is typed. The Worker checks it again.
 * @param {string} offer
 * @param {string} userId
 * @returns {{ is: 'first' | 'same' | 'above' | 'below', epoch: number }}
 */
export function compareEpoch(offer, userId) {
  const { epoch } = /** @type {{ epoch: number }} */ (JSON.parse(offer));
  const known = remembered(userId);
  if (!known) return { is: 'first', epoch };
  if (epoch === known.epoch) return { is: 'same', epoch };
  return { is: epoch > known.epoch ? 'above' : 'below', epoch };
}

/** @returns {string | undefined} */
export function lastOrganization() {
  return read(ORGANIZATION);
}

/** @param {string} slug */
export function rememberOrganization(slug) {
  write(ORGANIZATION, slug);
}

/** @returns {string | undefined} */
export function chosenLanguage() {
  return read(LANGUAGE);
}

/** Here, and for the pages that the server writes itself. @param {string} name */
export function rememberLanguage(name) {
  write(LANGUAGE, name);
  document.cookie = `__Host-language=${name}; Path=/; Max-Age=31536000; Secure; SameSite=Lax`;
}

/** When this tab was last sent to the sign-in, in milliseconds since 1970; 0: it was not. */
export function sentToLogin() {
  return Number(read(SENT_TO_LOGIN, ofTab) ?? 0);
}

/**
 * @param {number | undefined} at milliseconds since 1970; `undefined` forgets
 * @returns {boolean} whether the tab will know
 */
export function rememberSentToLogin(at) {
  return write(SENT_TO_LOGIN, at === undefined ? undefined : String(at), ofTab);
}

/**
 * When keys were made here whose set-up was never finished: their recovery kit, if one was kept, is for nothing.
 * @param {string} userId
 * @returns {Date | undefined}
 */
export function setupBegun(userId) {
  const at = Number(read(SETUP_BEGUN + userId));
  return at > 0 ? new Date(at) : undefined;
}

/**
 * @param {string} userId
 * @param {number | undefined} at milliseconds since 1970; `undefined` forgets
 */
export function rememberSetupBegun(userId, at) {
  write(SETUP_BEGUN + userId, at === undefined ? undefined : String(at));
}

/**
 * What is known of a change of keys that was begun in this tab, and of which nobody was told yet that it is done. It outlives a sign-in and loading the page anew;
 * another tab, where nothing was begun, knows nothing of it.
 * @param {string} userId
 * @returns {ChangeBegun | undefined}
 */
export function changeBegun(userId) {
  /** @type {ChangeBegun & { user: string } | null} */
  const found = JSON.parse(read(CHANGE_BEGUN, ofTab) ?? 'null');
  return found?.user === userId ? found : undefined;
}

/**
 * @param {string} userId
 * @param {ChangeBegun} come what has come to it
 */
export function rememberChangeBegun(userId, come = {}) {
  write(CHANGE_BEGUN, JSON.stringify({ ...changeBegun(userId), ...come, user: userId }), ofTab);
}

export function forgetChangeBegun() {
  write(CHANGE_BEGUN, undefined, ofTab);
}
