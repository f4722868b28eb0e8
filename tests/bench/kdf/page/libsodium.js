// libsodium derives with p = 1 whatever is asked for: as much work and as much memory.
import sodium from '/libsodium-wrappers.mjs';

await sodium.ready;
const derive = (password, salt, passes) =>
  sodium.crypto_pwhash(32, password, salt.subarray(0, 16), passes, 65_536 * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13);

derive('warm-up', new Uint8Array(32), 1);
postMessage('ready');
onmessage = ({ data }) => postMessage(derive(data.password, data.salt, 3));
