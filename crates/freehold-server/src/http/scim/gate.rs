//! Organizations do not slow each other: each has its own rate, and its own share of the requests under way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use freehold_directory::{OrganizationId, SecretHash, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests of one organization under way at a time. Entra and Okta have a handful; far more would fill the queue of
/// the database, in which others wait too.
const UNDER_WAY: usize = 256;

/// Seconds of the rate that may come at once.
const BURST_SECONDS: f64 = 5.0;

/// Organizations to remember before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// Lets requests in, organization by organization.
///
/// Whose a token is, it remembers from the answers before: good enough to share out the work, and never asked whether a
/// token is good.
pub struct Gate {
    per_second: Option<f64>,
    organizations: Mutex<HashMap<OrganizationId, State>>,
    tokens: Mutex<HashMap<SecretHash, OrganizationId>>,
}

struct State {
    left: f64,
    at: Timestamp,
    under_way: usize,
    /// Held while the database reads a list: its threads for that are few, and another organization finds one free.
    list: Arc<Semaphore>,
}

/// A request under way; its place is free when this is dropped.
pub(super) struct Place {
    taken: Option<(Arc<Gate>, OrganizationId)>,
}

impl Place {
    /// Whether the token was good before; what became of it since, the job says.
    pub(super) fn is_of_known(&self) -> bool {
        self.taken.is_some()
    }
}

/// There is no place for one more request of the organization.
pub(super) struct Full;

impl Gate {
    /// A gate for so many requests a second and organization; 0 for any number.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let per_second = Some(f64::from(per_second)).filter(|rate| *rate > 0.0);
        Self { per_second, organizations: Mutex::default(), tokens: Mutex::default() }
    }

    /// Remembers whose token this is.
    pub(super) fn remember(&self, token: SecretHash, organization: OrganizationId) {
        let mut tokens = locked(&self.tokens);
        if tokens.len() >= REMEMBERED {
            tokens.clear();
        }
        tokens.insert(token, organization);
    }

    /// Whose token this is, if that is remembered.
    pub(super) fn organization_of(&self, token: SecretHash) -> Option<OrganizationId> {
        locked(&self.tokens).get(&token).copied()
    }

    /// Waits until no other list of the organization is read; the next one may be when this is dropped.
    pub(super) async fn turn_for_list(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Option<OwnedSemaphorePermit> {
        let list = {
            let mut all = locked(&self.organizations);
            Arc::clone(&self.state(&mut all, organization, now).list)
        };
        // Nobody closes it.
        list.acquire_owned().await.ok()
    }

    /// A place for one more request with this token. What is not known yet is let in: its job will say.
    pub(super) fn enter(
        self: &Arc<Self>,
        token: SecretHash,
        now: Timestamp,
    ) -> Result<Place, Full> {
        let Some(organization) = self.organization_of(token) else {
            return Ok(Place { taken: None });
        };
        if !self.take(organization, now) {
            return Err(Full);
        }
        Ok(Place { taken: Some((Arc::clone(self), organization)) })
    }

    fn take(&self, organization: OrganizationId, now: Timestamp) -> bool {
        let mut all = locked(&self.organizations);
        let state = self.state(&mut all, organization, now);
        if let Some(rate) = self.per_second {
            let seconds = now.since(state.at).as_secs_f64();
            state.left = (state.left + seconds * rate).min(self.burst());
            state.at = now;
        }
        if state.left < 1.0 || state.under_way >= UNDER_WAY {
            return false;
        }
        if self.per_second.is_some() {
            state.left -= 1.0;
        }
        state.under_way += 1;
        true
    }

    fn state<'a>(
        &self,
        all: &'a mut HashMap<OrganizationId, State>,
        organization: OrganizationId,
        now: Timestamp,
    ) -> &'a mut State {
        if all.len() >= REMEMBERED {
            all.retain(|_, state| state.under_way > 0);
        }
        all.entry(organization).or_insert_with(|| State {
            left: self.burst(),
            at: now,
            under_way: 0,
            list: Arc::new(Semaphore::new(1)),
        })
    }

    fn burst(&self) -> f64 {
        self.per_second.map_or(f64::MAX, |rate| rate * BURST_SECONDS)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((gate, organization)) = &self.taken else { return };
        if let Some(state) = locked(&gate.organizations).get_mut(organization) {
            state.under_way -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        pin::pin,
        sync::Arc,
        task::{Context, Waker},
        time::Duration,
    };

    use freehold_directory::{OrganizationId, SecretHash, Timestamp};

    use super::{Gate, UNDER_WAY};

    /// A gate that knows two tokens.
    fn gate(per_second: u32) -> (Arc<Gate>, SecretHash, SecretHash) {
        let gate = Arc::new(Gate::new(per_second));
        let (acme, other) = (SecretHash::of("acme"), SecretHash::of("other"));
        gate.remember(acme, OrganizationId::from_bytes([1; 16]));
        gate.remember(other, OrganizationId::from_bytes([2; 16]));
        (gate, acme, other)
    }

    #[test]
    fn an_organization_that_asks_too_often_waits_and_others_do_not() {
        let (gate, acme, other) = gate(2);
        let start = Timestamp::from_millis(1_000_000);
        let admitted = (0..20).filter(|_| gate.enter(acme, start).is_ok()).count();
        assert_eq!(admitted, 10);
        assert!(gate.enter(other, start).is_ok());
        let later = start.plus(Duration::from_millis(500));
        assert!(gate.enter(acme, later).is_ok());
        assert!(gate.enter(acme, later).is_err());
    }

    #[test]
    fn only_so_many_requests_of_an_organization_are_under_way() {
        let (gate, acme, other) = gate(0);
        let now = Timestamp::from_millis(0);
        let mut places: Vec<_> = (0..UNDER_WAY).map(|_| gate.enter(acme, now).ok()).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(gate.enter(acme, now).is_err());
        assert!(gate.enter(other, now).is_ok());
        places.pop();
        assert!(gate.enter(acme, now).is_ok());
    }

    #[actix_web::test]
    async fn the_lists_of_an_organization_take_turns_and_wait_for_those_of_no_other() {
        let (gate, acme, other) = gate(0);
        let now = Timestamp::from_millis(0);
        let [acme, other] = [acme, other].map(|token| gate.organization_of(token).unwrap());
        let first = gate.turn_for_list(acme, now).await;
        let mut second = pin!(gate.turn_for_list(acme, now));
        let mut context = Context::from_waker(Waker::noop());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert!(gate.turn_for_list(other, now).await.is_some());
        drop(first);
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
