//! The JSON messages of set-up, unlock, change, renewal and items. Limits stand in the types.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::card::MAX_CARD_BYTES;
use crate::encoding::{AtMost, Exact, counter, hash_parts};
use crate::handover::MAX_HANDOVER_BYTES;
use crate::ids::{ItemId, OrganizationId, UserId};
use crate::item::MAX_CONTENT_BYTES;
use crate::methods::{MAX_PARAMETERS_BYTES, MethodKind};
use crate::profile::Profile;
use crate::state::MAX_STATE_BYTES;
use crate::time::Timestamp;
use crate::{PREFIX_BYTES, TAG_BYTES, label};

/// No origin is longer.
pub const MAX_ORIGIN_BYTES: usize = 255;
/// No offer names more origins.
pub const MAX_ORIGINS: usize = 8;
/// No set-up request is longer, as JSON.
pub const MAX_SETUP_REQUEST_BYTES: usize = 64 * 1024;
/// No change request is longer, as JSON.
pub const MAX_CHANGE_REQUEST_BYTES: usize = 64 * 1024;
/// No renewal request is longer, as JSON: room for the keys of 3,000 items.
pub const MAX_RENEWAL_REQUEST_BYTES: usize = 1024 * 1024;
/// No item on its way to the server is longer, as JSON: room for 1 MiB, padded, in base64url.
pub const MAX_ITEM_REQUEST_BYTES: usize = 1500 * 1024;
/// No unlock request is longer, as JSON.
pub const MAX_UNLOCK_REQUEST_BYTES: usize = 4 * 1024;

const WRAPPED_KEY: usize = PREFIX_BYTES + 32 + TAG_BYTES;
const KEYRING: usize = PREFIX_BYTES + 64 + TAG_BYTES;

/// A message that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// More bytes than this message may have.
    #[error("the message is too long")]
    TooLong,
    /// Not the JSON of this message. Where it is not is all that is said: a request may hold what
    /// belongs in no log.
    #[error("the message is not the expected JSON (line {line}, column {column})")]
    Malformed {
        /// The line, from 1; 0 for the message as a whole.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
}

impl MessageError {
    /// Every part can be read, but together they are not spelled as the message is.
    const SPELLING: Self = Self::Malformed { line: 0, column: 0 };
}

impl From<serde_json::Error> for MessageError {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed { line: error.line(), column: error.column() }
    }
}

/// Server to client, before set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetupOffer {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user of the session.
    pub user: UserId,
    /// The epoch to set up.
    #[serde(deserialize_with = "counter")]
    pub epoch: u64,
    /// Hash of the card of the epoch before; null in epoch 1.
    pub previous_card: Option<Exact<32>>,
    /// The origins at which the server's pages are served.
    pub origins: Vec<String>,
    /// For the proofs; used up by the first answer.
    pub challenge: Exact<32>,
    /// What the card must show: the userName, see [`crate::subject_of`].
    pub subject: String,
    /// What the organization asks for beyond the protocol's floors.
    #[serde(default, skip_serializing_if = "KeyPolicy::is_default")]
    pub policy: KeyPolicy,
}

/// What an organization asks of its users' keys. A client lets it raise its own floors, never lower
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyPolicy {
    /// The lowest profile for passwords.
    pub profile_floor: Profile,
    /// Whether every account must have a passkey.
    #[serde(default)]
    pub passkey_required: bool,
}

impl KeyPolicy {
    /// Whether nothing is asked for beyond the protocol's floors: then it is not sent.
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for KeyPolicy {
    fn default() -> Self {
        Self { profile_floor: Profile::FLOOR, passkey_required: false }
    }
}

/// Client to server: everything that makes a PENDING user READY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetupRequest {
    /// The card.
    pub card: AtMost<MAX_CARD_BYTES>,
    /// The first account state of the epoch.
    pub state: AtMost<MAX_STATE_BYTES>,
    /// The envelope of type 5.
    pub keyring: AtMost<KEYRING>,
    /// As the state lists them, in its order.
    pub methods: Vec<NewMethod>,
}

/// A method that is to be stored. Its unlock public key stands in the account state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMethod {
    /// Which way to unlock.
    #[serde(rename = "type")]
    pub kind: MethodKind,
    /// `P`.
    pub parameters: AtMost<MAX_PARAMETERS_BYTES>,
    /// The master key, wrapped.
    pub envelope: AtMost<WRAPPED_KEY>,
    /// That the client holds the unlock key.
    pub proof: Exact<64>,
}

impl SetupRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, MessageError> {
        parse(bytes, MAX_SETUP_REQUEST_BYTES)
    }

    /// Hash of what is asked for, whatever the spelling of the JSON: the same request again gets
    /// the same answer.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut parts = vec![self.card.to_vec(), self.state.to_vec(), self.keyring.to_vec()];
        for method in &self.methods {
            parts.push(vec![method.kind.number()]);
            parts.push(method.parameters.to_vec());
            parts.push(method.envelope.to_vec());
            parts.push(method.proof.0.to_vec());
        }
        let mut joined = label("setup-request");
        for part in parts {
            joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
            joined.extend_from_slice(&part);
        }
        hash_parts(&[&joined])
    }
}

