//! Values that the operator's schemas declare unique: rows of a table whose key keeps a second one out.

use freehold_scim::schema::{GROUP, ResourceType, USER};
use freehold_scim::unique::unique_keys;

use crate::listing::{Shelf, Stored};
use crate::resource_error::{ResourceError, Unique};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::tokens::ScimPrincipal;

/// Takes the unique values of a resource that was just written, in the transaction of the write.
///
/// # Errors
/// [`ResourceError::Taken`] where another resource of the type has one.
pub fn claim(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    stored: &Stored,
) -> Result<(), ResourceError> {
    if !may_declare(kind) {
        return Ok(());
    }
    let (organization, id) = (principal.organization(), stored.id());
    store.release_declared(&id)?;
    for (attribute, key) in keys(stored, kind) {
        if !store.claim_declared(organization, kind.name, &id, (&attribute, &key))? {
            return Err(ResourceError::Taken(Unique::Declared(attribute)));
        }
    }
    Ok(())
}

/// Frees the unique values of a resource that is deleted.
///
/// # Errors
/// A failing database.
pub fn release(
    store: &mut dyn Store,
    kind: &'static ResourceType,
    id: &str,
) -> Result<(), StoreError> {
    if may_declare(kind) { store.release_declared(id) } else { Ok(()) }
}

/// Users and groups as RFC 7643 has them declare nothing that the tables do not keep unique themselves.
fn may_declare(kind: &'static ResourceType) -> bool {
    !std::ptr::eq(kind, &raw const USER) && !std::ptr::eq(kind, &raw const GROUP)
}

fn keys(stored: &Stored, kind: &'static ResourceType) -> Vec<(String, String)> {
    let document = match stored {
        Stored::User(user) => user.document.as_value(),
        Stored::Group(group) => group.document.as_value(),
        Stored::Other(resource) => resource.document.as_value(),
    };
    let mut keys = unique_keys(document, kind);
    if !matches!(Shelf::of(kind), Shelf::Others(_)) {
        // The tables see to the core schema; what is left stands in extensions, under their URNs.
        keys.retain(|(attribute, _)| attribute.contains(':'));
    }
    keys
}
