//! The five kinds of value both engines store alike, and the ways into and out of Rust types.
//!
//! Columns are declared TEXT, BIGINT, DOUBLE PRECISION or BYTEA and nothing else; a [`Value`]
//! travels to and from each of them unchanged on SQLite and on PostgreSQL.

use std::fmt;

use crate::StoreError;

/// A value bound to a statement, or read from a row.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// BIGINT: counters, times in milliseconds, flags as 0 and 1.
    Integer(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// TEXT: names, ids, JSON. Never holds U+0000, which PostgreSQL cannot store.
    Text(String),
    /// BYTEA.
    Bytes(Vec<u8>),
}

impl Value {
    /// The kind in words, for error messages; never the content.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Integer(_) => "an integer",
            Self::Real(_) => "a real number",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
        }
    }

    /// Refuses what the two engines would store differently.
    ///
    /// SQLite keeps U+0000 and PostgreSQL answers an error; SQLite turns NaN into NULL and
    /// PostgreSQL keeps it. Refusing both here gives one verdict.
    pub(crate) fn check_portable(&self) -> Result<(), StoreError> {
        match self {
            Self::Text(text) if text.contains('\0') => {
                Err(StoreError::Other("a text holds the character U+0000".to_owned()))
            }
            Self::Real(number) if number.is_nan() => {
                Err(StoreError::Other("a number is not a number (NaN)".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// Shows the kind and the size only: values are people's data and do not belong in logs.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null | Self::Integer(_) | Self::Real(_) => f.write_str(self.kind()),
            Self::Text(text) => write!(f, "a text of {} bytes", text.len()),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

/// A flag: 0 or 1 in a BIGINT column.
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(value: &[u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A Rust type that can be read from a column.
pub trait FromValue: Sized {
    /// Takes the value, or gives it back when its kind is another one.
    ///
    /// # Errors
    /// The value itself, so that the caller can say what it was.
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind>;
}

/// A column held another kind of value than the code reads.
#[derive(Debug, PartialEq, Eq)]
pub struct UnexpectedKind {
    /// What the code asked for.
    pub wanted: &'static str,
    /// What the column held.
    pub found: &'static str,
}

fn unexpected<T>(wanted: &'static str, value: &Value) -> Result<T, UnexpectedKind> {
    Err(UnexpectedKind { wanted, found: value.kind() })
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Integer(number) => Ok(*number),
            other => unexpected("an integer", other),
        }
    }
}

impl FromValue for u64 {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Integer(number) => Self::try_from(*number).map_err(|_| UnexpectedKind {
                wanted: "an integer of 0 or more",
                found: "a negative one",
            }),
            other => unexpected("an integer", other),
        }
    }
}

/// A flag; anything but 0 and 1 is an error, so that a wrong column is noticed.
impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Integer(0) => Ok(false),
            Value::Integer(1) => Ok(true),
            other => unexpected("a flag (0 or 1)", other),
        }
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Real(number) => Ok(*number),
            other => unexpected("a real number", other),
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => unexpected("a text", other),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            other => unexpected("bytes", other),
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Bytes(bytes) => Self::try_from(bytes.as_slice()).map_err(|_| UnexpectedKind {
                wanted: "bytes of a fixed length",
                found: "bytes of another",
            }),
            other => unexpected("bytes", other),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, UnexpectedKind> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_other_than_0_and_1_is_an_error() {
        assert_eq!(bool::from_value(&Value::Integer(1)), Ok(true));
        assert!(bool::from_value(&Value::Integer(2)).is_err());
    }

    #[test]
    fn an_optional_column_reads_null_as_none_and_still_checks_the_kind() {
        assert_eq!(Option::<String>::from_value(&Value::Null), Ok(None));
        assert!(Option::<String>::from_value(&Value::Integer(1)).is_err());
        assert!(String::from_value(&Value::Null).is_err());
    }

    #[test]
    fn a_digest_of_another_length_is_an_error() {
        assert!(<[u8; 32]>::from_value(&Value::Bytes(vec![0; 31])).is_err());
        assert_eq!(<[u8; 2]>::from_value(&Value::Bytes(vec![1, 2])), Ok([1, 2]));
    }

    #[test]
    fn debug_output_never_shows_the_content() {
        assert_eq!(format!("{:?}", Value::from("Ada Lovelace")), "a text of 12 bytes");
        assert_eq!(format!("{:?}", Value::from(vec![7; 32])), "32 bytes");
    }
}
