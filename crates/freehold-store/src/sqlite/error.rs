//! SQLite's result codes in the words of [`StoreError`].

use rusqlite::{Error, ErrorCode, ffi};

use crate::StoreError;

/// What an error means to the caller. A unique violation carries SQLite's own words here (its
/// columns); `conflict` puts the name of the index in their place.
pub(super) fn translate(error: &Error) -> StoreError {
    match error {
        Error::SqliteFailure(code, words) => {
            from_code(*code, words.as_deref().unwrap_or("no further words"))
        }
        Error::SqlInputError { error, msg, .. } => from_code(*error, msg),
        Error::Utf8Error(..) => StoreError::Corrupt("a text is not UTF-8".to_owned()),
        other => StoreError::Other(other.to_string()),
    }
}

fn from_code(code: ffi::Error, words: &str) -> StoreError {
    match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => {
            return StoreError::Conflict { constraint: words.to_owned() };
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return StoreError::MissingReference,
        _ => {}
    }
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Unavailable(format!(
            "another program holds a lock on the database file; end it or wait for it (code {})",
            code.extended_code
        )),
        ErrorCode::DiskFull => StoreError::DiskFull,
        ErrorCode::ReadOnly => StoreError::ReadOnly,
        ErrorCode::OperationInterrupted => StoreError::TimedOut,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Corrupt(words.to_owned())
        }
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure => {
            StoreError::Unavailable(format!(
                "the operating system refuses to read or write the file ({words}, code {}); check \
                 the disk and the rights",
                code.extended_code
            ))
        }
        ErrorCode::OutOfMemory => StoreError::Unavailable("memory is exhausted".to_owned()),
        _ => StoreError::Other(format!("{words} (code {})", code.extended_code)),
    }
}
