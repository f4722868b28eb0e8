//! A trial costs a dozen requests: one at a time for an organization, and a few in a minute. Each server counts for itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use freehold_directory::{OrganizationId, Timestamp};

/// Trials that may come one after the other.
const BURST: u32 = 6;
/// Until one more may.
const EACH: Duration = Duration::from_secs(20);
/// Organizations to remember before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// The trials of each organization.
#[derive(Default)]
pub struct Trials(Mutex<HashMap<OrganizationId, State>>);

struct State {
    running: bool,
    /// Time saved up, of which each trial takes [`EACH`].
    saved: Duration,
    at: Timestamp,
}

impl State {
    fn saved(&self, now: Timestamp) -> Duration {
        self.saved.saturating_add(now.since(self.at)).min(EACH * BURST)
    }
}

/// A trial under way; the next may begin when this is dropped.
pub(super) struct Running {
    trials: Arc<Trials>,
    organization: OrganizationId,
}

impl Trials {
    /// Begins a trial, or says how many seconds to wait.
    pub(super) fn begin(
        self: &Arc<Self>,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Arc<Running>, u64> {
        let mut all = self.locked();
        if all.len() >= REMEMBERED {
            all.retain(|_, state| state.running || state.saved(now) < EACH * BURST);
        }
        let rested = State { running: false, saved: EACH * BURST, at: now };
        let state = all.entry(organization).or_insert(rested);
        (state.saved, state.at) = (state.saved(now), now);
        let left = state.saved.checked_sub(EACH).filter(|_| !state.running);
        state.saved = left.ok_or(EACH.as_secs())?;
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

    use super::{BURST, EACH, Trials};

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
        assert_eq!(begun, BURST as usize);
        assert!(trials.begin(ACME, NOW.plus(EACH - Duration::from_millis(1))).is_err());
        assert!(trials.begin(ACME, NOW.plus(EACH)).is_ok());
        assert!(trials.begin(ACME, NOW.plus(EACH)).is_err());
    }
}
