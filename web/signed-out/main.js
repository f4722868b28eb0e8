// Where signing out ends.

import { frame } from '../lib/frame.js';
import { h } from '../lib/h.js';
import { actions, lead } from '../lib/parts.js';
import { loginAddress } from '../lib/problem.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';

frame();
show(
  'signed-out',
  t.signedOut.heading,
  lead(t.signedOut.text),
  actions(h('a', { class: 'button primary', href: loginAddress('/vault/'), testid: 'sign-in' }, t.common.signIn)),
);
