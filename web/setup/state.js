// The set-up as one value: which screen, and exactly what that screen has in its hands.

/**
 * @typedef {{ code: string, words: string[], made: Date }} Kit
 * @typedef {import('../lib/problem.js').Problem} Problem
 *
 * @typedef {{ kind: 'who' }
 *   | { kind: 'epoch', epoch: number }
 *   | { kind: 'passphrase', problem?: Problem }
 *   | { kind: 'making', passphrase: string }
 *   | { kind: 'kit', kit: Kit }
 *   | { kind: 'prove', kit: Kit }
 *   | { kind: 'saving' }
 *   | { kind: 'done', request: string }
 *   | { kind: 'taken' }
 *   | { kind: 'refused', problem: Problem }} State
 *
 * What the screens of the recovery kit are a part of: where the steps are shown, how to leave.
 * @typedef {{ steps: (at: 3 | 4) => HTMLElement | undefined, leaveLabel: string, leave: () => void }} KitIn
 * @typedef {{ kind: 'kit', kit: Kit } | { kind: 'prove', kit: Kit } | { kind: 'saving' }} KitState
 * @typedef {{ session: import('../lib/api.js').Session, keys: import('../lib/keys.js').Keys, kitIn: KitIn, go: (state: KitState) => void }} KitContext
 *
 * @typedef {{
 *   session: import('../lib/api.js').Session,
 *   keys: import('../lib/keys.js').Keys,
 *   kitIn: KitIn,
 *   deriveMilliseconds: number,
 *   loaded: Promise<void>,
 *   acceptEpoch: number | undefined,
 *   suggestion: string | undefined,
 *   otherTab: boolean,
 *   go: (state: State) => void,
 *   tell: (message: import('../lib/tabs.js').TabMessage) => void,
 * }} Context
 */

/**
 * Screens in whose Worker new keys wait: leaving the page would lose them.
 * @param {State} state
 */
export function holdsNewKeys(state) {
  return state.kind === 'kit' || state.kind === 'prove' || state.kind === 'saving';
}
