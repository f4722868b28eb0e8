//! What a timer does: rows whose time is over go, and so do the keys of users deleted long ago.

use std::time::Duration;

use freehold_wire::{Timestamp, UserId};
use rand_core::CryptoRng;

use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;

/// How long the keys and items of a deleted user are kept, and those that a RESET put aside, unless configured
/// otherwise.
pub const RETENTION: Duration = Duration::from_secs(30 * 86_400);
/// How long a request for a RESET that came to nothing is shown.
pub const RESET_MEMORY: Duration = Duration::from_secs(30 * 86_400);
/// How long a reserved item waits for its content.
pub const RESERVATION_LIFE: Duration = Duration::from_secs(86_400);
/// Rows of one kind in one transaction: short enough not to hold others up.
const BATCH: u32 = 1_000;
/// Users purged in one transaction.
const PURGE_BATCH: u32 = 20;

/// How many rows of each kind went.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Collected {
    /// Sessions past their absolute or idle end.
    pub sessions: u64,
    /// Begun logins nobody finished.
    pub logins: u64,
    /// One-time links nobody used.
    pub links: u64,
    /// Challenges nobody answered.
    pub challenges: u64,
    /// Reserved items nobody filled.
    pub reservations: u64,
    /// Rows of the provisioning log.
    pub log: u64,
    /// Access tokens of SCIM clients, and tokens of trials that nobody ended, some time past their end.
    pub access_tokens: u64,
    /// Ids of answers that are refused by their own dates by now.
    pub replays: u64,
    /// Requests for a RESET that came to nothing long ago.
    pub resets: u64,
}

impl Collected {
    /// Whether some kind filled its batch, so that it pays to go again at once.
    pub fn more(&self) -> bool {
        let full = u64::from(BATCH);
        let all = [
            self.sessions,
            self.logins,
            self.links,
            self.challenges,
            self.reservations,
            self.access_tokens,
            self.replays,
            self.resets,
            self.log,
        ];
        all.contains(&full)
    }
}

/// Deletes what is over: sessions, begun logins, one-time links, challenges, reserved items, access tokens, ids of answers,
/// old requests for a RESET and rows of the provisioning log. All of it is refused already; this frees the room.
///
/// # Errors
/// A failing database.
pub fn collect(
    store: &mut dyn Store,
    log_life: Duration,
    now: Timestamp,
) -> Result<Collected, StoreError> {
    let log = store.delete_log_before(now.minus(log_life), BATCH)?;
    Ok(Collected { log, ..store.delete_expired(now, BATCH)? })
}

/// Destroys key records, items and personal data of users deleted more than `retention` ago, some at a time; answers
/// whom. Call it again until nobody is left.
///
/// # Errors
/// A failing database.
pub fn purge(
    store: &mut dyn Store,
    retention: Duration,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<UserId>, StoreError> {
    let mut purged = Vec::new();
    for (organization, user) in store.users_to_purge(now.minus(retention), PURGE_BATCH)? {
        store.purge_user(user, now)?;
        Event::new(EventKind::KeysPurged, organization).user(user).record(store, now, rng)?;
        purged.push(user);
    }
    Ok(purged)
}
