//! A thread with a client: one transaction for all jobs that wait.
//!
//! Writes form groups as on SQLite: while one COMMIT waits for the disk the next jobs gather. Only what waits
//! when a transaction begins has a place in it: a later job may have been asked for because of something that
//! was committed in between, a new or a revoked token, and has to see it. A group that
//! fails is undone as a whole and runs again in parts: what was before the job that is the reason, that job, and
//! what comes after it. A single job runs again by itself when it collides with another.
//!
//! A group whose jobs were told what is hoped (see [`crate::Tx`]), and in which a statement fails, first runs again
//! as a whole without hope.

use std::{sync::Arc, time::Duration};

use super::{
    analyst::Counter,
    connection::{Connection, Hope, OpenConnection, Purpose},
    error::translate,
    tx::{Failure, Outcome, PostgresTx, Remedy},
};
use crate::{
    StoreError,
    deadline::Deadline,
    job::{BoxedJob, Job, Verdict},
    queue::{Moment, Queue},
};

/// How often a job runs before the caller is told to come back later.
const TRIES: u32 = 20;
/// The longest pause between two of them.
const LONGEST_PAUSE: Duration = Duration::from_millis(40);
/// Jobs in one transaction at most.
const BATCH: usize = 64;
/// Transactions without hope after one whose hope was vain: rivals, or a client that asks for what is there already,
/// seldom come alone.
const DOUBTS: u32 = 16;
/// No further read joins a transaction of this age.
const LONGEST_BATCH_MS: u64 = 20;

/// Serves reads.
pub(super) struct Reader {
    runner: Runner,
    deadline: Deadline,
}

/// Serves writes.
pub(super) struct Writer {
    runner: Runner,
    counter: Arc<Counter>,
    /// Jobs in the next transaction at most: fewer after a collision with another writer.
    limit: usize,
    /// So many of the next transactions go without hope.
    doubts: u32,
}

/// A connection on which single jobs are run until they are through.
struct Runner {
    connection: Connection,
    /// Makes the pauses of two threads differ, so that they do not collide for ever.
    number: usize,
}

/// How one run of a transaction ended.
enum Run {
    /// As its jobs wished.
    Done,
    /// With an error that stands.
    Failed(StoreError),
    /// With an error that another run may not meet.
    Again(StoreError),
    /// With a dead connection, before anything was committed.
    Lost(StoreError),
    /// With an error for all its jobs, and no use in another run: no connection, or one that died during a
    /// commit.
    Over(StoreError),
    /// With an error, when some job had been told what was hoped.
    Vain,
    /// By the job at this place among others, which has to be undone alone.
    Spoiled(usize),
}

impl Reader {
    pub(super) fn new(connection: Connection, number: usize, allowed: Duration) -> Self {
        Self { runner: Runner { connection, number }, deadline: Deadline::new(allowed) }
    }

    /// Serves jobs until the queue is closed and empty.
    pub(super) fn run(mut self, queue: &Queue<BoxedJob>) {
        while let Some((first, moment)) = self.next(queue) {
            self.serve(first, moment, queue);
        }
    }

    fn next(&mut self, queue: &Queue<BoxedJob>) -> Option<(BoxedJob, Moment)> {
        queue.try_pop_and_note().or_else(|| {
            // Nobody is there with whose statements the end of the last transaction could travel.
            self.runner.flush();
            queue.pop_and_note()
        })
    }

    /// Serves a job and those that waited beside it from one snapshot. It is taken after all of them were
    /// queued, so each sees whatever was answered before it was asked for.
    fn serve(&mut self, first: BoxedJob, moment: Moment, queue: &Queue<BoxedJob>) {
        let begun = self.deadline.elapsed_ms();
        let mut is_begun = false;
        let mut served = 0;
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            // The request is gone: a read without a reader is wasted.
            if job.is_awaited() {
                let end = self.run_one(&mut *job, &mut is_begun);
                job.answer(end);
            }
            served += 1;
            // Taken one by one, so that no job waits behind a long one while another thread is free.
            if served < BATCH && self.deadline.elapsed_ms() < begun + LONGEST_BATCH_MS {
                next = queue.try_pop_older(moment);
            }
        }
        if is_begun && let Some(open) = self.runner.connection.current() {
            open.end_later();
        }
    }

    /// Runs a job in the transaction of the others, or by itself where that fails.
    fn run_one(&mut self, job: &mut dyn Job, is_begun: &mut bool) -> Result<(), StoreError> {
        if !*is_begun {
            self.runner.begin()?;
            *is_begun = true;
        }
        let Some(open) = self.runner.connection.current() else {
            *is_begun = false;
            return self.runner.serve(job, Some(&self.deadline));
        };
        let (verdict, Outcome { failure, .. }) = run_in(open, job, Some(&self.deadline));
        let Some(failure) = failure else { return Ok(()) };
        *is_begun = false;
        self.runner.roll_back();
        match (failure.remedy, verdict) {
            (Remedy::Nothing, Verdict::Undo) => Ok(()),
            (Remedy::Nothing, Verdict::Keep) => Err(failure.error),
            _ => self.runner.serve(job, Some(&self.deadline)),
        }
    }
}

