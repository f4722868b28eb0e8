//! Tokens that are refused: why, for those who may know.

use freehold_wire::ids::{OrganizationId, TokenId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use super::{NOTE_EVERY, is_due};
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;

/// Why a token was refused; for the log only, the client learns no more than that it was.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRefusal {
    /// No such token was ever made.
    #[error("unknown token")]
    Unknown,
    /// It was revoked.
    #[error("revoked token")]
    Revoked(RefusedToken),
    /// Its time is over.
    #[error("expired token")]
    Expired(RefusedToken),
    /// It is an access token of a client that was revoked.
    #[error("access token of a revoked client")]
    ClientRevoked(RefusedToken),
    /// It is an access token of a client whose time is over.
    #[error("access token of an expired client")]
    ClientExpired(RefusedToken),
    /// It is good, but the organization's SCIM is switched off (403, not 401).
    #[error("SCIM is switched off for the organization")]
    ScimOff(RefusedToken),
}

/// The token of a refusal.
#[derive(Clone, Debug)]
pub struct RefusedToken {
    pub(super) organization: OrganizationId,
    pub(super) token: TokenId,
    pub(super) refused_at: Option<Timestamp>,
}

impl RefusedToken {
    /// The token, for the log.
    pub fn token(&self) -> TokenId {
        self.token
    }

    /// Its organization, for the log.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }
}

impl TokenRefusal {
    /// The token, where one was recognized.
    pub fn refused(&self) -> Option<&RefusedToken> {
        match self {
            Self::Unknown => None,
            Self::Revoked(refused)
            | Self::Expired(refused)
            | Self::ClientRevoked(refused)
            | Self::ClientExpired(refused)
            | Self::ScimOff(refused) => Some(refused),
        }
    }

    /// Whether it is time to write the refusal down ([`note_refusal`]): at most once a minute a token.
    pub fn note_due(&self, now: Timestamp) -> bool {
        self.refused().is_some_and(|refused| is_due(refused.refused_at, now))
    }
}

/// Records that a known token was refused, at most once a minute a token; call it when
/// [`TokenRefusal::note_due`] says so.
///
/// # Errors
/// A failing database.
pub fn note_refusal(
    store: &mut dyn Store,
    refusal: &TokenRefusal,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let Some(refused) = refusal.refused() else { return Ok(()) };
    if store.note_token_refusal(refused.token, now, now.minus(NOTE_EVERY))? {
        Event::new(EventKind::TokenRefused, refused.organization)
            .token(refused.token)
            .detail(refusal.to_string())
            .record(store, now, rng)?;
    }
    Ok(())
}
