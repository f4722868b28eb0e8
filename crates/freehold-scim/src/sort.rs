//! The order of a list: RFC 7644 §3.4.2.3.

use std::cmp::Ordering;

use serde_json::Value;

use crate::filter::date_time;
use crate::fold::fold;
use crate::limits;
use crate::schema::{Attribute, AttributeRef, Type};

/// What decides where a resource stands. Keys of the same attribute have a total order: no value
/// comes after every value, so it is last when ascending and first when descending, as the RFC
/// asks.
#[derive(Debug, Clone)]
pub enum SortKey {
    /// `false` before `true`.
    Boolean(bool),
    /// As double precision: whole numbers beyond 2^53 may be equal here.
    Number(f64),
    /// Nanoseconds since 1970.
    Time(i128),
    /// By code point; folded unless the attribute is case-exact. At most [`limits::KEY_BYTES`]
    /// long, so that a cursor holds it.
    Text(String),
    /// No value.
    Absent,
}

impl SortKey {
    fn rank(&self) -> u8 {
        match self {
            Self::Boolean(_) => 0,
            Self::Number(_) => 1,
            Self::Time(_) => 2,
            Self::Text(_) => 3,
            Self::Absent => 4,
        }
    }

    /// As bytes, for a cursor.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.rank()];
        match self {
            Self::Boolean(value) => bytes.push(u8::from(*value)),
            Self::Number(value) => bytes.extend(value.to_bits().to_be_bytes()),
            Self::Time(at) => bytes.extend(at.to_be_bytes()),
            Self::Text(text) => bytes.extend(text.as_bytes()),
            Self::Absent => {}
        }
        bytes
    }

    /// From the bytes of a cursor; `None` if they are no key.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rank, value) = bytes.split_first()?;
        match (rank, value) {
            (0, [value @ (0 | 1)]) => Some(Self::Boolean(*value == 1)),
            (1, value) => {
                let number = f64::from_bits(u64::from_be_bytes(value.try_into().ok()?));
                number.is_finite().then_some(Self::Number(number))
            }
            (2, value) => Some(Self::Time(i128::from_be_bytes(value.try_into().ok()?))),
            (3, value) => {
                let text = String::from_utf8(value.to_vec()).ok()?;
                // A database does not take NUL.
                (!text.contains('\0')).then_some(Self::Text(text))
            }
            (4, []) => Some(Self::Absent),
            _ => None,
        }
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(own), Self::Boolean(other)) => own.cmp(other),
            (Self::Number(own), Self::Number(other)) => own.total_cmp(other),
            (Self::Time(own), Self::Time(other)) => own.cmp(other),
            (Self::Text(own), Self::Text(other)) => own.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SortKey {}

/// The key of a complete resource, as it would be given back without a projection, for
/// [`crate::list::Sort::by`].
pub fn sort_key(resource: &Value, by: AttributeRef) -> SortKey {
    let holder = match by.extension() {
        Some(schema) => resource.get(schema.id),
        None => Some(resource),
    };
    let own = holder.and_then(|holder| holder.get(by.attribute().name)).and_then(deciding);
    let value = match by.sub() {
        Some(sub) => own.and_then(|own| own.get(sub.name)).and_then(deciding),
        None => own,
    };
    key_of(value, by.leaf())
}

/// RFC 7644 §3.4.2.3: of several values the primary one decides, or else the first.
fn deciding(value: &Value) -> Option<&Value> {
    let Value::Array(list) = value else { return Some(value) };
    let primary = list.iter().find(|value| value.get("primary") == Some(&Value::Bool(true)));
    primary.or_else(|| list.first())
}

fn key_of(value: Option<&Value>, leaf: &Attribute) -> SortKey {
    match value {
        Some(Value::Bool(value)) => SortKey::Boolean(*value),
        // Zero has two signs and one place.
        Some(Value::Number(number)) => {
            number.as_f64().map_or(SortKey::Absent, |number| SortKey::Number(number + 0.0))
        }
        Some(Value::String(text)) if leaf.kind == Type::DateTime => {
            date_time(text).map_or(SortKey::Absent, |at| SortKey::Time(at.unix_timestamp_nanos()))
        }
        Some(Value::String(text)) => SortKey::Text(text_key(text, leaf.case_exact)),
        _ => leaf.absent_means.map_or(SortKey::Absent, SortKey::Boolean),
    }
}

