//! PostgreSQL's error codes in the words of [`StoreError`].
//!
//! Only the code and the main message are passed on. The detail ("Key (user_name)=(..) already
//! exists") is people's data and stays out of logs.

use std::{error::Error as _, io};

use tokio_postgres::{Error, error::SqlState};

use super::Address;
use crate::StoreError;

/// What an error of a statement means to the caller.
pub(super) fn translate(error: &Error) -> StoreError {
    let Some(db) = error.as_db_error() else { return without_code(error) };
    match db.code() {
        &SqlState::UNIQUE_VIOLATION => {
            StoreError::Conflict { constraint: db.constraint().unwrap_or("unknown").to_owned() }
        }
        &SqlState::FOREIGN_KEY_VIOLATION => StoreError::MissingReference,
        &SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly,
        &SqlState::INSUFFICIENT_PRIVILEGE => StoreError::Other(format!(
            "{}; let the user own the database, or bring the schema up to date as its owner and grant \
             the user SELECT, INSERT, UPDATE and DELETE on all tables",
            describe(error)
        )),
        &SqlState::DISK_FULL => StoreError::DiskFull,
        &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => {
            StoreError::Corrupt(describe(error))
        }
        &SqlState::QUERY_CANCELED => StoreError::TimedOut,
        &SqlState::T_R_SERIALIZATION_FAILURE
        | &SqlState::T_R_DEADLOCK_DETECTED
        | &SqlState::LOCK_NOT_AVAILABLE => StoreError::Busy,
        // Classes 08 (connection), 53 (resources) and 57 (operator intervention).
        code if ["08", "53", "57"].iter().any(|class| code.code().starts_with(class)) => {
            StoreError::Unavailable(describe(error))
        }
        _ => StoreError::Other(describe(error)),
    }
}

fn without_code(error: &Error) -> StoreError {
    if is_broken_line(error) {
        StoreError::Unavailable(format!("the connection was lost ({})", describe(error)))
    } else {
        StoreError::Other(describe(error))
    }
}

/// Whether the same job may succeed if it simply runs again.
pub(super) fn is_collision(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
    )
}

/// Whether prepared statements are out of date: the schema changed ("cached plan must not change
/// result type"), or somebody between here and the server discarded them.
pub(super) fn is_stale_statement(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::FEATURE_NOT_SUPPORTED | &SqlState::INVALID_SQL_STATEMENT_NAME)
    )
}

/// Whether another connection might do better: this one is gone, or leads to a server that has
/// become a standby.
pub(super) fn is_lost(error: &Error) -> bool {
    let code = error.code().map_or("", SqlState::code);
    is_broken_line(error) || code.starts_with("08") || code.starts_with("57P")
}

fn is_broken_line(error: &Error) -> bool {
    error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<io::Error>)
}

/// The message and the code, without the values.
pub(super) fn describe(error: &Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} (code {})", db.message(), db.code().code()),
        None => {
            error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
        }
    }
}

/// Why no connection could be made.
pub(super) enum ConnectError {
    /// The operating system has nothing left to make one with.
    System(io::Error),
    /// The server took the connection and said nothing.
    Silence,
    /// The server, or the way there.
    Server(Error),
}

impl From<io::Error> for ConnectError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Error> for ConnectError {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

/// Why no connection could be made, and what to do.
pub(super) fn unreachable(address: &Address, error: &ConnectError) -> StoreError {
    StoreError::Unavailable(format!("{}: {}", address.shown, advice(error)))
}

/// What went wrong while connecting, and what to do.
pub(super) fn advice(error: &ConnectError) -> String {
    let error = match error {
        ConnectError::Server(error) => error,
        ConnectError::Silence => {
            return "it takes connections and does not answer; see whether the server hangs, or \
                    what stands between"
                .to_owned();
        }
        ConnectError::System(error) => return format!("the operating system refuses it ({error})"),
    };
    let what_to_do = match error.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            "correct user and password in the address, or the server's pg_hba.conf"
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => "create the database with CREATE DATABASE",
        Some(&SqlState::TOO_MANY_CONNECTIONS) => {
            "a server takes eight; raise max_connections of the server, or the CONNECTION LIMIT of \
             the user or the database"
        }
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => "give the user the rights on the database",
        Some(_) => "see the log of the PostgreSQL server",
        None if describe(error).contains("certificate") => {
            "name the authority that signed the server's certificate by sslrootcert=FILE in the \
             address, and the server as the certificate does"
        }
        None => "check host and port, and that the server runs and is reachable from here",
    };
    format!("{}; {what_to_do}", describe(error))
}
