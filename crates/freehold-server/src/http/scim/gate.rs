//! Organizations do not slow each other: each has its own rate, and its own share of the requests under way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use freehold_directory::{OrganizationId, Timestamp};

/// Requests of one organization under way at a time. Entra and Okta have a handful; far more would fill the queue of
/// the database, in which others wait too.
const UNDER_WAY: usize = 256;

/// Seconds of the rate that may come at once.
const BURST_SECONDS: f64 = 5.0;

/// Organizations to remember before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// Lets requests in, organization by organization.
pub struct Gate {
    per_second: Option<f64>,
    organizations: Mutex<HashMap<OrganizationId, State>>,
}

struct State {
    left: f64,
    at: Timestamp,
    under_way: usize,
}

/// A request under way; its place is free when this is dropped.
pub(super) struct Place {
    gate: Arc<Gate>,
    organization: OrganizationId,
}

impl Gate {
    /// A gate for so many requests a second and organization; 0 for any number.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let per_second = Some(f64::from(per_second)).filter(|rate| *rate > 0.0);
        Self { per_second, organizations: Mutex::default() }
    }

    /// A place for one more request, if there is one.
    pub(super) fn enter(
        self: &Arc<Self>,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Option<Place> {
        let mut all = self.all();
        if all.len() >= REMEMBERED {
            all.retain(|_, state| state.under_way > 0);
        }
        let burst = self.per_second.map_or(f64::MAX, |rate| rate * BURST_SECONDS);
        let state = all.entry(organization).or_insert(State { left: burst, at: now, under_way: 0 });
        if let Some(rate) = self.per_second {
            let seconds = now.since(state.at).as_secs_f64();
            state.left = (state.left + seconds * rate).min(burst);
            state.at = now;
        }
        if state.left < 1.0 || state.under_way >= UNDER_WAY {
            return None;
        }
        if self.per_second.is_some() {
            state.left -= 1.0;
        }
        state.under_way += 1;
        Some(Place { gate: Arc::clone(self), organization })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<OrganizationId, State>> {
        self.organizations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(state) = self.gate.all().get_mut(&self.organization) {
            state.under_way -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use freehold_directory::{OrganizationId, Timestamp};

    use super::{Gate, UNDER_WAY};

    const ACME: OrganizationId = OrganizationId::from_bytes([1; 16]);
    const OTHER: OrganizationId = OrganizationId::from_bytes([2; 16]);

    #[test]
    fn an_organization_that_asks_too_often_waits_and_others_do_not() {
        let gate = Arc::new(Gate::new(2));
        let start = Timestamp::from_millis(1_000_000);
        let admitted = (0..20).filter(|_| gate.enter(ACME, start).is_some()).count();
        assert_eq!(admitted, 10);
        assert!(gate.enter(OTHER, start).is_some());
        let later = start.plus(Duration::from_millis(500));
        assert!(gate.enter(ACME, later).is_some());
        assert!(gate.enter(ACME, later).is_none());
    }

    #[test]
    fn only_so_many_requests_of_an_organization_are_under_way() {
        let gate = Arc::new(Gate::new(0));
        let now = Timestamp::from_millis(0);
        let mut places: Vec<_> = (0..UNDER_WAY).map(|_| gate.enter(ACME, now).unwrap()).collect();
        assert!(gate.enter(ACME, now).is_none());
        assert!(gate.enter(OTHER, now).is_some());
        places.pop();
        assert!(gate.enter(ACME, now).is_some());
    }
}
