//! The worked example of PROTOCOL.md, computed step by step as the text says it, without the code
//! under test where that is possible, and compared with both.
//!
//! `FREEHOLD_WRITE_EXAMPLE=1 cargo test -p freehold-keys --test protocol_example` writes it anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use std::convert::Infallible;
use std::fmt::Write as _;

use common::{ORIGIN, client, organization, setup_offer, silent, user};
use freehold_keys::{Account, Setup, SetupAttempt};
use freehold_wire::{Context, ItemId, ItemRecord, MethodKind, SetupRequest, Timestamp, label};
use hkdf::Hkdf;
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};

const DOCUMENT: &str = include_str!("../PROTOCOL.md");
const BEGIN: &str = "<!-- example -->\n";
const END: &str = "<!-- end of example -->";
const PASSWORD: &str = "correct horse battery staple";
const TIME: u64 = 1_800_000_000_000;

/// Draw number k gives bytes 0xa0 + k, so that each random value is told apart at a glance.
#[derive(Default)]
struct Drawn(u8);

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("the protocol draws bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("the protocol draws bytes")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0 += 1;
        out.fill(0xa0 + self.0);
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

/// The text that grows.
#[derive(Default)]
struct Example(String);

impl Example {
    fn says(&mut self, name: &str, value: &str) -> &mut Self {
        writeln!(self.0, "{name:<24}{value}").unwrap();
        self
    }

    fn hex(&mut self, name: &str, value: &[u8]) -> &mut Self {
        for (line, part) in value.chunks(56).enumerate() {
            self.says(if line == 0 { name } else { "" }, &hex(part));
        }
        self
    }

    fn note(&mut self, text: &str) -> &mut Self {
        writeln!(self.0, "\n{text}").unwrap();
        self
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(parts.concat()).into()
}

fn extract(salt: &[u8], secret: &[u8]) -> [u8; 32] {
    Hkdf::<Sha256>::extract(Some(salt), secret).0.into()
}

fn expand<const N: usize>(key: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    Hkdf::<Sha256>::from_prk(key).unwrap().expand(&info.concat(), &mut out).unwrap();
    out
}

fn argon2id(password: &[u8], salt: &[u8]) -> [u8; 32] {
    let costs = argon2::Params::new(65536, 3, 4, Some(32)).unwrap();
    let mut out = [0; 32];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, costs)
        .hash_password_into(password, salt, &mut out)
        .unwrap();
    out
}

/// The real thing, with the draws of `Drawn`.
struct Real {
    request: SetupRequest,
    record: ItemRecord,
}

fn item() -> ItemId {
    ItemId::from_bytes([0x33; 16])
}

fn real() -> Real {
    let mut rng = Drawn::default();
    let offer = setup_offer();
    let setup =
        Setup::begin(offer.clone(), &client(None), PASSWORD.as_bytes(), &mut rng, &mut silent)
            .unwrap();
    let code = setup.recovery_code().to_text().to_string();
    let Ok(proven) = setup.prove_recovery(code.as_bytes()) else {
        panic!("the code proves itself")
    };
    let attempt: SetupAttempt = proven.request(&offer, Timestamp::from_millis(TIME)).unwrap();
    let account: Account = proven.account(&attempt).unwrap();
    let record = account.seal_item(item(), 1, b"hello", &mut rng).unwrap();
    Real { request: attempt.request().clone(), record }
}

struct Method {
    kind: u8,
    parameters: Vec<u8>,
    wrapping: [u8; 32],
    unlock: [u8; 32],
}

fn method(example: &mut Example, ctx: &[u8], kind: u8, secret: &[u8; 32], p: &[u8]) -> Method {
    let prk = extract(&[0; 32], secret);
    let wrapping = expand(&prk, &[&label("wrap"), ctx, &[kind], p]);
    let unlock = expand(&prk, &[&label("unlock-key"), ctx, &[kind], p]);
    let public = ed25519_dalek::SigningKey::from_bytes(&unlock).verifying_key().to_bytes();
    example
        .hex("PRK", &prk)
        .hex("wrapping key", &wrapping)
        .hex("unlock key (seed)", &unlock)
        .hex("unlock public key", &public);
    Method { kind, parameters: p.to_vec(), wrapping, unlock }
}

/// Seals as section 6 says, and compares with what the library sealed.
struct Seal<'a> {
    kind: u8,
    key: &'a [u8; 32],
    salt: u8,
    context: Vec<u8>,
    content: &'a [u8],
    library: &'a [u8],
}

