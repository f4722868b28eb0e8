//! A job on its way to an engine thread and its answer on the way back.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use tokio::sync::oneshot;

use crate::{StoreError, Tx};

/// What a job wants to become of its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It answered `Ok`: keep what it wrote.
    Keep,
    /// It answered `Err`, or panicked: undo what it wrote.
    Undo,
}

/// A job whose types the engine threads need not know.
pub(crate) trait Job: Send {
    /// Whether somebody still waits for the answer.
    fn is_awaited(&self) -> bool;

    /// Runs the job and keeps its result until [`Job::answer`]. Never panics.
    fn run(&mut self, tx: &mut dyn Tx) -> Verdict;

    /// Sends the answer, once: the result of the last run if its transaction ended as the job
    /// wished, otherwise the engine's error. Never panics.
    fn answer(self: Box<Self>, end: Result<(), StoreError>);
}

/// A job in a queue.
pub(crate) type BoxedJob = Box<dyn Job>;

struct TypedJob<F, T, E> {
    job: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

/// Packs a closure as a job, with the place where its answer will arrive.
pub(crate) fn pack<F, T, E>(job: F) -> (BoxedJob, oneshot::Receiver<Result<T, E>>)
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    (Box::new(TypedJob { job, result: None, answer }), receiver)
}

impl<F, T, E> Job for TypedJob<F, T, E>
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn is_awaited(&self) -> bool {
        !self.answer.is_closed()
    }

    fn run(&mut self, tx: &mut dyn Tx) -> Verdict {
        // What a panic leaves half done is either in the transaction, which is undone, or in the
        // closure, whose result is then an error.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.job)(tx)));
        if let Err(panic) = &outcome {
            tracing::error!(
                reason = words(panic.as_ref()),
                "a database job panicked; it was undone"
            );
        }
        self.result = outcome.ok();
        match self.result {
            Some(Ok(_)) => Verdict::Keep,
            Some(Err(_)) | None => Verdict::Undo,
        }
    }

    fn answer(self: Box<Self>, end: Result<(), StoreError>) {
        let Self { job, result, answer } = *self;
        let answer_and_drop = || {
            let panicked = || Err(StoreError::Other("the database job panicked".to_owned()).into());
            let result = match end {
                Ok(()) => result.unwrap_or_else(panicked),
                Err(error) => Err(error.into()),
            };
            // Nobody listens when the request was dropped; the write stands all the same.
            drop(answer.send(result));
            drop(job);
        };
        // A value that panics when dropped must not take the engine thread with it.
        drop(catch_unwind(AssertUnwindSafe(answer_and_drop)));
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
