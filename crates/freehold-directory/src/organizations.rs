//! Organizations: the tenants. Every other record belongs to exactly one.

use freehold_wire::ids::OrganizationId;
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::{self, Slug, TextError};

/// What people call an organization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OrganizationName(String);

impl OrganizationName {
    /// Parses a name of 1 to 200 bytes on one line.
    ///
    /// # Errors
    /// An empty or longer text, or one with characters that cannot be seen.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        text::line("the name of the organization", text, 200).map(Self)
    }

    /// A name as it is stored: what was a name once stays one.
    ///
    /// # Errors
    /// An empty or longer text, or one with control characters.
    pub fn from_stored(text: &str) -> Result<Self, TextError> {
        text::plain_line("the name of the organization", text, 200).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A tenant.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its id, never reused.
    pub id: OrganizationId,
    /// Its name in addresses and on command lines, unique.
    pub slug: Slug,
    /// Its name for people.
    pub name: OrganizationName,
    /// Whether its SCIM tokens are accepted.
    pub scim_enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Why a command on an organization was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OrganizationError {
    /// Another organization has this slug.
    #[error("there is an organization of this name already")]
    SlugTaken,
    /// No organization has this slug.
    #[error("there is no organization of this name")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an organization, with SCIM switched on.
///
/// # Errors
/// [`OrganizationError::SlugTaken`].
pub fn create(
    store: &mut dyn Store,
    slug: Slug,
    name: OrganizationName,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Organization, OrganizationError> {
    let id = OrganizationId::make(now, rng);
    let organization = Organization { id, slug, name, scim_enabled: true, created_at: now };
    if !store.insert_organization(&organization)? {
        return Err(OrganizationError::SlugTaken);
    }
    Event::new(EventKind::OrganizationCreated, id).record(store, now, rng)?;
    Ok(organization)
}

/// Finds an organization by its slug.
///
/// # Errors
/// [`OrganizationError::Unknown`].
pub fn find(store: &mut dyn Store, slug: &Slug) -> Result<Organization, OrganizationError> {
    store.organization_by_slug(slug)?.ok_or(OrganizationError::Unknown)
}

/// The organization with this id.
///
/// # Errors
/// [`OrganizationError::Unknown`].
pub fn get(store: &mut dyn Store, id: OrganizationId) -> Result<Organization, OrganizationError> {
    store.organization(id)?.ok_or(OrganizationError::Unknown)
}

/// All organizations by slug.
///
/// # Errors
/// A failing database.
pub fn list(store: &mut dyn Store) -> Result<Vec<Organization>, StoreError> {
    store.organizations()
}

/// Gives the organization another name for people. Tells whether anything changed.
///
/// # Errors
/// [`OrganizationError::Unknown`].
pub fn rename(
    store: &mut dyn Store,
    mandate: Mandate,
    name: &OrganizationName,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, OrganizationError> {
    let organization = get(store, mandate.organization())?;
    if organization.name == *name {
        return Ok(false);
    }
    store.rename_organization(organization.id, name)?;
    Event::new(EventKind::OrganizationRenamed, organization.id)
        .by(mandate)
        .record(store, now, rng)?;
    Ok(true)
}

/// Switches SCIM on or off; tokens and data stay. Tells whether anything changed.
///
/// # Errors
/// [`OrganizationError::Unknown`].
pub fn set_scim(
    store: &mut dyn Store,
    mandate: Mandate,
    enabled: bool,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, OrganizationError> {
    let organization = get(store, mandate.organization())?;
    if organization.scim_enabled == enabled {
        return Ok(false);
    }
    store.set_scim(organization.id, enabled)?;
    let kind = if enabled { EventKind::ScimEnabled } else { EventKind::ScimDisabled };
    Event::new(kind, organization.id).by(mandate).record(store, now, rng)?;
    Ok(true)
}
