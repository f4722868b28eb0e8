//! The certificates whose keys may sign answers.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use x509_cert::der::asn1::UintRef;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::time::Time;

/// Longest certificate read, in bytes; in PEM or base64 a third longer.
const MAX_DER_BYTES: usize = 16 * 1024;
/// Longest text read.
const MAX_TEXT_BYTES: usize = 32 * 1024;
/// RFC 8017 §A.1.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// NIST SP 800-131A: shorter keys are no longer trusted. Longer ones than 8192 only cost time.
const KEY_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// A trusted certificate. What is trusted is the key in it, as an admin accepted it: neither its
/// issuer nor its dates are looked at (SAML metadata interoperability profile §2.6.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    not_before_ms: u64,
    not_after_ms: u64,
}

/// Why a text or bytes cannot be a trusted certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// It is no certificate.
    #[error("this is not an X.509 certificate (PEM, base64 or DER)")]
    Malformed,
    /// There are several where one is wanted.
    #[error("there are several certificates; give one at a time")]
    Several,
    /// It holds the private key too.
    #[error("this holds a private key, which belongs to the identity provider alone")]
    PrivateKey,
    /// Its key is of another kind.
    #[error("the key of the certificate is not RSA, the only kind accepted")]
    NotRsa,
    /// Its key is too short, or absurdly long.
    #[error("the RSA key of the certificate has {0} bits; 2048 to 8192 are accepted")]
    KeySize(usize),
}

impl Certificate {
    /// Reads what an admin pastes: PEM, or base64 with or without white space.
    ///
    /// # Errors
    /// Says what is wrong with it, in words for an admin.
    pub fn parse(text: &str) -> Result<Self, CertificateError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(CertificateError::Malformed);
        }
        if text.contains("PRIVATE KEY-----") {
            return Err(CertificateError::PrivateKey);
        }
        let body = match text.split_once("-----BEGIN CERTIFICATE-----") {
            None => text,
            Some((_, rest)) => {
                let end = rest.split_once("-----END CERTIFICATE-----");
                let (body, after) = end.ok_or(CertificateError::Malformed)?;
                if after.contains("-----BEGIN") {
                    return Err(CertificateError::Several);
                }
                body
            }
        };
        let compact: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(compact).map_err(|_| CertificateError::Malformed)?;
        Self::from_der(&der)
    }

    /// Reads the bytes that were stored.
    ///
    /// # Errors
    /// Says what is wrong with them, in words for an admin.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_DER_BYTES {
            return Err(CertificateError::Malformed);
        }
        let parsed = x509_cert::Certificate::from_der(der);
        let body = parsed.map_err(|_| CertificateError::Malformed)?.tbs_certificate;
        let key = &body.subject_public_key_info;
        if key.algorithm.oid != RSA_ENCRYPTION {
            return Err(CertificateError::NotRsa);
        }
        let bits = key.subject_public_key.as_bytes().and_then(rsa_bits);
        let bits = bits.ok_or(CertificateError::Malformed)?;
        if !KEY_BITS.contains(&bits) {
            return Err(CertificateError::KeySize(bits));
        }
        Ok(Self {
            der: der.to_vec(),
            not_before_ms: milliseconds(body.validity.not_before),
            not_after_ms: milliseconds(body.validity.not_after),
        })
    }

    /// The bytes to store.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of the bytes, as 64 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.der)
    }

    /// Since when its issuer calls it valid, in milliseconds since 1970. Shown, never enforced.
    #[must_use]
    pub fn not_before_ms(&self) -> u64 {
        self.not_before_ms
    }

    /// Until when its issuer calls it valid, in milliseconds since 1970. Shown, never enforced.
    #[must_use]
    pub fn not_after_ms(&self) -> u64 {
        self.not_after_ms
    }

    /// As SAML metadata carries it.
    pub(super) fn base64(&self) -> String {
        STANDARD.encode(&self.der)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.fingerprint())
    }
}

/// The fingerprint of any bytes that are said to be a certificate.
pub(super) fn fingerprint(der: &[u8]) -> String {
    hex::encode(Sha256::digest(der))
}

/// RFC 8017 §A.1.1: `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
fn rsa_bits(key: &[u8]) -> Option<usize> {
    let modulus_bits = |key| {
        SliceReader::new(key)?.sequence(|fields| {
            let modulus = UintRef::decode(fields)?;
            UintRef::decode(fields)?;
            let (bytes, zeros) = (modulus.as_bytes(), modulus.as_bytes().first());
            Ok(bytes.len() * 8 - zeros.map_or(0, |first| first.leading_zeros() as usize))
        })
    };
    let bits: Result<usize, x509_cert::der::Error> = modulus_bits(key);
    bits.ok()
}

fn milliseconds(time: Time) -> u64 {
    u64::try_from(time.to_unix_duration().as_millis()).unwrap_or(u64::MAX)
}
