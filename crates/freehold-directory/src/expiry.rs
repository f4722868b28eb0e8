//! Warnings before a token or client ends: an identity provider whose token has expired stops provisioning without a word
//! to anybody here, so the audit trail and the log say it ahead.

use std::time::Duration;

use freehold_wire::ids::{OrganizationId, TokenId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use crate::clients::ClientId;
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;

/// Days before the end at which there is a warning.
const THRESHOLDS_DAYS: [u16; 4] = [1, 7, 14, 30];
/// Warnings of one kind and threshold in one transaction.
const BATCH: u32 = 100;
const DAY: Duration = Duration::from_secs(86_400);

/// One of the times before an end.
#[derive(Clone, Copy, Debug)]
pub struct Threshold {
    /// The days.
    pub days: u16,
    /// What ends by then is over, or has reached a nearer threshold: after a pause only the nearest is told.
    pub after: Timestamp,
    /// What ends by then, and not before, has reached this one.
    pub until: Timestamp,
    /// The days as a duration: what lives no longer was made inside the threshold, and its maker knows.
    pub before: Duration,
}

impl Threshold {
    fn of(days: u16, now: Timestamp) -> Self {
        let nearer = THRESHOLDS_DAYS.into_iter().filter(|nearer| *nearer < days).max();
        let before = DAY * u32::from(days);
        let after = now.plus(DAY * u32::from(nearer.unwrap_or(0)));
        Self { days, after, until: now.plus(before), before }
    }

    fn text(&self) -> String {
        if self.days == 1 { "1 day".to_owned() } else { format!("{} days", self.days) }
    }
}

/// What comes near its end.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Expiring {
    /// A SCIM token.
    Token(TokenId),
    /// A SCIM client.
    Client(ClientId),
}

/// A warning that has just been recorded.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Warning {
    /// In which organization.
    pub organization: OrganizationId,
    /// What it is about.
    pub of: Expiring,
    /// The threshold that was reached: it ends in so many days or earlier.
    pub days: u16,
}

impl Warning {
    fn event(&self, threshold: &Threshold) -> Event {
        let event = match self.of {
            Expiring::Token(token) => {
                Event::new(EventKind::TokenExpiring, self.organization).token(token)
            }
            Expiring::Client(client) => {
                Event::new(EventKind::ClientExpiring, self.organization).client(client)
            }
        };
        event.detail(threshold.text())
    }
}

/// Records an event for each live token and client that has come within 30, 14, 7 or 1 days of its end, once a threshold;
/// answers the warnings, some at a time. Call it again until there are none.
///
/// # Errors
/// A failing database.
pub fn warn(
    store: &mut dyn Store,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<Warning>, StoreError> {
    let mut warnings = Vec::new();
    for threshold in THRESHOLDS_DAYS.map(|days| Threshold::of(days, now)) {
        for warning in reached(store, &threshold)? {
            warning.event(&threshold).record(store, now, rng)?;
            warnings.push(warning);
        }
    }
    Ok(warnings)
}

fn reached(store: &mut dyn Store, threshold: &Threshold) -> Result<Vec<Warning>, StoreError> {
    let days = threshold.days;
    let tokens = store
        .tokens_to_warn_of(threshold, BATCH)?
        .into_iter()
        .map(|(organization, id)| Warning { organization, of: Expiring::Token(id), days });
    let clients = store
        .clients_to_warn_of(threshold, BATCH)?
        .into_iter()
        .map(|(organization, id)| Warning { organization, of: Expiring::Client(id), days });
    Ok(tokens.chain(clients).collect())
}

/// The threshold that something has reached: it ends in so many days or earlier. `None` before the first, after the end,
/// and for what lives no longer than the threshold.
pub fn reached_threshold(
    created_at: Timestamp,
    expires_at: Timestamp,
    now: Timestamp,
) -> Option<u16> {
    if expires_at <= now {
        return None;
    }
    let (left, life) = (expires_at.since(now), expires_at.since(created_at));
    let within = |days: &u16| left <= DAY * u32::from(*days) && life > DAY * u32::from(*days);
    THRESHOLDS_DAYS.into_iter().find(within)
}

/// The nearest threshold that is not inside this time before an end.
pub(crate) fn threshold_beyond(left: Duration) -> Option<u16> {
    THRESHOLDS_DAYS.into_iter().find(|days| left <= DAY * u32::from(*days))
}

/// Whole days until an end; `None` when it is reached.
pub fn days_left(expires_at: Timestamp, now: Timestamp) -> Option<u64> {
    (now < expires_at).then(|| expires_at.since(now).as_secs() / DAY.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_end_with_the_end() {
        let end = Timestamp::from_millis(1_795_000_000_000);
        assert_eq!(days_left(end, end.minus(DAY * 30)), Some(30));
        assert_eq!(days_left(end, end.minus(DAY * 30 - Duration::from_millis(1))), Some(29));
        assert_eq!(days_left(end, end.minus(Duration::from_millis(1))), Some(0));
        assert_eq!(days_left(end, end), None);
        assert_eq!(days_left(end, end.plus(DAY)), None);
    }

    #[test]
    fn what_is_shown_is_the_threshold_that_is_told() {
        let end = Timestamp::from_millis(1_795_000_000_000);
        let shown = |life: u32, left: Duration| {
            reached_threshold(end.minus(DAY * life), end, end.minus(left))
        };
        let moment = Duration::from_millis(1);
        assert_eq!(shown(366, DAY * 30 + moment), None);
        for (days, until) in [(30, 14), (14, 7), (7, 1)] {
            assert_eq!(shown(366, DAY * days), Some(u16::try_from(days).unwrap()));
            assert_eq!(shown(366, DAY * until + moment), Some(u16::try_from(days).unwrap()));
        }
        assert_eq!((shown(366, moment), shown(366, Duration::ZERO)), (Some(1), None));
        // Whoever made it for ten days knows that it does not live for fourteen.
        assert_eq!((shown(10, DAY * 10), shown(10, DAY * 7)), (None, Some(7)));
        assert_eq!(shown(1, moment), None);
    }

    #[test]
    fn a_threshold_says_its_days() {
        let text = |days| Threshold::of(days, Timestamp::default()).text();
        assert_eq!((text(1), text(7)), ("1 day".to_owned(), "7 days".to_owned()));
    }
}
