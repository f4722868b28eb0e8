//! One operation on the attributes of a resource.

use serde_json::{Map, Value};

use super::request::{Operation, Verb};
use super::{selected, values};
use crate::error::{Fault, ScimError};
use crate::normalize;
use crate::path::Path;
use crate::schema::{Attribute, AttributeRef, Schema, Type};

type Attributes = Map<String, Value>;

/// Carries out one operation.
pub(crate) fn carry_out(operation: &Operation, map: &mut Attributes) -> Result<(), ScimError> {
    let value = operation.value.clone().unwrap_or(Value::Null);
    let verb = operation.verb;
    match &operation.path {
        Path::Extension(schema) => extension(schema, verb, value, map),
        Path::Attribute(target) => in_holder(*target, map, |map| set(*target, verb, value, map)),
        Path::Values { attribute, filter, sub } => in_holder(*attribute, map, |map| {
            let target = selected::Selected { attribute: attribute.leaf(), filter, sub: *sub };
            values::in_list(map, attribute.attribute(), |list| {
                selected::change(&target, verb, value, list, &operation.path)
            })
        }),
    }
}

/// Works on the object the attribute stands in: the resource or one of its extensions.
fn in_holder(
    target: AttributeRef,
    map: &mut Attributes,
    work: impl FnOnce(&mut Attributes) -> Result<(), ScimError>,
) -> Result<(), ScimError> {
    match target.extension() {
        None => work(map),
        Some(schema) => in_object(map, schema.id, work),
    }
}

/// Works on the object under this key: made if it is missing, dropped if nothing is left in it.
fn in_object(
    map: &mut Attributes,
    key: &str,
    work: impl FnOnce(&mut Attributes) -> Result<(), ScimError>,
) -> Result<(), ScimError> {
    let mut object = match map.remove(key) {
        Some(Value::Object(object)) => object,
        _ => Attributes::new(),
    };
    work(&mut object)?;
    if !object.is_empty() {
        map.insert(key.to_owned(), Value::Object(object));
    }
    Ok(())
}

fn set(
    target: AttributeRef,
    verb: Verb,
    value: Value,
    holder: &mut Attributes,
) -> Result<(), ScimError> {
    match target.sub() {
        None => attribute(target.attribute(), verb, value, holder, &target),
        Some(sub) => part(target.attribute(), sub, verb, value, holder, &target),
    }
}

/// A whole extension: its attributes are set one by one, unnamed ones stay.
fn extension(
    schema: &'static Schema,
    verb: Verb,
    value: Value,
    map: &mut Attributes,
) -> Result<(), ScimError> {
    match value {
        value if verb == Verb::Remove || value.is_null() => {
            map.remove(schema.id);
            Ok(())
        }
        Value::Object(attributes) => in_object(map, schema.id, |holder| {
            for (key, value) in attributes {
                if let Some(target) = schema.resolve(&key) {
                    set(target, verb, value, holder)?;
                }
            }
            Ok(())
        }),
        _ => Err(normalize::not_an_object(schema)),
    }
}

/// An attribute as a whole.
fn attribute(
    attribute: &'static Attribute,
    verb: Verb,
    value: Value,
    holder: &mut Attributes,
    at: &AttributeRef,
) -> Result<(), ScimError> {
    if attribute.multi_valued {
        return values::in_list(holder, attribute, |list| {
            values::change_list(attribute, verb, value, list, &at.to_string())
        });
    }
    if verb == Verb::Remove {
        return unassign(attribute, holder);
    }
    let value = unwrapped(attribute, value);
    if value.is_object() && attribute.kind == Type::Complex {
        return parts(attribute, value, holder, at);
    }
    match normalize::attribute_value(attribute, value, &at.to_string())? {
        None => unassign(attribute, holder),
        Some(value) => {
            holder.insert(attribute.name.to_owned(), value);
            Ok(())
        }
    }
}

/// RFC 7644 §3.5.2.3: for a complex attribute "a set of sub-attributes" is replaced, so others
/// stay. Where there is a significant `value` (manager), the rest belongs to the old value, and
/// without one nothing is left.
fn parts(
    attribute: &'static Attribute,
    value: Value,
    holder: &mut Attributes,
    at: &AttributeRef,
) -> Result<(), ScimError> {
    let unassigned = normalize::unassigned_parts(attribute, &value);
    let is_empty = value.as_object().is_some_and(Map::is_empty);
    let parts = normalize::parts_of(attribute, value, &at.to_string())?;
    if parts.contains_key("value") {
        holder.insert(attribute.name.to_owned(), Value::Object(parts));
        return Ok(());
    }
    let has_value = attribute.value_attribute().is_some();
    if has_value && (is_empty || unassigned.iter().any(|sub| sub.name == "value")) {
        return unassign(attribute, holder);
    }
    in_object(holder, attribute.name, |object| {
        object.extend(parts);
        unassigned.into_iter().try_for_each(|sub| unassign(sub, object))
    })
}

/// RFC 7644 §3.5.2.2: a required attribute cannot be unassigned; error mutability.
fn unassign(attribute: &Attribute, holder: &mut Attributes) -> Result<(), ScimError> {
    if attribute.required {
        let name = attribute.name;
        let error = ScimError::mutability(format!("{name} is required and cannot be removed."));
        return Err(error.about(name, Fault::Fixed));
    }
    holder.remove(attribute.name);
    Ok(())
}

/// Older Entra shapes wrap single values: `[{"$ref": null, "value": "False"}]`.
fn unwrapped(attribute: &Attribute, value: Value) -> Value {
    match value {
        Value::Array(mut list) if attribute.kind != Type::Complex && list.len() == 1 => {
            match list.pop() {
                Some(Value::Object(mut map)) => map.remove("value").unwrap_or(Value::Null),
                other => other.unwrap_or(Value::Null),
            }
        }
        other => other,
    }
}

/// A sub-attribute: of a single complex value, or of every value of a list.
fn part(
    attribute: &'static Attribute,
    sub: &'static Attribute,
    verb: Verb,
    value: Value,
    holder: &mut Attributes,
    at: &AttributeRef,
) -> Result<(), ScimError> {
    let value = match verb {
        Verb::Remove => None,
        _ => normalize::attribute_value(sub, unwrapped(sub, value), &at.to_string())?,
    };
    if attribute.multi_valued {
        return values::in_list(holder, attribute, |list| {
            values::set_part_of_all(attribute, sub, value, list)
        });
    }
    in_object(holder, attribute.name, |object| match value {
        None => unassign(sub, object),
        Some(value) => {
            object.insert(sub.name.to_owned(), value);
            Ok(())
        }
    })
}
