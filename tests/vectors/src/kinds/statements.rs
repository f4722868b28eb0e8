//! Public keys, cards and account states.

use freehold_wire::{AgreementPublicKey, Handover, SigningPublicKey, VerifiedCard, VerifiedState};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Outcome;
use crate::format::{Hex, inputs, refusal};

#[derive(Deserialize)]
struct PublicKey {
    algorithm: String,
    key: Hex,
}

/// Whether a public key may be used.
pub(super) fn public_key(case: &Value) -> Outcome {
    let case: PublicKey = inputs(case)?;
    let key = case.key.exactly()?;
    let valid = match case.algorithm.as_str() {
        "Ed25519" => SigningPublicKey::parse(&key).map(|_| ()),
        "X25519" => AgreementPublicKey::parse(&key).map(|_| ()),
        _ => return Err(refusal("inputs: no such algorithm")),
    };
    valid.map_err(|_| refusal("public-key"))?;
    Ok(json!({ "valid": true }))
}

#[derive(Deserialize)]
struct CardCase {
    card: Hex,
}

/// A card, to its fields.
pub(super) fn card(case: &Value) -> Outcome {
    let case: CardCase = inputs(case)?;
    let verified = VerifiedCard::verify(&case.card.0).map_err(|error| refusal(error.code()))?;
    let card = verified.card();
    Ok(json!({
        "organization": card.organization,
        "user": card.user,
        "subject": card.subject,
        "signingKey": hex::encode(card.signing_key.as_bytes()),
        "agreementKey": hex::encode(card.agreement_key.as_bytes()),
        "epoch": card.epoch,
        "previous": hex::encode(card.previous),
        "hash": hex::encode(verified.hash()),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StateCase {
    state: Hex,
    signing_key: Hex,
}

/// An account state, to its fields.
pub(super) fn state(case: &Value) -> Outcome {
    let case: StateCase = inputs(case)?;
    let key = SigningPublicKey::parse(&case.signing_key.exactly()?)
        .map_err(|_| refusal("inputs: signing key"))?;
    let verified =
        VerifiedState::verify(&case.state.0, &key).map_err(|error| refusal(error.code()))?;
    let state = verified.state();
    let methods: Vec<Value> = state
        .methods
        .iter()
        .map(|method| {
            json!({
                "type": method.kind.number(),
                "parameters": hex::encode(&method.parameters),
                "unlockPublicKey": hex::encode(method.unlock_public_key.as_bytes()),
                "envelopeHash": hex::encode(method.envelope_hash),
            })
        })
        .collect();
    Ok(json!({
        "organization": state.organization,
        "user": state.user,
        "epoch": state.epoch,
        "seq": state.sequence,
        "previous": hex::encode(state.previous),
        "cardHash": hex::encode(state.card_hash),
        "keyringHash": hex::encode(state.keyring_hash),
        "methods": methods,
        "profileFloor": state.profile_floor.number(),
        "time": state.time,
        "keepsItsFloor": state.keeps_its_floor(),
        "hash": hex::encode(verified.hash()),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HandoverCase {
    handover: Hex,
    /// Of the old card.
    signing_key: Hex,
}

/// A handover, to its fields.
pub(super) fn handover(case: &Value) -> Outcome {
    let case: HandoverCase = inputs(case)?;
    let key = SigningPublicKey::parse(&case.signing_key.exactly()?)
        .map_err(|_| refusal("inputs: signing key"))?;
    let handover =
        Handover::verify(&case.handover.0, &key).map_err(|error| refusal(error.code()))?;
    Ok(json!({
        "organization": handover.organization,
        "user": handover.user,
        "oldCard": hex::encode(handover.old_card),
        "newCard": hex::encode(handover.new_card),
    }))
}
