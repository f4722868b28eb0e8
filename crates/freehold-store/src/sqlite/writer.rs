//! The writer thread: group commit.
//!
//! One transaction takes in every job that waits, and one COMMIT brings all of them to the disk;
//! then they are answered. While it runs the next ones gather, so the group grows with the load by
//! itself, without a timer. A job that fails or panics is undone alone: where it has changed nothing
//! there is nothing to undo; where it has, all jobs of the transaction run again inside savepoints.

use rusqlite::Connection;

use super::{error::translate, log::Log, tx::SqliteTx};
use crate::{
    StoreError,
    job::{BoxedJob, Job, Verdict},
    queue::Queue,
    recall::Recall,
};

/// Jobs in one transaction at most. With all that wait in one, the writer would have nothing to do while they are all
/// answered and ask for more: of many callers, some are carried out while the others are on their way.
const BATCH: usize = 64;

pub(super) struct Writer {
    connection: Connection,
    log: Log,
    recall: Recall,
}

/// How a job ended that ran without a savepoint.
enum Plain {
    /// Nothing of it has to be undone. Its end is inside.
    Stands(Result<(), StoreError>),
    /// It changed something and that must not stay. Its end is inside.
    Spoils(Result<(), StoreError>),
    /// The transaction no longer exists.
    Lost(StoreError),
}

impl Writer {
    pub(super) fn new(connection: Connection, log: Log) -> Self {
        Self { connection, log, recall: Recall::default() }
    }

    /// Serves jobs until the queue is closed and empty.
    pub(super) fn run(mut self, queue: &Queue<BoxedJob>) {
        while let Some(first) = queue.pop() {
            self.serve(first, queue);
            self.log.look_after(&self.connection);
        }
    }

