//! How the messages of the key protocol, and words with a fixed meaning, look as JSON. The messages' types, and what is checked of them, are
//! `freehold-wire`'s, which browsers load too; a test holds what is sent and answered to what stands here.

#![allow(dead_code, reason = "described, never made")]

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A way to unlock: 1 a passphrase, 2 the recovery code, 3 a passkey.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(value_type = u8, minimum = 1, maximum = 3)]
pub(crate) struct MethodType(u8);

/// What the organization asks for beyond the protocol's floors; missing where that is nothing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyPolicy {
    /// The lowest profile of a passphrase.
    profile_floor: u8,
    passkey_required: bool,
}

/// Before set-up.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SetupOffer {
    organization: String,
    user: String,
    /// The epoch to set up.
    epoch: u64,
    /// Hash of the card of the epoch before, base64url.
    #[schema(required)]
    previous_card: Option<String>,
    /// Where the server's pages are served.
    origins: Vec<String>,
    /// For the proofs, base64url.
    challenge: String,
    /// What the card must show: the userName.
    subject: String,
    policy: Option<KeyPolicy>,
}

/// A method that is to be stored; all bytes as base64url.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMethod {
    r#type: MethodType,
    parameters: String,
    /// The master key, wrapped.
    envelope: String,
    /// That the client holds the unlock key.
    proof: String,
}

/// Everything that makes a PENDING user READY; all bytes as base64url.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupRequest {
    card: String,
    /// The first account state of the epoch.
    state: String,
    keyring: String,
    /// As the state lists them, in its order.
    methods: Vec<NewMethod>,
}

/// Before an unlock: no envelope.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnlockOffer {
    organization: String,
    user: String,
    epoch: u64,
    origins: Vec<String>,
    methods: Vec<OfferedMethod>,
    challenge: String,
    policy: Option<KeyPolicy>,
}

/// One of the ways to unlock.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfferedMethod {
    r#type: MethodType,
    parameters: String,
}

/// Proof of a method's secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnlockRequest {
    r#type: MethodType,
    /// As offered.
    parameters: String,
    /// By the unlock key, base64url.
    signature: String,
    /// The account state that this client saw last.
    #[schema(required)]
    remembered: Option<RememberedPoint>,
}

/// The place of a state among a user's states.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RememberedPoint {
    epoch: u64,
    seq: u64,
}

/// After a right proof; all bytes as base64url.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnlockAnswer {
    /// Of the method that was proved, no other.
    envelope: String,
    keyring: String,
    card: String,
    /// The states after the remembered one, in order; the latest alone where there are none.
    states: Vec<String>,
    /// How many tries failed since the last success.
    failed_since: u64,
}

/// Before a change of key records, and before a renewal it is an offer for set-up.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeOffer {
    organization: String,
    user: String,
    epoch: u64,
    origins: Vec<String>,
    challenge: String,
    policy: Option<KeyPolicy>,
}

/// The next account state and the methods that are new in it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeRequest {
    state: String,
    methods: Vec<NewMethod>,
}

/// A new epoch in place of one whose secrets may be known to others.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenewalRequest {
    setup: SetupRequest,
    /// By the old card's key, base64url.
    handover: String,
    /// Every item's key under the new personal key, ascending by item.
    items: Vec<RewrappedItem>,
}

/// An item's key, wrapped anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RewrappedItem {
    id: String,
    version: u64,
    item_key: String,
}

/// A secret, encrypted; all bytes as base64url.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemRecord {
    id: String,
    /// From 1; each change is one more.
    version: u64,
    item_key: String,
    content: String,
    /// When the server stored it, in milliseconds since 1970; from the server only.
    updated_at: Option<i64>,
}

/// A version of a secret that is to be stored, encrypted; all bytes as base64url.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct SealedItem {
    id: String,
    /// From 1; each change is one more.
    version: u64,
    item_key: String,
    content: String,
}

/// How far a person's keys are. `CONFIRMED` is kept for later.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum KeyState {
    Pending,
    Ready,
    Confirmed,
    Suspended,
}

/// What a person may do for the organization; each may what the one before may.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Member,
    Admin,
    Owner,
}

/// What has become of a request for new keys.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ResetState {
    Requested,
    Approved,
    Denied,
    Cancelled,
    Expired,
    Undone,
}

/// Who can approve a request: somebody else in the pages, or the operator on the command line alone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Approval {
    Admin,
    Operator,
}
