//! An answer that the identity provider's page posts across sites, so that no cookie of ours comes along (SAML).
//!
//! It is verified when it is posted, and kept. The browser that began the login then asks for the outcome with a
//! hand-over and its cookie, and the answer is verified again: what was switched off or removed in between counts.

use std::time::Duration;

use freehold_wire::{ConnectionId, Timestamp};

use super::PendingLogin;
use crate::secret::{HandOver, PreLoginSecret, SecretHash};
use crate::store::Store;
use crate::store_error::StoreError;

/// How long the browser has to come for the outcome.
pub const HAND_OVER_LIFE: Duration = Duration::from_secs(60);

/// A begun login as stored.
pub struct StoredLogin {
    /// The login.
    pub pending: PendingLogin,
    /// When it is over.
    pub expires_at: Timestamp,
    /// Whether it has an answer.
    pub answered: bool,
}

/// What is known of the login that a posted answer names.
pub enum Posted {
    /// It waits for the answer.
    Waiting(PendingLogin),
    /// It was begun here, and is answered or over.
    Over,
    /// Nobody began it here, or it is long over.
    Unknown,
}

/// Looks at the begun login of a `RelayState`; it goes on waiting.
///
/// # Errors
/// A failing database.
pub fn pending_of(
    store: &mut dyn Store,
    state: &str,
    now: Timestamp,
) -> Result<Posted, StoreError> {
    Ok(match store.login(&SecretHash::of(state))? {
        None => Posted::Unknown,
        Some(login) if login.answered || login.expires_at <= now => Posted::Over,
        Some(login) => Posted::Waiting(login.pending),
    })
}

/// A verified answer to a begun login.
pub struct Answer<'a> {
    /// The login's `RelayState`.
    pub state: &'a str,
    /// The connection it went to.
    pub connection: ConnectionId,
    /// The answer as posted.
    pub response: &'a str,
    /// With what the browser asks for the outcome.
    pub hand_over: &'a HandOver,
    /// The ids of the answer, none of which may be known.
    pub ids: &'a [String],
    /// From then on the answer is refused by its own dates.
    pub forget_at: Timestamp,
}

/// An answer to store.
pub struct NewAnswer<'a> {
    /// SHA-256 of the `RelayState`.
    pub state: SecretHash,
    /// The answer as posted.
    pub response: &'a str,
    /// SHA-256 of the hand-over.
    pub hand_over: SecretHash,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Why a verified answer was not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AnswerRefusal {
    /// The login has an answer, or its time is over.
    #[error("the sign-in was answered already, or is over")]
    Over,
    /// The answer was used before.
    #[error("the answer was used before")]
    Replayed,
}

/// Takes a verified answer, once. A replayed one ends the login.
///
/// # Errors
/// The outer one: a failing database. The inner one: the refusal.
pub fn answer(
    store: &mut dyn Store,
    answer: &Answer<'_>,
    now: Timestamp,
) -> Result<Result<(), AnswerRefusal>, StoreError> {
    let state = SecretHash::of(answer.state);
    let stored = NewAnswer {
        state,
        response: answer.response,
        hand_over: answer.hand_over.hash(),
        expires_at: now.plus(HAND_OVER_LIFE),
    };
    if !store.answer_login(&stored, now)? {
        return Ok(Err(AnswerRefusal::Over));
    }
    for id in answer.ids {
        if !store.insert_replay(answer.connection, id, answer.forget_at)? {
            store.delete_login(&state)?;
            return Ok(Err(AnswerRefusal::Replayed));
        }
    }
    Ok(Ok(()))
}

/// Ends a begun login whose answer did not verify.
///
/// # Errors
/// A failing database.
pub fn give_up(store: &mut dyn Store, state: &str) -> Result<(), StoreError> {
    store.delete_login(&SecretHash::of(state))
}

/// An answered login, taken by the browser that began it.
pub struct AnsweredLogin {
    /// The login.
    pub pending: PendingLogin,
    /// The answer as posted: to be verified again.
    pub response: String,
}

/// Takes the answered login of a hand-over; `None` when there is none, it is over, was taken before or begun by another
/// browser.
///
/// # Errors
/// A failing database.
pub fn take_answered(
    store: &mut dyn Store,
    hand_over: &HandOver,
    browser: &PreLoginSecret,
    now: Timestamp,
) -> Result<Option<AnsweredLogin>, StoreError> {
    store.take_answered(&hand_over.hash(), &browser.hash(), now)
}
