//! Reading a body: strict JSON (RFC 8259) with a depth cap and no duplicate keys.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

use crate::error::ScimError;
use crate::limits;

/// Reads one JSON value that fills the whole input.
///
/// Refused, because two readers could understand them differently or a database cannot hold
/// them: duplicate keys in one object, the NUL character, lone surrogates, invalid UTF-8,
/// anything after the value, nesting deeper than [`limits::JSON_DEPTH`].
///
/// # Errors
/// `invalidSyntax` with line and column; 413 over [`limits::BODY_BYTES`] or [`limits::JSON_WEIGHT`].
pub fn parse(bytes: &[u8]) -> Result<Value, ScimError> {
    parse_up_to(bytes, limits::BODY_BYTES)
}

/// [`parse`] with a smaller size limit.
pub(crate) fn parse_up_to(bytes: &[u8], limit: usize) -> Result<Value, ScimError> {
    if bytes.len() > limit {
        return Err(ScimError::too_large(format!("The body is longer than {limit} bytes.")));
    }
    // RFC 8259 §8.1: a byte order mark must not be sent and may be ignored.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ScimError::invalid_syntax("The body is empty; a JSON object was expected."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let left = Cell::new(limits::JSON_WEIGHT);
    let value = Bounded { depth: limits::JSON_DEPTH, left: &left }.deserialize(&mut reader);
    value.and_then(|value| reader.end().map(|()| value)).map_err(|cause| {
        if left.get() == 0 {
            return ScimError::too_large("The body holds more values than are read.");
        }
        ScimError::invalid_syntax(format!("The body is not valid JSON: {cause}."))
    })
}

/// A value as JSON text.
pub fn text(value: &Value) -> String {
    // What `Display` gives as well, though at twice the price, by way of a formatter.
    serde_json::to_string(value).unwrap_or_else(|_| value.to_string())
}

/// What an object or a list weighs more than another value, which weighs one.
const CONTAINER: u32 = 4;

/// A value that may still nest `depth` levels, in a body of which so much is left to read.
#[derive(Clone, Copy)]
struct Bounded<'a> {
    depth: u32,
    left: &'a Cell<u32>,
}

impl Bounded<'_> {
    /// In memory, small values take many times what they take in the body.
    fn weigh<E: serde::de::Error>(self, weight: u32) -> Result<(), E> {
        self.left.set(self.left.get().saturating_sub(weight));
        if self.left.get() == 0 { Err(E::custom("too many values")) } else { Ok(()) }
    }

    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        self.weigh(CONTAINER)?;
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(E::custom(format_args!("nested deeper than {}", limits::JSON_DEPTH))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        self.weigh(1)?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Value, E> {
        without_nul(text).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Entry::Vacant(place) = map.entry(without_nul(key)?) else {
                return Err(A::Error::custom("an object has the same key twice"));
            };
            place.insert(entries.next_value_seed(inner)?);
        }
        Ok(Value::Object(map))
    }
}

fn without_nul<E: serde::de::Error>(text: String) -> Result<String, E> {
    if text.contains('\0') {
        return Err(E::custom("a text holds the NUL character (U+0000)"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn refusal(body: &[u8]) -> ScimError {
        parse(body).expect_err("must be refused")
    }

    #[test]
    fn a_body_is_read_as_it_stands() {
        let body = r#"{"a":[1,-2,3.5,true,null,"\u00e4\ud83d\ude00"]}"#;
        assert_eq!(parse(body.as_bytes()), Ok(json!({"a": [1, -2, 3.5, true, null, "ä😀"]})));
        assert_eq!(parse(b"\xEF\xBB\xBF {} "), Ok(json!({})));
    }

    #[test]
    fn a_hundred_thousand_brackets_are_refused_and_do_not_overflow_the_stack() {
        for open in ["[", "{\"a\":"] {
            let error = refusal(open.repeat(100_000).as_bytes());
            assert_eq!(error.scim_type, Some("invalidSyntax"));
            assert!(error.detail.contains("nested deeper"), "{error}");
        }
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused_with_its_reason() {
        for (body, reason) in [
            (&br#"{"active":true,"active":false}"#[..], "same key twice"),
            (br#"{"a":1} {"b":2}"#, "trailing characters"),
            (br#""\u0000""#, "NUL"),
            (br#"{"\u0000":1}"#, "NUL"),
            (br#""\ud800""#, "hex escape"),
            (br#""\udc00 x""#, "surrogate"),
            (b"\"\xff\"", "unicode"),
            (b"{\"a\":1e999}", "out of range"),
            (b"", "empty"),
            (b"  \n", "empty"),
            (b"{'a':1}", "not valid JSON"),
            (b"{\"a\":1,}", "not valid JSON"),
        ] {
            let error = refusal(body);
            assert_eq!((error.status, error.scim_type), (400, Some("invalidSyntax")));
            assert!(error.detail.contains(reason), "{error} should say {reason}");
        }
    }

    #[test]
    fn a_body_over_the_limit_is_413() {
        assert_eq!(refusal(&vec![b' '; limits::BODY_BYTES + 1]).status, 413);
    }

    #[test]
    fn very_many_small_values_are_not_all_kept_in_memory() {
        let list_of =
            |value: &str, count: usize| format!("[{}0]", format!("{value},").repeat(count));
        for value in ["{\"a\":0}", "[[]]", "{}", "0", "\"\""] {
            let error = refusal(list_of(value, 1_000_001).as_bytes());
            assert_eq!(error.status, 413, "{value}: {error}");
        }
        // A group of as many members as there may be, with all their parts.
        let member = r#"{"value":"1","$ref":"../Users/1","display":"A","type":"User"}"#;
        assert!(parse(list_of(member, limits::MEMBERS).as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes);
        }
    }
}
