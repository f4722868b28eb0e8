//! Changes to the values of a multi-valued attribute.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::request::Verb;
use crate::error::ScimError;
use crate::fold::{fold, folds_equal};
use crate::immutable::fixed_error;
use crate::normalize;
use crate::schema::{Attribute, Mutability, Type};

/// Works on the list under the attribute's name: made if it is missing, dropped if it ends empty.
pub(super) fn in_list(
    holder: &mut Map<String, Value>,
    attribute: &Attribute,
    work: impl FnOnce(&mut Vec<Value>) -> Result<(), ScimError>,
) -> Result<(), ScimError> {
    let mut list = match holder.remove(attribute.name) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    work(&mut list)?;
    normalize::check_count(list.len(), attribute.name)?;
    if !list.is_empty() {
        holder.insert(attribute.name.to_owned(), Value::Array(list));
    }
    Ok(())
}

/// An operation on the attribute as a whole.
pub(super) fn change_list(
    attribute: &'static Attribute,
    verb: Verb,
    value: Value,
    list: &mut Vec<Value>,
    at: &str,
) -> Result<(), ScimError> {
    match verb {
        Verb::Add => add(attribute, normalize::list_of(attribute, listed(value), at)?, list),
        Verb::Replace => *list = normalize::list_of(attribute, listed(value), at)?,
        Verb::Remove => match value {
            Value::Null => list.clear(),
            Value::String(text) if text.is_empty() => list.clear(),
            // Entra's old shape: remove with a list of values takes away only those.
            value => remove(attribute, named_values(attribute, value, at)?, list),
        },
    }
    Ok(())
}

/// RFC 7644 §3.5.2.1: a value to add may stand alone.
fn listed(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        Value::Null => Vec::new(),
        single => vec![single],
    }
}

fn add(attribute: &Attribute, new: Vec<Value>, list: &mut Vec<Value>) {
    let mut known = Known::of(attribute, list);
    let mut touched = HashSet::new();
    for value in new {
        // RFC 7644 §3.5.2.1: a value that is there already changes nothing.
        if known.alike(&value).any(|index| says(attribute, list.get(index), &value)) {
            continue;
        }
        match known.same(&value) {
            Some(index) => {
                touched.insert(index);
                overlay(list.get_mut(index), value);
            }
            None => {
                touched.insert(list.len());
                known.note(list.len(), &value);
                list.push(value);
            }
        }
    }
    normalize::keep_one_primary(list, |index| touched.contains(&index));
}

fn says(attribute: &Attribute, own: Option<&Value>, other: &Value) -> bool {
    own.is_some_and(|own| contains(attribute, own, other))
}

/// Where the values of a list are, by their significant value: adding many to many stays linear.
struct Known<'a> {
    attribute: &'a Attribute,
    by_value: HashMap<String, Vec<(String, usize)>>,
}

impl<'a> Known<'a> {
    fn of(attribute: &'a Attribute, list: &[Value]) -> Self {
        let mut known = Self { attribute, by_value: HashMap::new() };
        for (index, value) in list.iter().enumerate() {
            known.note(index, value);
        }
        known
    }

    fn note(&mut self, index: usize, value: &Value) {
        let (kind, own) = normalize::identity(self.attribute, value);
        self.by_value.entry(own).or_default().push((kind, index));
    }

    /// The values with this significant value, of any type.
    fn alike(&self, value: &Value) -> impl Iterator<Item = usize> {
        let (_, own) = normalize::identity(self.attribute, value);
        self.by_value.get(&own).into_iter().flatten().map(|(_, index)| *index)
    }

    /// The value with this significant value and type.
    fn same(&self, value: &Value) -> Option<usize> {
        let (kind, own) = normalize::identity(self.attribute, value);
        let alike = self.by_value.get(&own)?;
        alike.iter().find(|(other, _)| *other == kind).map(|(_, index)| *index)
    }
}

/// Sets the parts of `value` in `own`.
fn overlay(own: Option<&mut Value>, value: Value) {
    match (own, value) {
        (Some(Value::Object(own)), Value::Object(parts)) => own.extend(parts),
        (Some(own), value) => *own = value,
        (None, _) => {}
    }
}

