//! The only place that reads the real clock and draws real randomness.
//!
//! Everything below takes time and randomness as arguments, so that tests decide both. The
//! program hands these two in.

use std::time::{SystemTime, UNIX_EPOCH};

use freehold_directory::{Clock, Timestamp};
use rand_core::{CryptoRng, UnwrapErr};

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[allow(clippy::disallowed_methods, reason = "this is where the time comes from")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

/// The random number generator of the operating system.
///
/// It has no state, so a fresh one costs nothing. A system that cannot give random numbers cannot
/// make secrets: then drawing stops the request instead of going on without.
#[must_use]
pub fn random() -> impl CryptoRng + Send {
    #[allow(clippy::disallowed_types, reason = "this is where the randomness comes from")]
    UnwrapErr(getrandom::SysRng)
}

/// The time that a process has been running, for measuring how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
    pub fn start() -> Self {
        #[allow(clippy::disallowed_methods, reason = "this is where durations come from")]
        Self(std::time::Instant::now())
    }

    /// Milliseconds since the start.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
