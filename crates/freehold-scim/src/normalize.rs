//! From what a client sent to what is stored: names in the spelling of the schema, values of
//! their type, nothing empty, nothing unknown, nothing the server decides.

use serde_json::{Map, Value};

use crate::error::{Fault, ScimError};
use crate::filter::{boolean, date_time, number};
use crate::fold::fold;
use crate::limits;
use crate::schema::{Attribute, COMMON, Mutability, ResourceType, Schema, Type, named};

/// Normalizes the attributes of a whole resource. Idempotent.
///
/// Unknown attributes are ignored, so that a client may send more than is stored (RFC 7644 §3.3
/// leaves this open; Entra and Okta do it). `id`, `meta`, `groups` and other read-only attributes
/// are ignored too (RFC 7644 §3.5.1), as is `schemas`, which follows from the content.
pub(crate) fn resource(
    input: Map<String, Value>,
    resource: &ResourceType,
) -> Result<Map<String, Value>, ScimError> {
    let mut output = Map::new();
    for (key, value) in input {
        let (name, value) = if let Some(schema) = resource.extension(&key) {
            (schema.id, extension(schema, value)?)
        } else if let Some(attribute) = top_level(resource, &key) {
            (attribute.name, attribute_value(attribute, value, attribute.name)?)
        } else {
            continue;
        };
        insert_once(&mut output, name, value)?;
    }
    check_required(&output, resource)?;
    Ok(output)
}

/// Some clients put the attributes of the core schema into an object under its URN, as those of an extension. They
/// stand in the resource itself from here on.
pub(crate) fn without_core_object(
    mut map: Map<String, Value>,
    resource: &ResourceType,
) -> Result<Map<String, Value>, ScimError> {
    let Some(key) = map.keys().find(|key| resource.is_core_urn(key)).cloned() else {
        return Ok(map);
    };
    match map.remove(&key) {
        Some(Value::Object(core)) => {
            for (name, value) in core {
                insert_once(&mut map, &name, Some(value))?;
            }
            Ok(map)
        }
        None | Some(Value::Null) => Ok(map),
        Some(_) => Err(not_an_object(resource.schema)),
    }
}

fn top_level(resource: &ResourceType, key: &str) -> Option<&'static Attribute> {
    let common = named(COMMON, key).filter(|attribute| attribute.name != "schemas");
    common.or_else(|| named(resource.schema.attributes, key))
}

fn extension(schema: &Schema, value: Value) -> Result<Option<Value>, ScimError> {
    match value {
        Value::Null => Ok(None),
        Value::Object(map) => parts(schema.attributes, map, &format!("{}:", schema.id)),
        _ => Err(not_an_object(schema)),
    }
}

/// The refusal of an extension that is none.
pub(crate) fn not_an_object(schema: &Schema) -> ScimError {
    ScimError::invalid_value(format!("{} must be an object.", schema.id))
        .about(schema.id, Fault::WrongType)
}

/// RFC 7643 §2.2 and §6: what is required of the resource, of its extensions, and of each value of
/// a complex attribute.
fn check_required(output: &Map<String, Value>, resource: &ResourceType) -> Result<(), ScimError> {
    require(output, resource.schema.attributes, "")?;
    for extension in resource.extensions {
        let id = extension.schema.id;
        match output.get(id) {
            Some(Value::Object(map)) => {
                require(map, extension.schema.attributes, &format!("{id}:"))?;
            }
            _ if extension.required => return Err(missing_value(id)),
            _ => {}
        }
    }
    Ok(())
}

fn require(
    map: &Map<String, Value>,
    attributes: &[Attribute],
    prefix: &str,
) -> Result<(), ScimError> {
    for attribute in attributes {
        let name = || format!("{prefix}{}", attribute.name);
        match map.get(attribute.name) {
            None if attribute.required => return Err(missing_value(&name())),
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_object)
                .try_for_each(|map| require(map, attribute.sub_attributes, &(name() + ".")))?,
            Some(Value::Object(map)) => {
                require(map, attribute.sub_attributes, &(name() + "."))?;
            }
            _ => {}
        }
    }
    Ok(())
}

pub(crate) fn missing_value(name: &str) -> ScimError {
    ScimError::invalid_value(format!("{name} is required and missing.")).about(name, Fault::Missing)
}

/// Names are case-insensitive, so `active` and `ACTIVE` side by side would leave the outcome to
/// chance.
fn insert_once(
    output: &mut Map<String, Value>,
    name: &str,
    value: Option<Value>,
) -> Result<(), ScimError> {
    let Some(value) = value else { return Ok(()) };
    match output.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(ScimError::invalid_syntax(format!("{name} is given twice."))),
    }
}