/// Server to client, before unlock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnlockOffer {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user of the session.
    pub user: UserId,
    /// The epoch of the user's keys.
    #[serde(deserialize_with = "counter")]
    pub epoch: u64,
    /// The origins at which the server's pages are served.
    pub origins: Vec<String>,
    /// The user's ways to unlock.
    pub methods: Vec<OfferedMethod>,
    /// For the proof; used up by the first answer.
    pub challenge: Exact<32>,
    /// What the organization asks for beyond the protocol's floors.
    #[serde(default, skip_serializing_if = "KeyPolicy::is_default")]
    pub policy: KeyPolicy,
}

/// One method of an [`UnlockOffer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferedMethod {
    /// Which way to unlock.
    #[serde(rename = "type")]
    pub kind: MethodKind,
    /// `P`.
    pub parameters: AtMost<MAX_PARAMETERS_BYTES>,
}

/// Client to server: proof of a method's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockRequest {
    /// Which method.
    #[serde(rename = "type")]
    pub kind: MethodKind,
    /// The method's `P`, as offered.
    pub parameters: AtMost<MAX_PARAMETERS_BYTES>,
    /// By the unlock key.
    pub signature: Exact<64>,
    /// The state that this client saw last, if any.
    pub remembered: Option<RememberedPoint>,
}

/// The place of a state among a user's states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RememberedPoint {
    /// Its epoch.
    #[serde(deserialize_with = "counter")]
    pub epoch: u64,
    /// Its sequence number.
    #[serde(deserialize_with = "counter")]
    pub seq: u64,
}

impl UnlockRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, MessageError> {
        parse(bytes, MAX_UNLOCK_REQUEST_BYTES)
    }
}

/// Server to client, after a right proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnlockAnswer {
    /// The envelope of the method that was proved, no other.
    pub envelope: AtMost<WRAPPED_KEY>,
    /// The envelope of type 5.
    pub keyring: AtMost<KEYRING>,
    /// The card.
    pub card: AtMost<MAX_CARD_BYTES>,
    /// The states after the remembered one, in order; the latest alone where there are none or
    /// nothing was remembered in this epoch.
    pub states: Vec<AtMost<MAX_STATE_BYTES>>,
    /// How many tries failed since the last success.
    pub failed_since: u64,
}

/// Server to client, before a change of key records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeOffer {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user of the session.
    pub user: UserId,
    /// The epoch of the user's keys.
    #[serde(deserialize_with = "counter")]
    pub epoch: u64,
    /// The origins at which the server's pages are served.
    pub origins: Vec<String>,
    /// For the proofs; used up by the first answer.
    pub challenge: Exact<32>,
    /// What the organization asks for beyond the protocol's floors.
    #[serde(default, skip_serializing_if = "KeyPolicy::is_default")]
    pub policy: KeyPolicy,
}

/// Client to server: the next account state and the methods that are new in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeRequest {
    /// The next account state of the epoch.
    pub state: AtMost<MAX_STATE_BYTES>,
    /// The new methods, in the state's order.
    pub methods: Vec<NewMethod>,
}

impl ChangeRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, MessageError> {
        parse(bytes, MAX_CHANGE_REQUEST_BYTES)
    }
}

/// Client to server: a new epoch in place of one whose secrets may be known to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewalRequest {
    /// The new epoch's records, as at set-up.
    pub setup: SetupRequest,
    /// By the old card's key.
    pub handover: AtMost<MAX_HANDOVER_BYTES>,
    /// Every item's key under the new personal key, ascending by item.
    pub items: Vec<RewrappedItem>,
}

impl RenewalRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, MessageError> {
        parse(bytes, MAX_RENEWAL_REQUEST_BYTES)
    }
}

/// An item's key, wrapped anew; the item itself stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewrappedItem {
    /// The item.
    pub id: ItemId,
    /// The version whose key this is.
    #[serde(deserialize_with = "counter")]
    pub version: u64,
    /// The envelope of type 9.
    pub item_key: AtMost<WRAPPED_KEY>,
}

/// An item on its way, either direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemRecord {
    /// The item.
    pub id: ItemId,
    /// From 1; each change is one more.
    #[serde(deserialize_with = "counter")]
    pub version: u64,
    /// The envelope of type 9.
    pub item_key: AtMost<WRAPPED_KEY>,
    /// The envelope of type 7.
    pub content: AtMost<MAX_CONTENT_BYTES>,
    /// When the server stored it; from the server only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

impl ItemRecord {
    /// Reads a version of an item that a client wants stored.
    ///
    /// # Errors
    /// [`MessageError`], also for a time: when it was stored only the server says.
    pub fn from_json(bytes: &[u8]) -> Result<Self, MessageError> {
        let record: Self = parse(bytes, MAX_ITEM_REQUEST_BYTES)?;
        if record.updated_at.is_none() { Ok(record) } else { Err(MessageError::SPELLING) }
    }
}

/// Reads a request of at most `limit` bytes.
fn parse<T: DeserializeOwned + Serialize>(bytes: &[u8], limit: usize) -> Result<T, MessageError> {
    if bytes.len() > limit {
        return Err(MessageError::TooLong);
    }
    let message: T = serde_json::from_slice(bytes)?;
    // The library takes an array of a struct's fields for the struct, and what is missing for null.
    // Writing the message again and comparing leaves it one spelling.
    let read: Value = serde_json::from_slice(bytes)?;
    if serde_json::to_value(&message)? == read { Ok(message) } else { Err(MessageError::SPELLING) }
}
