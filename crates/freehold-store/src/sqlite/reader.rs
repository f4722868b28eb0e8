//! A reader thread: one read transaction for all jobs that wait, a deadline for each.

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
    queue::{Moment, Queue},
    recall::Recall,
};

/// The deadline is looked at about every so many steps of SQLite's virtual machine (well below a
/// millisecond).
const STEPS_BETWEEN_CHECKS: i32 = 4_000;

/// Jobs in one transaction at most.
const BATCH: usize = 64;
/// No further job joins a transaction of this age: while it is open the write-ahead log cannot start over.
const LONGEST_BATCH_MS: u64 = 20;

pub(super) struct Reader {
    connection: Connection,
    deadline: Arc<Deadline>,
    recall: Recall,
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
        Ok(Self { connection, deadline, recall: Recall::default() })
    }

    /// Serves jobs until the queue is closed and empty.
    pub(super) fn run(mut self, queue: &Queue<BoxedJob>) {
        while let Some((first, moment)) = queue.pop_and_note() {
            self.serve(first, moment, queue);
        }
    }

    /// Serves a job and those that waited beside it in one transaction. It begins after all of them
    /// were queued, so each sees whatever was answered before it was asked for.
    fn serve(&mut self, first: BoxedJob, moment: Moment, queue: &Queue<BoxedJob>) {
        let begun = self.deadline.elapsed_ms();
        let mut served = 0;
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            // The request is gone: a read without a reader is wasted.
            if job.is_awaited() {
                let end = self.run_one(&mut *job);
                job.answer(end);
            }
            served += 1;
            // Taken one by one, so that no job waits behind a long one while another thread is free.
            if served < BATCH && self.deadline.elapsed_ms() < begun + LONGEST_BATCH_MS {
                next = queue.try_pop_older(moment);
            }
        }
        // A transaction held open would keep the write-ahead log from starting over.
        if !self.connection.is_autocommit()
            && let Err(error) = self.statement("ROLLBACK")
        {
            tracing::error!(%error, "a read transaction could not be ended");
        }
    }

    fn run_one(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            self.recall.clear();
            self.statement("BEGIN")?;
        }
        self.deadline.start();
        let mut tx = SqliteTx::new(&self.connection, Some(&self.deadline), &mut self.recall);
        let verdict = job.run(&mut tx);
        let failure = tx.into_failure();
        self.deadline.stop();
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