/// Whether `own` says everything `other` says.
fn contains(attribute: &Attribute, own: &Value, other: &Value) -> bool {
    match (own, other) {
        (Value::Object(own), Value::Object(other)) => other.iter().all(|(name, value)| {
            let sub = attribute.sub_attribute(name).unwrap_or(attribute);
            own.get(name).is_some_and(|own| contains(sub, own, value))
        }),
        _ => own == other,
    }
}

/// The values a remove names. A bare text is the `value` of one.
fn named_values(
    attribute: &'static Attribute,
    value: Value,
    at: &str,
) -> Result<Vec<Value>, ScimError> {
    let as_object = |value: Value| match value {
        Value::String(_) if attribute.kind == Type::Complex => {
            Value::Object(Map::from_iter([("value".to_owned(), value)]))
        }
        other => other,
    };
    let list = listed(value).into_iter().map(as_object).collect();
    normalize::list_of(attribute, list, at)
}

fn remove(attribute: &Attribute, named: Vec<Value>, list: &mut Vec<Value>) {
    let named = Named::of(attribute, named);
    list.retain(|own| !named.mean(own));
}

/// The values a remove names, by their significant value: taking many from many stays linear.
struct Named<'a> {
    attribute: &'a Attribute,
    /// The types named with a value; `None` for a value of whatever type.
    by_value: HashMap<String, Vec<Option<String>>>,
    others: Vec<Value>,
}

impl<'a> Named<'a> {
    fn of(attribute: &'a Attribute, named: Vec<Value>) -> Self {
        let mut own = Self { attribute, by_value: HashMap::new(), others: Vec::new() };
        for value in named {
            match (own.key("value", &value), value.get("type").is_some(), own.key("type", &value)) {
                (Some(key), typed, kind) if typed == kind.is_some() => {
                    own.by_value.entry(key).or_default().push(kind);
                }
                _ => own.others.push(value),
            }
        }
        own
    }

    fn mean(&self, own: &Value) -> bool {
        let key = self.key("value", own);
        let types = key.and_then(|key| self.by_value.get(&key)).map_or(&[][..], Vec::as_slice);
        let kind = if types.is_empty() { None } else { self.key("type", own) };
        types.iter().any(|named| named.is_none() || *named == kind)
            || self.others.iter().any(|value| is_meant(self.attribute, own, value))
    }

    /// The text of a part, as it is compared.
    fn key(&self, part: &str, value: &Value) -> Option<String> {
        let text = value.get(part)?.as_str()?;
        let exact = self.attribute.sub_attribute(part)?.case_exact;
        Some(if exact { text.to_owned() } else { fold(text) })
    }
}

/// A value is meant by its `value` and, if given, its `type`; without a `value` by all its parts.
fn is_meant(attribute: &Attribute, own: &Value, named: &Value) -> bool {
    let same = |part: &str| match (own.get(part), named.get(part)) {
        (_, None) => true,
        (Some(Value::String(own)), Some(Value::String(named))) => {
            let exact = attribute.sub_attribute(part).is_some_and(|sub| sub.case_exact);
            if exact { own == named } else { folds_equal(own, named) }
        }
        (own, named) => own == named,
    };
    match named.get("value") {
        Some(_) => same("value") && same("type"),
        None => contains(attribute, own, named),
    }
}

/// Sets or removes a sub-attribute of every value; the first value is made if there is none.
pub(super) fn set_part_of_all(
    attribute: &Attribute,
    sub: &Attribute,
    value: Option<Value>,
    list: &mut Vec<Value>,
) -> Result<(), ScimError> {
    if list.is_empty() && value.is_some() && attribute.kind == Type::Complex {
        list.push(Value::Object(Map::new()));
    }
    for own in list.iter_mut() {
        set_part(own, attribute, sub, value.as_ref())?;
    }
    normalize::keep_one_primary(list, |_| true);
    Ok(())
}

/// Sets or removes a sub-attribute of one value.
pub(super) fn set_part(
    own: &mut Value,
    attribute: &Attribute,
    sub: &Attribute,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let Some(own) = own.as_object_mut() else { return Ok(()) };
    let before = match value {
        None => own.remove(sub.name),
        Some(value) => own.insert(sub.name.to_owned(), value.clone()),
    };
    // RFC 7644 §3.5.2: an immutable value is added where there is none, and never changed.
    let fixed = sub.mutability == Mutability::Immutable && before.is_some();
    if fixed && before.as_ref() != value {
        return Err(fixed_error(&format!("{}.{}", attribute.name, sub.name)));
    }
    Ok(())
}
