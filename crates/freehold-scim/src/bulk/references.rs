//! References by bulkId in the data of an operation: RFC 7644 §3.7.2.
//!
//! They stand where the schema has a reference to a resource: in the `value` and `$ref` of members and of
//! the manager, in attributes of the operator's whose `referenceTypes` name resources, and in the
//! filters of a PATCH over these. Everywhere else a text that looks like one is a text.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::request::Method;
use crate::filter::{Filter, Literal};
use crate::normalize::is_writable;
use crate::path::Path;
use crate::schema::{Attribute, AttributeRef, ResourceType, Type, urn};

/// What a reference begins with.
pub(super) const PREFIX: &str = "bulkId:";

/// Says what stands for a reference; `None` leaves it.
type With<'a> = dyn FnMut(&str) -> Option<String> + 'a;

/// Gives every reference in the data of an operation to `with`, which says what stands for it.
///
/// A reference is a whole text (`"bulkId:qwerty"`) or the end of a URI
/// (`"../Users/bulkId:qwerty"`).
pub(super) fn replace(
    data: &mut Value,
    kind: &'static ResourceType,
    method: Method,
    with: &mut With<'_>,
) {
    let Some(map) = data.as_object_mut() else { return };
    if method != Method::Patch {
        return in_attributes(map, kind, with);
    }
    for (name, value) in map {
        if let (true, Some(list)) = (name.eq_ignore_ascii_case("Operations"), value.as_array_mut())
        {
            list.iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(|operation| in_operation(operation, kind, with));
        }
    }
}

/// The bulkIds that the data of an operation refers to.
pub(super) fn of(data: &Value, kind: &'static ResourceType, method: Method) -> BTreeSet<String> {
    collected(|with| replace(&mut data.clone(), kind, method, with))
}

fn collected(visit: impl FnOnce(&mut With<'_>)) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    visit(&mut |reference| {
        found.insert(reference.to_owned());
        None
    });
    found
}

/// Attributes by name or path: those of a resource, and those of a PATCH without a path.
fn in_attributes(map: &mut Map<String, Value>, kind: &'static ResourceType, with: &mut With<'_>) {
    for (key, value) in map {
        if let Ok(path) = Path::parse(key, kind) {
            in_value(&path, value, with);
        }
    }
}

/// One operation of a PATCH.
fn in_operation(
    operation: &mut Map<String, Value>,
    kind: &'static ResourceType,
    with: &mut With<'_>,
) {
    let named = |wanted: &str| operation.keys().find(|key| key.eq_ignore_ascii_case(wanted));
    let (path_key, value_key) = (named("path").cloned(), named("value").cloned());
    let text = path_key.as_ref().and_then(|key| operation.get(key)?.as_str());
    let text = text.filter(|text| !text.trim().is_empty());
    let path = text.map(|text| Path::parse(text, kind));
    let value = value_key.and_then(|key| operation.get_mut(&key));
    match (path, value) {
        (None, Some(Value::Object(attributes))) => in_attributes(attributes, kind, with),
        (Some(Ok(mut path)), value) => {
            if let Some(value) = value {
                in_value(&path, value, with);
            }
            if let (true, Some(key)) = (in_path(&mut path, with), path_key) {
                operation.insert(key, path.to_string().into());
            }
        }
        // What cannot be read is refused when its turn comes.
        _ => {}
    }
}

/// The filter of a path; whether anything was replaced.
fn in_path(path: &mut Path, with: &mut With<'_>) -> bool {
    match path {
        Path::Values { attribute, filter, .. } => in_filter(attribute.leaf(), filter, with),
        Path::Extension(_) | Path::Attribute(_) => false,
    }
}

fn in_filter(attribute: &Attribute, filter: &mut Filter, with: &mut With<'_>) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => {
            all.iter_mut().fold(false, |changed, it| in_filter(attribute, it, with) | changed)
        }
        Filter::Not(inner) | Filter::Values { filter: inner, .. } => {
            in_filter(attribute, inner, with)
        }
        Filter::Compare { attribute: part, value: Literal::Text(text), .. }
            if refers(attribute, part.leaf()) =>
        {
            in_text(text, with)
        }
        Filter::Compare { .. } | Filter::Present(_) => false,
    }
}

