//! What holds provisioning back, and what it has done.

use std::time::Duration;

use freehold_wire::{OrganizationId, Timestamp};

use super::StoreResult;
use crate::brake::{Brake, Braked};
use crate::provisioning_log::{LogQuery, LoggedEntry};

/// The brake of each organization, and what it counts.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Brakes {
    /// The brake, if it was ever changed.
    fn brake(&mut self, organization: OrganizationId) -> StoreResult<Option<Brake>>;
    /// Stores the brake.
    fn put_brake(&mut self, organization: OrganizationId, brake: &Brake) -> StoreResult<()>;
    /// How many of a kind there were after this time; of deletes, those of what was at least so old.
    fn count_since(
        &mut self,
        organization: OrganizationId,
        kind: Braked,
        since: Timestamp,
        age: Duration,
    ) -> StoreResult<u64>;
    /// How many users and groups there are.
    fn count_resources(&mut self, organization: OrganizationId) -> StoreResult<u64>;
}

/// The provisioning log.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait ProvisioningLog {
    /// Writes entries.
    fn insert_log_entries(&mut self, entries: &[LoggedEntry]) -> StoreResult<()>;
    /// Entries of an organization, oldest first.
    fn log_entries(
        &mut self,
        organization: OrganizationId,
        query: &LogQuery,
        limit: u32,
    ) -> StoreResult<Vec<LoggedEntry>>;
    /// Deletes entries written before this time, at most `limit`; answers how many.
    fn delete_log_before(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;
    /// Entries of an organization before the one with this id, or the last ones; newest first.
    fn log_entries_before(
        &mut self,
        organization: OrganizationId,
        before: Option<&str>,
        refused: bool,
        limit: u32,
    ) -> StoreResult<Vec<LoggedEntry>>;
    /// The ids of all entries of an organization after this one, in their order.
    fn log_ids_after(
        &mut self,
        organization: OrganizationId,
        after: &str,
    ) -> StoreResult<Vec<String>>;
}
