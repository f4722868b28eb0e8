//! The vectors of everything that the server decides, run without the crate that decrypts: a case
//! is accepted, or refused by the check that it names.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use freehold_wire::{
    AgreementPublicKey, ChangeExpectation, ChangeRefusal, ChangeRequest, Exact, Handover,
    KeyPolicy, RenewalExpectation, RenewalRefusal, RenewalRequest, SetupExpectation, SetupRefusal,
    SetupRequest, SigningPublicKey, State, StatementError, UnlockExpectation, UnlockRefusal,
    UnlockRequest, VerifiedCard, VerifiedState, verify_change, verify_renewal, verify_setup,
    verify_unlock,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What a case gives: some of the fields of its result, or the name of the check that refused it.
type Outcome = Result<Value, &'static str>;

fn run(kind: &str, outcome: fn(&Value) -> Outcome) {
    let path = format!("{}/../../tests/vectors/v1/{kind}.json", env!("CARGO_MANIFEST_DIR"));
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() > 8, "{kind}");
    for case in cases {
        match outcome(&case["inputs"]) {
            Ok(found) => {
                for (field, value) in found.as_object().unwrap() {
                    assert_eq!(&case["result"][field], value, "{kind}, {}: {field}", case["name"]);
                }
            }
            Err(error) => {
                assert_eq!(case["refused"]["error"], error, "{kind}, {}", case["name"]);
            }
        }
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    T::deserialize(value).unwrap()
}

#[test]
fn public_keys_are_taken_or_refused_as_the_vectors_say() {
    run("public-key", |inputs| {
        let key = bytes(&inputs["key"]).try_into().unwrap();
        let taken = match inputs["algorithm"].as_str().unwrap() {
            "Ed25519" => SigningPublicKey::parse(&key).map(|key| *key.as_bytes()),
            _ => AgreementPublicKey::parse(&key).map(|key| *key.as_bytes()),
        };
        assert!(taken.is_err() || taken == Ok(key));
        taken.map(|_| json!({ "valid": true })).map_err(|_| "public-key")
    });
}

#[test]
fn cards_are_read_or_refused_as_the_vectors_say() {
    run("card", |inputs| {
        let verified =
            VerifiedCard::verify(&bytes(&inputs["card"])).map_err(StatementError::code)?;
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
    });
}

fn signing_key(inputs: &Value) -> SigningPublicKey {
    SigningPublicKey::parse(&bytes(&inputs["signingKey"]).try_into().unwrap()).unwrap()
}

#[test]
fn states_are_read_or_refused_as_the_vectors_say() {
    run("state", |inputs| {
        let key = signing_key(inputs);
        let verified =
            VerifiedState::verify(&bytes(&inputs["state"]), &key).map_err(StatementError::code)?;
        let state = verified.state();
        for listed in &state.methods {
            assert_eq!(state.method(listed.kind, &listed.parameters), Some(listed));
        }
        Ok(json!({
            "organization": state.organization,
            "user": state.user,
            "epoch": state.epoch,
            "seq": state.sequence,
            "previous": hex::encode(state.previous),
            "cardHash": hex::encode(state.card_hash),
            "keyringHash": hex::encode(state.keyring_hash),
            "profileFloor": state.profile_floor.number(),
            "time": state.time,
            "keepsItsFloor": state.keeps_its_floor(),
            "hash": hex::encode(verified.hash()),
        }))
    });
}

#[test]
fn handovers_are_read_or_refused_as_the_vectors_say() {
    run("handover", |inputs| {
        let key = signing_key(inputs);
        let handover =
            Handover::verify(&bytes(&inputs["handover"]), &key).map_err(StatementError::code)?;
        Ok(json!({
            "organization": handover.organization,
            "user": handover.user,
            "oldCard": hex::encode(handover.old_card),
            "newCard": hex::encode(handover.new_card),
        }))
    });
}

/// What the server offered for a set-up, or for that of a renewal.
struct Offered {
    origins: Vec<String>,
    inputs: Value,
}

impl Offered {
    fn of(inputs: &Value) -> Self {
        Self { origins: read(&inputs["origins"]), inputs: inputs.clone() }
    }

    fn expectation(&self) -> SetupExpectation<'_> {
        let previous: Option<Exact<32>> = read(&self.inputs["previousCard"]);
        SetupExpectation {
            organization: read(&self.inputs["organization"]),
            user: read(&self.inputs["user"]),
            epoch: read(&self.inputs["epoch"]),
            previous_card: previous.map(|hash| hash.0),
            subject: self.inputs["subject"].as_str().unwrap(),
            origins: &self.origins,
            challenge: read::<Exact<32>>(&self.inputs["challenge"]).0,
            floor: policy(&self.inputs).profile_floor,
        }
    }
}

fn policy(offered: &Value) -> KeyPolicy {
    offered.get("policy").map_or_else(KeyPolicy::default, read)
}

