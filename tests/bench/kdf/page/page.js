// One fresh page, one subject: a Worker is made ready while somebody would type, then comes the click.

const TYPING_MS = 1500;
const subject = new URLSearchParams(location.search).get('subject');

/** Tells the benchmark something and waits until it has heard it. */
const tell = (path, value = {}) => fetch(path, { method: 'POST', body: JSON.stringify(value) });
const typing = () => new Promise((resolve) => setTimeout(resolve, TYPING_MS));

/** Our own Worker, as it is shipped. What counts is the derivation; the whole set-up is told beside it. */
async function freehold() {
  const { Keys } = await import('/lib/keys.js');
  const offer = await (await fetch('/bench/offer')).text();
  const keys = new Keys();
  const { deriveMilliseconds } = await keys.detect(); // which warms up, too
  await typing();
  await tell('/clock');
  let derived = 0;
  /** @type {Promise<unknown> | undefined} */
  let read;
  keys.onProgress = ({ step }) => {
    if (step !== 'make') return;
    derived = performance.now();
    read = tell('/clock');
  };
  const click = performance.now();
  await keys.setupBegin(offer, 'correct horse battery staple', undefined);
  const done = performance.now();
  await read;
  return { milliseconds: derived - click, whole: done - click, estimated: deriveMilliseconds };
}

async function peer(name) {
  const worker = new Worker(`/bench/${name}.js`, { type: 'module' });
  const answer = () =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
  await answer(); // it is ready
  await typing();
  await tell('/clock');
  const click = performance.now();
  worker.postMessage({ password: 'correct horse battery staple', salt: new Uint8Array(32).fill(7) });
  const first = await answer();
  const milliseconds = performance.now() - click;
  await tell('/clock');
  if (first.length !== 32) throw new Error('not 32 bytes');
  return { milliseconds };
}

try {
  await tell('/result', subject === 'freehold' ? await freehold() : await peer(subject));
} catch (error) {
  await tell('/result', { error: String(error) });
}