/// Normalizes the value of an attribute, `None` if it is unassigned or not the client's to set.
/// `at` names the place for error messages.
pub(crate) fn attribute_value(
    attribute: &'static Attribute,
    value: Value,
    at: &str,
) -> Result<Option<Value>, ScimError> {
    if !is_writable(attribute) {
        return Ok(None);
    }
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::Array(list) if attribute.multi_valued => {
            let values = list_of(attribute, list, at)?;
            Ok((!values.is_empty()).then_some(Value::Array(values)))
        }
        _ if attribute.multi_valued => {
            let error = ScimError::invalid_value(format!("{at} must be a list."));
            Err(error.about(at, Fault::WrongType))
        }
        value => single(attribute, value, at),
    }
}

/// Whether a client's value for it is kept.
pub(crate) fn is_writable(attribute: &Attribute) -> bool {
    matches!(attribute.mutability, Mutability::ReadWrite | Mutability::Immutable)
}

/// Normalizes the values of a multi-valued attribute: no empty ones, no duplicates, at most one
/// primary.
pub(crate) fn list_of(
    attribute: &'static Attribute,
    list: Vec<Value>,
    at: &str,
) -> Result<Vec<Value>, ScimError> {
    check_count(list.len(), at)?;
    let mut values = Vec::with_capacity(list.len());
    for (index, value) in list.into_iter().enumerate() {
        values.extend(single(attribute, value, &format!("{at}[{index}]"))?);
    }
    without_duplicates(attribute, &mut values);
    keep_one_primary(&mut values, |_| true);
    Ok(values)
}

/// Refuses more values than are stored.
pub(crate) fn check_count(count: usize, at: &str) -> Result<(), ScimError> {
    let limit = limits::VALUES;
    if count <= limit {
        return Ok(());
    }
    let error = ScimError::invalid_value(format!("{at} has more than {limit} values."));
    Err(error.about(at, Fault::TooLong))
}

/// Normalizes one value: of a single-valued attribute, or one of a list.
pub(crate) fn single(
    attribute: &'static Attribute,
    value: Value,
    at: &str,
) -> Result<Option<Value>, ScimError> {
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        // An empty text is how Entra unassigns (manager ""); it never means anything else.
        (_, Value::String(text)) if text.is_empty() => Ok(None),
        (Type::Complex, value) => complex(attribute, value, at),
        (_, Value::String(text)) => scalar_from_text(attribute, text, at).map(Some),
        (Type::Boolean, Value::Bool(value)) => Ok(Some(Value::Bool(value))),
        (Type::Integer, Value::Number(value)) if value.as_i128().is_some() => {
            Ok(Some(Value::Number(value)))
        }
        (Type::Decimal, Value::Number(value)) => Ok(Some(Value::Number(value))),
        _ => Err(wrong_type(attribute, at)),
    }
}

fn scalar_from_text(attribute: &Attribute, text: String, at: &str) -> Result<Value, ScimError> {
    if text.len() > limits::TEXT_BYTES {
        let limit = limits::TEXT_BYTES;
        let error = ScimError::invalid_value(format!("{at} is longer than {limit} bytes."));
        return Err(error.about(at, Fault::TooLong));
    }
    if text.contains('\0') {
        let error = ScimError::invalid_value(format!("{at} holds the NUL character (U+0000)."));
        return Err(error.about(at, Fault::WrongType));
    }
    let fitted = match attribute.kind {
        // Entra sends "False" and "True" (scim.md: the default shape to this day).
        Type::Boolean => boolean(&text).map(Value::Bool),
        Type::Integer => number(&text).filter(|value| value.as_i128().is_some()).map(Value::Number),
        Type::Decimal => number(&text).map(Value::Number),
        Type::DateTime => date_time(&text).is_some().then_some(Value::String(text)),
        Type::Binary => is_base64(&text).then_some(Value::String(text)),
        Type::String | Type::Reference => Some(Value::String(text)),
        Type::Complex => None,
    };
    fitted.ok_or_else(|| wrong_type(attribute, at))
}

/// RFC 7643 §2.3.6 allows both alphabets and leaves padding open.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let standard = body.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/'));
    let url_safe = body.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    (standard || url_safe)
        && body.len() % 4 != 1
        && (padding == 0 || (padding < 3 && text.len().is_multiple_of(4)))
}

fn wrong_type(attribute: &Attribute, at: &str) -> ScimError {
    let expected = match attribute.kind {
        Type::String => "a text",
        Type::Boolean => "true or false",
        Type::Decimal => "a number",
        Type::Integer => "a whole number",
        Type::DateTime => "a date and time such as 2026-01-31T12:00:00Z",
        Type::Binary => "base64 text",
        Type::Reference => "a URI as text",
        Type::Complex => "an object",
    };
    ScimError::invalid_value(format!("{at} must be {expected}.")).about(at, Fault::WrongType)
}

