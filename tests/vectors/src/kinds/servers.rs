//! What the server checks.

use freehold_wire::{
    Exact, KeyPolicy, MethodKind, OrganizationId, SetupExpectation, SetupRequest,
    UnlockExpectation, UnlockRequest, UserId, verify_setup, verify_unlock,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Outcome;
use crate::format::{Hex, inputs, refusal};

#[derive(Deserialize)]
struct SetupCase {
    expected: ExpectedSetup,
    request: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedSetup {
    organization: OrganizationId,
    user: UserId,
    epoch: u64,
    previous_card: Option<Exact<32>>,
    origins: Vec<String>,
    challenge: Exact<32>,
    subject: String,
    /// What the organization asks for beyond the protocol's floors.
    #[serde(default)]
    policy: KeyPolicy,
}

/// A set-up request, to what is stored.
pub(super) fn setup(case: &Value) -> Outcome {
    let case: SetupCase = inputs(case)?;
    let request = SetupRequest::from_json(case.request.to_string().as_bytes())
        .map_err(|_| refusal("bad-message"))?;
    let expected = SetupExpectation {
        organization: case.expected.organization,
        user: case.expected.user,
        epoch: case.expected.epoch,
        previous_card: case.expected.previous_card.map(|hash| hash.0),
        subject: &case.expected.subject,
        origins: &case.expected.origins,
        challenge: case.expected.challenge.0,
        floor: case.expected.policy.profile_floor,
    };
    let verified = verify_setup(&request, &expected).map_err(|refused| refusal(refused.code()))?;
    let keys: Vec<String> =
        verified.methods().iter().map(|method| hex::encode(method.unlock_public_key)).collect();
    Ok(json!({
        "cardHash": hex::encode(verified.card_hash()),
        "stateHash": hex::encode(verified.state_hash()),
        "seq": verified.seq(),
        "unlockPublicKeys": keys,
    }))
}

#[derive(Deserialize)]
struct UnlockCase {
    expected: ExpectedUnlock,
    request: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedUnlock {
    organization: OrganizationId,
    user: UserId,
    epoch: u64,
    origins: Vec<String>,
    challenge: Exact<32>,
    #[serde(rename = "type")]
    kind: MethodKind,
    parameters: Hex,
    unlock_public_key: Hex,
}

/// An unlock request, to the proof that it is right.
pub(super) fn unlock(case: &Value) -> Outcome {
    let case: UnlockCase = inputs(case)?;
    let request = UnlockRequest::from_json(case.request.to_string().as_bytes())
        .map_err(|_| refusal("bad-message"))?;
    let expected = UnlockExpectation {
        organization: case.expected.organization,
        user: case.expected.user,
        epoch: case.expected.epoch,
        origins: &case.expected.origins,
        challenge: case.expected.challenge.0,
        kind: case.expected.kind,
        parameters: &case.expected.parameters.0,
        unlock_public_key: &case.expected.unlock_public_key.exactly()?,
    };
    let verified = verify_unlock(&request, &expected).map_err(|refused| refusal(refused.code()))?;
    Ok(json!({
        "type": verified.kind(),
        "remembered": verified.remembered(),
    }))
}