impl Writer {
    pub(super) fn new(connection: Connection, number: usize, counter: Arc<Counter>) -> Self {
        Self { runner: Runner { connection, number }, counter, limit: BATCH, doubts: 0 }
    }

    /// Serves jobs until the queue is closed and empty.
    pub(super) fn run(mut self, queue: &Queue<BoxedJob>) {
        while let Some((first, moment)) = queue.pop_and_note() {
            let mut jobs = vec![first];
            let hope = self.hope();
            let run = self.attempt(&mut jobs, hope, || queue.try_pop_older(moment));
            self.conclude(jobs, run);
        }
    }

    fn hope(&mut self) -> Hope {
        match self.doubts {
            0 => Hope::Allowed,
            _ => {
                self.doubts -= 1;
                Hope::Never
            }
        }
    }

    /// Runs jobs in one transaction, with those that join them.
    fn attempt(
        &mut self,
        jobs: &mut Vec<BoxedJob>,
        hope: Hope,
        joining: impl Fn() -> Option<BoxedJob>,
    ) -> Run {
        let purpose = self.runner.connection.purpose();
        let open = match self.runner.begin() {
            Ok(open) => open,
            Err(error) => return Run::Over(error),
        };
        open.hope = hope;
        let mut place = 0;
        while let Some(job) = jobs.get_mut(place) {
            let (verdict, outcome) = run_in(open, &mut **job, None);
            // What a job alone refuses after it was told a hope may be because of that.
            let wavers = jobs.len() == 1 && verdict == Verdict::Undo && outcome.wrote;
            if open.hope == Hope::Held && (outcome.is_refused() || wavers) {
                return undo(open, Run::Vain);
            }
            if let Some(run) = problem(verdict, outcome) {
                if matches!(run, Run::Again(_)) {
                    self.limit = (self.limit / 2).max(1);
                }
                // Alone, it is undone and that is all; the others of a group have to be saved.
                let alone = jobs.len() == 1 || matches!(run, Run::Lost(_));
                return undo(open, if alone { run } else { Run::Spoiled(place) });
            }
            place += 1;
            if place == jobs.len() && place < self.limit {
                jobs.extend(joining());
            }
        }
        match commit(open, purpose) {
            Run::Failed(_) if open.hope == Hope::Held => Run::Vain,
            run => run,
        }
    }

    /// Answers the jobs of a transaction, or runs them again.
    fn conclude(&mut self, jobs: Vec<BoxedJob>, run: Run) {
        self.runner.tidy(&run);
        match run {
            Run::Done => {
                self.limit = BATCH.min(self.limit + 4);
                let count = jobs.len();
                answer(jobs, &Ok(()));
                self.counter.note(count);
            }
            Run::Over(error) => answer(jobs, &Err(error)),
            Run::Vain => {
                self.doubts = DOUBTS;
                self.repeat_together(jobs);
            }
            Run::Failed(error) if jobs.len() == 1 => answer(jobs, &Err(error)),
            Run::Spoiled(place) => self.repeat(jobs, place),
            // The commit was refused, or the line is dead: no job is the reason more than others.
            Run::Again(_) => {
                self.limit = (self.limit / 2).max(1);
                self.repeat_in_parts(jobs);
            }
            Run::Lost(_) | Run::Failed(_) => self.repeat_in_parts(jobs),
        }
    }

    fn repeat_in_parts(&mut self, jobs: Vec<BoxedJob>) {
        let middle = jobs.len() / 2;
        self.repeat(jobs, middle);
    }

    /// Runs the jobs of a failed transaction again: the one at `place` alone, those before and after it together.
    fn repeat(&mut self, mut before: Vec<BoxedJob>, place: usize) {
        tracing::debug!(jobs = before.len(), "a transaction was undone; its jobs run again");
        let mut after = before.split_off(place.min(before.len()));
        let culprit = (!after.is_empty()).then(|| after.remove(0));
        self.repeat_together(before);
        if let Some(mut job) = culprit {
            let end = self.runner.serve(&mut *job, None);
            job.answer(end);
            self.counter.note(1);
        }
        self.repeat_together(after);
    }

    fn repeat_together(&mut self, mut jobs: Vec<BoxedJob>) {
        if !jobs.is_empty() {
            let run = self.attempt(&mut jobs, Hope::Never, || None);
            self.conclude(jobs, run);
        }
    }
}

fn answer(jobs: Vec<BoxedJob>, end: &Result<(), StoreError>) {
    for job in jobs {
        job.answer(end.clone());
    }
}

