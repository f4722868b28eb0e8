//! Logout by the identity provider, without the browser (OpenID Connect Back-Channel Logout 1.0).

use freehold_sso::{LoggedOut, VerifiedLogout};
use freehold_wire::Timestamp;
use rand_core::CryptoRng;

use crate::connections::Connection;
use crate::events::{Event, EventKind};
use crate::identity::comparable;
use crate::login::SubjectKey;
use crate::sessions::Over;
use crate::store::Store;
use crate::store_error::StoreError;

/// Why a verified logout ended nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LogoutRefusal {
    /// It is of another connection.
    #[error("the logout is of another connection")]
    OtherConnection,
    /// It was taken before.
    #[error("the logout was taken before")]
    Replayed,
}

/// Ends the sessions that a verified logout names; answers how many. None is no failure: they may have ended already.
///
/// # Errors
/// The outer one: a failing database. The inner one: the refusal.
pub fn log_out(
    store: &mut dyn Store,
    connection: &Connection,
    logout: &VerifiedLogout,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<u64, LogoutRefusal>, StoreError> {
    if logout.connection() != connection.id.to_string() {
        return Ok(Err(LogoutRefusal::OtherConnection));
    }
    let forget_at = Timestamp::from_millis(logout.forget_at_ms());
    if !store.insert_replay(connection.id, logout.id(), forget_at)? {
        return Ok(Err(LogoutRefusal::Replayed));
    }
    let ended = match logout.of() {
        LoggedOut::Session(session) => {
            store.delete_sessions_over(connection.id, Over::IdentitySession(session))?
        }
        LoggedOut::Person(subject) => end_sessions_of(store, connection, subject)?,
    };
    if ended > 0 {
        Event::new(EventKind::LoggedOut, connection.organization)
            .connection(connection.id)
            .detail(ended.to_string())
            .record(store, now, rng)?;
    }
    Ok(Ok(ended))
}

fn end_sessions_of(
    store: &mut dyn Store,
    connection: &Connection,
    subject: &str,
) -> Result<u64, StoreError> {
    let person = SubjectKey {
        connection: connection.id,
        tenant: comparable(connection.tenant.as_deref().unwrap_or_default()),
        subject: comparable(subject),
    };
    match store.linked_user(&person)? {
        Some(user) => store.delete_sessions_over(connection.id, Over::User(user)),
        None => Ok(0),
    }
}
