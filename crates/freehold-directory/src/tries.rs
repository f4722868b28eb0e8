//! How many tries there are: exact sliding windows over the times of those that failed or are still open.

use std::time::Duration;

use freehold_wire::{MethodKind, Timestamp};

/// At most `count` tries in any `span`.
#[derive(Clone, Copy, Debug)]
struct Window {
    count: usize,
    span: Duration,
}

/// The limits of a method.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// The window that a success clears.
    short: Window,
    /// The window that only time clears.
    long: Option<Window>,
    /// At most so many since the last success.
    since_success: Option<u64>,
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// A password can be guessed: 5 in 15 minutes, 20 a day, 100 since the last success.
const PASSWORD: Limits = Limits {
    short: Window { count: 5, span: minutes(15) },
    long: Some(Window { count: 20, span: minutes(24 * 60) }),
    since_success: Some(100),
};
/// 256 bits cannot; the limit only keeps the server's work small. Apart from the password's, so that guessing at one
/// locks no other way in.
const UNGUESSABLE: Limits =
    Limits { short: Window { count: 60, span: minutes(60) }, long: None, since_success: None };

impl Limits {
    const fn of(kind: MethodKind) -> Self {
        match kind {
            MethodKind::Password => PASSWORD,
            MethodKind::RecoveryCode | MethodKind::Passkey => UNGUESSABLE,
        }
    }
}

/// The tries of one user and method: a row, changed by compare-and-set on its version.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tries {
    /// Times of tries that count in the short window.
    pub short: Vec<Timestamp>,
    /// Times of tries that count in the long window.
    pub long: Vec<Timestamp>,
    /// Tries since the last success.
    pub since_success: u64,
    /// When a refusal was last recorded.
    pub refused_at: Option<Timestamp>,
    /// Counts changes of the row.
    pub version: u64,
}

impl Window {
    fn prune(self, times: &mut Vec<Timestamp>, now: Timestamp) {
        times.retain(|time| time.plus(self.span) > now);
    }

    fn left(self, times: &[Timestamp]) -> usize {
        self.count.saturating_sub(times.len())
    }

    /// How long until a try is free again; `None` when one is.
    fn wait(self, times: &[Timestamp], now: Timestamp) -> Option<Duration> {
        let over = times.len().checked_sub(self.count)?;
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        sorted.get(over).map(|time| time.plus(self.span).since(now))
    }
}

impl Tries {
    /// Charges one try; answers how many are left after it.
    ///
    /// # Errors
    /// When there is none: how long until there is, or `None` when waiting does not help.
    pub(crate) fn charge(
        &mut self,
        kind: MethodKind,
        now: Timestamp,
    ) -> Result<u32, Option<Duration>> {
        let limits = Limits::of(kind);
        limits.short.prune(&mut self.short, now);
        if let Some(long) = limits.long {
            long.prune(&mut self.long, now);
        }
        if limits.since_success.is_some_and(|most| self.since_success >= most) {
            return Err(None);
        }
        let waits = [
            limits.short.wait(&self.short, now),
            limits.long.and_then(|long| long.wait(&self.long, now)),
        ];
        if let Some(longest) = waits.into_iter().flatten().max() {
            return Err(Some(longest));
        }
        self.short.push(now);
        if limits.long.is_some() {
            self.long.push(now);
        }
        self.since_success += 1;
        Ok(self.left(limits))
    }

    fn left(&self, limits: Limits) -> u32 {
        let short = limits.short.left(&self.short) as u64;
        let long = limits.long.map_or(u64::MAX, |long| long.left(&self.long) as u64);
        let ever =
            limits.since_success.map_or(u64::MAX, |most| most.saturating_sub(self.since_success));
        u32::try_from(short.min(long).min(ever)).unwrap_or(u32::MAX)
    }

