//! Attributes that a client may set once: mutability `immutable` of RFC 7643 §2.2.

use serde_json::{Map, Value};

use crate::error::{Fault, ScimError};
use crate::patch::same;
use crate::schema::{Attribute, Mutability, ResourceType};

/// What becomes of an immutable value that the new document does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It stays: a PUT may leave it out (RFC 7644 §3.5.1 asks only that input values match).
    Keep,
    /// It was removed: a PATCH must not (RFC 7644 §3.5.2).
    Refuse,
}

/// Refuses a document that changes what its predecessor has fixed.
pub(crate) fn check(
    previous: &Value,
    next: &mut Value,
    kind: &'static ResourceType,
    absent: Absent,
) -> Result<(), ScimError> {
    let (Some(previous), Some(next)) = (previous.as_object(), next.as_object_mut()) else {
        return Ok(());
    };
    check_map(previous, next, kind.schema.attributes, "", absent)?;
    for schema in kind.extension_schemas() {
        let prefix = format!("{}:", schema.id);
        in_object(previous, next, schema.id, |previous, next| {
            check_map(previous, next, schema.attributes, &prefix, absent)
        })?;
    }
    Ok(())
}

fn check_map(
    previous: &Map<String, Value>,
    next: &mut Map<String, Value>,
    attributes: &[Attribute],
    prefix: &str,
    absent: Absent,
) -> Result<(), ScimError> {
    for attribute in attributes {
        let name = format!("{prefix}{}", attribute.name);
        if attribute.mutability == Mutability::Immutable {
            check_value(previous, next, attribute.name, &name, absent)?;
        } else if !attribute.multi_valued {
            in_object(previous, next, attribute.name, |previous, next| {
                check_map(previous, next, attribute.sub_attributes, &format!("{name}."), absent)
            })?;
        }
    }
    Ok(())
}

fn check_value(
    previous: &Map<String, Value>,
    next: &mut Map<String, Value>,
    key: &str,
    name: &str,
    absent: Absent,
) -> Result<(), ScimError> {
    let Some(fixed) = previous.get(key) else { return Ok(()) };
    match next.get(key) {
        Some(value) if same(value, fixed) => Ok(()),
        None if absent == Absent::Keep => {
            next.insert(key.to_owned(), fixed.clone());
            Ok(())
        }
        _ => Err(fixed_error(name)),
    }
}

/// The refusal of a change to what is fixed.
pub(crate) fn fixed_error(name: &str) -> ScimError {
    ScimError::mutability(format!("{name} is immutable and has a value.")).about(name, Fault::Fixed)
}

/// Works on the objects under a key; that of the next document is made if there is none, and
/// dropped if nothing comes into it.
fn in_object(
    previous: &Map<String, Value>,
    next: &mut Map<String, Value>,
    key: &str,
    work: impl FnOnce(&Map<String, Value>, &mut Map<String, Value>) -> Result<(), ScimError>,
) -> Result<(), ScimError> {
    let Some(Value::Object(before)) = previous.get(key) else { return Ok(()) };
    let mut after = match next.remove(key) {
        Some(Value::Object(after)) => after,
        _ => Map::new(),
    };
    work(before, &mut after)?;
    if !after.is_empty() {
        next.insert(key.to_owned(), Value::Object(after));
    }
    Ok(())
}
