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
 * @typedef {{ offer: string, origin: string, remembered: string | undefined }} Terms what a client asks of the server, and brings along
 * @typedef {Terms & { secret: Uint8Array<ArrayBuffer>, to: MessagePort }} Derive
 * @typedef {Terms & { derived: MessagePort }} Begin
 * @typedef {{ code: string, words: string }} Code a new recovery code, until it is proved to be kept
 * @typedef {{ parameters: Uint8Array<ArrayBuffer>, output: Uint8Array<ArrayBuffer> }} Passkey its parameters, and the first result of its PRF extension
 */

/**
 * Everything on the recovery kit's page that is not secret.
 * @typedef {{
 *   lang: string, title: string, purpose: string, facts: { label: string, value: string }[],
 *   codeLabel: string, codeHint: string, qrHint: string, wordsLabel: string, wordsHint: string,
 *   parts: { heading: string, text: string }[], footer: string, replaced: string,
 * }} KitTexts
 */

/**
 * The Worker that sees passphrases, and lives only as long as one is asked for. What it derives leaves it by the port `to`, and by no answer.
 * @typedef {{
 *   detect: { with: null, gives: Detected },
 *   load: { with: null, gives: null },
 *   warmUp: { with: null, gives: null },
 *   suggest: { with: null, gives: string },
 *   checkPassword: { with: { secret: Uint8Array<ArrayBuffer> }, gives: null },
 *   deriveForSetup: { with: Derive, gives: null },
 *   deriveForUnlock: { with: Derive & { kind: 1 | 2 }, gives: null },
 *   deriveForChange: { with: Derive, gives: null },
 * }} DeriveCalls
 */

/**
 * The Worker that holds the keys. JSON texts (`offer`, `answer`, results named `request` or `record`) pass through unread. Of what it holds, the answers
 * give a new recovery code until it is proved, as texts and as a kit, and opened items; no call gives a key. A change begins with an unlock of its own: `unlockBegin`,
 * then `changeOpen` in the place of `unlockOpen`. Until `changeDone` or `changeCancel` the account stays open.
 * @typedef {{
 *   load: { with: null, gives: null },
 *   setupBegin: { with: Begin, gives: Code },
 *   kit: { with: { texts: KitTexts }, gives: Blob },
 *   prove: { with: { typed: Uint8Array<ArrayBuffer> }, gives: boolean },
 *   proveFile: { with: { file: File }, gives: boolean },
 *   codeIn: { with: { given: string | File }, gives: string },
 *   setupRequest: { with: { offer: string }, gives: string },
 *   setupRemembered: { with: null, gives: string },
 *   unlockBegin: { with: Begin, gives: string },
 *   unlockBeginByPasskey: { with: Terms & Passkey, gives: string },
 *   unlockOpen: { with: { answer: string }, gives: Unlocked },
 *   changeOpen: { with: { answer: string }, gives: Unlocked & { recovers: boolean } },
 *   changeSetPassword: { with: { derived: MessagePort }, gives: null },
 *   changeMakeCode: { with: null, gives: Code },
 *   changeAddPasskey: { with: Passkey, gives: null },
 *   changeRemovePasskey: { with: { parameters: Uint8Array<ArrayBuffer> }, gives: null },
 *   changeRequest: { with: { offer: string }, gives: string },
 *   changeDone: { with: null, gives: Unlocked },
 *   changeCancel: { with: null, gives: null },
 *   renewalBegin: { with: Begin, gives: Code },
 *   renewalRequest: { with: { offer: string, items: string }, gives: string },
 *   renewalDone: { with: null, gives: Unlocked },
 *   seal: { with: { id: string, version: number, secret: Secret }, gives: { record: string, epoch: number } },
 *   open: { with: { record: ItemRecord }, gives: Secret },
 *   list: { with: { records: ItemRecord[] }, gives: ListedItem[] },
 *   forget: { with: null, gives: null },
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
