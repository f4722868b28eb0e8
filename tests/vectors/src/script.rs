//! Randomness that is written down.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// Gives the bytes of a script in order. Beyond its end it gives zeros and remembers that it did.
pub struct Script {
    bytes: std::vec::IntoIter<u8>,
    ran_out: bool,
}

impl Script {
    /// A script of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into_iter(), ran_out: false }
    }

    /// Whether exactly the whole script was used.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        !self.ran_out && self.bytes.as_slice().is_empty()
    }
}

impl TryRng for Script {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            *byte = self.bytes.next().unwrap_or_else(|| {
                self.ran_out = true;
                0
            });
        }
        Ok(())
    }
}

impl TryCryptoRng for Script {}
