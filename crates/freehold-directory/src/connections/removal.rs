//! The end of a connection.

use freehold_wire::ids::ConnectionId;
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use super::ConnectionError;
use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::sessions::Over;
use crate::store::Store;

/// What ended with a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Removed {
    /// Sessions of people who signed in over it.
    pub sessions: u64,
    /// Sign-ins under way.
    pub logins: u64,
}

/// Removes a connection, with the sessions and begun sign-ins over it. Accounts, links and SCIM tokens stay: whoever is
/// linked over it signs in over no other one, and what still provisions can still deactivate. While tokens or clients
/// provision for it, it is removed only when `forced`.
///
/// # Errors
/// [`ConnectionError::Provisioning`]; [`ConnectionError::Unknown`], also when it was removed meanwhile.
pub fn remove(
    store: &mut dyn Store,
    mandate: Mandate,
    id: ConnectionId,
    forced: bool,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Removed, ConnectionError> {
    let connection = super::of(store, mandate.organization(), id)?;
    let provisioners = store.count_provisioners(connection.id, now)?;
    if provisioners > 0 && !forced {
        return Err(ConnectionError::Provisioning(provisioners));
    }
    if !store.tombstone_connection(connection.id, now)? {
        return Err(ConnectionError::Unknown);
    }
    let removed = Removed {
        sessions: store.delete_sessions_over(connection.id, Over::Everybody)?,
        logins: store.delete_logins_over(connection.id)?,
    };
    Event::new(EventKind::ConnectionRemoved, connection.organization)
        .connection(connection.id)
        .by(mandate)
        .record(store, now, rng)?;
    Ok(removed)
}
