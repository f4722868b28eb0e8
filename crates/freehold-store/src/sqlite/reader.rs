//! A reader thread: one read transaction a job, with a deadline.

use std::{path::Path, sync::Arc, time::Duration};

use rusqlite::Connection;

use super::{
    error::translate,
    open::{Purpose, connect},
    tx::SqliteTx,
};
use crate::{
    DatabaseConfig, OpenError, StoreError,
    deadline::Deadline,
    job::{BoxedJob, Job, Verdict},
    queue::Queue,
};

/// The deadline is looked at about every so many steps of SQLite's virtual machine (well below a
/// millisecond).
const STEPS_BETWEEN_CHECKS: i32 = 4_000;

pub(super) struct Reader {
    connection: Connection,
    deadline: Arc<Deadline>,
}

impl Reader {
    /// A reader whose jobs may take `allowed` each.
    pub(super) fn open(
        path: &Path,
        config: &DatabaseConfig,
        allowed: Duration,
    ) -> Result<Self, OpenError> {
        let mut connection = connect(path, Purpose::Read, config.lock_timeout)?;
        let deadline = Arc::new(Deadline::new(allowed));
        let watched = Arc::clone(&deadline);
        connection
            .progress_handler(STEPS_BETWEEN_CHECKS, Some(move || watched.has_passed()))
            .map_err(|error| translate(&error))?;
        Ok(Self { connection, deadline })
    }

    /// Serves jobs until the queue is closed and empty.
    pub(super) fn run(self, queue: &Queue<BoxedJob>) {
        while let Some(mut job) = queue.pop() {
            // The request is gone: a read without a reader is wasted.
            if job.is_awaited() {
                let end = self.serve(&mut *job);
                job.answer(end);
            }
        }
    }

    fn serve(&self, job: &mut dyn Job) -> Result<(), StoreError> {
        self.statement("BEGIN")?;
        self.deadline.start();
        let mut tx = SqliteTx::new(&self.connection, Some(&self.deadline));
        let verdict = job.run(&mut tx);
        let failure = tx.into_failure();
        self.deadline.stop();
        // A transaction held open would keep the write-ahead log from starting over.
        if !self.connection.is_autocommit() {
            self.statement("ROLLBACK")?;
        }
        match (verdict, failure) {
            (Verdict::Keep, Some(failure)) => Err(failure),
            _ => Ok(()),
        }
    }

    fn statement(&self, sql: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .map(drop)
            .map_err(|error| translate(&error))
    }
}
