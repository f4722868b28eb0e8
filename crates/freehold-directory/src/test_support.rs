//! Help for tests.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// A generator that counts: every draw differs, every run is the same.
pub(crate) struct Counter(u64);

impl Counter {
    pub(crate) fn new(start: u64) -> Self {
        Self(start)
    }
}

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0 += 1;
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 += 1;
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            self.0 += 1;
            let next = self.0.to_be_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
