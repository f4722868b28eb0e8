//! The values that no two resources of an organization may share: uniqueness `server` of RFC 7643
//! §2.2.

use serde_json::{Map, Value};

use crate::error::ScimError;
use crate::filter::date_time;
use crate::fold::fold;
use crate::schema::{Attribute, ResourceType, Type, Uniqueness};
use crate::user::check_key;

/// The unique attributes that a document has, each with its comparison key: folded unless the
/// attribute is case-exact. Those of extensions carry their URN. `id` is not among them.
pub fn unique_keys(document: &Value, kind: &'static ResourceType) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    collect(document.as_object(), kind.schema.attributes, "", &mut keys);
    for schema in kind.extension_schemas() {
        let map = document.get(schema.id).and_then(Value::as_object);
        collect(map, schema.attributes, &format!("{}:", schema.id), &mut keys);
    }
    keys
}

/// Refuses keys that do not fit an index.
pub(crate) fn check_unique_keys(
    document: &Value,
    kind: &'static ResourceType,
) -> Result<(), ScimError> {
    unique_keys(document, kind).iter().try_for_each(|(name, key)| check_key(name, key))
}

fn collect(
    map: Option<&Map<String, Value>>,
    attributes: &[Attribute],
    prefix: &str,
    keys: &mut Vec<(String, String)>,
) {
    let Some(map) = map else { return };
    for attribute in attributes.iter().filter(|it| it.uniqueness != Uniqueness::None) {
        let key = map.get(attribute.name).and_then(|value| key_of(value, attribute));
        keys.extend(key.map(|key| (format!("{prefix}{}", attribute.name), key)));
    }
}

fn key_of(value: &Value, attribute: &Attribute) -> Option<String> {
    match value {
        Value::String(text) if attribute.kind == Type::DateTime => {
            date_time(text).map(|at| at.unix_timestamp_nanos().to_string())
        }
        Value::String(text) if attribute.case_exact => Some(text.clone()),
        Value::String(text) => Some(fold(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
