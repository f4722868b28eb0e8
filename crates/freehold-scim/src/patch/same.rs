//! Whether a PATCH changed anything.

use serde_json::Value;

/// Whether two documents say the same. RFC 7643 §2.4: the order of values has no meaning.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && sorted(left) == sorted(right)
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

fn sorted(list: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = list.iter().map(canonical).collect();
    texts.sort_unstable();
    texts
}

/// The text of a value with sorted keys.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut parts: Vec<String> =
                map.iter().map(|(name, value)| format!("{name:?}:{}", canonical(value))).collect();
            parts.sort_unstable();
            parts.join(",")
        }
        other => other.to_string(),
    }
}