impl Seal<'_> {
    fn shown(&self, example: &mut Example, all: bool) {
        use chacha20poly1305::aead::{Aead as _, Payload};
        use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
        let key_id: [u8; 16] =
            if self.kind <= 3 { [0; 16] } else { expand(self.key, &[&label("key-id")]) };
        let salt = [self.salt; 32];
        let header = [&b"FHE1"[..], &[1, self.kind, 0, 0], &key_id, &salt].concat();
        let aad = [header.clone(), self.context.clone()].concat();
        let okm: [u8; 88] =
            expand(&extract(&salt, self.key), &[&label("envelope"), &sha256(&[&aad])]);
        let cipher = XChaCha20Poly1305::new_from_slice(&okm[32..64]).unwrap();
        let nonce = XNonce::try_from(&okm[64..]).unwrap();
        let sealed = cipher.encrypt(&nonce, Payload { msg: self.content, aad: &aad }).unwrap();
        let length = u32::try_from(sealed.len()).unwrap().to_be_bytes();
        let envelope = [&header, &okm[..32], &length, &sealed].concat();
        assert_eq!(hex(&envelope), hex(self.library), "type {}", self.kind);
        if all {
            example.hex("header", &header).hex("context", &self.context).hex("okm", &okm);
        }
        example.hex(&format!("envelope {}", self.kind), &envelope);
        example.hex("its hash", &sha256(&[&envelope]));
    }
}

fn context_of(ctx: &[u8], object: &[u8; 16], epoch: u64, version: u64, extra: &[u8]) -> Vec<u8> {
    [ctx, object, &epoch.to_be_bytes(), &version.to_be_bytes(), extra].concat()
}

/// `M` of section 11.
fn proof_message(ctx: &[u8], method: &Method, challenge: &[u8; 32]) -> Vec<u8> {
    let lp = |x: &[u8]| [&u16::try_from(x.len()).unwrap().to_be_bytes()[..], x].concat();
    let (p, origin) = (lp(&method.parameters), lp(ORIGIN.as_bytes()));
    [ctx, &1u64.to_be_bytes(), &[method.kind], &p, &origin, challenge].concat()
}

fn statement(example: &mut Example, name: &str, bytes: &[u8], seed: &[u8; 32]) {
    use ed25519_dalek::Signer as _;
    // A byte string of 24 to 255 bytes has a head of two bytes, a longer one of three.
    let head = if bytes[6] == 0x58 { 2 } else { 3 };
    let payload = &bytes[6 + head..bytes.len() - 66];
    let bstr = match u8::try_from(payload.len()) {
        Ok(length) => [&[0x58, length][..], payload].concat(),
        Err(_) => {
            let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
            [&[0x59][..], &length, payload].concat()
        }
    };
    let external = label(name);
    let signed = [
        b"\x84\x6aSignature1\x43\xa1\x01\x32".to_vec(),
        vec![0x40 + u8::try_from(external.len()).unwrap()],
        external,
        bstr.clone(),
    ]
    .concat();
    let signature = ed25519_dalek::SigningKey::from_bytes(seed).sign(&signed).to_bytes();
    let whole = [b"\x84\x43\xa1\x01\x32\xa0".to_vec(), bstr, vec![0x58, 0x40], signature.to_vec()];
    assert_eq!(hex(&whole.concat()), hex(bytes), "{name}");
    example.hex(&format!("{name}, payload p"), payload).hex("signature", &signature);
    example.hex("its hash", &sha256(&[bytes]));
}

fn keys(example: &mut Example, ctx: &[u8]) -> [Method; 2] {
    let kh = [&[1, 0, 1, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0, 0, 4][..], &[0xa1; 16]].concat();
    let salt = sha256(&[&label("argon-salt"), ctx, &kh[15..]]);
    let secret = argon2id(PASSWORD.as_bytes(), &salt);
    example.note("Password (sections 3, 4)").hex("KH = P", &kh).hex("S", &salt).hex("s", &secret);
    let password = method(example, ctx, 1, &secret, &kh);
    let code = [0xa5; 32];
    let text = freehold_keys::RecoveryCode::from_bytes(&code);
    example
        .note("Recovery code (sections 4, 5)")
        .hex("s", &code)
        .says("Bech32m", &text.to_text())
        .says("words", &text.to_words());
    [password, method(example, ctx, 2, &code, &[])]
}

