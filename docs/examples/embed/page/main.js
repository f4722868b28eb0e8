// One form after the other: sign in, make keys or open them, write. Passphrase, code and note are known to this page and to Freehold's Workers;
// what `send` carries is ciphertext, public keys and proofs.

import { Keys } from '/lib/keys.js';

const keys = new Keys();

/** The note of whoever is signed in, and how often it was saved. */
let noteId = '';
let version = 0;

/**
 * @template {HTMLElement} T
 * @param {string} id
 */
const element = (id) => /** @type {T} */ (document.getElementById(id));
/** @param {string} id */
const typed = (id) => /** @type {HTMLInputElement} */ (element(id)).value;

/** @param {string} id the one form that is shown */
function show(id) {
  for (const form of document.forms) form.hidden = form.id !== id;
}

/** @param {unknown} error of a Worker: its `code` says what happened; of the server: its text */
function tell(error) {
  element('problem').textContent = error instanceof Error ? error.message : String(error);
}

/**
 * @param {string} id
 * @param {() => Promise<void>} work
 */
function onSubmit(id, work) {
  element(id).addEventListener('submit', async (event) => {
    event.preventDefault();
    element('problem').textContent = '';
    await work().catch(tell);
  });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string} [body]
 */
async function send(method, path, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** A fresh question of the server. Its text goes to the Worker as it is. */
async function ask() {
  const { state, offer } = JSON.parse(await send('GET', '/keys'));
  return { state, user: /** @type {string} */ (offer.user), offer: JSON.stringify(offer) };
}

/** @param {string} user */
const memory = (user) => localStorage.getItem(`remembered.${user}`) ?? undefined;

/**
 * What stops a server from showing an older account again.
 * @param {string} text
 */
function remember(text) {
  localStorage.setItem(`remembered.${JSON.parse(text).user}`, text);
}

async function begin() {
  const { state } = await ask();
  show(state === 'PENDING' ? 'set-up' : 'unlock');
  keys.warm(); // while somebody types
}

async function openNote() {
  const { id, record } = JSON.parse(await send('GET', '/note'));
  noteId = id;
  version = record?.version ?? 0;
  if (record) /** @type {HTMLTextAreaElement} */ (element('text')).value = (await keys.open(record)).value;
  show('note');
}

onSubmit('sign-in', async () => {
  await send('POST', '/sign-in', JSON.stringify({ name: typed('name') }));
  await begin();
});

onSubmit('set-up', async () => {
  const { user, offer } = await ask();
  const { code } = await keys.setupBegin(offer, typed('new-passphrase'), memory(user));
  element('code').textContent = code;
  show('prove');
});

onSubmit('prove', async () => {
  if (!(await keys.prove(typed('typed-code')))) throw new Error('This is another code.');
  const { offer } = await ask(); // the first challenge may be too old by now
  await send('POST', '/keys/setup', await keys.setupRequest(offer));
  remember(await keys.setupRemembered());
  await openNote();
});

onSubmit('unlock', async () => {
  const { user, offer } = await ask();
  const request = await keys.unlockBegin(offer, 1, typed('passphrase'), memory(user));
  const opened = await keys.unlockOpen(await send('POST', '/keys/unlock', request));
  remember(opened.remembered);
  await openNote();
});

onSubmit('note', async () => {
  const secret = { name: '', value: typed('text'), note: '' };
  const { record } = await keys.seal(noteId, version + 1, secret);
  await send('PUT', '/note', record);
  version += 1;
  element('saved').textContent = `Saved, version ${version}.`;
});

const { webAssembly } = await keys.detect();
if (!webAssembly) tell('This browser cannot make keys: WebAssembly is switched off.');
