//! The only place of the demonstration that reads the real clock and draws real randomness.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::{Rng, UnwrapErr};

/// Time and randomness, so that tests decide the time.
#[derive(Clone)]
pub struct Surroundings {
    now_ms: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Surroundings {
    /// Those of the machine.
    #[must_use]
    pub fn real() -> Self {
        Self::with_clock(|| {
            #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        })
    }

    /// With a clock of your own, in milliseconds since 1970.
    #[must_use]
    pub fn with_clock(now_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self { now_ms: Arc::new(now_ms) }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        (self.now_ms)()
    }

    /// 256 random bits, base64url: 43 characters.
    #[must_use]
    pub fn make_secret(&self) -> String {
        let mut bytes = [0; 32];
        UnwrapErr(getrandom::SysRng).fill_bytes(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}
