//! Carrying out a PATCH, all of it or nothing.

use serde_json::{Map, Value};

use super::change;
use super::members::{self, MembershipChange};
use super::request::{Operation, PatchRequest, at};
use super::same::same;
use crate::error::ScimError;
use crate::group::GroupDocument;
use crate::immutable::{self, Absent};
use crate::limits;
use crate::path::Path;
use crate::resource::ResourceDocument;
use crate::user::{UserDocument, weight};

/// Applies a PATCH to a user. Returns whether anything changed; if not, or on an error, the
/// document is as it was, and the caller leaves version and lastModified alone.
///
/// # Errors
/// `noTarget`, `mutability` and `invalidValue` of RFC 7644 §3.5.2, with the number of the
/// operation; 413 if the user would get too large.
pub fn apply(request: &PatchRequest, document: &mut UserDocument) -> Result<bool, ScimError> {
    let changed = changed_attributes(request, document.as_value())?;
    let changed = UserDocument::from_attributes(changed, request.resource_type())?;
    check_immutable(document.as_value(), changed.as_value(), request)?;
    if same(changed.as_value(), document.as_value()) {
        return Ok(false);
    }
    *document = changed;
    Ok(true)
}

/// Applies a PATCH to a resource of another type, as [`apply`] does to a user.
///
/// # Errors
/// As [`apply`].
pub fn apply_to_resource(
    request: &PatchRequest,
    document: &mut ResourceDocument,
) -> Result<bool, ScimError> {
    let changed = changed_attributes(request, document.as_value())?;
    let changed = ResourceDocument::from_attributes(changed, request.resource_type())?;
    check_immutable(document.as_value(), changed.as_value(), request)?;
    if same(changed.as_value(), document.as_value()) {
        return Ok(false);
    }
    *document = changed;
    Ok(true)
}

/// The attributes after all operations, not yet validated as a whole.
fn changed_attributes(
    request: &PatchRequest,
    before: &Value,
) -> Result<Map<String, Value>, ScimError> {
    let mut map = attributes(before);
    let mut effort = Effort::default();
    for operation in request.operations() {
        let at = |error| at(operation.number, error);
        effort.spend(operation, &map).map_err(at)?;
        change::carry_out(operation, &mut map).map_err(at)?;
    }
    Ok(map)
}

/// How much the operations so far have looked at.
#[derive(Default)]
struct Effort {
    bytes: usize,
}

impl Effort {
    /// Refuses an operation that would be too much.
    fn spend(&mut self, operation: &Operation, map: &Map<String, Value>) -> Result<(), ScimError> {
        self.bytes += looked_at(operation, map).map_or(0, weight);
        if self.bytes <= limits::PATCH_BYTES {
            return Ok(());
        }
        let detail = "the operations so far look at too many values; send several requests.";
        Err(ScimError::invalid_syntax(detail))
    }
}

/// What an operation compares value by value: a list, or an extension that may hold some.
fn looked_at<'a>(operation: &Operation, map: &'a Map<String, Value>) -> Option<&'a Value> {
    let Some(target) = operation.path.attribute() else {
        let Path::Extension(schema) = &operation.path else { return None };
        return map.get(schema.id);
    };
    let holder = match target.extension() {
        None => map,
        Some(schema) => map.get(schema.id)?.as_object()?,
    };
    holder.get(target.attribute().name).filter(|value| value.is_array())
}

/// What a PATCH of a group comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupChange {
    /// Whether the document (everything but the members) changed.
    pub document_changed: bool,
    /// What happens to the members, in order. Whether that changes anything only the rows say.
    pub memberships: Vec<MembershipChange>,
}

/// Applies a PATCH to a group. The members are not read: the changes to them are given back as
/// operations on single rows, because a group may have 100,000 of them.
///
/// # Errors
/// As [`apply`].
pub fn apply_to_group(
    request: &PatchRequest,
    document: &mut GroupDocument,
) -> Result<GroupChange, ScimError> {
    let mut map = attributes(document.as_value());
    let mut memberships = Vec::new();
    let mut effort = Effort::default();
    for operation in request.operations() {
        let at = |error| at(operation.number, error);
        if members::concerns(operation) {
            members::read(operation, &mut memberships).map_err(at)?;
        } else {
            effort.spend(operation, &map).map_err(at)?;
            change::carry_out(operation, &mut map).map_err(at)?;
        }
    }
    let changed = GroupDocument::from_attributes(map, request.resource_type())?;
    check_immutable(document.as_value(), changed.as_value(), request)?;
    let document_changed = !same(changed.as_value(), document.as_value());
    if document_changed {
        *document = changed;
    }
    Ok(GroupChange { document_changed, memberships })
}

fn check_immutable(before: &Value, after: &Value, request: &PatchRequest) -> Result<(), ScimError> {
    immutable::check(before, &mut after.clone(), request.resource_type(), Absent::Refuse)
}

fn attributes(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
