//! A trial costs a dozen requests: one at a time for an organization, and a few in a minute. Each server counts for itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use freehold_directory::{OrganizationId, Timestamp};

/// Trials that may come one after the other.
const BURST: f64 = 6.0;
/// Seconds until one more may.
pub(super) const SECONDS_EACH: u64 = 20;
/// Organizations to remember before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// The trials of each organization.
#[derive(Default)]
pub struct Trials(Mutex<HashMap<OrganizationId, State>>);

struct State {
    running: bool,
    left: f64,
    at: Timestamp,
}

impl State {
    fn refilled(&self, now: Timestamp) -> f64 {
        let seconds = now.since(self.at).as_secs_f64();
        (self.left + seconds / SECONDS_EACH as f64).min(BURST)
    }
}

/// A trial under way; the next may begin when this is dropped.
pub(super) struct Running {
    trials: Arc<Trials>,
    organization: OrganizationId,
}

impl Trials {
    /// Begins a trial.
    pub(super) fn begin(
        self: &Arc<Self>,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Arc<Running>, u64> {
        let mut all = self.locked();
        if all.len() >= REMEMBERED {
            all.retain(|_, state| state.running || state.refilled(now) < BURST);
        }
        let state =
            all.entry(organization).or_insert(State { running: false, left: BURST, at: now });
        state.left = state.refilled(now);
        state.at = now;
        if state.running || state.left < 1.0 {
            return Err(SECONDS_EACH);
        }
        state.left -= 1.0;
        state.running = true;
        Ok(Arc::new(Running { trials: Arc::clone(self), organization }))
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<OrganizationId, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(state) = self.trials.locked().get_mut(&self.organization) {
            state.running = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use freehold_directory::{OrganizationId, Timestamp};

    use super::{BURST, SECONDS_EACH, Trials};

    const ACME: OrganizationId = OrganizationId::from_bytes([1; 16]);
    const OTHER: OrganizationId = OrganizationId::from_bytes([2; 16]);
    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    #[test]
    fn an_organization_tries_once_at_a_time_and_others_do_not_wait() {
        let trials = Arc::new(Trials::default());
        let running = trials.begin(ACME, NOW).ok().unwrap();
        assert!(trials.begin(ACME, NOW).is_err());
        assert!(trials.begin(OTHER, NOW).is_ok());
        drop(running);
        assert!(trials.begin(ACME, NOW).is_ok());
    }

    #[test]
    fn after_a_few_trials_there_is_a_pause() {
        let trials = Arc::new(Trials::default());
        let begun = (0..20).filter(|_| trials.begin(ACME, NOW).is_ok()).count();
        assert_eq!(begun as f64, BURST);
        let pause = Duration::from_secs(SECONDS_EACH);
        assert!(trials.begin(ACME, NOW.plus(pause - Duration::from_millis(1))).is_err());
        assert!(trials.begin(ACME, NOW.plus(pause)).is_ok());
        assert!(trials.begin(ACME, NOW.plus(pause)).is_err());
    }
}
