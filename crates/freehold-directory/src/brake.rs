//! The brake: a sync that goes wrong is held back before it has deleted, or made, a whole organization.
//!
//! Ending access is never held back: `active=false` destroys nothing. Many of them raise an alarm.

use std::ops::RangeInclusive;
use std::time::Duration;

use freehold_wire::{OrganizationId, Timestamp};
use rand_core::CryptoRng;

use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;

/// What is counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Braked {
    /// New users and groups.
    Creates,
    /// Deleted users and groups.
    Deletes,
    /// Users set inactive: counted for the alarm, never held back.
    Deactivations,
}

impl Braked {
    /// The word for it, as shown and as stored in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creates => "creates",
            Self::Deletes => "deletes",
            Self::Deactivations => "deactivations",
        }
    }
}

/// How many of a kind a window admits: the larger of a number and a share of the organization.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// So many at least.
    pub count: u64,
    /// So many of a hundred users and groups.
    pub percent: u64,
}

impl Limit {
    /// How many are admitted where so many users and groups exist.
    pub fn of(self, existing: u64) -> u64 {
        self.count.max(existing.saturating_mul(self.percent) / 100)
    }
}

/// The brake of an organization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Brake {
    /// Counted once the first cycle is confirmed.
    pub creates: Limit,
    /// Counted from the beginning, but for what is made and deleted within a window: until the first cycle is
    /// confirmed that is somebody trying things out.
    pub deletes: Limit,
    /// More of them raise the alarm.
    pub deactivations: Limit,
    /// The window in which they are counted.
    pub window: Duration,
    /// When an admin confirmed that the first provisioning cycle did what was meant.
    pub confirmed_at: Option<Timestamp>,
    /// When it was last released; nothing before that counts.
    pub released_at: Option<Timestamp>,
    /// Since when creates are held back.
    pub creates_held_at: Option<Timestamp>,
    /// Since when deletes are held back.
    pub deletes_held_at: Option<Timestamp>,
    /// When the alarm was last raised for deactivations.
    pub alarmed_at: Option<Timestamp>,
}

impl Default for Brake {
    fn default() -> Self {
        Self {
            creates: Limit { count: 500, percent: 20 },
            deletes: Limit { count: 50, percent: 20 },
            deactivations: Limit { count: 50, percent: 20 },
            window: Duration::from_secs(3_600),
            confirmed_at: None,
            released_at: None,
            creates_held_at: None,
            deletes_held_at: None,
            alarmed_at: None,
        }
    }
}

impl Brake {
    /// How many of a kind are admitted.
    pub fn limit(&self, kind: Braked) -> Limit {
        match kind {
            Braked::Creates => self.creates,
            Braked::Deletes => self.deletes,
            Braked::Deactivations => self.deactivations,
        }
    }

    /// Since when this kind is held back.
    pub fn held_at(&self, kind: Braked) -> Option<Timestamp> {
        match kind {
            Braked::Creates => self.creates_held_at,
            Braked::Deletes => self.deletes_held_at,
            Braked::Deactivations => None,
        }
    }

    /// The limits, for the audit trail: raised far enough they hold nothing back.
    fn words(&self) -> String {
        let of = |kind: Braked| {
            let Limit { count, percent } = self.limit(kind);
            format!("{} {count} or {percent}%", kind.as_str())
        };
        let limits = [Braked::Creates, Braked::Deletes, Braked::Deactivations].map(of).join(", ");
        format!("{limits}, within {} s", self.window.as_secs())
    }

    /// How old something deleted must have been to be counted.
    fn counted_age(&self) -> Duration {
        self.confirmed_at.map_or(self.window, |_| Duration::ZERO)
    }

    /// How many of a kind count at a moment.
    fn count(
        &self,
        store: &mut dyn Store,
        organization: OrganizationId,
        kind: Braked,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        store.count_since(organization, kind, self.counted_from(now), self.counted_age())
    }

    /// From when on is counted.
    fn counted_from(&self, now: Timestamp) -> Timestamp {
        let window = now.minus(self.window);
        self.released_at.map_or(window, |released| released.max(window))
    }
}

/// The shortest and the longest window.
pub const WINDOWS: RangeInclusive<Duration> =
    Duration::from_secs(60)..=Duration::from_secs(7 * 24 * 3_600);

/// A create or delete that is held back until an admin releases the brake.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Held {
    /// What is held back.
    pub kind: Braked,
}

/// How long a client is asked to wait before it tries again.
pub const RETRY_AFTER: Duration = Duration::from_secs(15 * 60);

/// The brake as it stands.
///
/// # Errors
/// A failing database.
pub fn status(store: &mut dyn Store, organization: OrganizationId) -> Result<Brake, StoreError> {
    Ok(store.brake(organization)?.unwrap_or_default())
}

