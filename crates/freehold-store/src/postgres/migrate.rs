//! Schema steps on PostgreSQL.

use std::time::Duration;

use super::{
    Address,
    client::Client,
    connection::check_server,
    error::{advice, translate},
};
use crate::{
    Migration, OpenError, StoreError, Value,
    migrate::{APPLIED, Applied, Migrating, RECORD, VERSION_TABLE, bring_up_to_date},
};

/// Held while migrating, so that two programs take turns. The number is "freehold" in ASCII; locks
/// of this kind are private to a database.
const LOCK: i64 = 0x6672_6565_686f_6c64;

/// What a step of the schema takes on a great database, and another program that is at it.
const LONGEST_STEP: Duration = Duration::from_secs(3_600);

/// Connects, checks the server and takes the steps it lacks.
pub(super) fn run(address: &Address, steps: &[Migration]) -> Result<(), OpenError> {
    let refuse = |reason| OpenError::Server { server: address.shown.clone(), reason };
    let mut client =
        Client::connect(address, LONGEST_STEP).map_err(|error| refuse(advice(&error)))?;
    check_server(&mut client).map_err(refuse)?;
    bring_up_to_date(&mut Migrator { client }, steps).map_err(|error| {
        match error {
        OpenError::Store(StoreError::ReadOnly) => refuse(
            "it is read-only (a standby?); name the primary, or add target_session_attrs=read-write"
                .to_owned(),
        ),
        OpenError::Store(cause) => refuse(cause.to_string()),
        other => other,
    }
    })
}

struct Migrator {
    client: Client,
}

impl Migrator {
    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch(sql).map_err(|error| translate(&error))
    }

    fn applied(&mut self) -> Result<Vec<Applied>, tokio_postgres::Error> {
        self.client.batch("BEGIN")?;
        self.client.batch(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
        // Only when it has to be made: a user who may not make tables can serve.
        // Another program's of the same name may stand further down the search path.
        let row = self.client.query_text(
            "SELECT to_regclass(quote_ident(current_schema()) || '.schema_migrations') IS NULL",
        )?;
        if row.get(0) {
            self.client.batch(VERSION_TABLE)?;
        }
        let applied = self.client.prepare(APPLIED)?;
        let rows = self.client.query(&applied, &[])?;
        Ok(rows.iter().map(|row| Applied { version: row.get(0), name: row.get(1) }).collect())
    }
}

impl Migrating for Migrator {
    fn begin(&mut self) -> Result<Vec<Applied>, StoreError> {
        self.applied().map_err(|error| {
            self.roll_back();
            translate(&error)
        })
    }

    fn take(&mut self, step: &Migration) -> Result<(), StoreError> {
        self.batch(&step.sql_for("COLLATE \"C\"", ""))?;
        let values = [Value::Integer(step.version), Value::from(step.name)];
        self.client
            .prepare(RECORD)
            .and_then(|record| self.client.execute(&record, &values))
            .map(drop)
            .map_err(|error| translate(&error))
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.batch("COMMIT")
    }

    fn roll_back(&mut self) {
        if let Err(error) = self.batch("ROLLBACK") {
            tracing::error!(%error, "a rollback failed");
        }
    }
}
