//! What admins do makes the server ask others: identity providers, the DNS. A few times at once, then with pauses, counted for
//! the whole organization.

use std::time::Duration;

use freehold_directory::OrganizationId;

use super::super::{App, problem::Problem, throttle::Throttle};

/// Requests that may come one after the other: whoever connects an identity provider tries things out.
const BURST: u32 = 30;
/// Until one more may.
const EACH: Duration = Duration::from_secs(6);

/// Organizations that have the server ask others.
#[must_use]
pub fn outward() -> Throttle<OrganizationId> {
    Throttle::new(BURST, EACH)
}

impl App {
    /// To be asked before the server asks somebody else at an organization's wish, and once it is known who wishes it.
    pub(super) fn go_out(&self, organization: OrganizationId) -> Result<(), Problem> {
        self.outward.take(organization, self.now()).map_err(|wait| {
            tracing::warn!(%organization, "an organization had others asked too often");
            Problem::asked_too_often(wait)
        })
    }
}
