// The vault, the unlock screen in front of it, and what is done to the keys. /unlock/, /vault/ and /security/ are all this program: the Worker with the keys
// cannot move between documents.

import { forgetUnlock, lockSession } from '../lib/account.js';
import { ApiError, getSession } from '../lib/api.js';
import { enter, leave, leaveToLogin, showSuspended } from '../lib/enter.js';
import { h } from '../lib/h.js';
import { icon } from '../lib/icons.js';
import { guardLeaving } from '../lib/leaving.js';
import { button, notice } from '../lib/parts.js';
import { codeOf, problemOf, showFault } from '../lib/problem.js';
import { announce, currentScreen, show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { tabs } from '../lib/tabs.js';
import { change } from '../security/changes.js';
import { Flow } from '../security/flow.js';
import { add, passkeyFirst, remove } from '../security/passkeys.js';
import { received } from '../security/received.js';
import { security } from '../security/security.js';
import { unlock } from '../unlock/unlock.js';
import { edit } from './edit.js';
import { watchIdle } from './idle.js';
import { Items } from './items.js';
import { list } from './list.js';
import { pieces } from './size.js';

/**
 * @typedef {import('./items.js').Draft} Draft
 * @typedef {import('./items.js').Secret} Secret
 * @typedef {import('./items.js').ListedItem} ListedItem
 * @typedef {'you' | 'idle' | 'hidden' | 'tab' | 'server' | 'crashed' | 'overtaken'} LockReason
 *
 * @typedef {{ kind: 'list' }
 *   | { kind: 'edit', item: ListedItem | undefined }
 *   | { kind: 'draft', draft: Draft, secret: Secret, restored: boolean }
 *   | { kind: 'security', problem?: import('../lib/problem.js').Problem }
 *   | { kind: 'received' }
 *   | { kind: 'change', name: import('../security/changes.js').ChangeName }
 *   | { kind: 'add-passkey', known: import('../lib/passkey.js').Parameters[] }
 *   | { kind: 'remove-passkey', passkey: import('../lib/account.js').Method }} State
 *
 * What was being typed when the vault locked: sealed like items, so that no text of it stays in the page; in pieces, because it may be more than a
 * secret can be.
 * @typedef {{ draft: Draft, records: string[] }} SealedDraft
 *
 * @typedef {{
 *   who: import('../lib/enter.js').Entered, items: Items, search: string, failedSince: number, changedAt: number,
 *   go: (state: State) => void,
 *   tellTabs: (message: import('../lib/tabs.js').TabMessage) => void,
 *   lock: (reason: LockReason) => void,
 *   signOut: () => void,
 *   handled: (error: unknown, draft?: 'keep') => boolean,
 * }} Context
 */

const SECURITY = '/security/';
const NO_ITEM = '00000000-0000-0000-0000-000000000000';
/** @type {Secret} */
const NOTHING = { name: '', value: '', note: '' };
const PING_EVERY_MS = 5 * 60_000;
/** What a call meets whose Worker stopped, and every call after it: a fresh Worker holds no keys. */
const LOST_KEYS = ['crashed', 'worker-failed', 'out-of-order'];

class Vault {
  #who;
  #tabs;
  #items;
  /** @type {Context} */
  #context;
  /** @type {ReturnType<typeof watchIdle> | undefined} */
  #idle;
  /** @type {number | undefined} */
  #ping;
  /** @type {{ draft: Draft, secret: Secret, read: () => Secret } | undefined} */
  #editing;
  /** @type {SealedDraft | undefined} */
  #kept;
  #open = false;
  /** What is on its way on the screens of now; another screen ends it. @type {Flow | undefined} */
  #flow;

  /** @param {import('../lib/enter.js').Entered} who */
  constructor(who) {
    this.#who = who;
    this.#items = new Items(who.keys);
    this.#tabs = tabs(who.session.userId, (message) => this.#hear(message));
    this.#context = {
      who,
      items: this.#items,
      search: '',
      failedSince: 0,
      changedAt: 0,
      go: (state) => this.#go(state),
      tellTabs: (message) => this.#tabs.tell(message),
      lock: (reason) => this.#lock(reason),
      signOut: () => this.#signOut(),
      handled: (error, draft) => this.#handled(error, draft),
    };
    guardLeaving(who.keys, () => this.#open || this.#kept !== undefined, () => this.#isTyped());
  }

  /** @param {HTMLElement} [said] */
  async locked(said) {
    const unlocked = await unlock(this.#who, said, this.#kept !== undefined);
    this.#context.failedSince = unlocked.failedSince;
    this.#context.changedAt = unlocked.changedAt;
    await this.#enter();
  }

  async #enter() {
    this.#begin();
    show('loading', t.loading.heading, h('p', { class: 'lead' }, t.vault.loading));
    try {
      await this.#items.load();
    } catch (error) {
      if (!this.#open || this.#handled(error)) return; // locked meanwhile: another screen stands
      return showFault(problemOf(error), { retry: () => this.#enter() });
    }
    const next = await this.#restored();
    if (!this.#open) return;
    this.#kept = undefined;
    this.#go(next);
  }

  /** Keys are in use: from now on their time runs. */
  #begin() {
    if (this.#open) return;
    this.#open = true;
    this.#watch();
  }

  /** @returns {Promise<State>} */
  async #restored() {
    const kept = this.#kept;
    if (!kept) return { kind: location.pathname === SECURITY ? 'security' : 'list' };
    try {
      const opened = await Promise.all(kept.records.map((record) => this.#who.keys.open(JSON.parse(record))));
      const secret = JSON.parse(opened.map(({ value }) => value).join(''));
      return { kind: 'draft', draft: kept.draft, secret, restored: true };
    } catch {
      return { kind: 'list' }; // other keys than the ones it was sealed with
    }
  }

  /** @param {State} state */
  #go(state) {
    const flow = this.#begun();
    history.replaceState(null, '', state.kind === 'list' || state.kind === 'edit' || state.kind === 'draft' ? '/vault/' : SECURITY);
    switch (state.kind) {
      case 'list':
        return list(this.#context);
      case 'security':
        security(this.#context, flow, state);
        return;
      case 'received':
        received(this.#context, flow);
        return;
      case 'change':
        change(this.#context, flow, state.name);
        return;
      case 'add-passkey':
        add(this.#context, flow, state.known);
        return;
      case 'remove-passkey':
        remove(this.#context, flow, state.passkey);
        return;
      case 'edit':
        return this.#edit(state.item);
      case 'draft':
        this.#editing = { draft: state.draft, secret: state.restored ? NOTHING : state.secret, read: edit(this.#context, state) };
    }
  }

  /** Whether there is text that nothing else holds. */
  #isTyped() {
    if (!this.#editing) return false;
    const { secret, read } = this.#editing;
    const { name, value, note } = read();
    return name !== secret.name || value !== secret.value || note !== secret.note;
  }

  /** What was on the way before ends. */
  #begun() {
    this.#editing = undefined;
    this.#flow?.end();
    this.#flow = new Flow(this.#who);
    return this.#flow;
  }

  /** @param {ListedItem | undefined} item */
  async #edit(item) {
    try {
      const secret = item ? await this.#items.open(item.id) : NOTHING;
      this.#go({ kind: 'draft', draft: { id: item?.id, version: item?.version ?? 0 }, secret, restored: false });
    } catch (error) {
      if (!this.#handled(error)) showFault(problemOf(error), { retry: () => this.#go({ kind: 'list' }) });
    }
  }

  #watch() {
    this.#idle = watchIdle({
      warn: (on) => warnIdle(on, () => this.#idle?.touch()),
      lock: (reason) => this.#lock(reason),
      active: () => this.#tabs.tell('active'),
    });
    this.#ping = setInterval(() => this.#stayKnown(), PING_EVERY_MS);
  }

  /** Reading is use too, though the server sees nothing of it: without this its idle limit would end the session of someone who reads. */
  async #stayKnown() {
    if (!this.#idle || Date.now() - this.#idle.usedAt() > PING_EVERY_MS) return;
    try {
      const session = await getSession();
      if (!session.unlocked) this.#lock('server');
    } catch (error) {
      // While something is being typed, saving will tell; nothing is taken away from under the hands.
      if (this.#open && !this.#editing) this.#handled(error);
    }
  }

  /** @param {LockReason} reason */
  async #lock(reason) {
    if (!this.#open) return;
    this.#close();
    this.#kept = (await this.#sealDraft()) ?? this.#kept; // locked again before it was put back
    this.#who.keys.end();
    this.#items.forget();
    forgetUnlock();
    this.#context.search = '';
    if (reason !== 'tab' && reason !== 'server' && reason !== 'overtaken') {
      this.#tabs.tell('locked');
      lockSession().catch(() => {}); // the keys are gone from here either way
    }
    this.locked(lockNotice(reason, this.#kept !== undefined));
  }

  async #sealDraft() {
    const editing = this.#editing;
    this.#editing = undefined;
    if (!editing) return undefined;
    const { draft, read } = editing;
    const { id, version } = draft;
    const seal = (/** @type {string} */ value) => this.#who.keys.seal(id ?? NO_ITEM, version + 1, { ...NOTHING, value });
    try {
      const sealed = await Promise.all(pieces(JSON.stringify(read())).map(seal));
      return { draft: { id, version }, records: sealed.map(({ record }) => record) };
    } catch {
      return undefined; // without keys nothing can be kept
    }
  }

  #close() {
    this.#open = false;
    this.#flow?.end();
    this.#idle?.end();
    this.#idle = undefined;
    clearInterval(this.#ping);
    warnIdle(false, () => {});
    document.querySelector('dialog')?.remove(); // `close` would leave it in a hidden page until that is drawn again
  }

  #signOut() {
    this.#editing = undefined; // given up on purpose
    this.#close();
    this.#who.keys.end();
    this.#tabs.tell('signed-out');
    leave();
  }

  /**
   * Deals with what ends the session's access; everything else is the screen's to tell.
   * @param {unknown} error
   * @param {'keep'} [draft] the screen holds typed text: it must not be navigated away from
   */
  #handled(error, draft) {
    const code = codeOf(error);
    if (code === 'locked') {
      this.#lock('server'); // a late answer finds it locked already
      return true;
    }
    // The Worker with the keys is gone, and only the passphrase brings them back. Typed text stays where it is until it is copied.
    if (LOST_KEYS.includes(code) && this.#open && draft !== 'keep') {
      this.#lock('crashed');
      return true;
    }
    // Asked for by the organization, perhaps only since a moment ago.
    if (code === 'passkey-required' && this.#open && draft !== 'keep') {
      passkeyFirst(this.#context, this.#begun(), () => this.#enter());
      return true;
    }
    if (code === 'suspended') {
      this.#end();
      showSuspended(problemOf(error));
      return true;
    }
    if (error instanceof ApiError && error.status === 401 && draft !== 'keep') {
      this.#end();
      leaveToLogin();
      return true;
    }
    return false;
  }

  #end() {
    this.#editing = undefined;
    this.#close();
    this.#who.keys.end();
  }

  /** @param {import('../lib/tabs.js').TabMessage} message */
  #hear(message) {
    if (message === 'active') this.#idle?.touch();
    if (message === 'locked') this.#lock('tab');
    if (message === 'signed-out') {
      this.#end();
      location.replace('/signed-out/');
    }
  }
}

/**
 * @param {LockReason} reason
 * @param {boolean} draft
 */
function lockNotice(reason, draft) {
  const words = t.vault.notices;
  switch (reason) {
    case 'you':
      return notice('locked-by-you', words.lockedByYou, 'lock');
    case 'idle':
      return notice('locked-idle', draft ? words.lockedIdleDraft : words.lockedIdle, 'lock');
    case 'hidden':
      return notice('locked-hidden', draft ? words.lockedHiddenDraft : words.lockedHidden, 'lock');
    case 'crashed':
      return notice('locked-crashed', words.lockedCrashed, 'lock');
    case 'tab':
      return notice('locked-elsewhere', words.lockedElsewhere, 'lock');
    case 'overtaken':
      return notice('locked-overtaken', words.lockedOvertaken, 'lock');
    case 'server':
      return notice('locked-by-server', draft ? words.lockedByServerDraft : words.lockedByServer, 'lock');
  }
}

/** @type {HTMLElement | undefined} */
let banner;

/**
 * @param {boolean} on
 * @param {() => void} stay
 */
function warnIdle(on, stay) {
  banner?.remove();
  banner = undefined;
  if (!on || currentScreen() === 'unlock') return;
  banner = h('div', { class: 'banner', testid: 'idle-warning', role: 'region', 'aria-label': t.noticeLabel }, icon('lock'), h('p', {}, t.vault.idle), button('idle-stay', t.vault.stay, stay));
  document.body.append(banner);
  announce(t.vault.idle);
}

async function start() {
  const who = await enter();
  if (who.session.state === 'PENDING') return location.replace('/setup/');
  new Vault(who).locked();
}

start();
