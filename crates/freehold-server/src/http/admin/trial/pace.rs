//! A trial costs a dozen requests: one at a time for an organization, and a few in a minute.

use std::{sync::Arc, time::Duration};

use freehold_directory::{OrganizationId, Timestamp};

use super::super::super::{
    throttle::Throttle,
    turns::{Turn, Turns},
};

/// Trials that may come one after the other.
const BURST: u32 = 6;
/// Until one more may.
const EACH: Duration = Duration::from_secs(20);

/// The trials of each organization.
pub struct Trials {
    pace: Throttle<OrganizationId>,
    running: Arc<Turns<OrganizationId>>,
}

/// A trial under way; the next may begin when this is dropped.
pub(super) type Running = Turn<OrganizationId>;

impl Default for Trials {
    fn default() -> Self {
        Self { pace: Throttle::new(BURST, EACH), running: Turns::new(1) }
    }
}

impl Trials {
    /// Begins a trial, or says how long to wait.
    pub(super) fn begin(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Arc<Running>, Duration> {
        let running = self.running.take(organization).ok_or(EACH)?;
        self.pace.take(organization, now)?;
        Ok(Arc::new(running))
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
