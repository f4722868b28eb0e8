//! The brake and what it counts.

use std::time::Duration;

use freehold_directory::brake::{Brake, Braked, Limit};
use freehold_directory::{Brakes, OrganizationId, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

const COLUMNS: &str = "creates, creates_percent, deletes, deletes_percent, deactivations, \
                       deactivations_percent, window_ms, confirmed_at, released_at, \
                       creates_held_at, deletes_held_at, alarmed_at";

fn limit(row: &Row, first: usize) -> StoreResult<Limit> {
    Ok(Limit { count: row.get(first)?, percent: row.get(first + 1)? })
}

fn read(row: &Row) -> StoreResult<Brake> {
    Ok(Brake {
        creates: limit(row, 0)?,
        deletes: limit(row, 2)?,
        deactivations: limit(row, 4)?,
        window: Duration::from_millis(row.get(6)?),
        confirmed_at: row.time_optional(7)?,
        released_at: row.time_optional(8)?,
        creates_held_at: row.time_optional(9)?,
        deletes_held_at: row.time_optional(10)?,
        alarmed_at: row.time_optional(11)?,
    })
}

fn values(organization: OrganizationId, brake: &Brake) -> Vec<Value> {
    let time = |at: Option<Timestamp>| at.map_or(Value::Null, row::time);
    let window = u64::try_from(brake.window.as_millis()).unwrap_or(u64::MAX);
    let limits = [brake.creates, brake.deletes, brake.deactivations];
    let mut values = vec![row::id(organization)];
    values.extend(limits.iter().flat_map(|it| [row::number(it.count), row::number(it.percent)]));
    values.push(row::number(window));
    values.extend(
        [
            brake.confirmed_at,
            brake.released_at,
            brake.creates_held_at,
            brake.deletes_held_at,
            brake.alarmed_at,
        ]
        .map(time),
    );
    values
}

impl Brakes for SqlStore<'_> {
    fn brake(&mut self, organization: OrganizationId) -> StoreResult<Option<Brake>> {
        let sql = format!("SELECT {COLUMNS} FROM brakes WHERE organization_id = $1");
        self.0.recall_optional(&sql, &[row::id(organization)])?.as_ref().map(read).transpose()
    }

    fn put_brake(&mut self, organization: OrganizationId, brake: &Brake) -> StoreResult<()> {
        let set: Vec<String> = COLUMNS
            .split(", ")
            .map(|column| format!("{0} = excluded.{0}", column.trim()))
            .collect();
        let sql = format!(
            "INSERT INTO brakes (organization_id, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, \
             $8, $9, $10, $11, $12, $13) ON CONFLICT (organization_id) DO UPDATE SET {}",
            set.join(", ")
        );
        self.0.execute(&sql, &values(organization, brake)).map(drop)
    }

    fn count_since(
        &mut self,
        organization: OrganizationId,
        kind: Braked,
        since: Timestamp,
        age: Duration,
    ) -> StoreResult<u64> {
        let mut values = vec![row::id(organization), row::time(since)];
        if kind == Braked::Deletes {
            values.push(row::number(u64::try_from(age.as_millis()).unwrap_or(u64::MAX)));
        }
        let sql = match kind {
            Braked::Creates => {
                "SELECT (SELECT count(*) FROM users WHERE organization_id = $1 \
                 AND deleted_at IS NULL AND created_at > $2) + \
                 (SELECT count(*) FROM scim_groups WHERE organization_id = $1 \
                 AND deleted_at IS NULL AND created_at > $2)"
            }
            Braked::Deletes => {
                "SELECT (SELECT count(*) FROM users WHERE organization_id = $1 \
                 AND deleted_at IS NOT NULL AND deleted_at > $2 AND deleted_at - created_at >= $3) + \
                 (SELECT count(*) FROM scim_groups WHERE organization_id = $1 \
                 AND deleted_at IS NOT NULL AND deleted_at > $2 AND deleted_at - created_at >= $3)"
            }
            Braked::Deactivations => {
                "SELECT count(*) FROM users WHERE organization_id = $1 AND active = 0 \
                 AND deleted_at IS NULL AND active_since > $2"
            }
        };
        self.0.query_one(sql, &values)?.get(0)
    }

    fn count_resources(&mut self, organization: OrganizationId) -> StoreResult<u64> {
        let sql = "SELECT (SELECT count(*) FROM users WHERE organization_id = $1 \
                   AND deleted_at IS NULL) + (SELECT count(*) FROM scim_groups \
                   WHERE organization_id = $1 AND deleted_at IS NULL)";
        self.0.query_one(sql, &[row::id(organization)])?.get(0)
    }
}
