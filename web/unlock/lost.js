// Everything is lost: asking for new keys. It changes nothing by itself; somebody with keys approves it, and until then an unlock takes it back.

import { askReset, cancelReset, getReset } from '../lib/account.js';
import { h } from '../lib/h.js';
import { actions, button, lead, notice } from '../lib/parts.js';
import { problemBox, problemOf } from '../lib/problem.js';
import { show } from '../lib/screen.js';
import { showDateTime, t } from '../lib/strings/index.js';

/** @typedef {import('../lib/account.js').ResetStatus} ResetStatus */

/**
 * @param {{ back: () => void, tell: (error: unknown) => void }} use `back`: to the unlock form; `tell`: what this screen cannot deal with
 */
export async function lost({ back, tell }) {
  try {
    draw(await getReset(), back);
  } catch (error) {
    tell(error);
  }
}

/**
 * @param {ResetStatus} status
 * @param {() => void} back
 */
function draw({ state, approval, request }, back) {
  if (state === 'PENDING') return location.replace('/setup/'); // approved: new keys can be made
  const words = t.lost;
  const waits = request?.state === 'requested';
  const trouble = h('div', { class: 'trouble' });
  /** @param {() => Promise<void>} act */
  const doing = async (act) => {
    trouble.replaceChildren();
    try {
      await act();
      draw(await getReset(), back);
    } catch (error) {
      trouble.replaceChildren(problemBox(problemOf(error)));
    }
  };
  show(
    'lost',
    waits ? words.waitingHeading : words.heading,
    waits ? lead(words.waiting(showDateTime(request.askedAt), showDateTime(request.expiresAt))) : lead(words.lead),
    !waits && request && notice(`lost-${request.state}`, words.before[request.state], 'info'),
    waits ? h('p', { testid: 'lost-id' }, words.id(request.id)) : h('ul', { class: 'prose' }, words.effects.map((effect) => h('li', {}, effect))),
    h('p', {}, approval === 'admin' ? words.byAdmin : words.byOperator),
    trouble,
    waits
      ? actions(
          button('lost-cancel', words.cancel, () => doing(cancelReset), { kind: 'quiet' }),
          button('lost-back', words.back, back, { icon: 'back' }),
          button('lost-look', words.look, () => doing(async () => {}), { kind: 'primary' }),
        )
      : actions(button('lost-back', words.back, back, { kind: 'quiet', icon: 'back' }), button('lost-ask', words.ask, () => doing(askReset), { icon: 'warning' })),
  );
}
