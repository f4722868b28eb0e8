//! From the body of a PATCH to operations.

use serde_json::{Map, Value};

use crate::error::{Fault, ScimError};
use crate::path::Path;
use crate::schema::{AttributeRef, Mutability, ResourceType, urn};
use crate::{json, limits};

/// The operations of a PATCH, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchRequest {
    resource: &'static ResourceType,
    operations: Vec<Operation>,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Adds values to a list, sets everything else.
    Add,
    /// Sets.
    Replace,
    /// Unassigns, or takes values from a list.
    Remove,
}

/// One change at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its position in the request, counted from 1, for messages.
    pub number: usize,
    /// What to do.
    pub verb: Verb,
    /// Where. Never at a read-only attribute.
    pub path: Path,
    /// With what; null removes.
    pub value: Option<Value>,
}

impl PatchRequest {
    /// Reads the body of a PATCH of a resource of this type.
    ///
    /// # Errors
    /// `invalidSyntax` for what is no PatchOp message, `invalidPath`, `invalidFilter`, `noTarget`
    /// (remove without a path), `mutability` (a read-only attribute named by a path),
    /// `invalidValue` (a value is missing), each with the number of the operation.
    pub fn parse(body: &[u8], resource: &'static ResourceType) -> Result<Self, ScimError> {
        Self::from_value(json::parse_up_to(body, resource.body_bytes)?, resource)
    }

    /// [`Self::parse`] for a value that is read already.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_value(value: Value, resource: &'static ResourceType) -> Result<Self, ScimError> {
        let Value::Object(mut map) = value else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object."));
        };
        crate::user::check_schemas(&map, urn::PATCH_OP)?;
        let Some(Value::Array(list)) = take(&mut map, "Operations") else {
            return Err(ScimError::invalid_syntax("Operations must be a list."));
        };
        if list.len() > limits::PATCH_OPERATIONS {
            let limit = limits::PATCH_OPERATIONS;
            return Err(ScimError::invalid_syntax(format!("More than {limit} operations.")));
        }
        let mut operations = Vec::with_capacity(list.len());
        for (index, value) in list.into_iter().enumerate() {
            let number = index + 1;
            read(value, number, resource, &mut operations).map_err(|it| at(number, it))?;
        }
        check_changes(&operations)?;
        super::members::check_filters(&operations)?;
        Ok(Self { resource, operations })
    }

    /// The type of the resources it may be applied to.
    pub fn resource_type(&self) -> &'static ResourceType {
        self.resource
    }

    /// Whether it takes a user's `active` away: by `remove`, not by a value that is empty or null.
    pub fn removes_active(&self) -> bool {
        let is_active = |path: &Path| path.attribute().is_some_and(|it| it.is_core("active"));
        self.operations.iter().any(|it| it.verb == Verb::Remove && is_active(&it.path))
    }

    /// The operations. One without a path in the body stands here once for each attribute.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }
}

fn check_changes(operations: &[Operation]) -> Result<(), ScimError> {
    let changes = operations.iter().filter(|it| !super::members::concerns(it)).count();
    if changes <= limits::PATCH_CHANGES {
        return Ok(());
    }
    let limit = limits::PATCH_CHANGES;
    Err(ScimError::invalid_syntax(format!("More than {limit} changes in one PATCH.")))
}

/// Says which operation a fault is in.
pub(super) fn at(number: usize, mut error: ScimError) -> ScimError {
    error.detail = format!("Operation {number}: {}", error.detail);
    error
}

/// RFC 7643 §2.1: attribute names are case-insensitive, those of messages too.
fn take(map: &mut Map<String, Value>, wanted: &str) -> Option<Value> {
    let key = map.keys().find(|key| key.eq_ignore_ascii_case(wanted))?.clone();
    map.remove(&key)
}

