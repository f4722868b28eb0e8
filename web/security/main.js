// The Security screen: what opens the account.

import { actions, button } from '../lib/parts.js';
import { show } from '../lib/screen.js';
import { t } from '../lib/strings/index.js';
import { passkeySection } from './passkeys.js';

/** @param {import('../vault/main.js').Context} context */
export function security(context) {
  show(
    'security',
    t.security.heading,
    passkeySection(context),
    actions(button('security-back', t.security.back, () => context.go({ kind: 'list' }), { icon: 'back' })),
  );
}
