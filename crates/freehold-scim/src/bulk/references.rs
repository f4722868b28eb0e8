//! References by bulkId in the data of an operation: RFC 7644 §3.7.2.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::schema::urn;

/// What a reference begins with.
pub(super) const PREFIX: &str = "bulkId:";

/// Gives every reference to `replace`, which says what stands for it; `None` leaves it.
///
/// A reference is a whole text (`"bulkId:qwerty"`), the end of a URI
/// (`"../Users/bulkId:qwerty"`), or a quoted text in the path of a PATCH
/// (`members[value eq "bulkId:qwerty"]`).
pub(super) fn replace(value: &mut Value, with: &mut dyn FnMut(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(replaced) = replaced(text, with) {
                *text = replaced;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| replace(value, with)),
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, with)),
        _ => {}
    }
}

fn replaced(text: &str, with: &mut dyn FnMut(&str) -> Option<String>) -> Option<String> {
    let at = text.find(PREFIX)?;
    let (before, rest) = text.split_at_checked(at)?;
    let reference = rest.strip_prefix(PREFIX)?;
    match before.chars().next_back() {
        None | Some('/') => Some(format!("{before}{}", with(reference)?)),
        Some('"') => {
            let (reference, after) = reference.split_once('"')?;
            let made = with(reference).unwrap_or_else(|| format!("{PREFIX}{reference}"));
            let after = replaced(after, with).unwrap_or_else(|| after.to_owned());
            Some(format!("{before}{made}\"{after}"))
        }
        _ => None,
    }
}

/// The bulkIds that a value refers to.
pub(super) fn of(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    replace(&mut value.clone(), &mut |reference| {
        found.insert(reference.to_owned());
        None
    });
    found
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
    pub(super) fn take(data: &mut Value, bulk_ids: &BTreeSet<String>) -> Option<Self> {
        let mut own = Self { values: Vec::new(), references: BTreeSet::new() };
        own.take_from(data.as_object_mut()?, "", bulk_ids);
        own.references = own.values.iter().flat_map(|(_, value)| of(value)).collect();
        (!own.values.is_empty()).then_some(own)
    }

    fn take_from(
        &mut self,
        map: &mut Map<String, Value>,
        prefix: &str,
        bulk_ids: &BTreeSet<String>,
    ) {
        let refers = |value: &Value| !of(value).is_disjoint(bulk_ids);
        for (key, value) in map.iter_mut().filter(|(_, value)| refers(value)) {
            let path = format!("{prefix}{key}");
            match value {
                Value::Array(list) => {
                    let (out, rest) = std::mem::take(list).into_iter().partition(refers);
                    *list = rest;
                    self.values.push((path, Value::Array(out)));
                }
                // The attributes of an extension stand under its URN.
                Value::Object(inner) if key.contains(':') => {
                    self.take_from(inner, &format!("{path}:"), bulk_ids);
                }
                other => self.values.push((path, other.take())),
            }
        }
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
