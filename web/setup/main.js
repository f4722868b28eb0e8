// First login: from a pending user to one whose keys only he can open.

import { enter } from '../lib/enter.js';
import { guardLeaving } from '../lib/leaving.js';
import { t } from '../lib/strings/index.js';
import { tabs } from '../lib/tabs.js';
import { done } from './done.js';
import { kit } from './kit.js';
import { making } from './making.js';
import { passphrase } from './passphrase.js';
import { prove } from './prove.js';
import { saving } from './saving.js';
import { holdsNewKeys } from './state.js';
import { steps } from './steps.js';
import { epoch, refused, taken } from './stopped.js';
import { who } from './who.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Context} Context */

/** @type {State} */
let state = { kind: 'who' };

/**
 * @param {Context} context
 * @param {State} next
 */
function render(context, next) {
  state = next;
  switch (next.kind) {
    case 'who':
      return who(context);
    case 'epoch':
      return epoch(context, next);
    case 'passphrase':
      return passphrase(context, next);
    case 'making':
      return making(context, next, () => state !== next);
    case 'kit':
      return kit(context, next);
    case 'prove':
      return prove(context, next);
    case 'saving':
      return saving(context);
    case 'done':
      return done(context, next);
    case 'taken':
      return taken(context);
    case 'refused':
      return refused(context, next);
  }
}

/**
 * From the kit back to another passphrase: the keys made so far go with their Worker.
 * @param {Context} context
 */
function startOver(context) {
  context.keys.end();
  context.suggestion = undefined;
  context.go({ kind: 'passphrase' });
}

/** @param {Context} context */
function listenToTabs(context) {
  const channel = tabs(context.session.userId, (message) => {
    if (message === 'setup-asking' && holdsNewKeys(state)) channel.tell('setup-open');
    if (message === 'setup-open' && state.kind === 'who' && !context.otherTab) {
      context.otherTab = true;
      context.go(state);
    }
    if (message === 'setup-done' && state.kind !== 'done' && state.kind !== 'saving') context.go({ kind: 'taken' });
    if (message === 'signed-out' && !holdsNewKeys(state)) location.replace('/signed-out/');
  });
  context.tell = channel.tell;
  channel.tell('setup-asking');
}

async function start() {
  const { session, keys, deriveMilliseconds, loaded } = await enter();
  if (session.state !== 'PENDING') return location.replace('/vault/');
  /** @type {Context} */
  const context = {
    session,
    keys,
    kitIn: { steps, leaveLabel: t.setup.kit.startOver, leave: () => startOver(context) },
    deriveMilliseconds,
    loaded,
    acceptEpoch: undefined,
    suggestion: undefined,
    otherTab: false,
    go: (next) => render(context, next),
    tell: () => {},
  };
  listenToTabs(context);
  guardLeaving(keys, () => holdsNewKeys(state));
  context.go({ kind: 'who' });
}

start();