fn read(
    value: Value,
    number: usize,
    resource: &'static ResourceType,
    operations: &mut Vec<Operation>,
) -> Result<(), ScimError> {
    let Value::Object(mut map) = value else {
        return Err(ScimError::invalid_syntax("it must be an object."));
    };
    let verb = verb(take(&mut map, "op"))?;
    let path = match take(&mut map, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        // The whole core schema is the resource itself.
        Some(Value::String(path)) if resource.is_core_urn(&path) => None,
        Some(Value::String(path)) => Some(path),
        Some(_) => return Err(ScimError::invalid_path("path must be a text.")),
    };
    let value = take(&mut map, "value");
    match (path, value) {
        (Some(path), value) => {
            let path = Path::parse(&path, resource)?;
            if verb != Verb::Remove && value.is_none() {
                return Err(ScimError::invalid_value("value is missing."));
            }
            if is_changeable(&path)? {
                operations.push(Operation { number, verb, path, value });
            }
            Ok(())
        }
        // RFC 7644 §3.5.2.2: remove without a path fails with noTarget.
        (None, _) if verb == Verb::Remove => Err(ScimError::no_target("remove needs a path.")),
        (None, Some(Value::Object(attributes))) => {
            spread(attributes, number, verb, resource, operations)
        }
        (None, _) => {
            Err(ScimError::invalid_value("without a path, value must be an object of attributes."))
        }
    }
}

/// Entra writes `Add`, `Replace` and `Remove` with capitals.
fn verb(op: Option<Value>) -> Result<Verb, ScimError> {
    let word = op.as_ref().and_then(Value::as_str).unwrap_or_default();
    [("add", Verb::Add), ("replace", Verb::Replace), ("remove", Verb::Remove)]
        .into_iter()
        .find_map(|(name, verb)| name.eq_ignore_ascii_case(word).then_some(verb))
        .ok_or_else(|| ScimError::invalid_syntax("op must be add, remove or replace."))
}

/// Whether an operation at this path does anything: `schemas` follows from the content and
/// `password` is dropped, so both are accepted without effect.
fn is_changeable(path: &Path) -> Result<bool, ScimError> {
    let Some(attribute) = path.attribute() else { return Ok(true) };
    let read_only = |it: &crate::schema::Attribute| it.mutability == Mutability::ReadOnly;
    let sub = match path {
        Path::Values { sub, .. } => *sub,
        _ => attribute.sub(),
    };
    // RFC 7644 §3.5.2: a read-only attribute must not be modified; error mutability.
    if read_only(attribute.attribute()) || sub.is_some_and(read_only) {
        let error = ScimError::mutability(format!("{attribute} is read-only."));
        return Err(error.about(&attribute.to_string(), Fault::Fixed));
    }
    Ok(!is_dropped(attribute))
}

fn is_dropped(attribute: AttributeRef) -> bool {
    attribute.is_core("schemas") || attribute.attribute().mutability == Mutability::WriteOnly
}

/// The attributes of the core schema in an object under its URN.
fn spread_core(
    value: Value,
    number: usize,
    verb: Verb,
    resource: &'static ResourceType,
    operations: &mut Vec<Operation>,
) -> Result<(), ScimError> {
    match value {
        Value::Null => Ok(()),
        // No deeper: an object in the object is no attribute.
        Value::Object(mut core) => {
            core.retain(|key, _| !resource.is_core_urn(key));
            spread(core, number, verb, resource, operations)
        }
        _ => Err(crate::normalize::not_an_object(resource.schema)),
    }
}

/// An operation without a path: each key of the value is a name, a dotted name, a URN-qualified
/// name or a whole path (Entra with `aadOptscim062020`; Okta sends `active`, `id`, `displayName`).
/// What is unknown or read-only is ignored, as in a PUT.
fn spread(
    attributes: Map<String, Value>,
    number: usize,
    verb: Verb,
    resource: &'static ResourceType,
    operations: &mut Vec<Operation>,
) -> Result<(), ScimError> {
    for (key, value) in attributes {
        if resource.is_core_urn(&key) {
            spread_core(value, number, verb, resource, operations)?;
            continue;
        }
        let path = match Path::parse(&key, resource) {
            Ok(path) => path,
            Err(fault) if key.contains('[') => return Err(fault),
            Err(_) => continue,
        };
        if !is_changeable(&path).unwrap_or(false) {
            continue;
        }
        // Names are case-insensitive: `active` and `ACTIVE` side by side would leave the outcome to chance.
        let is_same = |it: &Operation| it.number == number && it.path == path;
        if !matches!(path, Path::Values { .. }) && operations.iter().any(is_same) {
            return Err(ScimError::invalid_syntax(format!("{key} is given twice.")));
        }
        // RFC 7644 §3.5.2.3: what does not exist is added; here that holds for values as well.
        let verb = if matches!(path, Path::Values { .. }) { Verb::Add } else { verb };
        operations.push(Operation { number, verb, path, value: Some(value) });
    }
    Ok(())
}
