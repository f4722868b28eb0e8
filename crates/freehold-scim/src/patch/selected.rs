//! Changes to the values a path selects: `emails[type eq "work"].value`.

use serde_json::{Map, Value};

use super::request::Verb;
use super::values::set_part;
use crate::error::ScimError;
use crate::evaluate;
use crate::filter::{Filter, Literal, Operator};
use crate::normalize;
use crate::path::Path;
use crate::schema::Attribute;

/// The values a path selects, and the part of them it names.
pub(super) struct Selected<'a> {
    pub(super) attribute: &'static Attribute,
    pub(super) filter: &'a Filter,
    pub(super) sub: Option<&'static Attribute>,
}

/// An operation on the values a path selects.
pub(super) fn change(
    target: &Selected<'_>,
    verb: Verb,
    value: Value,
    list: &mut Vec<Value>,
    path: &Path,
) -> Result<(), ScimError> {
    let found: Vec<usize> = (0..list.len())
        .filter(|index| list.get(*index).is_some_and(|own| evaluate::matches(target.filter, own)))
        .collect();
    if verb == Verb::Remove {
        return take_away(target, &found, list);
    }
    let parts = parts_to_set(target, value, path)?;
    match (found.is_empty(), verb) {
        // RFC 7644 §3.5.2.3: replace of values that are not there fails with noTarget.
        (true, Verb::Replace) => return Err(nothing_selected(path)),
        (true, _) if parts.is_empty() => return Ok(()),
        // Entra adds to `emails[type eq "work"].value` before there is such a value.
        (true, _) => {
            let mut made = described_by(target.filter).ok_or_else(|| nothing_selected(path))?;
            made.extend(parts);
            let made = Value::Object(made);
            // What is made is what the path selects, or the next such PATCH would make another.
            if !evaluate::matches(target.filter, &made) {
                return Err(nothing_selected(path));
            }
            list.push(made);
            let last = list.len() - 1;
            normalize::keep_one_primary(list, |index| index == last);
        }
        (false, verb) => {
            for index in &found {
                if let Some(own) = list.get_mut(*index) {
                    set_parts(target, verb, &parts, own)?;
                }
            }
            normalize::keep_one_primary(list, |index| found.contains(&index));
        }
    }
    Ok(())
}

fn nothing_selected(path: &Path) -> ScimError {
    let name = path.attribute().map(|it| it.to_string()).unwrap_or_default();
    ScimError::no_target(format!("the filter of the path selects no value of {name}."))
}

/// The sub-attributes an operation sets; null for one that it unassigns.
fn parts_to_set(
    target: &Selected<'_>,
    value: Value,
    path: &Path,
) -> Result<Map<String, Value>, ScimError> {
    let at = path.attribute().map(|it| it.to_string()).unwrap_or_default();
    match (target.sub, value) {
        (Some(sub), value) => {
            let value = normalize::attribute_value(sub, value, &format!("{at}.{}", sub.name))?;
            Ok(Map::from_iter([(sub.name.to_owned(), value.unwrap_or(Value::Null))]))
        }
        (None, Value::String(text)) if target.attribute.value_attribute().is_some() => {
            Ok(Map::from_iter([("value".to_owned(), Value::String(text))]))
        }
        (None, value) => {
            let value = match value {
                Value::Array(mut list) if list.len() == 1 => list.pop().unwrap_or(Value::Null),
                other => other,
            };
            let unassigned = normalize::unassigned_parts(target.attribute, &value);
            let mut parts = normalize::parts_of(target.attribute, value, &at)?;
            parts.extend(unassigned.into_iter().map(|sub| (sub.name.to_owned(), Value::Null)));
            Ok(parts)
        }
    }
}

/// Replacing selected values replaces them whole, save what the filter says they are; adding, or
/// naming a part, sets that part.
fn set_parts(
    target: &Selected<'_>,
    verb: Verb,
    parts: &Map<String, Value>,
    own: &mut Value,
) -> Result<(), ScimError> {
    if target.sub.is_none() && verb == Verb::Replace {
        *own = Value::Object(described_by(target.filter).unwrap_or_default());
    }
    for (name, value) in parts {
        if let Some(sub) = target.attribute.sub_attribute(name) {
            let value = Some(value).filter(|value| !value.is_null());
            set_part(own, target.attribute, sub, value)?;
        }
    }
    Ok(())
}

fn take_away(
    target: &Selected<'_>,
    found: &[usize],
    list: &mut Vec<Value>,
) -> Result<(), ScimError> {
    match target.sub {
        Some(sub) => {
            for index in found {
                if let Some(own) = list.get_mut(*index) {
                    set_part(own, target.attribute, sub, None)?;
                }
            }
        }
        None => {
            let mut index = 0;
            list.retain(|_| {
                index += 1;
                !found.contains(&(index - 1))
            });
        }
    }
    Ok(())
}

/// The value a filter describes, if it does so completely: `type eq "work" and primary eq true`.
fn described_by(filter: &Filter) -> Option<Map<String, Value>> {
    match filter {
        Filter::And(all) => {
            let mut made = Map::new();
            for filter in all {
                made.extend(described_by(filter)?);
            }
            Some(made)
        }
        Filter::Compare { attribute, operator: Operator::Eq, value } => {
            let value = match value {
                Literal::Text(text) => Value::String(text.clone()),
                Literal::Boolean(value) => Value::Bool(*value),
                Literal::Number(value) => Value::Number(value.clone()),
                Literal::DateTime(_) | Literal::Null => return None,
            };
            Some(Map::from_iter([(attribute.leaf().name.to_owned(), value)]))
        }
        _ => None,
    }
}