    /// Gives a successful try back and clears the short window. The long one keeps its failures: else a rightful unlock
    /// now and then would give a guesser five more tries each time.
    pub(crate) fn give_back(&mut self, charged_at: Timestamp) {
        self.short.clear();
        if let Some(place) = self.long.iter().position(|time| *time == charged_at) {
            self.long.remove(place);
        }
        self.since_success = self.since_success.saturating_sub(1);
    }

    /// Whether a refusal is worth recording: once a minute.
    pub(crate) fn note_refusal(&mut self, now: Timestamp) -> bool {
        let due = self.refused_at.is_none_or(|last| last.plus(minutes(1)) <= now);
        if due {
            self.refused_at = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: MethodKind = MethodKind::Password;

    fn at(minute: u64) -> Timestamp {
        Timestamp::from_millis(1_000_000).plus(minutes(minute))
    }

    fn charge(tries: &mut Tries, minute: u64) -> Result<u32, Option<Duration>> {
        tries.charge(PASSWORD, at(minute))
    }

    #[test]
    fn five_in_any_fifteen_minutes() {
        let mut tries = Tries::default();
        for (minute, left) in [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0)] {
            assert_eq!(charge(&mut tries, minute), Ok(left));
        }
        assert_eq!(charge(&mut tries, 5), Err(Some(minutes(10))));
        assert_eq!(charge(&mut tries, 14), Err(Some(minutes(1))));
        // The window slides: only the first one is free again.
        assert_eq!(charge(&mut tries, 15), Ok(0));
        assert_eq!(charge(&mut tries, 15), Err(Some(minutes(1))));
    }

    #[test]
    fn twenty_in_any_day() {
        let mut tries = Tries::default();
        for n in 0..20 {
            assert!(charge(&mut tries, n * 20).is_ok(), "{n}");
        }
        assert_eq!(charge(&mut tries, 20 * 20), Err(Some(minutes(24 * 60 - 400))));
        assert!(charge(&mut tries, 24 * 60).is_ok());
    }

    #[test]
    fn a_hundred_since_the_last_success_and_then_waiting_does_not_help() {
        let mut tries = Tries::default();
        for n in 0..100 {
            assert!(charge(&mut tries, n * 24 * 60).is_ok(), "{n}");
        }
        assert_eq!(charge(&mut tries, 1000 * 24 * 60), Err(None));
    }

    #[test]
    fn success_gives_its_own_try_back_and_clears_the_short_window_only() {
        let mut tries = Tries::default();
        for minute in 0..4 {
            charge(&mut tries, minute).unwrap();
        }
        charge(&mut tries, 4).unwrap();
        tries.give_back(at(4));
        assert_eq!(tries.short, []);
        assert_eq!(tries.long.len(), 4);
        assert_eq!(tries.since_success, 4);
        assert_eq!(charge(&mut tries, 5), Ok(4));
    }

    #[test]
    fn rightful_unlocks_give_a_guesser_no_more_than_twenty_a_day() {
        let mut tries = Tries::default();
        let mut guesses = 0;
        for minute in 0..24 * 60 {
            while charge(&mut tries, minute).is_ok() {
                guesses += 1;
            }
            // The owner unlocks at every minute.
            tries.give_back(Timestamp::from_millis(0));
        }
        assert_eq!(guesses, 20);
    }

    #[test]
    fn the_recovery_code_has_sixty_an_hour_of_its_own() {
        let mut tries = Tries::default();
        for n in 0..60 {
            assert_eq!(tries.charge(MethodKind::RecoveryCode, at(0)), Ok(59 - n));
        }
        assert_eq!(tries.charge(MethodKind::RecoveryCode, at(59)), Err(Some(minutes(1))));
        assert!(tries.charge(MethodKind::RecoveryCode, at(60)).is_ok());
    }

    #[test]
    fn a_clock_set_back_frees_nothing() {
        let mut tries = Tries::default();
        for _ in 0..5 {
            charge(&mut tries, 60).unwrap();
        }
        assert!(charge(&mut tries, 0).is_err());
    }
}