/// RFC 7644 §3.4.2.3: the case rule of the attribute is that of its order.
fn text_key(text: &str, exact: bool) -> String {
    let mut key = if exact { text.to_owned() } else { fold(text) };
    key.truncate(key.floor_char_boundary(limits::KEY_BYTES));
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{USER, urn};
    use proptest::prelude::*;
    use serde_json::json;

    fn key(resource: &Value, name: &str) -> SortKey {
        sort_key(resource, USER.resolve(name).expect("in the schema"))
    }

    fn text(text: &str) -> SortKey {
        SortKey::Text(text.to_owned())
    }

    #[test]
    fn a_text_sorts_by_the_case_rule_of_its_attribute() {
        let user = json!({"userName": "ÄNNE", "externalId": "E-1",
                          urn::ENTERPRISE_USER: {"manager": {"value": "M"}}});
        assert_eq!(key(&user, "userName"), text("änne"));
        assert_eq!(key(&user, "externalId"), text("E-1"));
        assert_eq!(key(&user, "manager.value"), text("M"));
    }

    #[test]
    fn the_primary_value_decides_or_else_the_first() {
        let emails = json!({"emails": [{"value": "b@x"}, {"value": "a@x", "primary": true}]});
        assert_eq!(key(&emails, "emails.value"), text("a@x"));
        let none = json!({"emails": [{"value": "b@x", "primary": false}, {"value": "a@x"}]});
        assert_eq!(key(&none, "emails.value"), text("b@x"));
        assert_eq!(key(&none, "emails.type"), SortKey::Absent);
        assert_eq!(key(&json!({"emails": []}), "emails.value"), SortKey::Absent);
    }

    #[test]
    fn dates_sort_in_time_and_an_absent_active_as_true() {
        let at = |text: &str| key(&json!({"meta": {"created": text}}), "meta.created");
        assert!(at("2026-01-31T13:00:00+02:00") < at("2026-01-31T12:00:00Z"));
        assert_eq!(key(&json!({}), "active"), SortKey::Boolean(true));
        assert!(key(&json!({"active": false}), "active") < key(&json!({}), "active"));
    }

    #[test]
    fn what_has_no_value_is_last_and_first_when_descending() {
        let mut keys = [SortKey::Absent, text("b"), text("a")];
        keys.sort();
        assert_eq!(keys, [text("a"), text("b"), SortKey::Absent]);
        keys.reverse();
        assert_eq!(keys.first(), Some(&SortKey::Absent));
    }

    #[test]
    fn a_long_text_gives_a_key_that_fits_a_cursor() {
        let user = json!({"title": "ä".repeat(limits::KEY_BYTES)});
        let SortKey::Text(key) = key(&user, "title") else { panic!("no text") };
        assert_eq!(key.len(), limits::KEY_BYTES);
    }

    fn keys() -> impl Strategy<Value = SortKey> {
        prop_oneof![
            Just(SortKey::Absent),
            any::<bool>().prop_map(SortKey::Boolean),
            (-1e300..1e300).prop_map(SortKey::Number),
            any::<i128>().prop_map(SortKey::Time),
            "\\PC{0,20}".prop_map(SortKey::Text),
        ]
    }

    proptest! {
        #[test]
        fn a_key_is_the_same_after_its_bytes(key in keys()) {
            prop_assert_eq!(SortKey::from_bytes(&key.to_bytes()), Some(key));
        }

        #[test]
        fn no_bytes_panic_and_what_is_read_gives_the_same_bytes(
            bytes in proptest::collection::vec(any::<u8>(), 0..20)
        ) {
            if let Some(key) = SortKey::from_bytes(&bytes) {
                prop_assert_eq!(key.to_bytes(), bytes);
            }
        }
    }
}
