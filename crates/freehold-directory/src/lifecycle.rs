//! The life of an account: `PENDING -> READY`, with `active` as a flag beside it.
//!
//! The state is about keys, `active` is about access: `active=false` freezes an account in any state and keeps its
//! keys, setting it back changes nothing else. DELETED is no state here: what is deleted is not found.

use std::fmt;

use freehold_wire::Timestamp;

/// How far the user's keys are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum KeyState {
    /// Provisioned; there is no key material yet.
    Pending(Pending),
    /// The user made keys in the browser; the server holds ciphertext and public keys.
    Ready(Ready),
}

/// Evidence of [`KeyState::Pending`]; consumed by a completed set-up and by nothing else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pending {
    /// The epoch that set-up will make keys for.
    pub epoch: u64,
    /// Since when.
    pub since: Timestamp,
}

/// Evidence of [`KeyState::Ready`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ready {
    /// The epoch of the keys.
    pub epoch: u64,
    /// Since when.
    pub since: Timestamp,
}

impl KeyState {
    /// The state of a new account.
    pub fn new(now: Timestamp) -> Self {
        Self::Pending(Pending { epoch: 1, since: now })
    }

    /// The epoch.
    pub fn epoch(&self) -> u64 {
        match self {
            Self::Pending(pending) => pending.epoch,
            Self::Ready(ready) => ready.epoch,
        }
    }

    /// Since when.
    pub fn since(&self) -> Timestamp {
        match self {
            Self::Pending(pending) => pending.since,
            Self::Ready(ready) => ready.since,
        }
    }

    /// The stable name, as stored and shown.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pending(_) => "PENDING",
            Self::Ready(_) => "READY",
        }
    }

    /// The state of a stored name.
    pub fn from_stored(name: &str, epoch: u64, since: Timestamp) -> Option<Self> {
        match name {
            "PENDING" => Some(Self::Pending(Pending { epoch, since })),
            "READY" => Some(Self::Ready(Ready { epoch, since })),
            _ => None,
        }
    }
}

/// What an admin sees: the key state, unless the account is frozen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ShownState {
    /// No keys yet.
    Pending,
    /// Keys made.
    Ready,
    /// `active=false`, whatever the keys.
    Suspended,
}

impl ShownState {
    /// The state to show.
    pub fn of(state: &KeyState, active: bool) -> Self {
        match state {
            _ if !active => Self::Suspended,
            KeyState::Pending(_) => Self::Pending,
            KeyState::Ready(_) => Self::Ready,
        }
    }

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Ready => "READY",
            Self::Suspended => "SUSPENDED",
        }
    }

    /// The state of a name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Ready, Self::Suspended]
            .into_iter()
            .find(|state| state.as_str().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for ShownState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
