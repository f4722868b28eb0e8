//! Bringing the write-ahead log back into the database file, beside the writer.
//!
//! SQLite would do it inside a COMMIT, while every writer waits. Here a thread of its own copies the
//! pages while the writer goes on; the writer itself copies only the few that came meanwhile, between
//! two transactions. After that nothing is left to copy and the log starts over at its beginning.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};

use super::{
    error::translate,
    open::{FileIdentity, Purpose, connect},
};
use crate::{DatabaseConfig, OpenError, StoreError};

/// The log is copied from this length on (64 MiB). A page that was written often meanwhile is copied
/// once.
const LONG_PAGES: u32 = 16 << 10;
/// How much further it grows before the next try, where somebody still reads from it.
const STEP_PAGES: u32 = 1 << 10;
/// After a round that had to copy so few pages (1 MiB) the rest is left to the writer.
const REST_PAGES: i64 = 256;
/// A database of so many pages (128 MiB) is written anew within a second, in memory.
const SHORT_PAGES: i64 = 32 << 10;
/// How long emptying the log waits for readers, while no writer can write.
const SCRUB_PATIENCE: Duration = Duration::from_millis(250);
/// How often it is tried.
const SCRUB_TRIES: usize = 20;
/// How often the thread goes after what came meanwhile.
const ROUNDS: usize = 8;

/// The writer's view of its log.
pub(super) struct Log {
    /// Its length after the last commit.
    pages: Arc<AtomicU32>,
    /// Its length before that.
    last: u32,
    /// The length from which on it is to be copied.
    due: u32,
    /// Set by the thread: little is left.
    copied: Arc<AtomicBool>,
    wake: SyncSender<()>,
}

/// The thread's half.
pub(super) struct Copier {
    connection: Connection,
    file: Arc<FileIdentity>,
    copied: Arc<AtomicBool>,
    awake: Receiver<()>,
}

/// Takes the log of a writer's connection out of SQLite's own care.
pub(super) fn look_after(
    writer: &mut Connection,
    file: &Arc<FileIdentity>,
    config: &DatabaseConfig,
) -> Result<(Log, Copier), OpenError> {
    let connection = connect(file.path(), Purpose::Copy, config.lock_timeout)?;
    let (wake, awake) = sync_channel(1);
    let copied = Arc::new(AtomicBool::new(false));
    let pages = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&pages);
    // Replaces the hook by which SQLite would copy the log within the commit.
    let hook = move |_: &mut rusqlite::hooks::Wal, pages: i32| {
        seen.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    };
    writer.wal_hook(Some(hook)).map_err(|error| translate(&error))?;
    let copier = Copier { connection, file: Arc::clone(file), copied: Arc::clone(&copied), awake };
    Ok((Log { pages, last: 0, due: LONG_PAGES, copied, wake }, copier))
}

impl Log {
    /// Between two transactions.
    pub(super) fn look_after(&mut self, writer: &Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.last {
            // It has started over.
            self.due = LONG_PAGES;
        }
        self.last = pages;
        if self.copied.swap(false, Ordering::Acquire) {
            if pages >= LONG_PAGES {
                copy(writer);
            }
            self.due = LONG_PAGES.max(pages.saturating_add(STEP_PAGES));
        } else if pages >= self.due && self.wake.try_send(()).is_ok() {
            self.due = u32::MAX;
        }
    }
}

impl Copier {
    /// Copies whenever it is woken, until the writer is gone.
    pub(super) fn run(self) {
        while self.awake.recv().is_ok() {
            go_after(|| {
                let copied = copy(&self.connection);
                self.bring_to_disk();
                copied
            });
            self.copied.store(true, Ordering::Release);
        }
    }

    /// SQLite waits for the disk only with the last page of the log, and that one is the writer's: it would wait for
    /// all that was copied.
    fn bring_to_disk(&self) {
        if let Err(error) = self.file.sync() {
            // The writer's own copy meets the same disk, and leaves the log as it is then.
            tracing::error!(%error, "what was copied out of the write-ahead log is not on the disk");
        }
    }
}

