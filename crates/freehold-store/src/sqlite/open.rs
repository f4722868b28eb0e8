//! Opening the file, and saying what to do when that fails.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{
    Connection, Error, ErrorCode, OpenFlags,
    config::DbConfig,
    ffi::{SQLITE_CANTOPEN, SQLITE_READONLY},
};

use super::error::translate;
use crate::{OpenError, StoreError};

/// Statements kept prepared by each connection.
const CACHED_STATEMENTS: usize = 512;
/// The write-ahead log is cut back to this when it starts over, having grown under a long read.
const LOG_LIMIT_BYTES: u32 = 96 << 20;
/// Page cache of a connection. A greater one makes writes dearer: SQLite looks through all of it at each commit that has
/// split a page (it parks one for a moment at the place of the lock byte, and clears away whatever lies behind the end).
const CACHE_KIB: i32 = 16 << 10;
/// How often a lock held by another program is tried again. Short, because a busy server frees it
/// between two batches for a moment only.
const LOCK_POLL: Duration = Duration::from_millis(1);

/// Makes the file if it is not there, readable by its owner only, and says what is in the way.
pub(super) fn prepare_file(path: &Path) -> Result<(), OpenError> {
    if path.is_dir() {
        return Err(refusal(path, "it is a folder; name a file in it"));
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        // Only SQLite may open a file that it may have open already: on POSIX, closing it again would
        // let go of every lock that this program holds on it.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            warn_if_open_to_others(path);
            Ok(())
        }
        Err(error) => Err(refusal(path, &advice(&error))),
    }
}

/// A backup that was put back may have come with the rights of a common file.
fn warn_if_open_to_others(path: &Path) {
    #[cfg(unix)]
    if let Ok(file) = fs::metadata(path)
        && std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o007 != 0
    {
        let file = path.display();
        tracing::warn!(%file, "every user of this machine may read the database; chmod 600 it");
    }
}

fn advice(error: &io::Error) -> String {
    let what_to_do = match error.kind() {
        ErrorKind::NotFound => "its folder does not exist; create it or correct the path",
        ErrorKind::NotADirectory => "a part of its path is not a folder; correct the path",
        ErrorKind::PermissionDenied => {
            "this user may not write it; correct the owner of the file and of its folder"
        }
        ErrorKind::ReadOnlyFilesystem => "it lies on a read-only file system; remount or move it",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full; free some space",
        _ => "the operating system refuses it",
    };
    format!("{what_to_do} ({error})")
}

fn refusal(path: &Path, reason: &str) -> OpenError {
    OpenError::File { path: path.to_path_buf(), reason: reason.to_owned() }
}

/// Says what to do about an engine error that comes while the file is opened or migrated.
pub(super) fn explain(error: OpenError, path: &Path) -> OpenError {
    let OpenError::Store(cause) = error else { return error };
    let reason = match cause {
        StoreError::Corrupt(_) => {
            "it is not an SQLite database, or damaged; restore a backup or name another file"
                .to_owned()
        }
        StoreError::ReadOnly => {
            "it is read-only; correct the rights of the file, of the -wal and -shm files beside it \
             and of their folder"
                .to_owned()
        }
        StoreError::DiskFull => "the disk is full; free some space".to_owned(),
        other => other.to_string(),
    };
    refusal(path, &reason)
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reads and writes.
    Write,
    /// Reads only; a write is refused by SQLite itself.
    Read,
    /// Changes the schema: foreign keys are checked at the end of each step instead of during it.
    Migrate,
    /// Copies the write-ahead log into the file, nothing else.
    Copy,
}

/// Opens a connection and sets it up.
pub(super) fn connect(
    path: &Path,
    purpose: Purpose,
    lock_timeout: Duration,
) -> Result<Connection, OpenError> {
    // Without SQLITE_OPEN_URI: a path is a path, whatever it is spelled like. Without a mutex of
    // its own: a connection lives on one thread.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|mut connection| {
        // SQLite opens what it may not write for reading only, without a word.
        if connection.is_readonly("main")? {
            return Err(failure(SQLITE_READONLY, "it may not be written"));
        }
        set_up(&mut connection, purpose, lock_timeout)?;
        Ok(connection)
    });
    opened.map_err(|error| explain(translate(&error).into(), path))
}

fn set_up(
    connection: &mut Connection,
    purpose: Purpose,
    lock_timeout: Duration,
) -> rusqlite::Result<()> {
    wait_for_locks(connection, lock_timeout)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Plans never depend on values ("query planner stability guarantee"). Without it, a statement whose
    // parameter the planner has looked at (`LIMIT $1` is enough) is prepared anew at every run.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // "x" is a column, as on PostgreSQL, and never silently the text 'x'.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // The schema of a file that somebody else touched can run nothing but plain SQL.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    set_journal(connection, lock_timeout)?;
    // FULL: with the write-ahead log, each commit waits for the disk (NORMAL would not).
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT_BYTES)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What is deleted is overwritten: SQLite would only mark its place free, in the file and in
    // every backup.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", purpose != Purpose::Migrate)?;
    connection.pragma_update(None, "query_only", purpose == Purpose::Read)
}

fn wait_for_locks(connection: &mut Connection, lock_timeout: Duration) -> rusqlite::Result<()> {
    let most = lock_timeout.as_millis() / LOCK_POLL.as_millis();
    connection.busy_handler(Some(move |tried: i32| {
        std::thread::sleep(LOCK_POLL);
        u128::try_from(tried).is_ok_and(|tried| tried < most)
    }))
}

/// Switches to the write-ahead log. SQLite does not wait for other programs while it switches, so
/// that two programs that make the same file at once would fail: wait here.
fn set_journal(connection: &Connection, lock_timeout: Duration) -> rusqlite::Result<()> {
    let mut tries = lock_timeout.as_millis() / LOCK_POLL.as_millis();
    loop {
        let answer = connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match answer {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(no_log(&mode)),
            Err(error) if tries == 0 || !is_busy(&error) => {
                return Err(error);
            }
            Err(_) => {
                tries -= 1;
                std::thread::sleep(LOCK_POLL);
            }
        }
    }
}

fn is_busy(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

fn no_log(mode: &str) -> Error {
    let words = format!(
        "the write-ahead log cannot be used here (journal mode {mode}); use a local disk, not a \
         network file system"
    );
    failure(SQLITE_CANTOPEN, &words)
}

fn failure(code: i32, words: &str) -> Error {
    Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some(words.to_owned()))
}

/// Which file was opened, to notice when it is moved away under a running program: SQLite goes on
/// writing to the file that no longer has a name, and all of it is lost at the next start.
pub(crate) struct FileIdentity {
    path: PathBuf,
    number: Option<(u64, u64)>,
    /// To be closed after every connection: on POSIX, closing it lets go of every lock that this program holds on it.
    file: File,
}

impl FileIdentity {
    pub(super) fn of(path: &Path) -> Result<Self, OpenError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|error| refusal(path, &advice(&error)))?;
        Ok(Self { path: path.to_path_buf(), number: number_of(path), file })
    }

    /// Waits until all that was written to the file is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// An error when the path names another file now, or none.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if number_of(&self.path) == self.number {
            return Ok(());
        }
        Err(StoreError::Unavailable(format!(
            "the database file {} was moved or replaced while open; put it back or restart",
            self.path.display()
        )))
    }
}

#[cfg(unix)]
fn number_of(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn number_of(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|_| (0, 0))
}
