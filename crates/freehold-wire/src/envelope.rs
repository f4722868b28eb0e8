//! The outer form of an envelope: everything about it that can be seen without a key.

use crate::methods::MethodKind;
use crate::padding::is_padded_length;

/// The bytes before the commitment; they are authenticated.
pub const HEADER_BYTES: usize = 56;
/// The bytes before the ciphertext.
pub const PREFIX_BYTES: usize = 92;
/// The authentication tag at the end of the ciphertext.
pub const TAG_BYTES: usize = 16;
/// The length of a key id.
pub const KEY_ID_BYTES: usize = 16;
/// The only suite: HKDF-SHA-256, XChaCha20-Poly1305 with a key commitment.
pub const SUITE: u8 = 1;

const MAGIC: [u8; 4] = *b"FHE1";

/// What an envelope holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeType {
    /// 1: the master key, wrapped for the password.
    MasterKeyForPassword = 1,
    /// 2: the master key, wrapped for the recovery code.
    MasterKeyForRecoveryCode = 2,
    /// 3: the master key, wrapped for a passkey.
    MasterKeyForPasskey = 3,
    /// 5: the keyring, under the keyring key.
    Keyring = 5,
    /// 7: a padded item, under its item key.
    Item = 7,
    /// 9: an item key, under the personal key.
    PersonalItemKey = 9,
}

impl EnvelopeType {
    /// The type's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The exact length of what it holds, or nothing for padded items.
    #[must_use]
    pub const fn plaintext_bytes(self) -> Option<usize> {
        match self {
            Self::MasterKeyForPassword
            | Self::MasterKeyForRecoveryCode
            | Self::MasterKeyForPasskey
            | Self::PersonalItemKey => Some(32),
            Self::Keyring => Some(64),
            Self::Item => None,
        }
    }

    /// Whether the header names the key: never for keys that come from a person's secret, whose id
    /// would be a public fingerprint of it.
    #[must_use]
    pub const fn has_key_id(self) -> bool {
        !matches!(
            self,
            Self::MasterKeyForPassword | Self::MasterKeyForRecoveryCode | Self::MasterKeyForPasskey
        )
    }

    /// The type of the envelope that wraps the master key for a method.
    #[must_use]
    pub const fn of_master_key(method: MethodKind) -> Self {
        match method {
            MethodKind::Password => Self::MasterKeyForPassword,
            MethodKind::RecoveryCode => Self::MasterKeyForRecoveryCode,
            MethodKind::Passkey => Self::MasterKeyForPasskey,
        }
    }

    /// The header: `magic | suite | type | flags | key id | salt`.
    #[must_use]
    pub fn header(self, key_id: &[u8; KEY_ID_BYTES], salt: &[u8; 32]) -> [u8; HEADER_BYTES] {
        let mut header = [0; HEADER_BYTES];
        let (fixed, rest) = header.split_at_mut(8);
        let (id, salted) = rest.split_at_mut(KEY_ID_BYTES);
        let (magic, numbers) = fixed.split_at_mut(4);
        magic.copy_from_slice(&MAGIC);
        numbers.copy_from_slice(&[SUITE, self.number(), 0, 0]);
        id.copy_from_slice(key_id);
        salted.copy_from_slice(salt);
        header
    }
}

/// Bytes that are not an envelope of the type that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an envelope of the expected type")]
pub struct EnvelopeError;

