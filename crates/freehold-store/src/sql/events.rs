//! The audit trail.

use freehold_directory::audit::{Audited, ChainHash, Entry, Head, Told};
use freehold_directory::events::{Event, EventId, EventKind, RecordedEvent};
use freehold_directory::{Events, OrganizationId, StoreError, StoreResult};
use freehold_scim::render::date_time;

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Insertion, Row, Value};

static EVENTS: Insertion = Insertion::new(
    "events",
    &[
        "id",
        "at",
        "kind",
        "organization_id",
        "user_id",
        "token_id",
        "connection_id",
        "detail",
        "client_id",
        "seq",
        "hash",
    ],
);

fn read(row: &Row) -> StoreResult<RecordedEvent> {
    Ok(RecordedEvent {
        id: EventId::from_text(row.text(0)?),
        at: row.time(1)?,
        event: Event {
            kind: EventKind::from_name(&row.text(2)?).ok_or_else(|| corrupt(2))?,
            organization: row.parsed(3)?,
            user: row.parsed_optional(4)?,
            token: row.parsed_optional(5)?,
            connection: row.parsed_optional(6)?,
            detail: row.get(7)?,
            client: row.parsed_optional(8)?,
        },
    })
}

const AUDITED: &str = "SELECT organization_id, id, at, kind, user_id, token_id, client_id, \
                       connection_id, detail, seq, hash FROM events WHERE organization_id = $1";

/// The same with names. Ids of another organization, which only tampering brings in, stay without one.
const TOLD: &str = "SELECT e.organization_id, e.id, e.at, e.kind, e.user_id, e.token_id, \
                    e.client_id, e.connection_id, e.detail, e.seq, e.hash, u.user_name, \
                    coalesce(c.description, t.description), n.name FROM events e \
                    LEFT JOIN users u ON u.id = e.user_id \
                    AND u.organization_id = e.organization_id AND u.purged_at IS NULL \
                    LEFT JOIN scim_tokens t ON t.id = e.token_id \
                    AND t.organization_id = e.organization_id \
                    LEFT JOIN scim_clients c ON c.id = coalesce(e.client_id, t.client_id) \
                    AND c.organization_id = e.organization_id \
                    LEFT JOIN connections n ON n.id = e.connection_id \
                    AND n.organization_id = e.organization_id \
                    WHERE e.organization_id = $1 AND e.id < $2 ORDER BY e.id DESC LIMIT $3";

/// Ids are small hexadecimal digits and hyphens: all of them sort before this.
const AFTER_ALL: &str = "g";

/// Reads what is there, whatever it is: telling what was tampered with is not this function's.
fn read_audited(row: &Row) -> StoreResult<Audited> {
    let hash = row.get::<Option<[u8; 32]>>(10)?.map_or(ChainHash::START, ChainHash::from_bytes);
    let seq: Option<u64> = row.get(9)?;
    Ok(Audited {
        entry: Entry {
            organization: row.text(0)?,
            id: row.text(1)?,
            at: date_time(row.get(2)?),
            kind: row.text(3)?,
            user: row.get(4)?,
            token: row.get(5)?,
            client: row.get(6)?,
            connection: row.get(7)?,
            detail: row.get(8)?,
        },
        head: seq.map(|seq| Head { seq, hash }),
    })
}

impl SqlStore<'_> {
    /// Moves the end of a chain by one. Two nodes that do it at once collide, and one of them runs its job again.
    fn put_audit_head(&mut self, organization: OrganizationId, head: Head) -> StoreResult<()> {
        let sql = "INSERT INTO audit_heads (organization_id, seq, hash) VALUES ($1, $2, $3) \
                   ON CONFLICT (organization_id) DO UPDATE SET seq = excluded.seq, \
                   hash = excluded.hash WHERE audit_heads.seq = excluded.seq - 1";
        let hash = Value::from(head.hash.as_bytes());
        let values = [row::id(organization), row::number(head.seq), hash];
        if self.0.execute(sql, &values)? == 1 {
            return Ok(());
        }
        Err(StoreError::Corrupt("the end of an audit chain is not where it was read".to_owned()))
    }
}

impl Events for SqlStore<'_> {
    fn insert_event(&mut self, recorded: &RecordedEvent, head: Option<Head>) -> StoreResult<()> {
        let event = &recorded.event;
        let values = vec![
            Value::from(recorded.id.as_str()),
            row::time(recorded.at),
            Value::from(event.kind.as_str()),
            row::id(event.organization),
            row::optional_id(event.user),
            row::optional_id(event.token),
            row::optional_id(event.connection),
            Value::from(event.detail.as_deref()),
            row::optional_id(event.client),
            head.map_or(Value::Null, |head| row::number(head.seq)),
            Value::from(head.map(|head| *head.hash.as_bytes())),
        ];
        let Some(head) = head else { return self.0.insert_later(&EVENTS, values) };
        // First: on PostgreSQL it is what two writers collide at, so that one of them runs again.
        self.put_audit_head(event.organization, head)?;
        match self.0.execute(EVENTS.one(), &values) {
            Err(StoreError::Conflict { constraint }) if constraint == "events_in_chain" => {
                Err(StoreError::Corrupt("an audit chain has events after its end".to_owned()))
            }
            written => written.map(drop),
        }
    }

    fn audit_head(&mut self, organization: OrganizationId) -> StoreResult<Head> {
        let sql = "SELECT seq, hash FROM audit_heads WHERE organization_id = $1";
        let found = self.0.query_optional(sql, &[row::id(organization)])?;
        let read = |row: Row| {
            let hash = ChainHash::from_bytes(row.get(1)?);
            Ok(Head { seq: row.get(0)?, hash })
        };
        found.map_or(Ok(Head::START), read)
    }

    fn chained_events(
        &mut self,
        organization: OrganizationId,
        after: u64,
        limit: u32,
    ) -> StoreResult<Vec<Audited>> {
        let sql = format!("{AUDITED} AND seq > $2 ORDER BY seq LIMIT $3");
        let values = [row::id(organization), row::number(after), Value::from(limit)];
        row::all(self.0.query(&sql, &values)?, read_audited)
    }

    fn audited_events(
        &mut self,
        organization: OrganizationId,
        after: &str,
        limit: u32,
    ) -> StoreResult<Vec<Audited>> {
        let sql = format!("{AUDITED} AND id > $2 ORDER BY id LIMIT $3");
        let values = [row::id(organization), Value::from(after), Value::from(limit)];
        row::all(self.0.query(&sql, &values)?, read_audited)
    }

    fn told_events(
        &mut self,
        organization: OrganizationId,
        before: Option<&str>,
        limit: u32,
    ) -> StoreResult<Vec<Told>> {
        let before = Value::from(before.unwrap_or(AFTER_ALL));
        let values = [row::id(organization), before, Value::from(limit)];
        row::all(self.0.query(TOLD, &values)?, |row| {
            Ok(Told {
                event: read_audited(row)?,
                user_name: row.get(11)?,
                credential: row.get(12)?,
                connection: row.get(13)?,
            })
        })
    }

    fn events(
        &mut self,
        organization: OrganizationId,
        after: Option<&EventId>,
        limit: u32,
    ) -> StoreResult<Vec<RecordedEvent>> {
        let sql = "SELECT id, at, kind, organization_id, user_id, token_id, connection_id, \
                   detail, client_id FROM events WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        let after = Value::from(after.map_or("", EventId::as_str));
        row::all(self.0.query(sql, &[row::id(organization), after, Value::from(limit)])?, read)
    }
}
