//! RSA keys made for this run, and certificates around them.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::EncodePublicKey as _;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The identity provider's, trusted.
    Provider,
    /// The identity provider's next one, trusted beside the first.
    Next,
    /// Somebody else's.
    Stranger,
    /// One of 1024 bits.
    Weak,
}

impl Key {
    fn private(self) -> &'static RsaPrivateKey {
        static KEYS: [OnceLock<RsaPrivateKey>; 4] =
            [OnceLock::new(), OnceLock::new(), OnceLock::new(), OnceLock::new()];
        let bits = if self == Self::Weak { 1024 } else { 2048 };
        KEYS[self as usize]
            .get_or_init(|| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).expect("a key"))
    }

    /// PKCS#1 v1.5 over SHA-256.
    #[must_use]
    pub fn sha256(self, message: &[u8]) -> Vec<u8> {
        self.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))
    }

    pub(crate) fn sha384(self, message: &[u8]) -> Vec<u8> {
        self.sign(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message))
    }

    pub(crate) fn sha512(self, message: &[u8]) -> Vec<u8> {
        self.sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message))
    }

    pub(crate) fn sha1(self, message: &[u8]) -> Vec<u8> {
        self.sign(Pkcs1v15Sign::new::<sha1::Sha1>(), &sha1::Sha1::digest(message))
    }

    fn sign(self, scheme: Pkcs1v15Sign, hash: &[u8]) -> Vec<u8> {
        self.private().sign(scheme, hash).expect("a signature")
    }

    /// The subject public key info.
    #[must_use]
    pub fn spki(self) -> Vec<u8> {
        self.private().to_public_key().to_public_key_der().expect("DER").into_vec()
    }

    /// Modulus and exponent in base64, as `RSAKeyValue` has them.
    pub(crate) fn numbers(self) -> (String, String) {
        let public: RsaPublicKey = self.private().to_public_key();
        (STANDARD.encode(public.n().to_bytes_be()), STANDARD.encode(public.e().to_bytes_be()))
    }

    /// A self-signed certificate of this key, valid 2020 to 2021: dates are not looked at.
    #[must_use]
    pub fn certificate(self) -> Vec<u8> {
        static MADE: [OnceLock<Vec<u8>>; 4] =
            [OnceLock::new(), OnceLock::new(), OnceLock::new(), OnceLock::new()];
        let make = || certificate(&self.spki(), |tbs| self.sha256(tbs));
        MADE[self as usize].get_or_init(make).clone()
    }

    /// The certificate in base64, as XML has it.
    #[must_use]
    pub fn certificate_base64(self) -> String {
        STANDARD.encode(self.certificate())
    }
}

/// A certificate around any subject public key info (RFC 5280 §4.1).
pub fn certificate(spki: &[u8], sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let sha256_with_rsa = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0];
    let algorithm = der(0x30, &[&sha256_with_rsa]);
    let common_name = der(0x30, &[&[0x06, 3, 0x55, 4, 3], &der(0x0c, &[b"idp"])]);
    let name = der(0x30, &[&der(0x31, &[&common_name])]);
    let dates = [der(0x17, &[b"200101000000Z"]), der(0x17, &[b"210101000000Z"])];
    let validity = der(0x30, &[&dates[0], &dates[1]]);
    let version = der(0xa0, &[&[2, 1, 2]]);
    let tbs = der(0x30, &[&version, &[2, 1, 7], &algorithm, &name, &validity, &name, spki]);
    let signature = der(0x03, &[&[0], &sign(&tbs)]);
    der(0x30, &[&tbs, &algorithm, &signature])
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = u16::try_from(body.len()).expect("short");
    let [high, low] = length.to_be_bytes();
    let head = match length {
        0..=127 => vec![tag, low],
        128..=255 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [head, body].concat()
}

/// Only to say that what [`Key::spki`] holds is a key.
#[cfg(test)]
mod tests {
    use rsa::pkcs1::DecodeRsaPublicKey as _;

    use super::*;

    #[test]
    fn a_public_key_is_the_end_of_its_info() {
        let spki = Key::Weak.spki();
        let key = RsaPublicKey::from_pkcs1_der(&spki[spki.len() - 140..]).expect("PKCS#1");
        assert_eq!(key, Key::Weak.private().to_public_key());
    }
}
