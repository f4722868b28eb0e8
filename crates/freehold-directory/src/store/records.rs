//! What happened, and what is swept away.

use freehold_wire::{OrganizationId, Timestamp, UserId};

use super::StoreResult;
use crate::audit::{Audited, Head, Told};
use crate::events::{EventId, RecordedEvent};
use crate::housekeeping::Collected;

/// The audit trail.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Events {
    /// Writes an event; with a head, as the next one of its organization's chain.
    fn insert_event(&mut self, event: &RecordedEvent, head: Option<Head>) -> StoreResult<()>;
    /// The head of an organization's chain; [`Head::START`] when there is none.
    fn audit_head(&mut self, organization: OrganizationId) -> StoreResult<Head>;
    /// The events of an organization's chain after this number, in their order.
    fn chained_events(
        &mut self,
        organization: OrganizationId,
        after: u64,
        limit: u32,
    ) -> StoreResult<Vec<Audited>>;
    /// All events of an organization after the one with this id, by id.
    fn audited_events(
        &mut self,
        organization: OrganizationId,
        after: &str,
        limit: u32,
    ) -> StoreResult<Vec<Audited>>;
    /// Events of an organization before the one with this id, or the last ones, newest first, with names.
    fn told_events(
        &mut self,
        organization: OrganizationId,
        before: Option<&str>,
        limit: u32,
    ) -> StoreResult<Vec<Told>>;
    /// The events of an organization after the given one, oldest first.
    fn events(
        &mut self,
        organization: OrganizationId,
        after: Option<&EventId>,
        limit: u32,
    ) -> StoreResult<Vec<RecordedEvent>>;
}

/// What is done on a timer.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Housekeeping {
    /// Deletes rows whose time is over, at most `limit` of each kind.
    fn delete_expired(&mut self, now: Timestamp, limit: u32) -> StoreResult<Collected>;
    /// Users deleted before `before` whose records are still there.
    fn users_to_purge(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, UserId)>>;
    /// Destroys key records, items, what was put aside, and personal data of a deleted user; the id stays taken.
    fn purge_user(&mut self, user: UserId, at: Timestamp) -> StoreResult<()>;
}