#[test]
fn set_ups_are_stored_or_refused_as_the_vectors_say() {
    run("setup-server", |inputs| {
        let request = SetupRequest::from_json(inputs["request"].to_string().as_bytes())
            .map_err(|_| "bad-message")?;
        let offered = Offered::of(&inputs["expected"]);
        let expected = offered.expectation();
        let verified = verify_setup(&request, &expected).map_err(SetupRefusal::code)?;
        assert_eq!(verified.card(), &*request.card);
        assert_eq!(verified.state(), &*request.state);
        assert_eq!(verified.keyring(), &*request.keyring);
        assert_eq!(verified.epoch(), expected.epoch);
        assert_eq!(verified.request_hash(), &request.hash());
        for (stored, sent) in verified.methods().iter().zip(&request.methods) {
            assert_eq!(stored.kind, sent.kind);
            assert_eq!(stored.parameters, *sent.parameters);
            assert_eq!(stored.envelope, *sent.envelope);
        }
        let keys = verified.methods().iter().map(|method| hex::encode(method.unlock_public_key));
        Ok(json!({
            "cardHash": hex::encode(verified.card_hash()),
            "stateHash": hex::encode(verified.state_hash()),
            "seq": verified.seq(),
            "unlockPublicKeys": keys.collect::<Vec<_>>(),
        }))
    });
}

#[test]
fn unlocks_are_proved_or_refused_as_the_vectors_say() {
    run("unlock-server", |inputs| {
        let request = UnlockRequest::from_json(inputs["request"].to_string().as_bytes())
            .map_err(|_| "bad-message")?;
        let offered = &inputs["expected"];
        let origins: Vec<String> = read(&offered["origins"]);
        let expected = UnlockExpectation {
            organization: read(&offered["organization"]),
            user: read(&offered["user"]),
            epoch: read(&offered["epoch"]),
            origins: &origins,
            challenge: read::<Exact<32>>(&offered["challenge"]).0,
            kind: read(&offered["type"]),
            parameters: &bytes(&offered["parameters"]),
            unlock_public_key: &bytes(&offered["unlockPublicKey"]).try_into().unwrap(),
        };
        let verified = verify_unlock(&request, &expected).map_err(UnlockRefusal::code)?;
        Ok(json!({ "type": verified.kind(), "remembered": verified.remembered() }))
    });
}

#[test]
fn changes_are_stored_or_refused_as_the_vectors_say() {
    run("change-server", |inputs| {
        let request = ChangeRequest::from_json(inputs["request"].to_string().as_bytes())
            .map_err(|_| "bad-message")?;
        let offered = &inputs["expected"];
        let origins: Vec<String> = read(&offered["origins"]);
        let (card, stored) = (bytes(&offered["card"]), bytes(&offered["state"]));
        let expected = ChangeExpectation {
            organization: read(&offered["organization"]),
            user: read(&offered["user"]),
            epoch: read(&offered["epoch"]),
            card: &card,
            state: &stored,
            origins: &origins,
            challenge: read::<Exact<32>>(&offered["challenge"]).0,
            floor: policy(offered).profile_floor,
            unlocked_by: read(&offered["unlockedBy"]),
        };
        let verified = verify_change(&request, &expected).map_err(ChangeRefusal::code)?;
        let state = State::claimed(&request.state).unwrap();
        assert_eq!(verified.state(), &*request.state);
        assert_eq!(verified.epoch(), expected.epoch);
        assert_eq!(verified.previous(), &freehold_wire::hash(&stored), "what it replaces");
        for (stored, sent) in verified.added().iter().zip(&request.methods) {
            assert!(verified.adds(stored.kind));
            assert_eq!(stored.envelope, *sent.envelope);
            let listed = state.method(stored.kind, &stored.parameters).unwrap();
            assert_eq!(&stored.unlock_public_key, listed.unlock_public_key.as_bytes());
        }
        for kind in state.methods.iter().map(|method| method.kind) {
            assert_eq!(verified.adds(kind), request.methods.iter().any(|sent| sent.kind == kind));
        }
        let named = |kind, parameters: &[u8]| json!({ "type": kind, "parameters": hex::encode(parameters) });
        let added =
            verified.added().iter().map(|method| named(json!(method.kind), &method.parameters));
        let removed = verified.removed().iter().map(|(kind, p)| named(json!(kind), p));
        Ok(json!({
            "stateHash": hex::encode(verified.state_hash()),
            "seq": verified.seq(),
            "added": added.collect::<Vec<_>>(),
            "removed": removed.collect::<Vec<_>>(),
        }))
    });
}

#[test]
fn renewals_are_stored_or_refused_as_the_vectors_say() {
    run("renewal-server", |inputs| {
        let request = RenewalRequest::from_json(inputs["request"].to_string().as_bytes())
            .map_err(|_| "bad-message")?;
        let offered = Offered::of(&inputs["expected"]);
        let old_card = bytes(&inputs["oldCard"]);
        let expected = RenewalExpectation { setup: offered.expectation(), old_card: &old_card };
        let verified = verify_renewal(&request, &expected).map_err(RenewalRefusal::code)?;
        assert_eq!(verified.handover(), &*request.handover);
        assert_eq!(verified.items(), request.items);
        let ids: Vec<_> = verified.items().iter().map(|item| item.id).collect();
        Ok(json!({
            "cardHash": hex::encode(verified.setup().card_hash()),
            "stateHash": hex::encode(verified.setup().state_hash()),
            "items": ids,
        }))
    });
}
