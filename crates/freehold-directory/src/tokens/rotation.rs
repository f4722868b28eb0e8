//! A token is replaced while both are good, so that provisioning never stops.

use std::time::Duration;

use freehold_wire::ids::TokenId;
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use super::{Token, TokenError, TokenLife, check_room, own};
use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::expiry;
use crate::secret::TokenSecret;
use crate::store::Store;
use crate::text::TextError;

/// How long the old token stays good beside the new one: 1 to 168 hours, a day unless somebody says otherwise.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Overlap(u16);

impl Default for Overlap {
    fn default() -> Self {
        Self(24)
    }
}

impl Overlap {
    /// Parses a number of hours.
    ///
    /// # Errors
    /// 0 and more than a week.
    pub fn from_hours(hours: u16) -> Result<Self, TextError> {
        if (1..=168).contains(&hours) {
            Ok(Self(hours))
        } else {
            Err(TextError::new("the overlap", "must be 1 to 168 hours"))
        }
    }

    fn duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0) * 3_600)
    }
}

/// What a rotation made.
pub struct Rotated {
    /// The new token.
    pub token: Token,
    /// Its secret, which exists only here.
    pub secret: TokenSecret,
    /// From when on the old one is refused.
    pub old_expires_at: Timestamp,
}

/// Makes a token with description and connection of a live one, which from now on ends after the overlap; if it would
/// have ended before, it still does.
///
/// # Errors
/// [`TokenError::Unknown`], for another organization's token too; [`TokenError::Over`], [`TokenError::TooMany`].
pub fn rotate(
    store: &mut dyn Store,
    mandate: Mandate,
    old: TokenId,
    (life, overlap): (TokenLife, Overlap),
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Rotated, TokenError> {
    let old = own(store, mandate, old)?;
    if !old.is_live(now) {
        return Err(TokenError::Over);
    }
    check_room(store, old.organization, now)?;
    let secret = TokenSecret::make(rng);
    let token = Token {
        id: TokenId::make(now, rng),
        created_at: now,
        expires_at: now.plus(life.duration()),
        last_use: None,
        ..old.clone()
    };
    store.insert_token(&token, &secret.hash())?;
    Event::new(EventKind::TokenCreated, token.organization)
        .token(token.id)
        .by(mandate)
        .record(store, now, rng)?;
    let end = now.plus(overlap.duration()).min(old.expires_at);
    // Whoever rotates knows of the end: only nearer thresholds are told again.
    let told = expiry::threshold_beyond(end.since(now));
    store.shorten_token(old.organization, old.id, end, told)?;
    Event::new(EventKind::TokenRotated, old.organization)
        .token(old.id)
        .by(mandate)
        .detail(format!("replaced by {}", token.id))
        .record(store, now, rng)?;
    Ok(Rotated { token, secret, old_expires_at: end })
}
