//! Schema steps on SQLite.

use std::path::Path;

use rusqlite::Connection;

use super::{
    error::translate,
    open::{Purpose, connect},
};
use crate::{
    DatabaseConfig, Migration, OpenError, StoreError,
    migrate::{APPLIED, Applied, Migrating, RECORD, VERSION_TABLE},
};

pub(super) struct Migrator {
    connection: Connection,
}

impl Migrator {
    pub(super) fn open(path: &Path, config: &DatabaseConfig) -> Result<Self, OpenError> {
        let connection = connect(path, Purpose::Migrate, config.lock_timeout)?;
        let migrator = Self { connection };
        migrator.refuse_foreign_file(path)?;
        Ok(migrator)
    }

    /// A path typed wrongly must not plant tables in another program's database.
    fn refuse_foreign_file(&self, path: &Path) -> Result<(), OpenError> {
        let tables = "SELECT count(*), coalesce(sum(name = 'schema_migrations'), 0) \
             FROM sqlite_schema WHERE type = 'table'";
        let (all, ours): (i64, i64) = self
            .connection
            .query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(|error| translate(&error))?;
        if all > 0 && ours == 0 {
            return Err(OpenError::File {
                path: path.to_path_buf(),
                reason: "it is the database of another program; name another file".to_owned(),
            });
        }
        Ok(())
    }

    fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(|error| translate(&error))
    }

    fn applied(&self) -> rusqlite::Result<Vec<Applied>> {
        self.connection.execute_batch(VERSION_TABLE)?;
        let mut steps = self.connection.prepare(APPLIED)?;
        let rows =
            steps.query_map([], |row| Ok(Applied { version: row.get(0)?, name: row.get(1)? }))?;
        rows.collect()
    }

    /// Foreign keys are off while the schema changes (a table may be rebuilt under its references)
    /// and checked before the step is kept: <https://www.sqlite.org/lang_altertable.html> section 7.
    fn check_references(&self) -> Result<(), StoreError> {
        let broken = self
            .connection
            .prepare("PRAGMA foreign_key_check")
            .and_then(|mut check| check.exists([]))
            .map_err(|error| translate(&error))?;
        if broken { Err(StoreError::MissingReference) } else { Ok(()) }
    }
}

impl Migrating for Migrator {
    fn begin(&mut self) -> Result<Vec<Applied>, StoreError> {
        self.batch("BEGIN IMMEDIATE")?;
        self.applied().map_err(|error| {
            self.roll_back();
            translate(&error)
        })
    }

    fn take(&mut self, step: &Migration) -> Result<(), StoreError> {
        self.batch(&step.sql_for("COLLATE BINARY", "WITHOUT ROWID"))?;
        self.connection
            .execute(RECORD, (step.version, step.name))
            .map_err(|error| translate(&error))?;
        self.check_references()
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.batch("COMMIT")
    }

    fn roll_back(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.batch("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }
}