impl Runner {
    /// Runs a job in a transaction of its own until it is through.
    fn serve(&mut self, job: &mut dyn Job, deadline: Option<&Deadline>) -> Result<(), StoreError> {
        let mut was_lost = false;
        let mut last = StoreError::Busy;
        for tried in 0..TRIES {
            let run = self.run_once(job, deadline);
            self.tidy(&run);
            match run {
                // The last two are of groups, and of hope, which a job alone has none.
                Run::Done | Run::Spoiled(_) | Run::Vain => return Ok(()),
                Run::Failed(error) | Run::Over(error) => return Err(error),
                Run::Again(error) => last = error,
                Run::Lost(error) => {
                    if was_lost {
                        return Err(error);
                    }
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

    fn run_once(&mut self, job: &mut dyn Job, deadline: Option<&Deadline>) -> Run {
        let purpose = self.connection.purpose();
        let open = match self.begin() {
            Ok(open) => open,
            Err(error) => return Run::Over(error),
        };
        let (verdict, outcome) = run_in(open, job, deadline);
        match problem(verdict, outcome) {
            Some(run) => undo(open, run),
            None => commit(open, purpose),
        }
    }

    /// Begins a transaction, on a new connection where there is none.
    fn begin(&mut self) -> Result<&mut OpenConnection, StoreError> {
        let purpose = self.connection.purpose();
        let open = self.connection.open()?;
        open.begin(purpose);
        Ok(open)
    }

    /// Sends what was to travel with a next statement.
    fn flush(&mut self) {
        self.end(|open| open.client.flush());
    }

    fn roll_back(&mut self) {
        self.end(OpenConnection::roll_back);
    }

    /// Ends a transaction. Where that fails the connection is dead and the server ends it by itself.
    fn end(&mut self, by: impl FnOnce(&mut OpenConnection) -> Result<(), tokio_postgres::Error>) {
        if let Some(open) = self.connection.current()
            && let Err(error) = by(open)
        {
            tracing::debug!(error = %translate(&error), "a transaction could not be ended");
            self.connection.drop_open();
        }
    }

    /// Lets go of a connection that a run has shown to be dead.
    fn tidy(&mut self, run: &Run) {
        match run {
            Run::Lost(error) => {
                tracing::warn!(%error, "a database connection was lost; connecting anew");
                self.connection.drop_open();
            }
            Run::Over(_) => self.connection.drop_open(),
            _ => {}
        }
    }
}

fn run_in(
    open: &mut OpenConnection,
    job: &mut dyn Job,
    deadline: Option<&Deadline>,
) -> (Verdict, Outcome) {
    if let Some(deadline) = deadline {
        deadline.start();
    }
    let mut tx = PostgresTx::new(open, deadline);
    let verdict = job.run(&mut tx);
    let outcome = tx.into_outcome();
    if let Some(deadline) = deadline {
        deadline.stop();
    }
    if matches!(outcome.failure, Some(Failure { remedy: Remedy::PrepareAnew, .. })) {
        open.statements.forget();
    }
    (verdict, outcome)
}

/// Why the transaction has to be undone after a job, if it has: what the run then is for that job.
fn problem(verdict: Verdict, outcome: Outcome) -> Option<Run> {
    match (verdict, outcome.failure) {
        (_, Some(Failure { error, remedy: Remedy::Reconnect })) => Some(Run::Lost(error)),
        (_, Some(Failure { error, remedy: Remedy::Again | Remedy::PrepareAnew })) => {
            Some(Run::Again(error))
        }
        (Verdict::Keep, Some(failure)) => Some(Run::Failed(failure.error)),
        (Verdict::Undo, Some(_)) => Some(Run::Done),
        // A refusal that changed nothing needs no undo, and what it saw counts once it is committed.
        (Verdict::Undo, None) => outcome.wrote.then_some(Run::Done),
        (Verdict::Keep, None) => None,
    }
}

fn undo(open: &mut OpenConnection, run: Run) -> Run {
    // Where even this fails the connection is dead, and the server undoes by itself.
    if let Err(error) = open.roll_back() {
        tracing::debug!(error = %translate(&error), "a rollback failed");
    }
    run
}

fn commit(open: &mut OpenConnection, purpose: Purpose) -> Run {
    let Err(error) = open.commit() else { return Run::Done };
    match (after(&error), purpose) {
        // The write may or may not have reached the disk: running it again could do it twice.
        (Run::Lost(_), Purpose::Write { .. }) => Run::Over(StoreError::Unavailable(
            "the connection was lost during a commit; whether it was kept is unknown".to_owned(),
        )),
        (run, _) => undo(open, run),
    }
}

fn after(error: &tokio_postgres::Error) -> Run {
    let translated = translate(error);
    match Remedy::of(error) {
        Remedy::Again | Remedy::PrepareAnew => Run::Again(translated),
        Remedy::Reconnect => Run::Lost(translated),
        Remedy::Nothing => Run::Failed(translated),
    }
}
