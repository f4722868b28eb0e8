//! Public keys, checked when they are read.

use ed25519_dalek::{Signature, VerifyingKey};

/// A public key that must not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid public key")]
pub struct PublicKeyError;

/// An Ed25519 public key in its only encoding and not of low order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SigningPublicKey(VerifyingKey);

impl SigningPublicKey {
    /// Reads a key.
    ///
    /// # Errors
    /// If the bytes are no point of the curve, a point of low order, or a second spelling.
    pub fn parse(bytes: &[u8; 32]) -> Result<Self, PublicKeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| PublicKeyError)?;
        // RFC 8032 §5.1.3 refuses y >= p; the library takes it and keeps the bytes as given.
        if key.to_edwards().compress().as_bytes() != bytes || key.is_weak() {
            return Err(PublicKeyError);
        }
        Ok(Self(key))
    }

    /// The key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether the signature is right for the message, by the strict rules: canonical S, no
    /// component of low order.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(message, signature).is_ok()
    }
}

impl std::fmt::Debug for SigningPublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ed25519 {}", crate::encode_base64url(self.as_bytes()))
    }
}

/// An X25519 public key in its only encoding and not of low order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AgreementPublicKey([u8; 32]);

/// 2^255 - 19, little-endian.
const FIELD_PRIME: [u8; 32] = little_prime(0xed);

/// u-coordinates of low order in canonical form, on the curve and its twist: 0, 1, p - 1 and the
/// two of order 8. Their spellings >= p are refused before.
// https://cr.yp.to/ecdh.html#validate lists them.
const LOW_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    one(),
    little_prime(0xec),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
        0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
        0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
        0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
        0x11, 0x57,
    ],
];

const fn little_prime(lowest: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = lowest;
    bytes[31] = 0x7f;
    bytes
}

const fn one() -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
}

impl AgreementPublicKey {
    /// Reads a key.
    ///
    /// # Errors
    /// If the number is not below 2^255 - 19, or of low order: agreement with such a key gives a
    /// result that everyone knows.
    // RFC 7748 §5 lets readers take such encodings and mask the top bit; a statement has one
    // spelling, so they are refused here.
    pub fn parse(bytes: &[u8; 32]) -> Result<Self, PublicKeyError> {
        let below_prime = bytes.iter().rev().lt(FIELD_PRIME.iter().rev());
        if !below_prime || LOW_ORDER.contains(bytes) {
            return Err(PublicKeyError);
        }
        Ok(Self(*bytes))
    }

    /// The key's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for AgreementPublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "X25519 {}", crate::encode_base64url(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_low_order_agreement_key_is_refused_and_is_of_low_order() {
        for low in LOW_ORDER {
            assert_eq!(AgreementPublicKey::parse(&low), Err(PublicKeyError));
            let secret = x25519_dalek::StaticSecret::from([0x42; 32]);
            let shared = secret.diffie_hellman(&x25519_dalek::PublicKey::from(low));
            assert!(!shared.was_contributory(), "{low:02x?}");
        }
    }

    #[test]
    fn agreement_keys_have_one_spelling() {
        let mut bytes = little_prime(0xeb);
        assert!(AgreementPublicKey::parse(&bytes).is_ok(), "p - 2 is the largest");
        for lowest in 0xec..=0xff {
            bytes[0] = lowest;
            assert!(AgreementPublicKey::parse(&bytes).is_err(), "p - 1, p and above");
        }
        let mut high_bit = [0u8; 32];
        high_bit[0] = 9;
        assert!(AgreementPublicKey::parse(&high_bit).is_ok(), "the base point");
        high_bit[31] = 0x80;
        assert!(AgreementPublicKey::parse(&high_bit).is_err(), "the base point, top bit set");
    }

    #[test]
    fn signing_keys_have_one_spelling() {
        // y = 2^255 - 19 + y', for the y' below 19 that are on the curve.
        let mut non_canonical = 0;
        for low in 0xed..=0xff_u8 {
            let mut bytes = little_prime(low);
            for top in [0x7f, 0xff] {
                bytes[31] = top;
                if VerifyingKey::from_bytes(&bytes).is_ok() {
                    non_canonical += 1;
                    assert!(SigningPublicKey::parse(&bytes).is_err(), "{bytes:02x?}");
                }
            }
        }
        assert!(non_canonical > 0, "the library would have taken some of them");
    }

    #[test]
    fn signing_keys_of_low_order_are_refused() {
        // The identity, and the point of order 2, in canonical form.
        let identity = one();
        let order_two = little_prime(0xec);
        for bytes in [identity, order_two, [0; 32]] {
            assert!(VerifyingKey::from_bytes(&bytes).is_ok());
            assert!(SigningPublicKey::parse(&bytes).is_err(), "{bytes:02x?}");
        }
    }
}