/// The value of what a path names.
fn in_value(path: &Path, value: &mut Value, with: &mut With<'_>) {
    match path {
        Path::Extension(schema) => {
            for (key, value) in value.as_object_mut().into_iter().flatten() {
                if let Some(target) = schema.resolve(key) {
                    in_target(target, value, with);
                }
            }
        }
        Path::Attribute(target) => in_target(*target, value, with),
        Path::Values { attribute, sub: Some(sub), .. } => {
            in_target(attribute.with_sub(sub), value, with);
        }
        Path::Values { attribute, sub: None, .. } => in_target(*attribute, value, with),
    }
}

fn in_target(target: AttributeRef, value: &mut Value, with: &mut With<'_>) {
    let attribute = target.attribute();
    // What clients echo and the server ignores refers to nothing.
    if !is_writable(attribute) {
        return;
    }
    let means_reference = match target.sub() {
        Some(sub) => refers(attribute, sub),
        None => points_at_resources(attribute) || stands_for_resources(attribute),
    };
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| in_target(target, value, with)),
        Value::Object(map) if target.sub().is_none() => {
            for (key, value) in map {
                if let Some(sub) = attribute.sub_attribute(key) {
                    in_target(target.with_sub(sub), value, with);
                }
            }
        }
        Value::String(text) if means_reference => {
            in_text(text, with);
        }
        _ => {}
    }
}

/// Whether a sub-attribute refers to a resource, by id or by URI.
fn refers(attribute: &Attribute, sub: &Attribute) -> bool {
    points_at_resources(sub) || (sub.name == "value" && stands_for_resources(attribute))
}

/// RFC 7643 §2.4: `value` is the identifier of what `$ref` is the URI of.
fn stands_for_resources(attribute: &Attribute) -> bool {
    attribute.sub_attribute("$ref").is_some_and(points_at_resources)
}

/// RFC 7643 §7, `referenceTypes`: names of resource types, or what lies outside of SCIM.
fn points_at_resources(attribute: &Attribute) -> bool {
    let outside = |name: &str| ["uri", "external"].contains(&name);
    attribute.kind == Type::Reference && attribute.reference_types.iter().any(|it| !outside(it))
}

/// Whether anything was replaced.
fn in_text(text: &mut String, with: &mut With<'_>) -> bool {
    let Some((before, reference)) = text.split_once(PREFIX) else { return false };
    if !before.is_empty() && !before.ends_with('/') {
        return false;
    }
    let Some(made) = with(reference) else { return false };
    *text = format!("{before}{made}");
    true
}

/// Values taken out of the data of a resource, to be added later.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Withheld {
    /// Paths and values.
    values: Vec<(String, Value)>,
    /// The bulkIds that the values refer to.
    pub(super) references: BTreeSet<String>,
}

impl Withheld {
    /// Takes from the data of a POST what refers to one of these bulkIds: single values of lists,
    /// other attributes as a whole.
    /// `None` if nothing does.
    pub(super) fn take(
        data: &mut Value,
        kind: &'static ResourceType,
        bulk_ids: &BTreeSet<String>,
    ) -> Option<Self> {
        let mut own = Self { values: Vec::new(), references: BTreeSet::new() };
        for (key, value) in data.as_object_mut()? {
            match (Path::parse(key, kind), value) {
                // The attributes of an extension stand under its URN.
                (Ok(Path::Extension(schema)), Value::Object(inner)) => {
                    for (name, value) in inner {
                        if let Some(target) = schema.resolve(name) {
                            own.take_from(&Path::Attribute(target), value, bulk_ids);
                        }
                    }
                }
                (Ok(path), value) => own.take_from(&path, value, bulk_ids),
                (Err(_), _) => {}
            }
        }
        (!own.values.is_empty()).then_some(own)
    }

    fn take_from(&mut self, path: &Path, value: &mut Value, bulk_ids: &BTreeSet<String>) {
        let of = |value: &Value| collected(|with| in_value(path, &mut value.clone(), with));
        let refers = |value: &Value| !of(value).is_disjoint(bulk_ids);
        if !refers(value) {
            return;
        }
        let taken = match value {
            Value::Array(list) => {
                let (out, rest) = std::mem::take(list).into_iter().partition(refers);
                *list = rest;
                Value::Array(out)
            }
            other => other.take(),
        };
        self.references.extend(of(&taken));
        self.values.push((path.to_string(), taken));
    }

    /// The PATCH that adds the values.
    pub(super) fn into_patch(self) -> Value {
        let operations: Vec<Value> = self
            .values
            .into_iter()
            .map(|(path, value)| json!({"op": "add", "path": path, "value": value}))
            .collect();
        json!({"schemas": [urn::PATCH_OP], "Operations": operations})
    }
}
