import { argon2id } from '/hash-wasm.js';

const derive = (password, salt, iterations) =>
  argon2id({ password, salt, parallelism: 4, iterations, memorySize: 65_536, hashLength: 32, outputType: 'binary' });

await derive('warm-up', new Uint8Array(32), 1);
postMessage('ready');
onmessage = async ({ data }) => postMessage(await derive(data.password, data.salt, 3));
