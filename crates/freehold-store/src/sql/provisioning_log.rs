//! The provisioning log.

use std::time::Duration;

use freehold_directory::provisioning_log::{LogEntry, LogQuery, LoggedEntry, id_before};
use freehold_directory::{OrganizationId, ProvisioningLog, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Insertion, Row, Value};

const COLUMNS: &str = "organization_id, id, at, token_id, method, target, resource_id, status, \
                       detail, fix, duration_ms, body";
const WIDTH: usize = 12;

static ENTRIES: Insertion = Insertion::new(
    "provisioning_log",
    &[
        "organization_id",
        "id",
        "at",
        "token_id",
        "method",
        "target",
        "resource_id",
        "status",
        "detail",
        "fix",
        "duration_ms",
        "body",
    ],
);

/// Ids are small hexadecimal digits and hyphens: all of them sort before this.
const AFTER_ALL: &str = "g";

fn read(row: &Row) -> StoreResult<LoggedEntry> {
    Ok(LoggedEntry {
        id: row.text(1)?,
        entry: LogEntry {
            organization: row.parsed(0)?,
            at: row.time(2)?,
            token: row.parsed_optional(3)?,
            method: row.text(4)?,
            target: row.text(5)?,
            resource: row.get(6)?,
            status: u16::try_from(row.integer(7)?).or(Err(row::corrupt(7)))?,
            detail: row.get(8)?,
            fix: row.get(9)?,
            duration_ms: row.get(10)?,
            body: row.get(11)?,
        },
    })
}

fn values(logged: &LoggedEntry) -> [Value; WIDTH] {
    let LoggedEntry { id, entry } = logged;
    [
        row::id(entry.organization),
        Value::from(id.as_str()),
        row::time(entry.at),
        row::optional_id(entry.token),
        Value::from(entry.method.as_str()),
        Value::from(entry.target.as_str()),
        Value::from(entry.resource.as_deref()),
        row::number(entry.status.into()),
        Value::from(entry.detail.as_deref()),
        Value::from(entry.fix.as_deref()),
        row::number(entry.duration_ms),
        Value::from(entry.body.as_deref()),
    ]
}

/// In the words of the index `provisioning_refusals`, so that both engines find refusals by it.
fn condition(refused: bool) -> &'static str {
    if refused { " AND status >= 400" } else { "" }
}

impl ProvisioningLog for SqlStore<'_> {
    fn insert_log_entries(&mut self, entries: &[LoggedEntry]) -> StoreResult<()> {
        self.0.insert_all_later(&ENTRIES, entries.iter().flat_map(values).collect())
    }

    fn log_entries(
        &mut self,
        organization: OrganizationId,
        query: &LogQuery,
        limit: u32,
    ) -> StoreResult<Vec<LoggedEntry>> {
        let condition = condition(query.refused);
        let sql = format!(
            "SELECT {COLUMNS} FROM provisioning_log WHERE organization_id = $1 AND id > $2{condition} \
             ORDER BY id LIMIT $3"
        );
        let after = Value::from(query.after.as_deref().unwrap_or_default());
        row::all(self.0.query(&sql, &[row::id(organization), after, Value::from(limit)])?, read)
    }

    fn delete_log_before(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        // Ids begin with the time of writing, and the key finds them for each organization.
        let sql = "DELETE FROM provisioning_log WHERE (organization_id, id) IN \
                   (SELECT l.organization_id, l.id FROM organizations o JOIN provisioning_log l \
                   ON l.organization_id = o.id AND l.id < $1 LIMIT $2)";
        let kept = id_before(before.plus(Duration::from_millis(1)));
        self.0.execute(sql, &[Value::from(kept), Value::from(limit)])
    }

    fn log_entries_before(
        &mut self,
        organization: OrganizationId,
        before: Option<&str>,
        refused: bool,
        limit: u32,
    ) -> StoreResult<Vec<LoggedEntry>> {
        let condition = condition(refused);
        let sql = format!(
            "SELECT {COLUMNS} FROM provisioning_log WHERE organization_id = $1 AND id < $2{condition} \
             ORDER BY id DESC LIMIT $3"
        );
        let before = Value::from(before.unwrap_or(AFTER_ALL));
        row::all(self.0.query(&sql, &[row::id(organization), before, Value::from(limit)])?, read)
    }

    fn log_ids_after(
        &mut self,
        organization: OrganizationId,
        after: &str,
    ) -> StoreResult<Vec<String>> {
        let sql = "SELECT id FROM provisioning_log WHERE organization_id = $1 AND id > $2 \
                   ORDER BY id";
        let rows = self.0.query(sql, &[row::id(organization), Value::from(after)])?;
        row::all(rows, |row| row.text(0))
    }
}
