//! What the caller keeps: a connection's settings and one pending sign-in.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Issuer, SubjectClaim};

/// The password of our client at the identity provider.
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    /// Takes the secret over; it is wiped when dropped.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// One organization's OpenID Connect connection, as an admin configured it.
pub struct Connection {
    /// The id of the connection, as UUID text.
    pub id: String,
    /// The issuer, compared exactly.
    pub issuer: Issuer,
    /// Our client id there.
    pub client_id: String,
    /// Our client secret there.
    pub client_secret: ClientSecret,
    /// The tenant that `tid` must name, for providers that serve several.
    pub tenant: Option<String>,
    /// Which claim names the person.
    pub subject_claim: SubjectClaim,
}

/// SHA-256 of a `state`, which is what the pending row stores: a copy of the database begins no
/// one's sign-in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StateHash([u8; 32]);

impl StateHash {
    /// The hash of this `state`.
    #[must_use]
    pub fn of(state: &str) -> Self {
        Self(Sha256::digest(state.as_bytes()).into())
    }

    /// The hash that was stored.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for StateHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateHash(..)")
    }
}

/// One pending sign-in, taken out of the database: it must be gone there before `finish`.
pub struct Pending {
    /// The connection that the sign-in was begun for, as UUID text.
    pub connection: String,
    /// The hash of the `state` that was sent.
    pub state: StateHash,
    /// The nonce that was sent.
    pub nonce: String,
    /// The PKCE verifier whose challenge was sent.
    pub pkce_verifier: String,
    /// The redirect URI that was sent.
    pub redirect_uri: String,
}