/// Copies until a round has found little to copy. What is left at its end is never known: SQLite copies what is there when
/// it begins, while the writer goes on. A round answers how many pages of the log are copied now.
fn go_after(mut round: impl FnMut() -> i64) {
    let mut before = 0;
    for _ in 0..ROUNDS {
        let copied = round();
        if copied - before <= REST_PAGES {
            break;
        }
        before = copied;
    }
}

/// Copies what no reader needs any more in the log, without waiting for anybody; answers how many
/// pages of it are copied now.
fn copy(connection: &Connection) -> i64 {
    let copied =
        connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)").and_then(|mut statement| {
            // Whether somebody else is at it, pages in the log as it was at the beginning, pages of them that are copied.
            statement.query_row([], |row| row.get(2))
        });
    copied.unwrap_or_else(|error| {
        tracing::error!(error = %translate(&error), "the write-ahead log could not be copied");
        0
    })
}

/// Destroys what the files still have of rows that were deleted.
///
/// A deleted row is overwritten (`secure_delete`), but not the copy that stayed behind when SQLite
/// moved it from a full page to the next: the database is written anew, as long as that is short.
/// The log's frames are old images of pages: it is cut to nothing.
///
/// # Errors
/// [`StoreError::Busy`] when somebody went on reading from the log, or writing, all the time.
pub(crate) fn scrub(file: &FileIdentity) -> Result<(), StoreError> {
    file.check()?;
    let connection = connect(file.path(), Purpose::Copy, SCRUB_PATIENCE).map_err(into_store)?;
    let mut anew = is_short(&connection).map_err(|error| translate(&error))?;
    if !anew {
        tracing::info!("the database is too long to be written anew; see docs/OPERATIONS.md");
    }
    for _ in 0..SCRUB_TRIES {
        if anew {
            anew = !is_done(connection.execute_batch("VACUUM"))?;
        }
        // Most of the work, without holding a writer up.
        copy(&connection);
        if !anew && is_emptied(&connection)? {
            return Ok(());
        }
        std::thread::sleep(SCRUB_PATIENCE);
    }
    Err(StoreError::Busy)
}

fn is_short(connection: &Connection) -> rusqlite::Result<bool> {
    let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    Ok(pages <= SHORT_PAGES)
}

/// Whether it was done; `false` when somebody was in the way.
fn is_done(outcome: rusqlite::Result<()>) -> Result<bool, StoreError> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
        Err(error) => Err(translate(&error)),
    }
}

fn is_emptied(connection: &Connection) -> Result<bool, StoreError> {
    let mut kept = true;
    let outcome = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        kept = row.get(0)?;
        Ok(())
    });
    Ok(is_done(outcome)? && !kept)
}

fn into_store(error: OpenError) -> StoreError {
    match error {
        OpenError::Store(error) => error,
        other => StoreError::Unavailable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many rounds there are when they answer this, one after another.
    fn rounds(answers: &[i64]) -> usize {
        let mut rounds = 0;
        go_after(|| {
            rounds += 1;
            answers[rounds - 1]
        });
        rounds
    }

    #[test]
    fn rounds_go_on_while_the_writer_adds_much() {
        assert_eq!(rounds(&[16_400, 18_000, 18_400, 18_500, 0]), 4);
        // Somebody still reads from the log, or nothing was written.
        assert_eq!(rounds(&[9_000, 9_000, 0]), 2);
        assert_eq!(rounds(&[0, 0]), 1);
        // The log has started over in between.
        assert_eq!(rounds(&[16_400, 100, 0]), 2);
    }

    #[test]
    fn a_writer_who_is_never_caught_up_with_does_not_keep_the_thread_for_ever() {
        let ever_longer: Vec<i64> = (1..100).map(|round| round * 10_000).collect();
        assert_eq!(rounds(&ever_longer), ROUNDS);
    }
}
