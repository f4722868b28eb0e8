// An honest estimate before anything is typed: how long will Argon2id take here? Lockdown modes without a JIT need a minute, not a third of a second.

// (module (func (export "run") (param $n i32) (param $a i64) (param $b i64) (result i64)
//   (loop
//     $a := $a + $b + 2 * low32($a) * low32($b)            ;; RFC 9106 §3.6: the multiplication that Argon2 is made of
//     $b := rotate_right($b xor $a, 24)
//     ($n := $n - 1) and again while not 0)
//   $a))
const PROBE =
  '0061736d0100000001080160037f7e7e017e030201000707010372756e00000a3a0138000340200120027c4202200142ffffffff0f83' +
  '7e200242ffffffff0f837e7c2101200220018542188a2102200041016b22000d000b20010b';

// (module (func (result v128) (i8x16.splat (i32.const 0)))): registers of 128 bits, which the derivation is made of.
const WIDE = '0061736d010000000105016000017b030201000a080106004100fd0f0b';

const STEPS_PER_ROUND = 200_000;
const LONG_ENOUGH_MS = 12;
// Profile 1: 65,536 blocks, 3 passes, 16 permutations of 8 G, 4 steps each. A real step is
// one of several side by side, and waits for memory: measured at 0.8 to 1.0 probe steps once the module is warm, at 1.3 before.
const STEPS_OF_PROFILE_1 = 65_536 * 3 * 16 * 8 * 4;
const REAL_TO_PROBE = 1.1;

/**
 * Milliseconds that one derivation under profile 1 will take on this device, roughly; `undefined` where WebAssembly is missing, refused or too old.
 * @returns {number | undefined}
 */
export function estimateDerivation() {
  const run = compileProbe();
  if (!run) return undefined;
  run(STEPS_PER_ROUND, 3n, 5n); // the first round pays for compilation
  let rounds = 0;
  let elapsed = 0;
  const start = performance.now();
  do {
    run(STEPS_PER_ROUND, 3n, 5n);
    rounds += 1;
    elapsed = performance.now() - start;
  } while (elapsed < LONG_ENOUGH_MS);
  return (elapsed / (rounds * STEPS_PER_ROUND)) * STEPS_OF_PROFILE_1 * REAL_TO_PROBE;
}

/** @returns {((n: number, a: bigint, b: bigint) => bigint) | undefined} */
function compileProbe() {
  try {
    if (!WebAssembly.validate(fromHex(WIDE))) return undefined;
    const instance = new WebAssembly.Instance(new WebAssembly.Module(fromHex(PROBE)));
    return /** @type {(n: number, a: bigint, b: bigint) => bigint} */ (instance.exports['run']);
  } catch {
    return undefined; // no WebAssembly at all, or the policy refuses to compile it
  }
}

/** @param {string} text */
function fromHex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
