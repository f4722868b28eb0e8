// Small parts that several screens use.

import { h } from './h.js';
import { icon } from './icons.js';
import { announce } from './screen.js';
import { t } from './strings/index.js';

/** @typedef {import('./h.js').Child} Child */

/**
 * The same work, but asking for it again while it is under way changes nothing: a double click is one click.
 * @param {() => void} work
 */
export function once(work) {
  let isUnderWay = false;
  return async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await work();
    } finally {
      isUnderWay = false;
    }
  };
}

/**
 * @param {string} testid
 * @param {string} label
 * @param {() => void} press
 * @param {{ kind?: 'primary' | 'strong' | 'plain' | 'quiet' | 'danger', icon?: import('./icons.js').Icon, name?: string }} [look] `name`: what a screen reader says instead of the label
 * @returns {HTMLButtonElement}
 */
export function button(testid, label, press, look = {}) {
  const { kind = 'plain', name } = look;
  return h(
    'button',
    { type: 'button', class: `button ${kind}`, testid, 'aria-label': name, on: { click: once(press) } },
    look.icon && icon(look.icon),
    h('span', {}, label),
  );
}

/**
 * The button that sends a form.
 * @param {string} testid
 * @param {string} label
 */
export function submit(testid, label) {
  return h('button', { type: 'submit', class: 'button primary', testid }, h('span', {}, label));
}

/** @param {...Child} children */
export function actions(...children) {
  return h('div', { class: 'actions' }, ...children);
}

/** @param {string} text */
export function lead(text) {
  return h('p', { class: 'lead' }, text);
}

/**
 * A quiet box with something worth knowing.
 * @param {string} code
 * @param {string} text
 * @param {import('./icons.js').Icon} [picture]
 */
export function notice(code, text, picture = 'info') {
  return h('div', { class: 'notice', testid: 'notice', 'data-code': code, role: 'note', 'aria-label': t.noticeLabel }, icon(picture), h('p', {}, text));
}

/**
 * A labelled field with room for a hint and an error of its own.
 * @param {{ label: string, hint?: string, optional?: boolean }} texts
 * @param {HTMLInputElement | HTMLTextAreaElement} input must have an id
 * @param {...Child} after
 */
export function field(texts, input, ...after) {
  const hintId = `${input.id}-hint`;
  if (texts.hint) input.setAttribute('aria-describedby', hintId);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: input.id }, texts.label, texts.optional && h('span', { class: 'optional' }, ` (${t.edit.optional})`)),
    texts.hint && h('p', { class: 'hint', id: hintId }, texts.hint),
    input,
    ...after,
  );
}

/**
 * A passphrase field with show/hide and a Caps Lock hint. Pasting works, nothing is trimmed, no length is imposed by the field.
 * @param {{ id: string, label: string, hint?: string, autocomplete: 'new-password' | 'current-password', testid: string, showTestid?: string, capsTestid?: string }} options
 */
export function passphraseField(options) {
  const input = h('input', {
    id: options.id,
    name: options.id,
    type: 'password',
    class: 'passphrase',
    autocomplete: options.autocomplete,
    autocapitalize: 'none',
    autocorrect: 'off',
    spellcheck: 'false',
    dir: 'auto',
    required: true,
    testid: options.testid,
  });
  const caps = h('p', { class: 'hint caps', role: 'status', ...(options.capsTestid ? { testid: options.capsTestid } : {}) });
  /** @param {KeyboardEvent | MouseEvent} event */
  const watchCaps = (event) => {
    const on = event.getModifierState?.('CapsLock') ?? false;
    caps.textContent = on ? t.common.capsLock : '';
  };
  for (const kind of /** @type {const} */ (['keydown', 'keyup', 'click'])) input.addEventListener(kind, watchCaps);
  const toggle = options.showTestid && showToggle(input, options.showTestid, options.label);
  const row = h('div', { class: 'with-button' }, input, toggle);
  const texts = { label: options.label, ...(options.hint ? { hint: options.hint } : {}) };
  const box = field(texts, input, caps);
  input.before(row);
  row.prepend(input);
  return { box, input };
}

