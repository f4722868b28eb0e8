//! What a client keeps from one unlock to the next. No secret, but only the user's to have.

use freehold_wire::{Exact, MAX_COUNTER, OrganizationId, Profile, UserId};
use serde::{Deserialize, Serialize};

use crate::error::KeyError;

/// The last state that this client verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remembered {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The state's epoch.
    pub epoch: u64,
    /// The state's sequence number.
    pub seq: u64,
    /// Hash of the state.
    pub state_hash: Exact<32>,
    /// The floor that the state sets, if it is above the protocol's. A server that offers a lower profile is refused before
    /// anything is hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_floor: Option<Profile>,
    /// A higher epoch that the person agreed to, having been asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_epoch: Option<u64>,
}

impl Remembered {
    /// Reads what was remembered.
    ///
    /// # Errors
    /// [`KeyError::BadMessage`].
    pub fn from_json(json: &str) -> Result<Self, KeyError> {
        let read: Self = freehold_json::read(json).map_err(|_| KeyError::BadMessage)?;
        let counters = [read.epoch, read.seq];
        if counters.iter().all(|counter| (1..=MAX_COUNTER).contains(counter)) {
            Ok(read)
        } else {
            Err(KeyError::BadMessage)
        }
    }
}
