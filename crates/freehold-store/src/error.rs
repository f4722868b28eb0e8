//! Why a database could not be opened, in words that say what to do about it.
//!
//! What can go wrong afterwards is [`StoreError`], which belongs to the directory because the
//! domain has to act on it.

use std::path::PathBuf;

use crate::StoreError;

/// A database that cannot be opened. The message is meant for the person who starts the program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The address is neither SQLite nor PostgreSQL, or malformed. Never quotes the address, which
    /// may hold a password.
    #[error("the database address is not usable: {0}")]
    Address(String),
    /// The SQLite file cannot be used.
    #[error("the database file {} cannot be used: {reason}", path.display())]
    File {
        /// The file as configured.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The PostgreSQL server cannot be reached or refuses the connection.
    #[error("the PostgreSQL server {server} cannot be used: {reason}")]
    Server {
        /// Host, port and database, without user and password.
        server: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The database was written by a newer Freehold.
    #[error(
        "the database has schema version {found}, this program knows {known}: it was used by a \
         newer Freehold. Start that version, or restore a backup made before the upgrade"
    )]
    NewerSchema {
        /// The version found in the database.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The database has a step of the same number that is another step.
    #[error(
        "step {version} of the database schema is {found:?}, this program has {known:?}: the \
         database belongs to another line of Freehold. Start the program that made it"
    )]
    OtherHistory {
        /// The number of the step.
        version: i64,
        /// The name found in the database.
        found: String,
        /// The name this program has.
        known: String,
    },
    /// A step of the schema failed; it was undone, earlier steps stand.
    #[error(
        "bringing the database schema to version {version} ({name}) failed and was undone: {cause}"
    )]
    Migration {
        /// The number of the step.
        version: i64,
        /// The name of the step.
        name: &'static str,
        /// What the engine said.
        cause: StoreError,
    },
    /// The engine failed before the database was ready.
    #[error(transparent)]
    Store(#[from] StoreError),
}
