//! The support id: one short random text a request, in its answer and in its log lines.

use std::fmt;

use rand_core::Rng;

use crate::system;

tokio::task_local! {
    static CURRENT: SupportId;
}

/// Ten letters and digits that lead from what a person reads out to the log lines of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportId([u8; 10]);

/// Crockford's alphabet: no I, L, O, U, so that it can be read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl SupportId {
    /// Draws a new one.
    #[must_use]
    pub fn make() -> Self {
        let mut bits = system::random().next_u64();
        Self(std::array::from_fn(|_| {
            let letter = ALPHABET.get((bits & 31) as usize).copied().unwrap_or(b'0');
            bits >>= 5;
            letter
        }))
    }

    /// Runs `future` with this id as the current one.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }
}

/// The id of the request that is being answered.
#[must_use]
pub fn current() -> SupportId {
    CURRENT.try_with(|id| *id).unwrap_or_else(|_| SupportId::make())
}

impl fmt::Display for SupportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}
