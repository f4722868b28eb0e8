//! Secrets that the server hands out once and afterwards only recognizes: the database holds their SHA-256.
//!
//! Every one of them is 256 random bits, so a plain hash is enough: there is nothing to guess.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Characters that 32 bytes take in base64url without padding.
const TEXT_LENGTH: usize = 43;

/// SHA-256 of a secret: what the database stores and looks up by.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes the text of a secret, whatever it is.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Hashes bytes, for instance the body of a request that may be repeated.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Takes a hash as the database holds it.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Compares without telling by its time where two hashes differ.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// Nothing of it: logs hold no token material, not even hashed.
impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

/// Draws 256 bits as 43 characters.
pub(crate) fn make_text(prefix: &str, rng: &mut dyn CryptoRng) -> String {
    let mut bytes = [0u8; 32];
    rng.fill_bytes(&mut bytes);
    let mut text = String::with_capacity(prefix.len() + TEXT_LENGTH);
    text.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(bytes, &mut text);
    bytes.zeroize();
    text
}

/// Whether a text has the shape that [`make_text`] gives.
pub(crate) fn has_shape(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.len() == TEXT_LENGTH
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

macro_rules! secret {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Zeroize, ZeroizeOnDrop)]
        pub struct $name(String);

        impl $name {
            /// Draws a new one.
            pub fn make(rng: &mut dyn CryptoRng) -> Self {
                Self(make_text($prefix, rng))
            }

            /// Takes what a client presents; `None` when it cannot be one of ours.
            pub fn parse(text: &str) -> Option<Self> {
                has_shape(text, $prefix).then(|| Self(text.to_owned()))
            }

            /// The text, for the one place that hands it over.
            pub fn reveal(&self) -> &str {
                &self.0
            }

            /// What the database knows of it.
            pub fn hash(&self) -> SecretHash {
                SecretHash::of(&self.0)
            }
        }
    };
}

secret!(
    /// A SCIM bearer token: `fhs_` and 43 characters. Short, because identity providers limit the length of the field.
    TokenSecret,
    "fhs_"
);
secret!(
    /// What a SCIM client shows to get access tokens: `fhs_` and 43 characters, for the same reason.
    ScimClientSecret,
    "fhs_"
);
secret!(
    /// The value of the session cookie.
    SessionSecret,
    ""
);
secret!(
    /// What a link of `freehold admin link` carries: `fhl_` and 43 characters.
    AdminLinkSecret,
    "fhl_"
);
secret!(
    /// The value of the pre-login cookie, which ties a sign-in to the browser that began it.
    PreLoginSecret,
    ""
);
secret!(
    /// With this the browser fetches the outcome of an answer that was posted across sites, where no cookie came along.
    HandOver,
    ""
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Counter;

    #[test]
    fn a_token_has_its_prefix_and_256_bits() {
        let token = TokenSecret::make(&mut Counter::new(1));
        assert_eq!(token.reveal().len(), 4 + 43);
        assert!(token.reveal().starts_with("fhs_"));
        assert!(TokenSecret::parse(token.reveal()).is_some());
    }

    #[test]
    fn a_text_of_another_shape_is_no_token() {
        for text in ["", "fhs_", "fhs_short", "abc", &format!("fhs_{}", "ä".repeat(43))] {
            assert!(TokenSecret::parse(text).is_none(), "{text}");
        }
        assert!(SessionSecret::parse(&format!("{}=", "a".repeat(42))).is_none());
    }

    #[test]
    fn two_draws_differ() {
        let mut rng = Counter::new(7);
        assert_ne!(SessionSecret::make(&mut rng).hash(), SessionSecret::make(&mut rng).hash());
    }

    #[test]
    fn secrets_neither_print_nor_copy() {
        static_assertions::assert_not_impl_any!(TokenSecret: Clone, fmt::Debug, fmt::Display, PartialEq);
        static_assertions::assert_not_impl_any!(ScimClientSecret: Clone, fmt::Debug, fmt::Display, PartialEq);
        static_assertions::assert_not_impl_any!(AdminLinkSecret: Clone, fmt::Debug, fmt::Display, PartialEq);
        static_assertions::assert_not_impl_any!(SessionSecret: Clone, fmt::Debug, fmt::Display, PartialEq);
    }
}
