//! The vectors of everything that the server decides, run without the crate that decrypts: a case
//! is accepted, or refused by the check that it names.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use freehold_wire::{
    AgreementPublicKey, Exact, KeyPolicy, SetupExpectation, SetupRefusal, SetupRequest,
    SigningPublicKey, StatementError, UnlockExpectation, UnlockRefusal, UnlockRequest,
    VerifiedCard, VerifiedState, verify_setup, verify_unlock,
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

#[test]
fn states_are_read_or_refused_as_the_vectors_say() {
    run("state", |inputs| {
        let key = bytes(&inputs["signingKey"]).try_into().unwrap();
        let key = SigningPublicKey::parse(&key).unwrap();
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
fn set_ups_are_stored_or_refused_as_the_vectors_say() {
    run("setup-server", |inputs| {
        let request = SetupRequest::from_json(inputs["request"].to_string().as_bytes())
            .map_err(|_| "bad-message")?;
        let offered = &inputs["expected"];
        let origins: Vec<String> = read(&offered["origins"]);
        let previous: Option<Exact<32>> = read(&offered["previousCard"]);
        let policy = offered.get("policy").map_or_else(KeyPolicy::default, read);
        let expected = SetupExpectation {
            organization: read(&offered["organization"]),
            user: read(&offered["user"]),
            epoch: read(&offered["epoch"]),
            previous_card: previous.map(|hash| hash.0),
            subject: offered["subject"].as_str().unwrap(),
            origins: &origins,
            challenge: read::<Exact<32>>(&offered["challenge"]).0,
            floor: policy.profile_floor,
        };
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
