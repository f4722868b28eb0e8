//! A token with which the server asks itself, over its public URL, what an identity provider will ask.
//!
//! It is a token like any other, so that the whole way is tried and every server of an installation knows it. Should
//! somebody else be at the end of that way, little is lost: it lives for a minute, ends with the trial, and only reads.
//! What tells it from others is that it is called nothing, which no other token may be; it stands in no list.

use std::time::Duration;

use freehold_wire::ids::TokenId;
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use super::Token;
use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::secret::TokenSecret;
use crate::store::Store;
use crate::store_error::StoreError;

/// How long a trial's token lives, should nobody end it.
pub const TRIAL_LIFE: Duration = Duration::from_secs(60);

/// Makes the token of a trial.
///
/// # Errors
/// A failing database.
pub fn begin_trial(
    store: &mut dyn Store,
    mandate: Mandate,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(TokenId, TokenSecret), StoreError> {
    let secret = TokenSecret::make(rng);
    let token = Token {
        id: TokenId::make(now, rng),
        organization: mandate.organization(),
        connection: None,
        client: None,
        description: String::new(),
        created_at: now,
        expires_at: now.plus(TRIAL_LIFE),
        revoked_at: None,
        last_use: None,
    };
    store.insert_token(&token, &secret.hash())?;
    Event::new(EventKind::ScimTried, token.organization)
        .token(token.id)
        .by(mandate)
        .record(store, now, rng)?;
    Ok((token.id, secret))
}

/// Deletes the token of a trial: it is unknown from the next request on.
///
/// # Errors
/// A failing database.
pub fn end_trial(store: &mut dyn Store, token: TokenId) -> Result<(), StoreError> {
    store.delete_trial_token(token)
}
