//! Organizations and what each demands.

use freehold_wire::{OrganizationId, Timestamp};

use super::StoreResult;
use crate::first_steps;
use crate::organizations::{Organization, OrganizationName};
use crate::policy::Policy;
use crate::text::Slug;

/// Tenants.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Organizations {
    /// Stores a new organization; `false` when the slug is taken.
    fn insert_organization(&mut self, organization: &Organization) -> StoreResult<bool>;
    /// One organization by id.
    fn organization(&mut self, id: OrganizationId) -> StoreResult<Option<Organization>>;
    /// One organization by slug.
    fn organization_by_slug(&mut self, slug: &Slug) -> StoreResult<Option<Organization>>;
    /// The organization, if there is exactly one.
    fn only_organization(&mut self) -> StoreResult<Option<Organization>>;
    /// All organizations by slug.
    fn organizations(&mut self) -> StoreResult<Vec<Organization>>;
    /// Switches SCIM on or off.
    fn set_scim(&mut self, id: OrganizationId, enabled: bool) -> StoreResult<()>;
    /// Gives it another name for people.
    fn rename_organization(
        &mut self,
        id: OrganizationId,
        name: &OrganizationName,
    ) -> StoreResult<()>;
    /// What is there of it at this time.
    fn first_steps(
        &mut self,
        id: OrganizationId,
        now: Timestamp,
    ) -> StoreResult<first_steps::Found>;
}

/// What organizations demand of keys.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Policies {
    /// The policy, if it was ever changed.
    fn policy(&mut self, organization: OrganizationId) -> StoreResult<Option<Policy>>;
    /// Stores the policy.
    fn put_policy(
        &mut self,
        organization: OrganizationId,
        policy: &Policy,
        at: Timestamp,
    ) -> StoreResult<()>;
}
