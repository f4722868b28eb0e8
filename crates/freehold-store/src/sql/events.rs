//! The audit trail.

use freehold_directory::events::{Event, EventId, EventKind, RecordedEvent};
use freehold_directory::{Events, OrganizationId, StoreResult};

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

impl Events for SqlStore<'_> {
    fn insert_event(&mut self, recorded: &RecordedEvent) -> StoreResult<()> {
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
        ];
        self.0.insert_later(&EVENTS, values)
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
