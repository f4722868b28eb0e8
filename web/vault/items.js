// The secrets as this page knows them: sealed records from the server, and the names that the Worker read from them.

import { deleteItem, getItems, putItem, reserveItem } from '../lib/account.js';
import { ApiError } from '../lib/api.js';
import { locale, t } from '../lib/strings/index.js';

/**
 * @typedef {import('../lib/worker/messages.js').Secret} Secret
 * @typedef {import('../lib/worker/messages.js').ItemRecord} ItemRecord
 * @typedef {import('../lib/worker/messages.js').ListedItem} ListedItem
 */

/**
 * What is being written: a new secret (`version` 0) or the next version of one. `sealed` keeps the bytes of a try, so that the next try of the same
 * text sends the same bytes.
 * @typedef {{ id: string | undefined, version: number, sealed?: { text: string, record: string, epoch: number } }} Draft
 */

/** Somebody else was faster. `theirs` is what is stored now; `undefined`: it was deleted. */
export class Conflict extends Error {
  /**
   * @param {{ version: number, secret: Secret | undefined } | undefined} theirs
   * @param {string} supportId
   */
  constructor(theirs, supportId) {
    super('stale-version');
    this.theirs = theirs;
    this.supportId = supportId;
  }
}

const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });

export class Items {
  #keys;
  /** @type {Map<string, ItemRecord>} */
  #records = new Map();
  /** @type {readonly ListedItem[]} */
  list = [];

  /** @param {import('../lib/keys.js').Keys} keys */
  constructor(keys) {
    this.#keys = keys;
  }

  async load() {
    const records = await getItems();
    const list = await this.#keys.list(records);
    this.#records = new Map(records.map((record) => [record.id, record]));
    this.list = list.sort(byName);
  }

  /** What the server holds of them. */
  get stored() {
    const records = [...this.#records.values()];
    return { count: records.length, values: records.flatMap(({ itemKey, content }) => [itemKey, content]) };
  }

  /** At lock: names are secrets too. */
  forget() {
    this.#records.clear();
    this.list = [];
  }

  /**
   * @param {string} id
   * @returns {Promise<Secret>}
   */
  open(id) {
    const record = this.#records.get(id);
    if (!record) throw new ApiError('not-found', 404, {});
    return this.#keys.open(record);
  }

  /**
   * Seals a secret as the version after the draft's and stores it.
   * @param {Draft} draft keeps what a further try needs
   * @param {Secret} secret
   */
  async save(draft, secret) {
    draft.id ??= await reserveItem();
    const { id } = draft;
    const text = JSON.stringify([draft.version, secret]);
    if (draft.sealed?.text !== text) draft.sealed = { text, ...(await this.#keys.seal(id, draft.version + 1, secret)) };
    const { record, epoch } = draft.sealed;
    try {
      await putItem(id, record, epoch);
    } catch (error) {
      if (!(error instanceof ApiError) || (error.code !== 'stale-version' && error.code !== 'not-found')) throw error;
      await this.#settle(id, record, error);
    }
    delete draft.sealed; // it holds the text
    await this.load();
  }

  /**
   * The server holds another version: ours after all, if an earlier answer was lost; else a conflict.
   * @param {string} id
   * @param {string} record
   * @param {ApiError} error
   */
  async #settle(id, record, error) {
    await this.load();
    const stored = this.#records.get(id);
    /** @type {ItemRecord} */
    const ours = JSON.parse(record);
    if (stored && stored.content === ours.content && stored.itemKey === ours.itemKey) return;
    const secret = stored && (await this.#keys.open(stored).catch(() => undefined));
    throw new Conflict(stored && { version: stored.version, secret }, error.supportId ?? error.code);
  }

  /**
   * Deletes the version that the user saw. Already gone is as good.
   * @param {ListedItem} item
   */
  async remove(item) {
    try {
      await deleteItem(item.id, item.version);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'not-found') throw error;
    }
    this.#records.delete(item.id);
    this.list = this.list.filter(({ id }) => id !== item.id);
  }
}

/**
 * @param {ListedItem} a
 * @param {ListedItem} b
 */
function byName(a, b) {
  return collator.compare(nameOf(a), nameOf(b));
}

/** @param {ListedItem} item */
export function nameOf(item) {
  return 'damaged' in item ? t.vault.damagedName : item.name;
}
