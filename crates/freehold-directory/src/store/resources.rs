//! What SCIM provisions, and lists of it.

use std::collections::HashSet;

use freehold_scim::filter::Filter;
use freehold_scim::group::Member;
use freehold_scim::list::Sort;
use freehold_scim::render::{RenderedMember, UserGroup};
use freehold_wire::{ConnectionId, GroupId, OrganizationId, ResourceId, Timestamp, UserId};

use super::StoreResult;
use crate::deleted::{DeletedUser, Remains};
use crate::groups::{Added, Group, GroupKeys};
use crate::lifecycle::ShownState;
use crate::listing::{Shelf, Slice, Stored};
use crate::resources::Resource;
use crate::users::{IndexedKeys, User, UserOverview};

/// Accounts. Deleted ones are found by none of these.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Users {
    /// Stores a new user; `false` when a unique value is taken.
    fn insert_user(&mut self, user: &User, keys: &IndexedKeys) -> StoreResult<bool>;
    /// A user of the organization.
    fn user(&mut self, organization: OrganizationId, id: UserId) -> StoreResult<Option<User>>;
    /// Stores document, keys, version and times if the version still is `expected`; `false` otherwise. `before` are
    /// the keys of that version.
    fn update_user(
        &mut self,
        user: &User,
        keys: &IndexedKeys,
        before: &IndexedKeys,
        expected: u64,
    ) -> StoreResult<bool>;
    /// Marks a user deleted if the version still is `expected`; `false` otherwise.
    fn tombstone_user(
        &mut self,
        organization: OrganizationId,
        id: UserId,
        expected: u64,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Which of the ids are those of deleted users.
    fn deleted_among(
        &mut self,
        organization: OrganizationId,
        ids: &[&str],
    ) -> StoreResult<HashSet<String>>;
    /// Who has this folded `userName`.
    fn user_name_holder(
        &mut self,
        organization: OrganizationId,
        user_name_key: &str,
    ) -> StoreResult<Option<UserId>>;
    /// Who of the users that carry this connection (or, for `None`, no connection) has this `externalId`.
    fn external_id_holder(
        &mut self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        external_key: &str,
    ) -> StoreResult<Option<UserId>>;
    /// The next users by id for admins.
    fn user_overviews(
        &mut self,
        organization: OrganizationId,
        state: Option<ShownState>,
        after: Option<UserId>,
        limit: u32,
    ) -> StoreResult<Vec<UserOverview>>;
    /// What is left of a deleted user of the organization.
    fn deleted_user(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> StoreResult<Option<Remains>>;
    /// Deleted users whose records are there still, last deleted first; with a folded `userName`, those who had it.
    fn deleted_users(
        &mut self,
        organization: OrganizationId,
        user_name_key: Option<&str>,
        limit: u32,
    ) -> StoreResult<Vec<DeletedUser>>;
    /// Marks a user that was deleted at this time as not deleted, with version and time; `false` when it is not there
    /// any more.
    fn bring_user_back(
        &mut self,
        user: &User,
        keys: &IndexedKeys,
        deleted_at: Timestamp,
    ) -> StoreResult<bool>;
    /// Whether the user is active and not deleted. The row stays as it is until the transaction ends.
    fn hold_active_user(&mut self, id: UserId) -> StoreResult<bool>;
}

/// Groups and their members. Deleted ones are found by none of these.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Groups {
    /// Stores a new group; `false` when its name is taken.
    fn insert_group(&mut self, group: &Group, keys: &GroupKeys) -> StoreResult<bool>;
    /// A group of the organization.
    fn group(&mut self, organization: OrganizationId, id: GroupId) -> StoreResult<Option<Group>>;
    /// Stores document, keys, version and time if the version still is `expected`; `false` otherwise.
    fn update_group(&mut self, group: &Group, keys: &GroupKeys, expected: u64)
    -> StoreResult<bool>;
    /// Marks a group deleted if the version still is `expected`; `false` otherwise.
    fn tombstone_group(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
        expected: u64,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Which group has this folded `displayName`.
    fn group_name_holder(
        &mut self,
        organization: OrganizationId,
        display_name_key: &str,
    ) -> StoreResult<Option<GroupId>>;
    /// Makes users and groups of the organization members; those who are stay as they are.
    fn add_members(
        &mut self,
        group: &Group,
        members: &[Member],
        at: Timestamp,
    ) -> StoreResult<Added>;
    /// Takes members away by id; answers how many there were.
    fn remove_members(&mut self, group: GroupId, ids: &[String]) -> StoreResult<u64>;
    /// Takes all members away; answers how many there were.
    fn remove_all_members(&mut self, group: GroupId) -> StoreResult<u64>;
    /// The members of a group by id.
    fn members(&mut self, group: GroupId) -> StoreResult<Vec<RenderedMember>>;
    /// How many members a group has.
    fn count_members(&mut self, group: GroupId) -> StoreResult<u64>;
    /// The groups of each of these users, by name.
    fn groups_of(&mut self, users: &[UserId]) -> StoreResult<Vec<(UserId, UserGroup)>>;
    /// Takes a deleted user or group out of every group, whose versions count up.
    fn leave_groups(
        &mut self,
        organization: OrganizationId,
        member: &str,
        at: Timestamp,
    ) -> StoreResult<()>;
}

/// Resources of the operator's own types.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Resources {
    /// Stores a new resource.
    fn insert_resource(&mut self, kind: &str, resource: &Resource) -> StoreResult<()>;
    /// A resource of the organization and type.
    fn resource(
        &mut self,
        organization: OrganizationId,
        kind: &str,
        id: ResourceId,
    ) -> StoreResult<Option<Resource>>;
    /// Stores document, version and time if the version still is `expected`; `false` otherwise.
    fn update_resource(&mut self, resource: &Resource, expected: u64) -> StoreResult<bool>;
    /// Deletes a resource without unique values if the version still is `expected`; `false` otherwise.
    fn delete_resource(
        &mut self,
        organization: OrganizationId,
        id: ResourceId,
        expected: u64,
    ) -> StoreResult<bool>;
    /// Takes a value that the operator's schema declares unique, for a resource of any type; `false` when another one of
    /// the organization and type has it.
    fn insert_unique_value(
        &mut self,
        organization: OrganizationId,
        kind: &str,
        id: &str,
        attribute: &str,
        key: &str,
    ) -> StoreResult<bool>;
    /// Frees the unique values of a resource.
    fn release_unique_values(&mut self, id: &str) -> StoreResult<()>;
}

/// Lists of any kind of resource, deleted ones left out.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Listings {
    /// Whether the job may go on, asked between two resources that are evaluated: a filter of many terms over long
    /// texts takes its time.
    fn on_time(&mut self) -> StoreResult<()>;
    /// Whether the indexes decide this filter without evaluating documents.
    fn decides(&self, shelf: Shelf, filter: &Filter) -> bool;
    /// Whether a column has this order.
    fn orders(&self, shelf: Shelf, sort: &Sort) -> bool;
    /// How many resources match a filter that [`decides`](Listings::decides) accepts.
    fn count_listed(
        &mut self,
        organization: OrganizationId,
        shelf: Shelf,
        filter: Option<&Filter>,
    ) -> StoreResult<u64>;
    /// A part of the resources that may match the filter: none that matches is left out.
    fn slice(
        &mut self,
        organization: OrganizationId,
        slice: &Slice<'_>,
    ) -> StoreResult<Vec<Stored>>;
    /// The resources with these ids, in this order, as far as they are there.
    fn listed(
        &mut self,
        organization: OrganizationId,
        shelf: Shelf,
        ids: &[String],
    ) -> StoreResult<Vec<Stored>>;
}
