//! The tries of a method: a row changed by compare-and-set on its version.

use freehold_directory::unlock::Tries;
use freehold_directory::{StoreError, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

fn read(row: &Row) -> StoreResult<Tries> {
    Ok(Tries {
        short: times(&row.text(0)?)?,
        long: times(&row.text(1)?)?,
        since_success: row.get(2)?,
        refused_at: row.time_optional(3)?,
        version: row.get(4)?,
    })
}

fn times(text: &str) -> StoreResult<Vec<Timestamp>> {
    let damaged = || StoreError::Corrupt("times of tries cannot be read".to_owned());
    text.split(',')
        .filter(|time| !time.is_empty())
        .map(|time| time.parse().map(Timestamp::from_millis).or(Err(damaged())))
        .collect()
}

fn text(times: &[Timestamp]) -> Value {
    let times: Vec<String> = times.iter().map(|time| time.as_millis().to_string()).collect();
    Value::Text(times.join(","))
}

impl SqlStore<'_> {
    pub(super) fn read_tries(&mut self, user: UserId, kind: Value) -> StoreResult<Option<Tries>> {
        let sql = "SELECT short_times, long_times, since_success, refused_at, version \
                   FROM unlock_tries WHERE user_id = $1 AND kind = $2";
        self.0.query_optional(sql, &[row::id(user), kind])?.as_ref().map(read).transpose()
    }

    pub(super) fn write_tries(
        &mut self,
        user: UserId,
        kind: Value,
        tries: &Tries,
        expected: u64,
    ) -> StoreResult<bool> {
        let sql = "UPDATE unlock_tries SET short_times = $4, long_times = $5, since_success = $6, \
                   refused_at = $7, version = version + 1 \
                   WHERE user_id = $1 AND kind = $2 AND version = $3";
        let values = [
            row::id(user),
            kind,
            row::number(expected),
            text(&tries.short),
            text(&tries.long),
            row::number(tries.since_success),
            tries.refused_at.map_or(Value::Null, row::time),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }
}
