//! Envelopes: every wrapped key and item.
//!
//! An envelope is bound to what its reader asks for, commits to its key, and fails with one error.

use chacha20poly1305::{AeadInOut as _, KeyInit as _, XChaCha20Poly1305, XNonce};
use freehold_wire::{
    Context, Envelope, EnvelopeType, ItemId, KEY_ID_BYTES, MethodKind, PREFIX_BYTES, TAG_BYTES,
    hash_parts,
};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::kdf;
use crate::padding::{pad, unpad};

/// The envelope does not open: another key, another context, or changed bytes. There is one error,
/// so that nobody learns which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the envelope does not open")]
pub struct OpenError;

/// What an envelope is bound to and its reader asks for; never sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    kind: EnvelopeType,
    context: Context,
    object: [u8; 16],
    epoch: u64,
    version: u64,
    extra: Vec<u8>,
}

impl Binding {
    /// Types 1 to 3: a wrapped master key; extra is the method's `P`.
    #[must_use]
    pub fn of_master_key(
        context: Context,
        epoch: u64,
        method: MethodKind,
        parameters: &[u8],
    ) -> Self {
        let kind = EnvelopeType::of_master_key(method);
        Self { kind, context, object: [0; 16], epoch, version: 0, extra: parameters.to_vec() }
    }

    /// Type 5: the keyring.
    #[must_use]
    pub const fn of_keyring(context: Context, epoch: u64) -> Self {
        let kind = EnvelopeType::Keyring;
        Self { kind, context, object: [0; 16], epoch, version: 0, extra: Vec::new() }
    }

    /// Type 9: the key of one version of a personal item.
    #[must_use]
    pub const fn of_item_key(context: Context, epoch: u64, item: ItemId, version: u64) -> Self {
        let kind = EnvelopeType::PersonalItemKey;
        Self { kind, context, object: *item.as_bytes(), epoch, version, extra: Vec::new() }
    }

    /// Type 7: one version of an item; extra is its content type.
    #[must_use]
    pub fn of_item(context: Context, item: ItemId, version: u64, content_type: u16) -> Self {
        Self {
            kind: EnvelopeType::Item,
            context,
            object: *item.as_bytes(),
            epoch: 0,
            version,
            extra: content_type.to_be_bytes().to_vec(),
        }
    }

    /// `context = CTX | object | epoch | version | extra`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.context.to_bytes().to_vec();
        bytes.extend_from_slice(&self.object);
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(&self.version.to_be_bytes());
        bytes.extend_from_slice(&self.extra);
        bytes
    }
}

/// `Expand(K, L("key-id"), 16)`, or zeros where an id would be a fingerprint of a person's secret.
#[must_use]
pub fn derive_key_id(key: &[u8; 32], kind: EnvelopeType) -> [u8; KEY_ID_BYTES] {
    let mut id = [0; KEY_ID_BYTES];
    if kind.has_key_id() {
        kdf::expand(key, "key-id", &[], &mut id);
    }
    id
}

/// What one envelope is encrypted with.
struct Sealing {
    associated: Vec<u8>,
    /// commitment 32 | key 32 | nonce 24
    okm: Zeroizing<[u8; 88]>,
}

impl Sealing {
    fn derive(key: &[u8; 32], binding: &Binding, salt: &[u8; 32]) -> Self {
        let key_id = derive_key_id(key, binding.kind);
        let mut associated = binding.kind.header(&key_id, salt).to_vec();
        associated.extend_from_slice(&binding.to_bytes());
        let prk = kdf::extract(salt, key);
        let mut okm = Zeroizing::new([0; 88]);
        let digest = hash_parts(&[&associated]);
        kdf::expand(&prk, "envelope", &[&digest], okm.as_mut_slice());
        Self { associated, okm }
    }

    fn commitment(&self) -> &[u8; 32] {
        self.okm.first_chunk().expect("88 bytes hold 32")
    }

    fn cipher(&self) -> (XChaCha20Poly1305, XNonce) {
        let (_, rest) = self.okm.split_at(32);
        let (key, nonce) = rest.split_at(32);
        let cipher = XChaCha20Poly1305::new_from_slice(key).expect("the key has 32 bytes");
        (cipher, XNonce::try_from(nonce).expect("the nonce has 24 bytes"))
    }
}

/// Seals `content` under `key`; items are padded.
#[must_use]
pub fn seal(key: &[u8; 32], binding: &Binding, content: &[u8], rng: &mut dyn CryptoRng) -> Vec<u8> {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let sealing = Sealing::derive(key, binding, &salt);
    let mut body = match binding.kind {
        EnvelopeType::Item => pad(content),
        _ => {
            let mut copy = Vec::with_capacity(content.len() + TAG_BYTES);
            copy.extend_from_slice(content);
            copy
        }
    };
    let (cipher, nonce) = sealing.cipher();
    cipher
        .encrypt_in_place(&nonce, &sealing.associated, &mut body)
        .expect("content is shorter than the cipher's limit of 256 GiB");
    let length = u32::try_from(body.len()).expect("content is shorter than 4 GiB");
    let mut sealed = Vec::with_capacity(PREFIX_BYTES + body.len());
    sealed.extend_from_slice(&binding.kind.header(&derive_key_id(key, binding.kind), &salt));
    sealed.extend_from_slice(sealing.commitment());
    sealed.extend_from_slice(&length.to_be_bytes());
    sealed.extend_from_slice(&body);
    sealed
}

/// Opens an envelope for exactly what was asked; items are freed of their padding.
///
/// # Errors
/// [`OpenError`], the only one.
pub fn open(
    key: &[u8; 32],
    binding: &Binding,
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let envelope = Envelope::parse(bytes, binding.kind).map_err(|_| OpenError)?;
    // Only the salt is taken from the envelope. The rest of the header is rebuilt from what was
    // asked, so that an envelope of another key, type or suite fails before anything is computed
    // with its contents.
    if envelope.key_id() != &derive_key_id(key, binding.kind) {
        return Err(OpenError);
    }
    let sealing = Sealing::derive(key, binding, envelope.salt());
    // XChaCha20-Poly1305 does not commit to its key: one ciphertext can be made to open under many
    // keys, each to something else, which makes a partitioning oracle. The first block of HKDF's
    // output commits to key, header and context.
    if !bool::from(sealing.commitment().ct_eq(envelope.commitment())) {
        return Err(OpenError);
    }
    let (cipher, nonce) = sealing.cipher();
    let mut body = Zeroizing::new(envelope.ciphertext().to_vec());
    cipher.decrypt_in_place(&nonce, &sealing.associated, &mut *body).map_err(|_| OpenError)?;
    if binding.kind == EnvelopeType::Item {
        unpad(&mut body).ok_or(OpenError)?;
    }
    Ok(body)
}
