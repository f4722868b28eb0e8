// The messages between a page and its Workers: one table of calls for each Worker, what goes in and what comes back. Types only.

/**
 * @typedef {{ webAssembly: false } | { webAssembly: true, deriveMilliseconds: number }} Detected
 * @typedef {{ id: string, version: number, itemKey: string, content: string, updatedAt?: number }} ItemRecord
 * @typedef {{ name: string, value: string, note: string }} Secret
 * @typedef {{ id: string, version: number, updatedAt: number | undefined, name: string }} OpenedItem
 * @typedef {{ id: string, version: number, updatedAt: number | undefined, damaged: true }} DamagedItem
 * @typedef {OpenedItem | DamagedItem} ListedItem
 * @typedef {{ remembered: string, changedAt: number, failedSince: number }} Unlocked
 *
 * @typedef {{ offer: string, origin: string, secret: Uint8Array<ArrayBuffer>, remembered: string | undefined }} Begin
 */

/**
 * The Worker that holds every secret. JSON texts (`offer`, `answer`, results named `request` or `record`) pass through unread.
 * @typedef {{
 *   detect: { with: null, gives: Detected },
 *   load: { with: null, gives: null },
 *   warmUp: { with: null, gives: null },
 *   suggest: { with: null, gives: string },
 *   checkPassword: { with: { secret: Uint8Array<ArrayBuffer> }, gives: null },
 *   setupBegin: { with: Begin, gives: { code: string, words: string } },
 *   setupProve: { with: { typed: string }, gives: boolean },
 *   setupRequest: { with: { offer: string }, gives: string },
 *   setupRemembered: { with: null, gives: string },
 *   unlockBegin: { with: Begin, gives: string },
 *   unlockOpen: { with: { answer: string }, gives: Unlocked },
 *   seal: { with: { id: string, version: number, secret: Secret }, gives: string },
 *   open: { with: { record: ItemRecord }, gives: Secret },
 *   forget: { with: null, gives: null },
 *   list: { with: { records: ItemRecord[] }, gives: ListedItem[] },
 * }} KeyCalls
 */

/**
 * @typedef {{ score: 0 | 1 | 2 | 3 | 4, guessesLog10: number, common: boolean, warningCode: string | null }} Estimate
 * @typedef {{ estimate: { with: { secret: Uint8Array<ArrayBuffer>, inputs: string[] }, gives: Estimate } }} StrengthCalls
 */

/**
 * @typedef {{ [name: string]: { with: unknown, gives: unknown } }} AnyCalls
 */

/**
 * @template {AnyCalls} C
 * @typedef {{ [K in keyof C & string]: { id: number, call: K, with: C[K]['with'] } }[keyof C & string]} Request
 */

/**
 * @typedef {'derive' | 'make' | 'seal' | 'check'} Step
 * @typedef {{ progress: number, step: Step }} Progress
 * @typedef {{ id: number, ok: unknown } | { id: number, error: string } | Progress} Answer
 */

export {};
