//! A thread with a client: one transaction a job, run again when it collides with another.

use std::time::Duration;

use super::{
    connection::{Connection, OpenConnection, Purpose},
    error::translate,
    tx::{Failure, PostgresTx, Remedy},
};
use crate::{
    StoreError,
    deadline::Deadline,
    job::{BoxedJob, Job, Verdict},
    queue::Queue,
};

/// How often a job runs before the caller is told to come back later.
const TRIES: u32 = 20;
/// The longest pause between two of them.
const LONGEST_PAUSE: Duration = Duration::from_millis(40);

pub(super) struct Worker {
    connection: Connection,
    deadline: Option<Deadline>,
    /// Makes the pauses of two threads differ, so that they do not collide for ever.
    number: usize,
}

/// How one run of a job ended.
enum Run {
    /// As the job wished.
    Done,
    /// With an error that stands.
    Failed(StoreError),
    /// With an error that another run may not meet.
    Again(StoreError),
    /// With a dead connection, before anything was committed.
    Lost(StoreError),
}

impl Worker {
    pub(super) fn new(connection: Connection, number: usize) -> Self {
        let deadline = match connection.purpose() {
            Purpose::Read { allowed } => Some(Deadline::new(allowed)),
            Purpose::Write { .. } => None,
        };
        Self { connection, deadline, number }
    }

    /// Serves jobs until the queue is closed and empty.
    pub(super) fn run(mut self, queue: &Queue<BoxedJob>) {
        while let Some(mut job) = queue.pop() {
            // The request is gone: a read without a reader is wasted, a write still counts.
            if self.deadline.is_none() || job.is_awaited() {
                let end = self.serve(&mut *job);
                job.answer(end);
            }
        }
    }

    fn serve(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        let mut was_lost = false;
        let mut last = StoreError::Busy;
        for tried in 0..TRIES {
            match self.run_once(job) {
                Run::Done => return Ok(()),
                Run::Failed(error) => return Err(error),
                Run::Again(error) => last = error,
                Run::Lost(error) => {
                    self.connection.drop_open();
                    if was_lost {
                        return Err(error);
                    }
                    tracing::warn!(%error, "a database connection was lost; connecting anew");
                    was_lost = true;
                    continue;
                }
            }
            std::thread::sleep(self.pause(tried));
        }
        tracing::warn!(tries = TRIES, "a database job kept colliding with others and was given up");
        Err(last)
    }

    fn pause(&self, tried: u32) -> Duration {
        let number = u32::try_from(self.number).unwrap_or(0);
        let step = Duration::from_micros(500) + Duration::from_micros(230) * number;
        step.saturating_mul(1 << tried.min(8)).min(LONGEST_PAUSE)
    }

    fn run_once(&mut self, job: &mut dyn Job) -> Run {
        let purpose = self.connection.purpose();
        let open = match self.connection.open() {
            Ok(open) => open,
            Err(error) => return Run::Failed(error),
        };
        if let Err(error) = open.client.batch_execute(purpose.begin()) {
            return after(&error);
        }
        if let Some(deadline) = &self.deadline {
            deadline.start();
        }
        let mut tx = PostgresTx::new(open, self.deadline.as_ref());
        let verdict = job.run(&mut tx);
        let run = match (verdict, tx.into_failure()) {
            (_, Some(failure)) if failure.remedy != Remedy::Nothing => {
                undo_and_retry(open, failure)
            }
            (Verdict::Keep, Some(failure)) => undo(open, Run::Failed(failure.error)),
            (Verdict::Undo, _) => undo(open, Run::Done),
            (Verdict::Keep, None) => commit(open, purpose),
        };
        if open.client.is_closed() {
            self.connection.drop_open();
        }
        run
    }
}

fn undo(open: &mut OpenConnection, run: Run) -> Run {
    // Where even this fails the connection is dead, and the server undoes by itself.
    if let Err(error) = open.client.batch_execute("ROLLBACK") {
        tracing::debug!(error = %translate(&error), "a rollback failed");
    }
    run
}

fn undo_and_retry(open: &mut OpenConnection, failure: Failure) -> Run {
    match failure.remedy {
        Remedy::Reconnect => Run::Lost(failure.error),
        Remedy::PrepareAnew => {
            open.statements.forget();
            undo(open, Run::Again(failure.error))
        }
        Remedy::Again | Remedy::Nothing => undo(open, Run::Again(failure.error)),
    }
}

fn commit(open: &mut OpenConnection, purpose: Purpose) -> Run {
    let Err(error) = open.client.batch_execute("COMMIT") else { return Run::Done };
    match (after(&error), purpose) {
        // The write may or may not have reached the disk: running it again could do it twice.
        (Run::Lost(_), Purpose::Write { .. }) => Run::Failed(StoreError::Unavailable(
            "the connection was lost during a commit; whether it was kept is unknown".to_owned(),
        )),
        (run, _) => undo(open, run),
    }
}

fn after(error: &postgres::Error) -> Run {
    let translated = translate(error);
    match Remedy::of(error) {
        Remedy::Again | Remedy::PrepareAnew => Run::Again(translated),
        Remedy::Reconnect => Run::Lost(translated),
        Remedy::Nothing => Run::Failed(translated),
    }
}
