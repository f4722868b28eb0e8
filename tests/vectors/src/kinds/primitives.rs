//! The primitives beneath the protocol, by the libraries and features that the product uses; and
//! the two rules of section 9 on top of them.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _, StreamCipherSeek as _};
use chacha20::{ChaCha20, R20, hchacha};
use chacha20poly1305::aead::{AeadInOut, KeyInit, Nonce};
use chacha20poly1305::{ChaCha20Poly1305, XChaCha20Poly1305};
use ed25519_dalek::{Signature, Signer as _, SigningKey};
use freehold_wire::{AgreementPublicKey, SigningPublicKey};
use hkdf::Hkdf;
use poly1305::Poly1305;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};

use super::Outcome;
use crate::format::{Hex, inputs, refusal};

/// One primitive, by its name.
pub(super) fn primitive(case: &Value) -> Outcome {
    match case.get("algorithm").and_then(Value::as_str) {
        Some("SHA-256") => sha256(case),
        Some("HMAC-SHA-256") => hmac(case),
        Some("HKDF-SHA-256") => hkdf(case),
        Some("Argon2id") => argon2id(case),
        Some("X25519") => x25519(case),
        Some("X25519 public key") => x25519_public_key(case),
        Some("X25519 by section 9") => x25519_by_section_9(case),
        Some("Ed25519") => ed25519(case),
        Some("Ed25519 by section 9") => ed25519_by_section_9(case),
        Some("ChaCha20") => chacha20(case),
        Some("HChaCha20") => hchacha20(case),
        Some("Poly1305") => poly1305(case),
        Some("ChaCha20-Poly1305") => aead::<ChaCha20Poly1305>(case),
        Some("XChaCha20-Poly1305") => aead::<XChaCha20Poly1305>(case),
        _ => Err(refusal("inputs: no such algorithm")),
    }
}

#[derive(Deserialize)]
struct Hashing {
    message: Hex,
    /// The message stands so many times.
    #[serde(default = "once")]
    times: usize,
}

const fn once() -> usize {
    1
}

fn sha256(case: &Value) -> Outcome {
    let case: Hashing = inputs(case)?;
    let mut hasher = Sha256::new();
    (0..case.times).for_each(|_| hasher.update(&case.message.0));
    Ok(json!({ "digest": hex::encode(hasher.finalize()) }))
}

#[derive(Deserialize)]
struct Authenticating {
    key: Hex,
    message: Hex,
    /// To compare, perhaps cut off; else the tag is the result.
    tag: Option<Hex>,
}

/// The product has HMAC as HKDF's first step, which is it: the salt is the key.
// RFC 5869 §2.2.
fn hmac(case: &Value) -> Outcome {
    let case: Authenticating = inputs(case)?;
    let (tag, _) = Hkdf::<Sha256>::extract(Some(&case.key.0), &case.message.0);
    match case.tag {
        None => Ok(json!({ "tag": hex::encode(tag) })),
        Some(given) if tag.starts_with(&given.0) => Ok(json!({ "valid": true })),
        Some(_) => Err(refusal("tag")),
    }
}

#[derive(Deserialize)]
struct Deriving {
    ikm: Hex,
    salt: Hex,
    info: Hex,
    length: usize,
}

