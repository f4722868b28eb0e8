// Passkeys: the part that speaks WebAuthn, which Workers cannot. A passkey is used here for the output of its PRF extension, a secret that only the
// touched passkey gives, and only after it has seen a finger, a face or a PIN. Its signatures prove nothing here, so nobody looks at them.

import { PasskeyError } from './passkey-error.js';
import { t } from './strings/index.js';

/** @typedef {import('./worker/messages.js').Passkey} Passkey */
/** @typedef {Uint8Array<ArrayBuffer>} Parameters PRF salt (32 bytes), then the credential id */

/** As many as an account takes. */
export const MOST_PASSKEYS = 8;

const SALT_BYTES = 32;
const PATIENCE_MS = 120_000;
/** WebAuthn Level 3 §6.1: rpIdHash 32 | flags 1 | ..; bit 2 of the flags says that the person was verified. */
const FLAGS_AT = 32;
const USER_VERIFIED = 0x04;
/** COSE: ES256, EdDSA, and RS256 for Windows Hello. */
const ALGORITHMS = [-7, -8, -257];

/** Whether this browser knows passkeys at all. Whether one can be used is known only once it was asked. */
export function hasPasskeys() {
  return typeof PublicKeyCredential === 'function';
}

/**
 * The passkeys among the ways to unlock that an offer names.
 * @param {string} offer
 * @returns {Parameters[]}
 */
export function passkeysOf(offer) {
  const { methods } = /** @type {{ methods: { type: number, parameters: string }[] }} */ (JSON.parse(offer));
  return methods.filter(({ type }) => type === 3).map(({ parameters }) => fromBase64url(parameters));
}

/**
 * Makes a passkey for the account. It has given no secret yet: `usePasskey` asks for that.
 * @param {import('./api.js').Session} session
 * @param {Parameters[]} known the passkeys of the account: an authenticator that holds one of them makes no second
 * @param {AbortSignal} signal
 * @returns {Promise<Parameters>}
 */
export async function makePasskey(session, known, signal) {
  const made = await asked(() =>
    navigator.credentials.create({
      signal,
      publicKey: {
        rp: { id: location.hostname, name: t.product },
        user: { id: uuidBytes(session.userId), name: session.userName, displayName: session.displayName || session.userName },
        challenge: random(),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: known.map(descriptor),
        // Discoverable where that is to be had: some platforms give a PRF to no others.
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        timeout: PATIENCE_MS,
        extensions: { prf: {} },
      },
    }),
  );
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  const parameters = joined(random(), new Uint8Array(made.rawId));
  if (isVerified(response.getAuthenticatorData()) && made.getClientExtensionResults().prf?.enabled === true) return parameters;
  forgetPasskey(parameters);
  throw new PasskeyError('bad-passkey');
}

/**
 * Asks for one of these passkeys: its parameters, and the secret that it gives. Call it in the handler of a click.
 * @param {Parameters[]} known
 * @param {AbortSignal} signal
 * @returns {Promise<Passkey>} the output is for one call of a Worker, which takes it away from the page
 */
export async function usePasskey(known, signal) {
  const salts = known.map((parameters) => [toBase64url(credentialId(parameters)), { first: parameters.slice(0, SALT_BYTES) }]);
  const used = await asked(() =>
    navigator.credentials.get({
      signal,
      publicKey: {
        rpId: location.hostname,
        challenge: random(),
        allowCredentials: known.map(descriptor),
        userVerification: 'required',
        timeout: PATIENCE_MS,
        extensions: { prf: { evalByCredential: Object.fromEntries(salts) } },
      },
    }),
  );
  const { authenticatorData } = /** @type {AuthenticatorAssertionResponse} */ (used.response);
  const id = new Uint8Array(used.rawId);
  const parameters = known.find((each) => same(credentialId(each), id));
  const output = taken(used.getClientExtensionResults().prf?.results?.first);
  if (parameters && output && isVerified(authenticatorData)) return { parameters, output };
  output?.fill(0);
  throw new PasskeyError('bad-passkey');
}

/**
 * Tells whoever keeps the passkey that it opens nothing here, so that it is not offered any more. Browsers that cannot pass this on lose nothing.
 * @param {Parameters} parameters
 */
export function forgetPasskey(parameters) {
  if (!hasPasskeys() || typeof PublicKeyCredential.signalUnknownCredential !== 'function') return;
  const options = { rpId: location.hostname, credentialId: toBase64url(credentialId(parameters)) };
  PublicKeyCredential.signalUnknownCredential(options).catch(() => {});
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64url(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export function toBase64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Runs one ceremony and gives its failure a code. That nothing fits and that the person said no look alike: browsers do not tell.
 * @param {() => Promise<Credential | null>} ceremony
 */
async function asked(ceremony) {
  try {
    const credential = await ceremony();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    throw new PasskeyError(codeFor(error instanceof Error ? error.name : ''));
  }
  throw new PasskeyError('bad-passkey');
}

/** @param {string} name of a DOMException */
function codeFor(name) {
  switch (name) {
    case 'NotAllowedError':
    case 'AbortError':
      return 'passkey-cancelled';
    case 'InvalidStateError':
      return 'passkey-there';
    case 'ConstraintError': // cannot verify the person
    case 'NotSupportedError':
      return 'bad-passkey';
    default:
      return 'passkey-refused';
  }
}

/** @param {ArrayBuffer} authenticatorData */
function isVerified(authenticatorData) {
  const flags = new Uint8Array(authenticatorData)[FLAGS_AT] ?? 0;
  return (flags & USER_VERIFIED) !== 0;
}

/**
 * A copy that can be sent away, and zeros in the place of what was copied. Whether the browser keeps another, a page cannot know.
 * @param {BufferSource | undefined} output
 * @returns {Uint8Array<ArrayBuffer> | undefined}
 */
function taken(output) {
  if (!output) return undefined;
  const found = ArrayBuffer.isView(output) ? new Uint8Array(output.buffer, output.byteOffset, output.byteLength) : new Uint8Array(output);
  const copy = new Uint8Array(found);
  found.fill(0);
  return copy;
}

/** @param {Parameters} parameters */
function credentialId(parameters) {
  return parameters.slice(SALT_BYTES);
}

/**
 * @param {Parameters} parameters
 * @returns {PublicKeyCredentialDescriptor}
 */
function descriptor(parameters) {
  return { type: 'public-key', id: credentialId(parameters) };
}

function random() {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES));
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** @param {string} uuid */
function uuidBytes(uuid) {
  const pairs = uuid.replaceAll('-', '').match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
