//! How long a read may take.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use crate::StoreError;

/// A deadline that is set anew for every job of one thread.
pub(crate) struct Deadline {
    origin: Instant,
    allowed: Duration,
    /// Milliseconds after `origin`; `u64::MAX` between jobs.
    due: AtomicU64,
}

impl Deadline {
    /// A deadline for jobs that may take `allowed` each.
    pub(crate) fn new(allowed: Duration) -> Self {
        Self { origin: monotonic_now(), allowed, due: AtomicU64::new(u64::MAX) }
    }

    /// A job begins.
    pub(crate) fn start(&self) {
        self.due.store(self.elapsed_ms().saturating_add(millis(self.allowed)), Ordering::Relaxed);
    }

    /// The job has ended.
    pub(crate) fn stop(&self) {
        self.due.store(u64::MAX, Ordering::Relaxed);
    }

    /// Whether the running job is over its time.
    pub(crate) fn has_passed(&self) -> bool {
        self.elapsed_ms() >= self.due.load(Ordering::Relaxed)
    }

    /// An error when the running job is over its time.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.has_passed() { Err(StoreError::TimedOut) } else { Ok(()) }
    }

    /// Milliseconds since the deadline was made.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        millis(monotonic_now().saturating_duration_since(self.origin))
    }
}

/// Whole milliseconds, at most `u64::MAX`.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

// The domain's clock tells what time it is; this one only measures how long a statement runs.
#[expect(
    clippy::disallowed_methods,
    reason = "a stopwatch inside the engine, invisible outside it"
)]
fn monotonic_now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_passes_only_while_a_job_runs() {
        let deadline = Deadline::new(Duration::ZERO);
        assert!(!deadline.has_passed());
        deadline.start();
        assert!(deadline.has_passed());
        deadline.stop();
        assert!(!deadline.has_passed());
    }
}
