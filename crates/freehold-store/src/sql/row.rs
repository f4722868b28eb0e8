//! Between rows and domain types.

use std::fmt::Display;
use std::str::FromStr;

use freehold_directory::expiry::Threshold;
use freehold_directory::tokens::LastUse;
use freehold_directory::{KeyState, Role, SecretHash, StoreError, Timestamp};
use freehold_scim::ScimError;
use freehold_wire::MethodKind;

use crate::{FromValue, Row, Value};

/// A time as the database holds it.
pub(super) fn time(at: Timestamp) -> Value {
    number(at.as_millis())
}

/// A count as the database holds it. Nothing here comes near 2^63.
pub(super) fn number(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// An id as the database holds it.
pub(super) fn id(id: impl Display) -> Value {
    Value::Text(id.to_string())
}

/// An id that may be missing.
pub(super) fn optional_id(id: Option<impl Display>) -> Value {
    id.map_or(Value::Null, |id| Value::Text(id.to_string()))
}

/// A hash as the database holds it.
pub(super) fn hash(hash: &SecretHash) -> Value {
    Value::from(hash.as_bytes())
}

/// The five values that a search for what comes near its end takes.
pub(super) fn threshold(threshold: &Threshold, limit: u32) -> [Value; 5] {
    let before = u64::try_from(threshold.before.as_millis()).unwrap_or(u64::MAX);
    [
        Value::from(u32::from(threshold.days)),
        time(threshold.after),
        time(threshold.until),
        number(before),
        Value::from(limit),
    ]
}

/// What the domain reads from a row.
pub(super) trait Read {
    /// A text that parses: an id, a slug, an issuer.
    fn parsed<T: FromStr>(&self, index: usize) -> Result<T, StoreError>;
    /// The same where it may be NULL.
    fn parsed_optional<T: FromStr>(&self, index: usize) -> Result<Option<T>, StoreError>;
    /// A time.
    fn time(&self, index: usize) -> Result<Timestamp, StoreError>;
    /// A time that may be NULL.
    fn time_optional(&self, index: usize) -> Result<Option<Timestamp>, StoreError>;
    /// A hash.
    fn hash(&self, index: usize) -> Result<SecretHash, StoreError>;
    /// Time, address and client of a last use in three columns from `index` on, the first of which may be NULL.
    fn last_use(&self, index: usize) -> Result<Option<LastUse>, StoreError>;
    /// Name, epoch and time of a key state in three columns from `index` on.
    fn key_state(&self, index: usize) -> Result<KeyState, StoreError>;
    /// A method.
    fn method(&self, index: usize) -> Result<MethodKind, StoreError>;
    /// The name of a role.
    fn role(&self, index: usize) -> Result<Role, StoreError>;
}

/// What was written is not what is read.
pub(super) fn corrupt(index: usize) -> StoreError {
    StoreError::Corrupt(format!("column {index} holds an unknown value"))
}

fn parse<T: FromStr>(text: &str, index: usize) -> Result<T, StoreError> {
    text.parse().or(Err(corrupt(index)))
}

impl Read for Row {
    fn parsed<T: FromStr>(&self, index: usize) -> Result<T, StoreError> {
        parse(&self.text(index)?, index)
    }

    fn parsed_optional<T: FromStr>(&self, index: usize) -> Result<Option<T>, StoreError> {
        self.get::<Option<String>>(index)?.map(|text| parse(&text, index)).transpose()
    }

    fn time(&self, index: usize) -> Result<Timestamp, StoreError> {
        self.get(index).map(Timestamp::from_millis)
    }

    fn time_optional(&self, index: usize) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.get::<Option<u64>>(index)?.map(Timestamp::from_millis))
    }

    fn hash(&self, index: usize) -> Result<SecretHash, StoreError> {
        self.get(index).map(SecretHash::from_bytes)
    }

    fn last_use(&self, index: usize) -> Result<Option<LastUse>, StoreError> {
        let Some(at) = self.time_optional(index)? else { return Ok(None) };
        Ok(Some(LastUse { at, address: self.text(index + 1)?, client: self.text(index + 2)? }))
    }

    fn key_state(&self, index: usize) -> Result<KeyState, StoreError> {
        let (epoch, since) = (self.get(index + 1)?, self.time(index + 2)?);
        KeyState::from_stored(&self.text(index)?, epoch, since).ok_or_else(|| corrupt(index))
    }

    fn method(&self, index: usize) -> Result<MethodKind, StoreError> {
        MethodKind::from_number(self.get(index)?).ok_or_else(|| corrupt(index))
    }

    fn role(&self, index: usize) -> Result<Role, StoreError> {
        Role::from_name(&self.text(index)?).ok_or_else(|| corrupt(index))
    }
}

/// A stored document of the kind that `from_stored` reads.
pub(super) fn document<T>(
    text: &str,
    what: &str,
    from_stored: impl FnOnce(serde_json::Value) -> Result<T, ScimError>,
) -> Result<T, StoreError> {
    let unreadable = || StoreError::Corrupt(format!("a {what} document cannot be read"));
    let value = serde_json::from_str(text).map_err(|_| unreadable())?;
    from_stored(value).map_err(|_| unreadable())
}

/// Every row of an answer as a domain type.
pub(super) fn all<T>(
    rows: Vec<Row>,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.iter().map(read).collect()
}

/// The first column of a row, if there is a row.
pub(super) fn first<T: FromValue>(row: Option<Row>) -> Result<Option<T>, StoreError> {
    row.map(|row| row.get(0)).transpose()
}
