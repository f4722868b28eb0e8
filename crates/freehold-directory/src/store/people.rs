//! People as the console lists them.

use freehold_wire::{GroupId, OrganizationId, Timestamp, UserId};

use super::StoreResult;
use crate::people::groups::{GroupSearch, ListedGroup, ListedMember};
use crate::people::{Claim, Found, Listed, Membership, Part, Query, Way};
use crate::roles::Grant;

/// People and groups as admins look at them, and how far people have come.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait People {
    /// A part of what one way finds, in its order.
    fn people(&mut self, organization: OrganizationId, part: &Part<'_>) -> StoreResult<Vec<Found>>;
    /// How many people these ways find together, at most `limit`.
    fn count_people(
        &mut self,
        organization: OrganizationId,
        query: &Query,
        ways: &[Way],
        limit: u64,
    ) -> StoreResult<u64>;
    /// A user of the organization, deleted ones too unless they are purged.
    fn listed_person(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> StoreResult<Option<Listed>>;
    /// To which person of an identity provider an account belongs.
    fn claim_of(&mut self, user: UserId) -> StoreResult<Option<Claim>>;
    /// The roles that were given to a user.
    fn grants_of(&mut self, user: UserId) -> StoreResult<Vec<(Grant, Timestamp)>>;
    /// The groups that a user is a direct member of, by name.
    fn memberships_of(&mut self, user: UserId) -> StoreResult<Vec<Membership>>;
    /// Notes that a user has signed in.
    fn note_sign_in(&mut self, user: UserId, at: Timestamp) -> StoreResult<()>;
    /// Notes that a PENDING user began to set up, unless that is noted of the keys to come.
    fn note_setup_begun(&mut self, user: UserId, at: Timestamp) -> StoreResult<()>;
    /// Notes that a sign-in was refused that concerns a user.
    fn note_refused_sign_in(&mut self, user: UserId, at: Timestamp, code: &str) -> StoreResult<()>;
    /// The groups of the organization by name, after the one with this folded name.
    fn listed_groups(
        &mut self,
        organization: OrganizationId,
        search: Option<&GroupSearch>,
        after: &str,
        limit: u64,
    ) -> StoreResult<Vec<ListedGroup>>;
    /// One group of the organization.
    fn listed_group(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> StoreResult<Option<ListedGroup>>;
    /// How many direct members of a group are active users, and how many are groups.
    fn count_kinds_of_members(&mut self, group: GroupId) -> StoreResult<(u64, u64)>;
    /// The direct members of a group by id, after this one.
    fn listed_members(
        &mut self,
        group: GroupId,
        after: &str,
        limit: u64,
    ) -> StoreResult<Vec<ListedMember>>;
}
