//! RESET: a person who lost passphrase, recovery code and every other way in gets new keys.
//!
//! It is asked for in a session of that person, which signing in alone gives; asking changes nothing. It is approved by
//! somebody else who has keys and unlocked them, or by the operator. The keys of the epoch are put aside, not
//! destroyed: as long as nobody has made new ones, the operator can undo it. What is put aside is served to nobody.
//!
//! ```text
//! ask ─▶ requested ─▶ approved ─▶ undone                 the keys of the epoch are back
//!            │             └────▶ destroyed              after the retention window
//!            ├─▶ denied
//!            ├─▶ cancelled     by the person, by an unlock, by the provisioning client
//!            └─▶ expired       after seven days
//! ```

mod approval;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use freehold_wire::{OrganizationId, SessionId, Timestamp, UserId};
use rand_core::CryptoRng;

pub use approval::{
    Approval, Undo, approve, approve_by_operator, approvers, deny, deny_by_operator, undo,
};

use crate::authority::Admin;
use crate::events::{Event, EventKind};
use crate::lifecycle::KeyState;
use crate::sessions::{SessionUser, Whose};
use crate::store::Store;
use crate::store_error::StoreError;

/// How long a request waits for somebody who approves it.
pub const REQUEST_LIFE: Duration = Duration::from_secs(7 * 86_400);
/// How often a person can ask in a day.
const ASKS_A_DAY: u64 = 3;
const DAY: Duration = Duration::from_secs(86_400);
/// Requests shown to an admin at once.
const SHOWN: u32 = 500;

/// A request's id: a UUIDv7, shown to the person and to the admins, so that both can tell which one is meant.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ResetId(uuid::Uuid);

impl ResetId {
    fn make(now: Timestamp, rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0u8; 10];
        rng.fill_bytes(&mut random);
        Self(uuid::Builder::from_unix_timestamp_millis(now.as_millis(), &random).into_uuid())
    }
}

impl fmt::Display for ResetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for ResetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResetId({self})")
    }
}

/// A text is not the id of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not the id of a request")]
pub struct ResetIdError;

impl FromStr for ResetId {
    type Err = ResetIdError;

    fn from_str(text: &str) -> Result<Self, ResetIdError> {
        let id = Self(uuid::Uuid::try_parse(text).map_err(|_| ResetIdError)?);
        if id.to_string() == text { Ok(id) } else { Err(ResetIdError) }
    }
}

/// How far a request is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResetState {
    /// It waits.
    Requested,
    /// The keys were put aside.
    Approved,
    /// Somebody who could have approved it did not.
    Denied,
    /// The person, an unlock or the provisioning client ended it.
    Cancelled,
    /// Nobody decided in time.
    Expired,
    /// It was approved, and the keys are back.
    Undone,
}

impl ResetState {
    const ALL: [Self; 6] = [
        Self::Requested,
        Self::Approved,
        Self::Denied,
        Self::Cancelled,
        Self::Expired,
        Self::Undone,
    ];

    /// The stable name, as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Undone => "undone",
        }
    }

    /// The state of a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Reset {
    /// Its id.
    pub id: ResetId,
    /// The organization.
    pub organization: OrganizationId,
    /// Who asked, and whose keys are meant.
    pub user: UserId,
    /// The epoch of the keys that are lost.
    pub epoch: u64,
    /// The session that asked: it alone stays when the request is approved.
    pub session: SessionId,
    /// How far it is, as stored: see [`Reset::state_at`].
    pub state: ResetState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Timestamp,
    /// When it was decided or ended.
    pub settled_at: Option<Timestamp>,
    /// When the keys that were put aside were destroyed.
    pub destroyed_at: Option<Timestamp>,
}

impl Reset {
    /// How far it is at this time: nothing has to run for a request to expire.
    pub fn state_at(&self, now: Timestamp) -> ResetState {
        match self.state {
            ResetState::Requested if self.expires_at <= now => ResetState::Expired,
            state => state,
        }
    }

    fn whose(&self) -> Whose {
        (self.organization, self.user)
    }
}

/// A request that waits, as an admin sees it.
#[derive(Clone, Debug)]
pub struct OpenReset {
    /// The request.
    pub reset: Reset,
    /// The person's `userName`.
    pub user_name: String,
    /// The person's `displayName`.
    pub display_name: Option<String>,
}

/// Why a command on a RESET was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResetError {
    /// The account has no keys that could be lost.
    #[error("the account has no keys")]
    NotReady,
    /// The session has proved a secret of the account: nothing is lost.
    #[error("the session is unlocked")]
    Unlocked,
    /// A request waits already.
    #[error("a request waits already")]
    Open,
    /// The person has asked too often.
    #[error("too many requests in a day")]
    TooOften {
        /// After how long there can be another.
        retry_after: Duration,
    },
    /// No such request; one of another organization looks the same.
    #[error("there is no such request")]
    NotFound,
    /// It does not wait any more, or not for these keys.
    #[error("the request does not wait any more")]
    Settled,
    /// The person cannot decide on his own request.
    #[error("nobody decides on his own request")]
    Own,
    /// The admin is one by a group alone, and so by the word of the identity provider.
    #[error("the admin was not appointed by the operator")]
    NotAppointed,
    /// The person is an owner, and the admin is none.
    #[error("an owner's request is approved by an owner")]
    OwnersOnly,
    /// These could approve it.
    #[error("the organization has people who can approve it: {0}")]
    OthersCan(String),
    /// The keys are not there any more, or new ones were made.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks for new keys, in the session of the person who lost the old ones. Nothing changes by it.
