//! What the identity provider asked for and what came of it, for the admin: ids, outcomes and masked bodies.
//!
//! The row of a write stands in the transaction of the write; rows of reads and refusals are written after the answer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use freehold_wire::{OrganizationId, Timestamp, TokenId};
use rand_core::CryptoRng;

use crate::store::Store;
use crate::store_error::StoreError;

/// One SCIM request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogEntry {
    /// Whose directory it was about.
    pub organization: OrganizationId,
    /// When it arrived.
    pub at: Timestamp,
    /// With which token.
    pub token: Option<TokenId>,
    /// `POST`, ..
    pub method: String,
    /// The path below the base URL with its query, values masked.
    pub target: String,
    /// The id of the resource, where there is one.
    pub resource: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// Why it was refused, or what was passed over.
    pub detail: Option<String>,
    /// What to change, and on which screen.
    pub fix: Option<String>,
    /// How long it took, in milliseconds; for a write until it was ready to be committed.
    pub duration_ms: u64,
    /// The body with its values masked.
    pub body: Option<String>,
}

impl LogEntry {
    /// Whether the request was refused.
    pub fn is_refusal(&self) -> bool {
        self.status >= 400
    }
}

/// An entry with its id; ids sort by the time of writing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoggedEntry {
    /// Its id: a UUIDv7 text.
    pub id: String,
    /// What.
    pub entry: LogEntry,
}

/// The place among entries written together stands before what is random, so that they keep their order.
fn make_id(now: Timestamp, place: usize, rng: &mut dyn CryptoRng) -> String {
    let mut random = [0u8; 10];
    rng.fill_bytes(&mut random);
    let (counter, _) = random.split_at_mut(2);
    counter.copy_from_slice(&u16::try_from(place).unwrap_or(u16::MAX).to_be_bytes());
    id(now, &random)
}

fn id(at: Timestamp, random: &[u8; 10]) -> String {
    uuid::Builder::from_unix_timestamp_millis(at.as_millis(), random).into_uuid().to_string()
}

/// An id that all entries written at this time or later are after.
pub fn id_before(at: Timestamp) -> String {
    id(at, &[0; 10])
}

/// An entry without U+0000, which PostgreSQL does not hold: it would refuse all that is written with it.
fn storable(mut entry: LogEntry) -> LogEntry {
    let LogEntry { method, target, resource, detail, fix, body, .. } = &mut entry;
    let others = [resource, detail, fix, body].into_iter().flatten();
    for text in [method, target].into_iter().chain(others) {
        if text.contains('\0') {
            text.retain(|letter| letter != '\0');
        }
    }
    entry
}

/// Writes entries, in the transaction of the caller.
///
/// # Errors
/// A failing database.
pub fn record(
    store: &mut dyn Store,
    entries: impl IntoIterator<Item = LogEntry>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let logged: Vec<LoggedEntry> = entries
        .into_iter()
        .enumerate()
        .map(|(place, entry)| LoggedEntry { id: make_id(now, place, rng), entry: storable(entry) })
        .collect();
    store.insert_log_entries(&logged)
}

/// Which entries are wanted.
#[derive(Clone, Debug, Default)]
pub struct LogQuery {
    /// Only entries after the one with this id; from the first one without it.
    pub after: Option<String>,
    /// Only refusals.
    pub refused: bool,
}

/// Entries of an organization, oldest first, at most `limit`.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    organization: OrganizationId,
    query: &LogQuery,
    limit: u32,
) -> Result<Vec<LoggedEntry>, StoreError> {
    store.log_entries(organization, query, limit)
}

/// The last entries of an organization, oldest first.
///
/// # Errors
/// A failing database.
pub fn tail(
    store: &mut dyn Store,
    organization: OrganizationId,
    query: &LogQuery,
    limit: u32,
) -> Result<Vec<LoggedEntry>, StoreError> {
    let mut entries = store.log_entries_before(organization, None, query.refused, limit)?;
    entries.reverse();
    Ok(entries)
}

/// A page of the log, newest first, at most `limit`: what comes before the entry with this id, or the end of the log.
///
/// # Errors
/// A failing database.
pub fn page_before(
    store: &mut dyn Store,
    organization: OrganizationId,
    before: Option<&str>,
    refused: bool,
    limit: u32,
) -> Result<Vec<LoggedEntry>, StoreError> {
    store.log_entries_before(organization, before, refused, limit)
}

/// Rows may become visible after rows of a later moment, as many transactions end at once and servers have clocks of
/// their own: so far back is looked again.
pub const SETTLES: Duration = Duration::from_secs(5);

/// Follows the log of an organization as its rows become visible, each of them once.
#[derive(Clone, Debug)]
pub struct Follower {
    organization: OrganizationId,
    /// The last time at which everything visible had been given.
    caught_up_at: Timestamp,
    /// Ids that were given, as far back as is looked again.
    seen: Arc<BTreeSet<String>>,
}

impl Follower {
    /// Follows from now on: what is visible already will not be given.
    ///
    /// # Errors
    /// A failing database.
    pub fn begin(
        store: &mut dyn Store,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut follower = Self { organization, caught_up_at: now, seen: Arc::default() };
        let visible = store.log_ids_after(organization, &follower.since())?;
        follower.seen = Arc::new(visible.into_iter().collect());
        Ok(follower)
    }

    fn since(&self) -> String {
        id_before(self.caught_up_at.minus(SETTLES))
    }

    /// What has become visible, by id, at most `limit` rows: none when everything was given, and the same again until
    /// it is [`saw`](Self::saw)n.
    ///
    /// # Errors
    /// A failing database.
    pub fn look(&self, store: &mut dyn Store, limit: u32) -> Result<Vec<LoggedEntry>, StoreError> {
        let mut before = self.since();
        let ids = store.log_ids_after(self.organization, &before)?;
        let Some(first) = ids.iter().position(|id| !self.seen.contains(id)) else {
            return Ok(Vec::new());
        };
        if let Some(last) = first.checked_sub(1).and_then(|last| ids.get(last)) {
            before.clone_from(last);
        }
        let query = LogQuery { after: Some(before), refused: false };
        let mut entries = store.log_entries(self.organization, &query, limit)?;
        entries.retain(|entry| !self.seen.contains(&entry.id));
        Ok(entries)
    }

    /// Notes what a look at this time gave.
    pub fn saw(&mut self, entries: &[LoggedEntry], now: Timestamp) {
        let seen = Arc::make_mut(&mut self.seen);
        if entries.is_empty() {
            self.caught_up_at = now;
            *seen = seen.split_off(&id_before(now.minus(SETTLES)));
        }
        seen.extend(entries.iter().map(|entry| entry.id.clone()));
    }
}
