//! Bringing the schema up to date when a database is opened.
//!
//! Each step runs in a transaction of its own together with its row in `schema_migrations`, under
//! a lock that keeps out every other program (BEGIN IMMEDIATE on SQLite, an advisory lock on
//! PostgreSQL). What is still to do is read under that lock, so two programs that start at once
//! share the work.

use crate::{OpenError, StoreError};

/// One numbered step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its number: 1, 2, 3, .. without gaps.
    pub version: i64,
    /// Its name, as in the file name.
    pub name: &'static str,
    /// The statements, separated by semicolons; `DOUBLE PRECISION` suits both engines. What they spell
    /// differently: `{collate}` stands for the byte-wise collation, and `{clustered}` after a table of
    /// small rows has SQLite keep them in the primary key itself instead of beside it.
    pub sql: &'static str,
}

impl Migration {
    /// The statements as an engine spells them.
    pub(crate) fn sql_for(&self, collate: &str, clustered: &str) -> String {
        self.sql.replace("{collate}", collate).replace("{clustered}", clustered)
    }
}

/// The table that remembers which steps were taken.
pub(crate) const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations \
     (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)";
/// All steps taken, oldest first.
pub(crate) const APPLIED: &str = "SELECT version, name FROM schema_migrations ORDER BY version";
/// One more step taken.
pub(crate) const RECORD: &str = "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)";

/// A step that a database has behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    /// Its number.
    pub(crate) version: i64,
    /// Its name.
    pub(crate) name: String,
}

/// What an engine must be able to do to be brought up to date.
pub(crate) trait Migrating {
    /// Opens a transaction that keeps every other program from migrating, and answers which steps
    /// the database has behind it.
    fn begin(&mut self) -> Result<Vec<Applied>, StoreError>;
    /// Takes a step and records it.
    fn take(&mut self, step: &Migration) -> Result<(), StoreError>;
    /// Keeps the transaction.
    fn commit(&mut self) -> Result<(), StoreError>;
    /// Undoes the transaction.
    fn roll_back(&mut self);
}

/// Takes every step of `known` that the database does not have behind it.
pub(crate) fn bring_up_to_date(
    engine: &mut dyn Migrating,
    known: &[Migration],
) -> Result<(), OpenError> {
    loop {
        let applied = engine.begin()?;
        let step = match next_step(known, &applied) {
            Ok(Some(step)) => step,
            Ok(None) => return Ok(engine.commit()?),
            Err(refusal) => {
                engine.roll_back();
                return Err(refusal);
            }
        };
        if let Err(cause) = engine.take(step).and_then(|()| engine.commit()) {
            engine.roll_back();
            return Err(OpenError::Migration { version: step.version, name: step.name, cause });
        }
        tracing::info!(version = step.version, name = step.name, "database schema step taken");
    }
}

fn next_step<'m>(
    known: &'m [Migration],
    applied: &[Applied],
) -> Result<Option<&'m Migration>, OpenError> {
    for (behind, step) in applied.iter().zip(known) {
        if behind.version != step.version || behind.name != step.name {
            return Err(OpenError::OtherHistory {
                version: behind.version,
                found: behind.name.clone(),
                known: step.name.to_owned(),
            });
        }
    }
    match applied.get(known.len()) {
        None => Ok(known.get(applied.len())),
        Some(_) => Err(OpenError::NewerSchema {
            found: applied.last().map_or(0, |last| last.version),
            known: known.last().map_or(0, |last| last.version),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations;

    const KNOWN: &[Migration] = &[
        Migration { version: 1, name: "first", sql: "" },
        Migration { version: 2, name: "second", sql: "" },
    ];

    fn applied(names: &[&str]) -> Vec<Applied> {
        let row = |(version, name): (i64, &&str)| Applied { version, name: (*name).to_owned() };
        (1..).zip(names).map(row).collect()
    }

    #[test]
    fn the_next_step_is_the_first_one_not_taken() {
        let next = |names| next_step(KNOWN, &applied(names)).unwrap().map(|step| step.version);
        assert_eq!(next(&[]), Some(1));
        assert_eq!(next(&["first"]), Some(2));
        assert_eq!(next(&["first", "second"]), None);
    }

    #[test]
    fn a_newer_schema_is_refused_with_both_numbers() {
        let refusal = next_step(KNOWN, &applied(&["first", "second", "third"])).unwrap_err();
        assert!(matches!(refusal, OpenError::NewerSchema { found: 3, known: 2 }));
    }

    #[test]
    fn a_step_of_another_name_is_refused() {
        let refusal = next_step(KNOWN, &applied(&["first", "other"])).unwrap_err();
        assert!(matches!(refusal, OpenError::OtherHistory { version: 2, .. }));
    }

    #[test]
    fn the_steps_of_the_schema_are_numbered_without_gaps() {
        let versions: Vec<i64> = migrations::ALL.iter().map(|step| step.version).collect();
        let expected: Vec<i64> = (1..).take(versions.len()).collect();
        assert_eq!(versions, expected);
    }
}