fn inputs(example: &mut Example, ctx: &[u8]) {
    example
        .says("org, user, item", &format!("{}  {}  {}", organization(), user(), item()))
        .says("e, subject, origin", &format!("1  {}  {ORIGIN}", setup_offer().subject))
        .says("challenge, time", &format!("01 (32 times)  {TIME}"))
        .says("password", PASSWORD)
        .says("item 1, content", "hello")
        .says("random", "a1: salt16  a2: master key  a3: Ed25519 seed  a4: X25519 private key  a5: recovery code")
        .says("", "salts of envelopes: a6: 5  a7: 1  a8: 2   item: a9: item key  aa: salt of 9  ab: salt of 7")
        .hex("CTX", ctx);
}

fn written() -> String {
    let real = real();
    let ctx = Context::of_user(organization(), user()).to_bytes();
    let mut example = Example::default();
    inputs(&mut example, &ctx);
    let methods = keys(&mut example, &ctx);
    let [by_password, by_code] = &methods;
    let [sent_password, sent_code] = &real.request.methods[..] else { panic!("two methods") };
    assert_eq!(sent_password.kind, MethodKind::Password);

    let master = [0xa2; 32];
    let epoch = 1u64.to_be_bytes();
    let keyring_key: [u8; 32] = expand(&master, &[&label("keyring"), &ctx, &epoch]);
    let personal_key: [u8; 32] = expand(&master, &[&label("personal"), &ctx, &epoch]);
    let keyring = [[0xa3; 32], [0xa4; 32]].concat();
    example
        .note("Keys under the master key (section 8), envelopes (section 6)")
        .hex("keyring key", &keyring_key)
        .hex("personal key", &personal_key);
    let seal = |kind, key, salt, context, content, library| Seal {
        kind,
        key,
        salt,
        context,
        content,
        library,
    };
    let of_user = |extra: &[u8]| context_of(&ctx, &[0; 16], 1, 0, extra);
    seal(5, &keyring_key, 0xa6, of_user(&[]), &keyring, &real.request.keyring)
        .shown(&mut example, true);
    let p = &by_password.parameters;
    seal(1, &by_password.wrapping, 0xa7, of_user(p), &master, &sent_password.envelope)
        .shown(&mut example, true);
    seal(2, &by_code.wrapping, 0xa8, of_user(&[]), &master, &sent_code.envelope)
        .shown(&mut example, false);

    example.note("Statements (section 10)");
    statement(&mut example, "card", &real.request.card, &[0xa3; 32]);
    statement(&mut example, "state", &real.request.state, &[0xa3; 32]);
    proofs(&mut example, &ctx, &methods, &real.request);

    let object = &[0x33; 16];
    let padded = [b"hello\x80".to_vec(), vec![0; 58]].concat();
    let key = [0xa9; 32];
    example.note("Item (sections 6, 7, 13)");
    seal(9, &personal_key, 0xaa, context_of(&ctx, object, 1, 1, &[]), &key, &real.record.item_key)
        .shown(&mut example, false);
    let context = context_of(&ctx, object, 0, 1, &[0, 1]);
    seal(7, &key, 0xab, context, &padded, &real.record.content).shown(&mut example, true);
    example.0
}

fn proofs(example: &mut Example, ctx: &[u8], methods: &[Method; 2], request: &SetupRequest) {
    use ed25519_dalek::Signer as _;
    example.note(
        "Proofs (section 11), and the signature of an unlock with the challenge 09 (32 times)",
    );
    for (method, sent) in methods.iter().zip(&request.methods) {
        let m = proof_message(ctx, method, &[1; 32]);
        let key = ed25519_dalek::SigningKey::from_bytes(&method.unlock);
        let proof = key.sign(&[label("enroll"), m.clone()].concat()).to_bytes();
        assert_eq!(proof, sent.proof.0);
        if method.kind == 1 {
            example.hex("M, type 1", &m);
        }
        example.hex(&format!("proof, type {}", method.kind), &proof);
        let m = proof_message(ctx, method, &[9; 32]);
        let signature = key.sign(&[label("unlock"), m].concat()).to_bytes();
        example.hex(&format!("unlock, type {}", method.kind), &signature);
    }
}

#[test]
fn the_worked_example_of_the_protocol_is_current() {
    let example = format!("```text\n{}```\n", written());
    let (before, rest) = DOCUMENT.split_once(BEGIN).unwrap();
    let (current, after) = rest.split_once(END).unwrap();
    if std::env::var_os("FREEHOLD_WRITE_EXAMPLE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/PROTOCOL.md");
        std::fs::write(path, [before, BEGIN, &example, END, after].concat()).unwrap();
    } else {
        assert!(
            current == example,
            "run this test with FREEHOLD_WRITE_EXAMPLE=1 and look at the change"
        );
    }
}

#[test]
fn the_protocol_stays_short_enough_to_be_read() {
    assert!(DOCUMENT.lines().count() <= 500);
}