///
/// # Errors
/// [`ResetError::NotReady`], [`ResetError::Unlocked`], [`ResetError::Open`], [`ResetError::TooOften`].
pub fn ask(
    store: &mut dyn Store,
    session: &SessionUser,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Reset, ResetError> {
    let KeyState::Ready(ready) = session.key_state() else { return Err(ResetError::NotReady) };
    if session.unlocked_by().is_some() {
        return Err(ResetError::Unlocked);
    }
    store.expire_resets_of(session.user(), now)?;
    let asked = store.resets_asked_since(session.user(), now.minus(DAY))?;
    if let Some(oldest) = asked.first()
        && asked.len() as u64 >= ASKS_A_DAY
    {
        return Err(ResetError::TooOften { retry_after: oldest.plus(DAY).since(now) });
    }
    let reset = Reset {
        id: ResetId::make(now, rng),
        organization: session.organization(),
        user: session.user(),
        epoch: ready.epoch,
        session: session.id(),
        state: ResetState::Requested,
        asked_at: now,
        expires_at: now.plus(REQUEST_LIFE),
        settled_at: None,
        destroyed_at: None,
    };
    if !store.insert_reset(&reset)? {
        return Err(ResetError::Open);
    }
    note(store, EventKind::ResetRequested, &reset, "", now, rng)?;
    Ok(reset)
}

/// What the person sees: the last request, if there was one.
///
/// # Errors
/// A failing database.
pub fn last_of(store: &mut dyn Store, user: UserId) -> Result<Option<Reset>, StoreError> {
    store.last_reset_of(user)
}

/// Who ended a request before anybody decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CancelledBy {
    /// The person.
    Person,
    /// The person unlocked: nothing is lost.
    Unlock,
    /// The account was suspended or deleted.
    Provisioning,
}

impl CancelledBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Person => "by the person",
            Self::Unlock => "by an unlock",
            Self::Provisioning => "by provisioning",
        }
    }
}

/// Ends the person's request that waits; `false` when there is none.
///
/// # Errors
/// A failing database.
pub fn cancel(
    store: &mut dyn Store,
    session: &SessionUser,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    let whose = (session.organization(), session.user());
    cancel_of(store, whose, CancelledBy::Person, now, rng)
}

pub(crate) fn cancel_of(
    store: &mut dyn Store,
    (_, user): Whose,
    by: CancelledBy,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    let Some(open) = store.open_reset_of(user, now)? else { return Ok(false) };
    if !store.settle_reset(open.id, ResetState::Requested, ResetState::Cancelled, now)? {
        return Ok(false);
    }
    note(store, EventKind::ResetCancelled, &open, by.as_str(), now, rng)?;
    Ok(true)
}

/// The requests of the admin's organization that wait, oldest first.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    admin: Admin<'_>,
    now: Timestamp,
) -> Result<Vec<OpenReset>, StoreError> {
    store.open_resets(admin.organization(), now, SHOWN)
}

/// The same for the operator.
///
/// # Errors
/// A failing database.
pub fn list_for_operator(
    store: &mut dyn Store,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<OpenReset>, StoreError> {
    store.open_resets(organization, now, SHOWN)
}

fn note(
    store: &mut dyn Store,
    kind: EventKind,
    reset: &Reset,
    by: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    Event::new(kind, reset.organization)
        .user(reset.user)
        .detail(format!("{} {by}", reset.id).trim_end())
        .record(store, now, rng)
}

/// Destroys what was put aside longer than `retention` ago, some at a time; answers whose. Call it again until there is
/// none.
///
/// # Errors
/// A failing database.
pub fn destroy_old(
    store: &mut dyn Store,
    retention: Duration,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<UserId>, StoreError> {
    let mut destroyed = Vec::new();
    for reset in store.resets_to_destroy(now.minus(retention), DESTROY_BATCH)? {
        if store.destroy_keys_aside(&reset, now)? {
            note(store, EventKind::ResetDestroyed, &reset, "", now, rng)?;
            destroyed.push(reset.user);
        }
    }
    Ok(destroyed)
}

/// People whose old keys are destroyed in one transaction.
const DESTROY_BATCH: u32 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back_and_an_id_has_one_spelling() {
        for state in ResetState::ALL {
            assert_eq!(ResetState::from_name(state.as_str()), Some(state));
        }
        let text = "0190163d-8694-739b-aea5-966c26f8ad91";
        assert_eq!(text.parse::<ResetId>().unwrap().to_string(), text);
        for other in [text.to_uppercase(), text.replace('-', ""), format!("{{{text}}}")] {
            assert!(other.parse::<ResetId>().is_err(), "{other}");
        }
    }
}
