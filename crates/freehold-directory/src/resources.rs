//! SCIM resources of the types that the operator declares: stored, versioned and searched, and nothing more is done with them.

use freehold_scim::etag::Guard;
use freehold_scim::patch::{self, PatchRequest};
use freehold_scim::render::render_resource;
use freehold_scim::resource::ResourceDocument;
use freehold_scim::schema::ResourceType;
use freehold_wire::{OrganizationId, ResourceId, Timestamp};
use rand_core::CryptoRng;

use crate::declared::{self, Holder};
use crate::resource_error::{ResourceError, check_guard};
use crate::store::Store;
use crate::tokens::ScimPrincipal;

/// A live resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its id, which is also its SCIM `id`.
    pub id: ResourceId,
    /// Its organization.
    pub organization: OrganizationId,
    /// What the client said, without `id` and `meta`.
    pub document: ResourceDocument,
    /// Counts changes; the ETag.
    pub version: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub last_modified: Timestamp,
}

impl Resource {
    /// The SCIM resource.
    pub fn render(&self, kind: &ResourceType, base_url: &str) -> serde_json::Value {
        let times = [self.created_at.as_millis(), self.last_modified.as_millis()];
        render_resource(&self.document, kind, &self.id.to_string(), times, self.version, base_url)
    }
}

/// Creates a resource.
///
/// # Errors
/// See [`ResourceError`].
pub fn create(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    document: &ResourceDocument,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Resource, ResourceError> {
    let resource = Resource {
        id: ResourceId::make(now, rng),
        organization: principal.organization(),
        document: document.clone(),
        version: 1,
        created_at: now,
        last_modified: now,
    };
    store.insert_resource(kind.name, &resource)?;
    declared::claim(store, holder(kind, &resource, &resource.id.to_string()), document.as_value())?;
    Ok(resource)
}

fn holder<'a>(kind: &'static ResourceType, resource: &Resource, id: &'a str) -> Holder<'a> {
    Holder { kind, organization: resource.organization, id }
}

/// A resource by id.
///
/// # Errors
/// [`ResourceError::NotFound`], for another organization's or another type's resource too.
pub fn get(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: ResourceId,
) -> Result<Resource, ResourceError> {
    store.resource(principal.organization(), kind.name, id)?.ok_or(ResourceError::NotFound)
}

fn guarded(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: ResourceId,
    guard: &Guard,
) -> Result<Resource, ResourceError> {
    let resource = get(store, principal, kind, id)?;
    check_guard(guard, resource.version)?;
    Ok(resource)
}

/// Replaces a resource (PUT).
///
/// # Errors
/// See [`ResourceError`].
pub fn replace(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: ResourceId,
    document: &ResourceDocument,
    guard: &Guard,
    now: Timestamp,
) -> Result<Resource, ResourceError> {
    let before = guarded(store, principal, kind, id, guard)?;
    let mut document = document.clone();
    document.keep_immutable_of(&before.document, kind)?;
    save(store, kind, before, document, now)
}

/// Changes a resource (PATCH). What changes nothing leaves version and time alone.
///
/// # Errors
/// See [`ResourceError`].
pub fn patch(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: ResourceId,
    request: &PatchRequest,
    guard: &Guard,
    now: Timestamp,
) -> Result<Resource, ResourceError> {
    let before = guarded(store, principal, kind, id, guard)?;
    let mut document = before.document.clone();
    if !patch::apply_to_resource(request, &mut document)? {
        return Ok(before);
    }
    save(store, kind, before, document, now)
}

fn save(
    store: &mut dyn Store,
    kind: &'static ResourceType,
    before: Resource,
    document: ResourceDocument,
    now: Timestamp,
) -> Result<Resource, ResourceError> {
    if document.as_value() == before.document.as_value() {
        return Ok(before);
    }
    let expected = before.version;
    let last_modified = now.max(before.last_modified);
    let (id, old) = (before.id.to_string(), before.document.clone());
    let resource = Resource { document, version: expected + 1, last_modified, ..before };
    if !store.update_resource(&resource, expected)? {
        return Err(ResourceError::VersionMismatch);
    }
    let holder = holder(kind, &resource, &id);
    declared::claim_changed(store, holder, old.as_value(), resource.document.as_value())?;
    Ok(resource)
}

/// Deletes a resource.
///
/// # Errors
/// See [`ResourceError`].
pub fn delete(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: ResourceId,
    guard: &Guard,
) -> Result<(), ResourceError> {
    let resource = guarded(store, principal, kind, id, guard)?;
    store.release_unique_values(&id.to_string())?;
    if store.delete_resource(resource.organization, id, resource.version)? {
        Ok(())
    } else {
        Err(ResourceError::VersionMismatch)
    }
}