fn complex(
    attribute: &'static Attribute,
    value: Value,
    at: &str,
) -> Result<Option<Value>, ScimError> {
    let map = match value {
        Value::Object(map) => map,
        // Entra: manager as a bare id, or as a list of one object.
        Value::String(text) if has_shorthand(attribute) => {
            Map::from_iter([("value".to_owned(), Value::String(text))])
        }
        Value::Array(mut list) if has_shorthand(attribute) && list.len() < 2 => {
            return list.pop().map_or(Ok(None), |only| complex(attribute, only, at));
        }
        _ => return Err(wrong_type(attribute, at)),
    };
    let map = if attribute.name == "roles" { unpacked_role(map) } else { map };
    let normalized = parts(attribute.sub_attributes, map, &format!("{at}."))?;
    Ok(normalized.filter(|value| is_significant(attribute, value)))
}

fn has_shorthand(attribute: &Attribute) -> bool {
    !attribute.multi_valued && attribute.value_attribute().is_some()
}

/// RFC 7643 §2.4: `value` is "the attribute's significant value"; what is left without it (after
/// `emails[type eq "work"].value` was removed) says nothing.
fn is_significant(attribute: &Attribute, value: &Value) -> bool {
    attribute.value_attribute().is_none()
        || value.get("value").is_some()
        || value.get("$ref").is_some()
}

/// Entra's `AppRoleAssignmentsComplex` packs a role as JSON into the text of `value` when it
/// patches, and sends the parts when it creates (customize-application-attributes.md).
fn unpacked_role(mut role: Map<String, Value>) -> Map<String, Value> {
    let packed = role.get("value").and_then(Value::as_str).filter(|text| text.starts_with('{'));
    let Some(Value::Object(mut parts)) =
        packed.and_then(|text| crate::json::parse(text.as_bytes()).ok())
    else {
        return role;
    };
    if let Some(value @ Value::String(_)) = parts.remove("value") {
        role.insert("value".to_owned(), value);
        if let Some(display @ Value::String(_)) = parts.remove("displayName") {
            role.entry("display").or_insert(display);
        }
    }
    role
}

/// The sub-attributes that a client names in a PATCH without giving them a value: null and the empty
/// text unassign (RFC 7643 §2.5).
pub(crate) fn unassigned_parts(attribute: &Attribute, value: &Value) -> Vec<&'static Attribute> {
    let none = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    let named = value.as_object().into_iter().flatten().filter(|(_, value)| none(value));
    let parts = named.filter_map(|(key, _)| attribute.sub_attribute(key));
    parts.filter(|sub| is_writable(sub)).collect()
}

/// The sub-attributes a client gives for one value, without asking whether they make a whole.
pub(crate) fn parts_of(
    attribute: &'static Attribute,
    value: Value,
    at: &str,
) -> Result<Map<String, Value>, ScimError> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(map) => {
            let map = if attribute.name == "roles" { unpacked_role(map) } else { map };
            match parts(attribute.sub_attributes, map, &format!("{at}."))? {
                Some(Value::Object(parts)) => Ok(parts),
                _ => Ok(Map::new()),
            }
        }
        _ => Err(wrong_type(attribute, at)),
    }
}

/// `prefix` stands before the names in messages: `name.`, `urn:…:User:`.
fn parts(
    attributes: &'static [Attribute],
    map: Map<String, Value>,
    prefix: &str,
) -> Result<Option<Value>, ScimError> {
    let mut output = Map::new();
    for (key, value) in map {
        if let Some(attribute) = named(attributes, &key) {
            let place = format!("{prefix}{}", attribute.name);
            let value = attribute_value(attribute, value, &place)?;
            insert_once(&mut output, attribute.name, value)?;
        }
    }
    Ok((!output.is_empty()).then_some(Value::Object(output)))
}

/// RFC 7643 §2.4: no two values with the same type and value; the first stays.
fn without_duplicates(attribute: &Attribute, values: &mut Vec<Value>) {
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(identity(attribute, value)));
}

/// What makes a value the same as another one: `(type, value)`, or all of it where there is no
/// `value`.
pub(crate) fn identity(attribute: &Attribute, value: &Value) -> (String, String) {
    let text = |name: &str| {
        let sub = attribute.sub_attribute(name)?;
        let text = value.get(name)?.as_str()?;
        Some(if sub.case_exact { text.to_owned() } else { fold(text) })
    };
    match text("value") {
        Some(own) => (text("type").unwrap_or_default(), own),
        None => (String::new(), value.to_string()),
    }
}

/// RFC 7643 §2.4: `primary` is true at most once. The first value that may win keeps it; if none
/// of those that may win claims it, nothing changes.
pub(crate) fn keep_one_primary(values: &mut [Value], may_win: impl Fn(usize) -> bool) {
    let is_primary = |value: &Value| value.get("primary") == Some(&Value::Bool(true));
    let Some(winner) = (0..values.len())
        .find(|index| may_win(*index) && values.get(*index).is_some_and(is_primary))
    else {
        return;
    };
    for (index, value) in values.iter_mut().enumerate() {
        if index != winner && is_primary(value) {
            value["primary"] = Value::Bool(false);
        }
    }
}