/**
 * @param {HTMLInputElement} input
 * @param {string} testid
 * @param {string} label
 */
function showToggle(input, testid, label) {
  const text = h('span', {}, t.common.show);
  const picture = h('span', { class: 'icon-slot' }, icon('eye'));
  const toggle = h('button', { type: 'button', class: 'button plain toggle', testid, 'aria-pressed': 'false', 'aria-label': `${t.common.show}: ${label}` }, picture, text);
  toggle.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    toggle.setAttribute('aria-pressed', String(shown));
    text.textContent = shown ? t.common.hide : t.common.show;
    picture.replaceChildren(icon(shown ? 'eyeOff' : 'eye'));
    input.dispatchEvent(new Event('shown-changed'));
  });
  return toggle;
}

/**
 * The hidden user name that lets a password manager file the passphrase under the right person.
 * @param {string} testid
 * @param {string} userName
 */
export function hiddenUserName(testid, userName) {
  return h('input', {
    type: 'text', name: 'username', autocomplete: 'username', value: userName, testid,
    class: 'visually-hidden', readonly: true, tabindex: '-1', 'aria-hidden': 'true',
  });
}

/**
 * Copies a text and says on the button that it did.
 * @param {HTMLButtonElement} on
 * @param {string} text
 * @param {string} [spoken]
 * @returns {Promise<boolean>} whether the browser allowed it
 */
export async function copy(on, text, spoken = t.common.copied) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    announce(`${t.problem('clipboard-refused').title}. ${t.problem('clipboard-refused').next}`);
    return false;
  }
  announce(spoken);
  const label = on.querySelector('span');
  if (label && !on.dataset['copied']) {
    const before = label.textContent;
    label.textContent = t.common.copied;
    on.dataset['copied'] = 'true';
    setTimeout(() => {
      label.textContent = before;
      delete on.dataset['copied'];
    }, 2000);
  }
  return true;
}

/**
 * Offers a file. It was made here; no server is asked.
 * @param {string} name
 * @param {Blob} file
 */
export function download(name, file) {
  const address = URL.createObjectURL(file);
  const link = h('a', { href: address, download: name, class: 'visually-hidden' });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The part of the whole that stretching the passphrase takes, and how often the bar moves meanwhile. */
const DERIVE_SHARE = 0.9;
const MOVE_EVERY_MS = 150;

/**
 * Progress of the slow work in the Worker. The step is spoken when it changes. Argon2 cannot say how far it is, so the bar moves by what the Worker
 * measured this device to be capable of, slower and slower if that was too hopeful.
 * @param {{ progressTestid: string, stepTestid: string, label: string, start: string, steps: Record<import('./worker/messages.js').Step, string> }} texts
 * @param {number} deriveMilliseconds
 */
export function progress(texts, deriveMilliseconds) {
  const step = h('p', { class: 'step-text', id: 'progress-step', testid: texts.stepTestid }, texts.start);
  const bar = h('progress', { max: '1', value: '0', testid: texts.progressTestid, 'aria-label': texts.label, 'aria-describedby': 'progress-step' });
  /** @type {number | undefined} */
  let timer;
  const move = (/** @type {number} */ since) => {
    if (!bar.isConnected) clearInterval(timer);
    const done = 1 - Math.exp((-1.5 * (performance.now() - since)) / deriveMilliseconds);
    bar.value = Math.max(bar.value, DERIVE_SHARE * done);
  };
  /** @param {import('./worker/messages.js').Progress} now */
  const update = (now) => {
    clearInterval(timer);
    if (now.step === 'derive') timer = setInterval(move, MOVE_EVERY_MS, performance.now());
    bar.value = Math.max(bar.value, now.progress);
    const text = texts.steps[now.step] ?? texts.start;
    if (step.textContent === text) return;
    step.textContent = text;
    announce(text);
  };
  return { box: h('div', { class: 'progress' }, bar, step), update };
}
