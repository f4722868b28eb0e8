//! How far an organization is set up, out of what is there: the same for every admin, in every browser.

use freehold_wire::{OrganizationId, Timestamp};

use crate::organizations::{self, Organization, OrganizationError};
use crate::store::Store;

/// What is there of an organization.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Found {
    /// A live SCIM token or client.
    pub provisioner: bool,
    /// A SCIM request came in.
    pub scim_request: bool,
    /// A connection.
    pub connection: bool,
    /// A person of an identity provider came, in a test or to stay.
    pub sign_in: bool,
    /// A user who is no owner.
    pub person: bool,
    /// Such a user with keys.
    pub ready: bool,
    /// A verified domain.
    pub domain: bool,
    /// Active owners.
    pub owners: u64,
}

/// The first steps of an organization.
#[derive(Clone, Debug)]
pub struct FirstSteps {
    /// The organization.
    pub organization: Organization,
    /// Whether it has a name for people.
    pub named: bool,
    /// What is there.
    pub found: Found,
}

/// Looks how far the organization is.
///
/// # Errors
/// [`OrganizationError::Unknown`].
pub fn of(
    store: &mut dyn Store,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<FirstSteps, OrganizationError> {
    let organization = organizations::get(store, organization)?;
    let found = store.first_steps(organization.id, now)?;
    let named = !organization.name.as_str().eq_ignore_ascii_case(organization.slug.as_str());
    Ok(FirstSteps { organization, named, found })
}
