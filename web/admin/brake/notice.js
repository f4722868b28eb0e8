// On top of every page of the console, while the brake holds something back.

import { request } from '../../lib/api.js';
import { h } from '../../lib/h.js';
import { icon } from '../../lib/icons.js';
import { words } from '../strings/index.js';

export function brakeNotice() {
  const box = h('div', { class: 'brake-notice', testid: 'brake-notice', role: 'status', hidden: true });
  document.querySelector('.top')?.append(box);
  /** Asks the server once. That this fails is told by the page, which asks too. */
  const look = async () => {
    /** @type {import('/types/api.js').Held | undefined} */
    const held = await request('GET', '/api/admin/brake/held').catch(() => undefined);
    if (!held) return;
    const { notice } = words.brake;
    const [creates, deletes] = [held.createsHeldAt !== null, held.deletesHeldAt !== null];
    box.hidden = !creates && !deletes;
    const text = creates && deletes ? notice.both : creates ? notice.creates : notice.deletes;
    box.replaceChildren(...(box.hidden ? [] : [icon('warning'), h('p', {}, text, ' ', h('a', { href: '#/brake', testid: 'brake-notice-link' }, notice.link))]));
  };
  return look;
}