fn hkdf(case: &Value) -> Outcome {
    let case: Deriving = inputs(case)?;
    let mut okm = vec![0; case.length];
    Hkdf::<Sha256>::new(Some(&case.salt.0), &case.ikm.0)
        .expand(&case.info.0, &mut okm)
        .map_err(|_| refusal("length"))?;
    Ok(json!({ "okm": hex::encode(okm) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stretching {
    password: Hex,
    salt: Hex,
    secret: Hex,
    associated: Hex,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    length: usize,
}

fn argon2id(case: &Value) -> Outcome {
    let case: Stretching = inputs(case)?;
    let wrong = |error: argon2::Error| refusal(&format!("inputs: {error}"));
    let associated = AssociatedData::new(&case.associated.0).map_err(wrong)?;
    let costs = ParamsBuilder::new()
        .m_cost(case.memory_kib)
        .t_cost(case.passes)
        .p_cost(case.lanes)
        .data(associated)
        .output_len(case.length)
        .build()
        .map_err(wrong)?;
    let mut tag = vec![0; case.length];
    Argon2::new_with_secret(&case.secret.0, Algorithm::Argon2id, Version::V0x13, costs)
        .and_then(|argon2| argon2.hash_password_into(&case.password.0, &case.salt.0, &mut tag))
        .map_err(wrong)?;
    Ok(json!({ "tag": hex::encode(tag) }))
}

#[derive(Deserialize)]
struct Agreeing {
    private: Hex,
    public: Hex,
    /// So many times, the private key of a round being the result of the round before, and the
    /// public key its private key.
    #[serde(default = "once")]
    rounds: usize,
}

fn x25519(case: &Value) -> Outcome {
    let case: Agreeing = inputs(case)?;
    let (mut private, mut public) = (case.private.exactly()?, case.public.exactly()?);
    let mut contributory = true;
    for _ in 0..case.rounds {
        let shared = StaticSecret::from(private).diffie_hellman(&PublicKey::from(public));
        contributory &= shared.was_contributory();
        (private, public) = (shared.to_bytes(), private);
    }
    Ok(json!({ "shared": hex::encode(private), "contributory": contributory }))
}

#[derive(Deserialize)]
struct Private {
    private: Hex,
}

fn x25519_public_key(case: &Value) -> Outcome {
    let case: Private = inputs(case)?;
    let public = PublicKey::from(&StaticSecret::from(case.private.exactly()?));
    Ok(json!({ "public": hex::encode(public.as_bytes()) }))
}

/// Agreement with a key that section 9 lets pass.
fn x25519_by_section_9(case: &Value) -> Outcome {
    let keys: Agreeing = inputs(case)?;
    AgreementPublicKey::parse(&keys.public.exactly()?).map_err(|_| refusal("public-key"))?;
    x25519(case)
}

#[derive(Deserialize)]
struct Signing {
    seed: Hex,
    message: Hex,
}

fn ed25519(case: &Value) -> Outcome {
    let case: Signing = inputs(case)?;
    let key = SigningKey::from_bytes(&case.seed.exactly()?);
    let signature = key.sign(&case.message.0);
    let verifying = key.verifying_key();
    verifying.verify_strict(&case.message.0, &signature).map_err(|_| refusal("signature"))?;
    Ok(json!({
        "publicKey": hex::encode(verifying.as_bytes()),
        "signature": hex::encode(signature.to_bytes()),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verifying {
    public_key: Hex,
    message: Hex,
    signature: Hex,
}

/// Verification by the rules of section 9.
fn ed25519_by_section_9(case: &Value) -> Outcome {
    let case: Verifying = inputs(case)?;
    let key =
        SigningPublicKey::parse(&case.public_key.exactly()?).map_err(|_| refusal("public-key"))?;
    // Every signature of the protocol stands in a field of 64 bytes.
    let signature: [u8; 64] = case.signature.exactly().map_err(|_| refusal("signature"))?;
    if key.verify(&case.message.0, &Signature::from_bytes(&signature)) {
        Ok(json!({ "valid": true }))
    } else {
        Err(refusal("signature"))
    }
}

#[derive(Deserialize)]
struct Streaming {
    key: Hex,
    nonce: Hex,
    counter: u32,
    content: Hex,
}

fn chacha20(case: &Value) -> Outcome {
    let case: Streaming = inputs(case)?;
    let mut cipher = ChaCha20::new_from_slices(&case.key.0, &case.nonce.0)
        .map_err(|_| refusal("inputs: key or nonce"))?;
    cipher.seek(u64::from(case.counter) * 64);
    let mut content = case.content.0;
    cipher.apply_keystream(&mut content);
    Ok(json!({ "output": hex::encode(content) }))
}

#[derive(Deserialize)]
struct Hardening {
    key: Hex,
    input: Hex,
}

fn hchacha20(case: &Value) -> Outcome {
    let case: Hardening = inputs(case)?;
    let key: [u8; 32] = case.key.exactly()?;
    let input: [u8; 16] = case.input.exactly()?;
    Ok(json!({ "output": hex::encode(hchacha::<R20>(&key.into(), &input.into())) }))
}

fn poly1305(case: &Value) -> Outcome {
    let case: Authenticating = inputs(case)?;
    let key: [u8; 32] = case.key.exactly()?;
    let tag = Poly1305::new(&key.into()).compute_unpadded(&case.message.0);
    Ok(json!({ "tag": hex::encode(tag) }))
}

#[derive(Deserialize)]
struct Sealing {
    key: Hex,
    nonce: Hex,
    associated: Hex,
    /// To seal.
    content: Option<Hex>,
    /// To open: ciphertext and tag.
    sealed: Option<Hex>,
}

fn aead<Cipher: AeadInOut + KeyInit>(case: &Value) -> Outcome {
    let case: Sealing = inputs(case)?;
    let cipher = Cipher::new_from_slice(&case.key.0).map_err(|_| refusal("inputs: key"))?;
    let nonce = Nonce::<Cipher>::try_from(case.nonce.0.as_slice()).map_err(|_| refusal("nonce"))?;
    match (case.content, case.sealed) {
        (Some(Hex(mut body)), None) => {
            cipher
                .encrypt_in_place(&nonce, &case.associated.0, &mut body)
                .map_err(|_| refusal("inputs: content"))?;
            Ok(json!({ "sealed": hex::encode(body) }))
        }
        (None, Some(Hex(mut body))) => {
            cipher
                .decrypt_in_place(&nonce, &case.associated.0, &mut body)
                .map_err(|_| refusal("tag"))?;
            Ok(json!({ "content": hex::encode(body) }))
        }
        _ => Err(refusal("inputs: either content or sealed")),
    }
}