/// An envelope taken apart; only its form is checked.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    kind: EnvelopeType,
    key_id: &'a [u8; KEY_ID_BYTES],
    salt: &'a [u8; 32],
    commitment: &'a [u8; 32],
    ciphertext: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Reads an envelope of the type that is expected here.
    ///
    /// # Errors
    /// If magic, suite, type, flags, key id, the length field or the length of the content are not
    /// those of that type.
    pub fn parse(bytes: &'a [u8], kind: EnvelopeType) -> Result<Self, EnvelopeError> {
        let (fixed, rest) = bytes.split_first_chunk::<8>().ok_or(EnvelopeError)?;
        let (key_id, rest) = rest.split_first_chunk().ok_or(EnvelopeError)?;
        let (salt, rest) = rest.split_first_chunk().ok_or(EnvelopeError)?;
        let (commitment, rest) = rest.split_first_chunk().ok_or(EnvelopeError)?;
        let (length, ciphertext) = rest.split_first_chunk().ok_or(EnvelopeError)?;
        let header = kind.header(key_id, salt);
        let fits = usize::try_from(u32::from_be_bytes(*length)) == Ok(ciphertext.len());
        let right = header.starts_with(fixed)
            && (kind.has_key_id() || key_id == &[0; KEY_ID_BYTES])
            && fits
            && holds_plausible_length(kind, ciphertext.len());
        if right {
            Ok(Self { kind, key_id, salt, commitment, ciphertext })
        } else {
            Err(EnvelopeError)
        }
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(&self) -> EnvelopeType {
        self.kind
    }

    /// The id of the key that sealed it, as claimed.
    #[must_use]
    pub const fn key_id(&self) -> &'a [u8; KEY_ID_BYTES] {
        self.key_id
    }

    /// Its salt.
    #[must_use]
    pub const fn salt(&self) -> &'a [u8; 32] {
        self.salt
    }

    /// Its commitment to the key and context.
    #[must_use]
    pub const fn commitment(&self) -> &'a [u8; 32] {
        self.commitment
    }

    /// Ciphertext and tag.
    #[must_use]
    pub const fn ciphertext(&self) -> &'a [u8] {
        self.ciphertext
    }
}

fn holds_plausible_length(kind: EnvelopeType, ciphertext: usize) -> bool {
    let Some(content) = ciphertext.checked_sub(TAG_BYTES) else { return false };
    match kind.plaintext_bytes() {
        Some(exact) => content == exact,
        None => content <= crate::item::MAX_PADDED_BYTES && is_padded_length(content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(kind: EnvelopeType, content: usize) -> Vec<u8> {
        let key_id = if kind.has_key_id() { [3; 16] } else { [0; 16] };
        let mut bytes = kind.header(&key_id, &[4; 32]).to_vec();
        bytes.extend_from_slice(&[5; 32]);
        bytes.extend_from_slice(&u32::try_from(content + TAG_BYTES).unwrap().to_be_bytes());
        bytes.resize(PREFIX_BYTES + content + TAG_BYTES, 6);
        bytes
    }

    #[test]
    fn the_fixed_part_and_the_length_have_no_second_form() {
        for (kind, content) in [
            (EnvelopeType::MasterKeyForPassword, 32),
            (EnvelopeType::MasterKeyForRecoveryCode, 32),
            (EnvelopeType::MasterKeyForPasskey, 32),
            (EnvelopeType::Keyring, 64),
            (EnvelopeType::Item, 128),
            (EnvelopeType::PersonalItemKey, 32),
        ] {
            let good = sample(kind, content);
            assert!(Envelope::parse(&good, kind).is_ok());
            for position in (0..8).chain(88..92) {
                let mut bad = good.clone();
                bad[position] ^= 1;
                assert!(Envelope::parse(&bad, kind).is_err(), "{kind:?} {position}");
            }
            assert!(Envelope::parse(&good[..good.len() - 1], kind).is_err());
            assert!(Envelope::parse(&[&good[..], &[0]].concat(), kind).is_err());
            for end in 0..PREFIX_BYTES {
                assert!(Envelope::parse(&good[..end], kind).is_err());
            }
        }
    }

    #[test]
    fn the_content_has_the_types_length() {
        for kind in [EnvelopeType::MasterKeyForPassword, EnvelopeType::PersonalItemKey] {
            assert!(Envelope::parse(&sample(kind, 33), kind).is_err());
            assert!(Envelope::parse(&sample(kind, 0), kind).is_err());
        }
        assert!(
            Envelope::parse(&sample(EnvelopeType::Keyring, 32), EnvelopeType::Keyring).is_err()
        );
        let item = EnvelopeType::Item;
        assert!(Envelope::parse(&sample(item, 0), item).is_err());
        assert!(Envelope::parse(&sample(item, 65), item).is_err());
        let largest = crate::item::MAX_PADDED_BYTES;
        assert!(Envelope::parse(&sample(item, largest), item).is_ok());
        let next = crate::padded_length(largest + 1).unwrap();
        assert!(Envelope::parse(&sample(item, next), item).is_err());
    }

    #[test]
    fn a_key_made_from_a_secret_shows_no_fingerprint() {
        let kind = EnvelopeType::MasterKeyForPassword;
        let mut bytes = sample(kind, 32);
        bytes[23] = 1;
        assert!(Envelope::parse(&bytes, kind).is_err());
    }
}
