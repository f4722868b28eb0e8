//! What the server checks.

use freehold_wire::{
    ChangeExpectation, ChangeRequest, Exact, KeyPolicy, MethodKind, OrganizationId,
    RenewalExpectation, RenewalRequest, SetupExpectation, SetupRequest, UnlockExpectation,
    UnlockRequest, UserId, verify_change, verify_renewal, verify_setup, verify_unlock,
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

impl ExpectedSetup {
    fn expectation(&self) -> SetupExpectation<'_> {
        SetupExpectation {
            organization: self.organization,
            user: self.user,
            epoch: self.epoch,
            previous_card: self.previous_card.map(|hash| hash.0),
            subject: &self.subject,
            origins: &self.origins,
            challenge: self.challenge.0,
            floor: self.policy.profile_floor,
        }
    }
}

/// A set-up request, to what is stored.
pub(super) fn setup(case: &Value) -> Outcome {
    let case: SetupCase = inputs(case)?;
    let request = SetupRequest::from_json(case.request.to_string().as_bytes())
        .map_err(|_| refusal("bad-message"))?;
    let verified = verify_setup(&request, &case.expected.expectation())
        .map_err(|refused| refusal(refused.code()))?;
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

#[derive(Deserialize)]
struct ChangeCase {
    expected: ExpectedChange,
    request: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedChange {
    organization: OrganizationId,
    user: UserId,
    epoch: u64,
    /// The stored card.
    card: Hex,
    /// The latest stored state.
    state: Hex,
    origins: Vec<String>,
    challenge: Exact<32>,
    #[serde(default)]
    policy: KeyPolicy,
    /// The method that the session was unlocked by.
    unlocked_by: MethodKind,
}

/// A change request, to what is stored and what is deleted.
pub(super) fn change(case: &Value) -> Outcome {
    let case: ChangeCase = inputs(case)?;
    let request = ChangeRequest::from_json(case.request.to_string().as_bytes())
        .map_err(|_| refusal("bad-message"))?;
    let expected = ChangeExpectation {
        organization: case.expected.organization,
        user: case.expected.user,
        epoch: case.expected.epoch,
        card: &case.expected.card.0,
        state: &case.expected.state.0,
        origins: &case.expected.origins,
        challenge: case.expected.challenge.0,
        floor: case.expected.policy.profile_floor,
        unlocked_by: case.expected.unlocked_by,
    };
    let verified = verify_change(&request, &expected).map_err(|refused| refusal(refused.code()))?;
    let named = |kind: MethodKind, parameters: &[u8]| json!({ "type": kind.number(), "parameters": hex::encode(parameters) });
    let added: Vec<Value> =
        verified.added().iter().map(|method| named(method.kind, &method.parameters)).collect();
    let removed: Vec<Value> =
        verified.removed().iter().map(|(kind, parameters)| named(*kind, parameters)).collect();
    Ok(json!({
        "stateHash": hex::encode(verified.state_hash()),
        "seq": verified.seq(),
        "added": added,
        "removed": removed,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RenewalCase {
    expected: ExpectedSetup,
    /// The stored card of the epoch before.
    old_card: Hex,
    request: Value,
}

/// A renewal request, to what is stored.
pub(super) fn renewal(case: &Value) -> Outcome {
    let case: RenewalCase = inputs(case)?;
    let request = RenewalRequest::from_json(case.request.to_string().as_bytes())
        .map_err(|_| refusal("bad-message"))?;
    let expected =
        RenewalExpectation { setup: case.expected.expectation(), old_card: &case.old_card.0 };
    let verified =
        verify_renewal(&request, &expected).map_err(|refused| refusal(refused.code()))?;
    let items: Vec<_> = verified.items().iter().map(|item| item.id).collect();
    Ok(json!({
        "cardHash": hex::encode(verified.setup().card_hash()),
        "stateHash": hex::encode(verified.setup().state_hash()),
        "items": items,
    }))
}
