//! The key that signs ID tokens, made at every start.

use openidconnect::core::{CoreJsonWebKeySet, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, JsonWebKeySet, PrivateSigningKey as _};
use rsa::pkcs1::{EncodeRsaPrivateKey as _, LineEnding};

/// RFC 7518 §3.3: 2048 bits or more.
const BITS: usize = 2048;

/// An RSA key for RS256.
pub struct SigningKey(CoreRsaPrivateSigningKey);

/// The key could not be made.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the signing key could not be made: {0}")]
pub struct KeyError(String);

impl SigningKey {
    /// Makes a new key; takes about a second. `kid` tells it from the key of the last start.
    ///
    /// # Errors
    /// The machine has no randomness to give.
    pub fn make(kid: &str) -> Result<Self, KeyError> {
        let failed = |error: String| KeyError(error);
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS)
            .map_err(|error| failed(error.to_string()))?;
        // openidconnect takes keys as PEM only.
        let pem = key.to_pkcs1_pem(LineEnding::LF).map_err(|error| failed(error.to_string()))?;
        let kid = JsonWebKeyId::new(kid.to_owned());
        CoreRsaPrivateSigningKey::from_pem(&pem, Some(kid)).map(Self).map_err(failed)
    }

    pub(super) fn private(&self) -> &CoreRsaPrivateSigningKey {
        &self.0
    }

    pub(super) fn public(&self) -> CoreJsonWebKeySet {
        JsonWebKeySet::new(vec![self.0.as_verification_key()])
    }
}