    fn serve(&mut self, first: BoxedJob, queue: &Queue<BoxedJob>) {
        if let Err(error) = self.statement("BEGIN IMMEDIATE") {
            return refuse_waiting(first, queue, &error);
        }
        self.recall.clear();
        let mut batch = Batch::new();
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            match self.run_plainly(&mut *job) {
                Plain::Stands(end) => batch.push((job, end)),
                Plain::Spoils(end) => return self.undo_and_repeat(batch, job, end),
                Plain::Lost(error) => return self.salvage(batch, job, error, Vec::new()),
            }
            if batch.len() < BATCH {
                next = queue.try_pop();
            }
        }
        self.finish(batch);
    }

    /// Runs a job without a savepoint, which would copy the old image of every page the job touches.
    fn run_plainly(&mut self, job: &mut dyn Job) -> Plain {
        // Rows inserted, updated and deleted; a refused statement has taken its own back.
        let before = self.connection.total_changes();
        let mut tx = SqliteTx::new(&self.connection, None, &mut self.recall);
        let verdict = job.run(&mut tx);
        let failure = tx.into_failure();
        if self.connection.is_autocommit() {
            // The engine undid everything, or the job ended the transaction by itself.
            return Plain::Lost(failure.unwrap_or_else(gone));
        }
        let end = match (verdict, failure) {
            (Verdict::Keep, None) => return Plain::Stands(Ok(())),
            (Verdict::Keep, Some(failure)) => Err(failure),
            (Verdict::Undo, _) => Ok(()),
        };
        match self.connection.total_changes() == before {
            true => Plain::Stands(end),
            false => Plain::Spoils(end),
        }
    }

    /// Undoes the whole transaction because of its last job. The jobs before it run again, each in a
    /// savepoint now; so does the last one, which may have failed because of something they did.
    fn undo_and_repeat(&mut self, batch: Batch, spoiler: BoxedJob, end: Result<(), StoreError>) {
        self.abandon();
        if batch.is_empty() {
            return spoiler.answer(end);
        }
        tracing::debug!(others = batch.len(), "a job spoiled a transaction; its jobs run again");
        let jobs: Vec<BoxedJob> =
            batch.into_iter().map(|(job, _)| job).chain(Some(spoiler)).collect();
        if let Err(error) = self.statement("BEGIN IMMEDIATE") {
            return jobs.into_iter().for_each(|job| job.answer(Err(error.clone())));
        }
        let mut batch = Batch::with_capacity(jobs.len());
        let mut jobs = jobs.into_iter();
        while let Some(mut job) = jobs.next() {
            match self.run_in_savepoint(&mut *job) {
                Ok(end) => batch.push((job, end)),
                Err(error) => return self.salvage(batch, job, error, jobs.collect()),
            }
        }
        self.finish(batch);
    }

    fn finish(&self, batch: Batch) {
        let end = self.commit();
        for (job, own_end) in batch {
            // Also those that were refused: what they saw may just have been undone.
            job.answer(end.clone().and(own_end));
        }
    }

    /// Runs a job; undoes it alone where it fails. The inner result is the job's end, the outer
    /// one an error of the transaction itself, which then no longer exists.
    fn run_in_savepoint(
        &mut self,
        job: &mut dyn Job,
    ) -> Result<Result<(), StoreError>, StoreError> {
        self.statement("SAVEPOINT job").inspect_err(|_| self.abandon())?;
        // The job before may have been undone.
        self.recall.clear();
        let mut tx = SqliteTx::new(&self.connection, None, &mut self.recall);
        let verdict = job.run(&mut tx);
        let failure = tx.into_failure();
        if self.connection.is_autocommit() {
            // The engine undid everything, or the job ended the transaction by itself.
            return Err(failure.unwrap_or_else(gone));
        }
        let end = match (verdict, failure) {
            (Verdict::Keep, None) => self.statement("RELEASE job").map(|()| Ok(())),
            (Verdict::Keep, Some(failure)) => self.undo().map(|()| Err(failure)),
            (Verdict::Undo, _) => self.undo().map(|()| Ok(())),
        };
        end.inspect_err(|_| self.abandon())
    }

    fn undo(&self) -> Result<(), StoreError> {
        self.statement("ROLLBACK TO job")?;
        self.statement("RELEASE job")
    }

    fn commit(&self) -> Result<(), StoreError> {
        self.statement("COMMIT").inspect_err(|error| {
            tracing::error!(%error, "a commit failed; every write in it was refused");
            self.abandon();
        })
    }

    /// Ends a transaction that is beyond repair.
    fn abandon(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.statement("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }

    /// The transaction is gone with all its jobs. The one that brought it down gets the error; the
    /// others had no part in it and run again, each in a transaction of its own.
    fn salvage(
        &mut self,
        batch: Batch,
        culprit: BoxedJob,
        error: StoreError,
        later: Vec<BoxedJob>,
    ) {
        let others = batch.len() + later.len();
        tracing::warn!(%error, others, "a transaction was lost; its other jobs run again");
        culprit.answer(Err(error));
        for mut job in batch.into_iter().map(|(job, _)| job).chain(later) {
            let end = self.run_alone(&mut *job);
            job.answer(end);
        }
    }

    fn run_alone(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        self.statement("BEGIN IMMEDIATE")?;
        let end = self.run_in_savepoint(job)?;
        self.commit().and(end)
    }

    fn statement(&self, sql: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .map(drop)
            .map_err(|error| translate(&error))
    }
}

/// The jobs of one transaction and how each of them ended.
type Batch = Vec<(BoxedJob, Result<(), StoreError>)>;

fn gone() -> StoreError {
    StoreError::Other("the transaction was ended from within".to_owned())
}

/// No transaction can be begun: everyone who waits has waited as long as the first. They are
/// gathered before the first is answered; who comes after that gets a try of his own.
fn refuse_waiting(first: BoxedJob, queue: &Queue<BoxedJob>, error: &StoreError) {
    tracing::error!(%error, "no write transaction can be begun");
    let others: Vec<BoxedJob> = std::iter::from_fn(|| queue.try_pop()).take(BATCH).collect();
    for job in std::iter::once(first).chain(others) {
        job.answer(Err(error.clone()));
    }
}
