// The derivation in fresh pages of a real Chromium, next to other implementations, and natively: one after the other, round by round.
// usage: node run.mjs ROUNDS NATIVE_PROGRAM; prints a line a measurement: subject, milliseconds, those of the processor, of the whole set-up, estimated. `cargo xtask bench kdf` runs it.

import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, '../../../web');
const [rounds, native] = [Number(process.argv[2]), process.argv[3]];
const SUBJECTS = ['freehold', 'hash-wasm', 'libsodium', 'native'];
const PATIENCE_MS = 60_000;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const OWN_FILES = {
  '/': join(here, 'page/index.html'),
  '/hash-wasm.js': join(here, 'node_modules/hash-wasm/dist/index.esm.min.js'),
  '/libsodium-wrappers.mjs': join(here, 'node_modules/libsodium-wrappers-sumo/dist/modules-sumo-esm/libsodium-wrappers.mjs'),
  '/libsodium-sumo.mjs': join(here, 'node_modules/libsodium-sumo/dist/modules-sumo-esm/libsodium-sumo.mjs'),
};
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** The set-up offer of the test vectors, for the origin of the page. */
function offer(origin) {
  const { cases } = JSON.parse(readFileSync(join(here, '../../vectors/v1/setup-client.json'), 'utf8'));
  return JSON.stringify({ ...cases[0].inputs.offer, origins: [origin] });
}

/** Milliseconds of processor time that the page's Worker, the busiest of the browser's, has used so far. */
function workerTime(group) {
  let most = 0;
  for (const process of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) !== group) continue;
      for (const thread of readdirSync(`/proc/${process}/task`)) {
        const folder = `/proc/${process}/task/${thread}`;
        if (!readFileSync(`${folder}/comm`, 'utf8').startsWith('DedicatedWorker')) continue;
        most = Math.max(most, Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]) / 1e6);
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return most;
}

/** What the page that is open now waits for. */
let open = { clocks: [], group: 0, done: (_result) => {} };

const server = createServer((request, response) => {
  const { pathname, origin } = new URL(request.url ?? '/', `http://${request.headers.host}`);
  if (request.method === 'POST') {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      if (pathname === '/clock') open.clocks.push(workerTime(open.group));
      response.end();
      if (pathname === '/result') open.done(JSON.parse(body));
    });
    return;
  }
  if (pathname === '/bench/offer') return response.end(offer(origin));
  const inBench = pathname.startsWith('/bench/') && join(here, 'page', pathname.slice(7));
  const file = OWN_FILES[pathname] ?? (inBench || join(web, pathname));
  try {
    // Import maps do not reach Workers.
    const bytes = file.endsWith('libsodium-wrappers.mjs')
      ? readFileSync(file, 'utf8').replace(/from\s*"libsodium-sumo"/, 'from "/libsodium-sumo.mjs"')
      : readFileSync(file);
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});

/** One page in a browser of its own: nothing is compiled or cached before. */
async function inBrowser(subject) {
  const profile = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  const address = `http://localhost:${server.address().port}/?subject=${subject}`;
  const browser = spawn('chromium', [...FLAGS, `--user-data-dir=${profile}`, address], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => browser.on('exit', resolve));
  try {
    const result = await new Promise((resolve, reject) => {
      open = { clocks: [], group: browser.pid, done: resolve };
      browser.on('error', reject);
      setTimeout(() => reject(new Error(`${subject}: no answer`)), PATIENCE_MS).unref();
    });
    if (result.error) throw new Error(`${subject}: ${result.error}`);
    const [before, after] = open.clocks;
    return { ...result, processor: after - before };
  } finally {
    process.kill(-browser.pid);
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const natively = () => JSON.parse(execFileSync(native, { encoding: 'utf8' }));

await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
for (let round = 0; round < rounds; round += 1) {
  for (const subject of SUBJECTS) {
    const result = subject === 'native' ? natively() : await inBrowser(subject);
    console.log([subject, result.milliseconds, result.processor, result.whole ?? 0, result.estimated ?? 0].join(' '));
  }
}
process.exit(0);