/// Lets a create or delete pass, or holds it back; the first one held back raises one alarm.
///
/// # Errors
/// The outer one: a failing database. The inner one: it is held back.
pub fn pass(
    store: &mut dyn Store,
    organization: OrganizationId,
    kind: Braked,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<(), Held>, StoreError> {
    let mut brake = status(store, organization)?;
    if kind == Braked::Creates && brake.confirmed_at.is_none() {
        return Ok(Ok(()));
    }
    if brake.held_at(kind).is_some() {
        return Ok(Err(Held { kind }));
    }
    if !exceeds(store, organization, &brake, kind, now)? {
        return Ok(Ok(()));
    }
    match kind {
        Braked::Creates => brake.creates_held_at = Some(now),
        _ => brake.deletes_held_at = Some(now),
    }
    store.put_brake(organization, &brake)?;
    let event = Event::new(EventKind::BrakeEngaged, organization).detail(kind.as_str());
    event.record(store, now, rng)?;
    Ok(Err(Held { kind }))
}

/// Whether one more of a kind would be too many. The organization is only counted when the number alone does not admit it.
fn exceeds(
    store: &mut dyn Store,
    organization: OrganizationId,
    brake: &Brake,
    kind: Braked,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let limit = brake.limit(kind);
    let counted = brake.count(store, organization, kind, now)?;
    // A deactivation is carried out before it is asked about.
    let done = counted - u64::from(kind == Braked::Deactivations && counted > 0);
    if done < limit.count {
        return Ok(false);
    }
    let gone = if kind == Braked::Deletes { done } else { 0 };
    let existing = store.count_resources(organization)? + gone;
    Ok(done >= limit.of(existing))
}

/// Counts a deactivation that was carried out; many of them raise one alarm a window.
pub(crate) fn note_deactivation(
    store: &mut dyn Store,
    organization: OrganizationId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let mut brake = status(store, organization)?;
    let alarmed = brake.alarmed_at.is_some_and(|at| at.plus(brake.window) > now);
    if alarmed || !exceeds(store, organization, &brake, Braked::Deactivations, now)? {
        return Ok(());
    }
    brake.alarmed_at = Some(now);
    store.put_brake(organization, &brake)?;
    let kind = Braked::Deactivations.as_str();
    Event::new(EventKind::BrakeAlarm, organization).detail(kind).record(store, now, rng)
}

/// Releases the brake: what was held back passes again, and counting begins anew.
///
/// # Errors
/// A failing database.
pub fn release(
    store: &mut dyn Store,
    mandate: Mandate,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Brake, StoreError> {
    let brake = Brake {
        released_at: Some(now),
        creates_held_at: None,
        deletes_held_at: None,
        ..status(store, mandate.organization())?
    };
    put(store, mandate, brake, EventKind::BrakeReleased, now, rng)
}

/// Confirms the first provisioning cycle: from now on creates are counted too, and every delete.
///
/// # Errors
/// A failing database.
pub fn confirm(
    store: &mut dyn Store,
    mandate: Mandate,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Brake, StoreError> {
    let before = status(store, mandate.organization())?;
    let brake = Brake { confirmed_at: Some(now), released_at: Some(now), ..before };
    put(store, mandate, brake, EventKind::BrakeConfirmed, now, rng)
}

/// Changes the limits.
///
/// # Errors
/// A failing database.
pub fn configure(
    store: &mut dyn Store,
    mandate: Mandate,
    change: impl FnOnce(&mut Brake),
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Brake, StoreError> {
    let mut brake = status(store, mandate.organization())?;
    change(&mut brake);
    put(store, mandate, brake, EventKind::BrakeConfigured, now, rng)
}

fn put(
    store: &mut dyn Store,
    mandate: Mandate,
    brake: Brake,
    kind: EventKind,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Brake, StoreError> {
    store.put_brake(mandate.organization(), &brake)?;
    let mut event = Event::new(kind, mandate.organization()).by(mandate);
    if kind == EventKind::BrakeConfigured {
        event = event.detail(brake.words());
    }
    event.record(store, now, rng)?;
    Ok(brake)
}

/// How much of a limit is used up at a moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Gauge {
    /// So many were counted in the window that ends now.
    pub counted: u64,
    /// So many a window admits, in an organization of this size.
    pub admitted: u64,
}

/// How much of the limit of a kind is used up.
///
/// # Errors
/// A failing database.
pub fn gauge(
    store: &mut dyn Store,
    organization: OrganizationId,
    brake: &Brake,
    kind: Braked,
    now: Timestamp,
) -> Result<Gauge, StoreError> {
    let counted = brake.count(store, organization, kind, now)?;
    let gone = if kind == Braked::Deletes { counted } else { 0 };
    let existing = store.count_resources(organization)? + gone;
    Ok(Gauge { counted, admitted: brake.limit(kind).of(existing) })
}
