//! Values that the operator's schemas declare unique (RFC 7643 §2.2): a row each, so that the database decides who has
//! one. `userName`, `externalId` and the names of groups have columns of their own.

use freehold_scim::schema::{GROUP, ResourceType, USER};
use freehold_scim::unique::unique_keys;
use freehold_wire::OrganizationId;
use serde_json::Value;

use crate::listing::Shelf;
use crate::resource_error::{ResourceError, Unique};
use crate::store::Store;

/// Who has a value.
#[derive(Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) kind: &'static ResourceType,
    pub(crate) organization: OrganizationId,
    pub(crate) id: &'a str,
}

/// Takes the values of a new document, or says which is taken.
///
/// # Errors
/// [`ResourceError::Taken`].
pub(crate) fn claim(
    store: &mut dyn Store,
    holder: Holder<'_>,
    document: &Value,
) -> Result<(), ResourceError> {
    take(store, holder, keys(document, holder.kind))
}

/// Takes the values of a changed document in place of those that it had. Where none is declared, nothing is asked.
///
/// # Errors
/// [`ResourceError::Taken`].
pub(crate) fn claim_changed(
    store: &mut dyn Store,
    holder: Holder<'_>,
    before: &Value,
    document: &Value,
) -> Result<(), ResourceError> {
    let keys = keys(document, holder.kind);
    if keys == self::keys(before, holder.kind) {
        return Ok(());
    }
    store.release_unique_values(holder.id)?;
    take(store, holder, keys)
}

fn take(
    store: &mut dyn Store,
    holder: Holder<'_>,
    keys: Vec<(String, String)>,
) -> Result<(), ResourceError> {
    let Holder { kind, organization, id } = holder;
    for (attribute, key) in keys {
        if !store.insert_unique_value(organization, kind.name, id, &attribute, &key)? {
            return Err(ResourceError::Taken(Unique::Declared(attribute)));
        }
    }
    Ok(())
}

/// What of users and groups an extension declares, which has a URN before its name; of other resources everything.
fn keys(document: &Value, kind: &'static ResourceType) -> Vec<(String, String)> {
    // The types of the RFC declare nothing beyond those columns: the common case costs nothing.
    if std::ptr::eq(kind, &raw const USER) || std::ptr::eq(kind, &raw const GROUP) {
        return Vec::new();
    }
    let mut keys = unique_keys(document, kind);
    if !matches!(Shelf::of(kind), Shelf::Others(_)) {
        keys.retain(|(attribute, _)| attribute.contains(':'));
    }
    keys
}
