//! Where a person is signed in, for an admin, and an end to it.

use freehold_wire::{SessionId, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::authority::{Admin, UnlockedAdmin};
use crate::sessions::{self, EndedBy, SessionOverview};
use crate::store::Store;
use crate::store_error::StoreError;

/// The live sessions of a user of the admin's organization, last begun first; `None` when there is no such user.
///
/// # Errors
/// A failing database.
pub fn sessions(
    store: &mut dyn Store,
    admin: Admin<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Vec<SessionOverview>>, StoreError> {
    if store.user(admin.organization(), user)?.is_none() {
        return Ok(None);
    }
    sessions::list(store, user, now).map(Some)
}

/// Ends a session of a user of the admin's organization; `false` when there is no such user or session.
///
/// # Errors
/// A failing database.
pub fn end_session(
    store: &mut dyn Store,
    admin: UnlockedAdmin<'_>,
    user: UserId,
    session: SessionId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    if store.user(admin.organization(), user)?.is_none() {
        return Ok(false);
    }
    let whose = (admin.organization(), user);
    sessions::end_named(store, whose, session, EndedBy::Admin(admin.user()), now, rng)
}

/// Ends all sessions of a user of the admin's organization; answers how many, or `None` when there is no such user.
///
/// # Errors
/// A failing database.
pub fn end_sessions(
    store: &mut dyn Store,
    admin: UnlockedAdmin<'_>,
    user: UserId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Option<u64>, StoreError> {
    if store.user(admin.organization(), user)?.is_none() {
        return Ok(None);
    }
    let whose = (admin.organization(), user);
    sessions::end_all_of(store, whose, EndedBy::Admin(admin.user()), now, rng).map(Some)
}
