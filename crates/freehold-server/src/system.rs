//! The only place that reads the real clock and draws real randomness.
//!
//! Everything below takes time and randomness as arguments, so that tests decide both. The
//! program hands these two in.

use std::{
    convert::Infallible,
    time::{SystemTime, UNIX_EPOCH},
};

use freehold_directory::{Clock, Timestamp};
use rand_core::{CryptoRng, Rng as _, TryCryptoRng, TryRng, UnwrapErr};

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
/// A fresh one costs nothing until it is drawn from. A system that cannot give random numbers cannot
/// make secrets: then drawing stops the request instead of going on without.
#[must_use]
pub fn random() -> impl CryptoRng + Send {
    SystemRandom { block: [0; BLOCK], left: 0 }
}

/// So many bytes are drawn at once: each question is a system call, and an id takes ten.
const BLOCK: usize = 64;

struct SystemRandom {
    block: [u8; BLOCK],
    /// How many bytes at the end of the block were not given away.
    left: usize,
}

impl SystemRandom {
    fn draw(into: &mut [u8]) {
        #[allow(clippy::disallowed_types, reason = "this is where the randomness comes from")]
        UnwrapErr(getrandom::SysRng).fill_bytes(into);
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill_bytes(&mut bytes);
        bytes
    }
}

impl TryRng for SystemRandom {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.array()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.array()))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        if into.len() > BLOCK {
            Self::draw(into);
            return Ok(());
        }
        if into.len() > self.left {
            Self::draw(&mut self.block);
            self.left = BLOCK;
        }
        let (_, unused) = self.block.split_at_mut(BLOCK - self.left);
        let (given, _) = unused.split_at_mut(into.len());
        into.copy_from_slice(given);
        // What was given away is the receiver's secret alone.
        given.fill(0);
        self.left -= into.len();
        Ok(())
    }
}

impl TryCryptoRng for SystemRandom {}

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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand_core::Rng as _;

    use super::random;

    #[test]
    fn no_bytes_are_given_twice_and_none_are_left_out() {
        let mut rng = random();
        for length in [1, 10, 33, 63, 64, 65, 200] {
            // Of so many bytes, one that is never drawn would be 0 in all of them.
            let drawn: Vec<Vec<u8>> = (0..64)
                .map(|_| {
                    let mut bytes = vec![0; length];
                    rng.fill_bytes(&mut bytes);
                    bytes
                })
                .collect();
            for place in 0..length {
                assert!(drawn.iter().any(|bytes| bytes[place] != 0), "byte {place} of {length}");
            }
            let different: HashSet<&[u8]> =
                drawn.iter().flat_map(|bytes| bytes.chunks_exact(8)).collect();
            let all: usize = drawn.iter().map(|bytes| bytes.len() / 8).sum();
            assert_eq!(different.len(), all, "{length}");
        }
        let different: HashSet<u64> = (0..100).map(|_| rng.next_u64()).collect();
        assert_eq!(different.len(), 100);
    }
}
