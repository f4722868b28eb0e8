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
        URL_SAFE_NO_PAD.encode(random::<32>())
    }

    /// A random GUID, as text.
    #[must_use]
    pub fn make_guid(&self) -> String {
        // RFC 9562 §5.4: version 4, variant 10.
        let bits = u128::from_be_bytes(random()) & !(0xf << 76) & !(0b11 << 62);
        let bits = bits | 0x4 << 76 | 0b10 << 62;
        let hex = format!("{bits:032x}");
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|at| hex.get(at).unwrap_or_default());
        parts.join("-")
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    UnwrapErr(getrandom::SysRng).fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_random_and_look_it() {
        let [one, two] = [(), ()].map(|()| Surroundings::real().make_guid());
        assert_ne!(one, two);
        let lengths: Vec<_> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(one.chars().nth(14), Some('4'));
        assert!(one.chars().nth(19).is_some_and(|c| "89ab".contains(c)));
    }
}
