//! What the server refuses.

use freehold_keys::MethodKeys;
use freehold_vectors::File;
use freehold_wire::{
    MethodKind, PasswordParameters, Profile, ProofSubject, Purpose, SetupOffer, State, hash,
};
use serde_json::{Value, json};

use super::world::{ORIGIN, World, b64, drawn, flipped};
use super::{Cases, with};

fn expected(offer: &SetupOffer) -> Value {
    json!(offer)
}

/// A request whose state was changed and signed again.
fn with_state(ada: &World, base: &Value, change: impl FnOnce(&mut State)) -> Value {
    with(base, |inputs| inputs["request"]["state"] = b64(&ada.state(change)))
}

pub fn setups() -> File {
    let ada = World::ada();
    let again = World::ada_again(&ada);
    let mut cases = Cases::new(
        "setup-server",
        "Section 12.2: a set-up request against what the server offered. Errors are the names of \
         the checks.",
    );
    let inputs =
        |world: &World| json!({ "expected": expected(&world.offer), "request": world.request });
    let base = inputs(&ada);
    cases.gives("epoch 1", base.clone()).gives("epoch 2", inputs(&again)).gives(
        "one of several origins",
        with(&base, |i| i["expected"]["origins"] = json!(["https://other.example", ORIGIN])),
    );
    messages(&mut cases, &base);
    cards(&mut cases, &ada, &base);
    states(&mut cases, &ada, &base);
    records(&mut cases, &ada, &base);
    proofs(&mut cases, &ada, &base);
    cases.done()
}

fn messages(cases: &mut Cases, base: &Value) {
    let card = base["request"]["card"].as_str().unwrap();
    let set = |path: &str, value: Value| {
        with(base, |inputs| *inputs["request"].pointer_mut(path).unwrap() = value)
    };
    cases
        .refused("an unknown field", with(base, |i| i["request"]["more"] = json!(1)), "bad-message")
        .refused("base64url with padding", set("/card", json!(format!("{card}="))), "bad-message")
        .refused("a card of 513 bytes", set("/card", b64(&[0; 513])), "bad-message")
        .refused("a state of 16385 bytes", set("/state", b64(&[0; 16385])), "bad-message")
        .refused("a keyring of 173 bytes", set("/keyring", b64(&[0; 173])), "bad-message")
        .refused(
            "an envelope of 141 bytes",
            set("/methods/0/envelope", b64(&[0; 141])),
            "bad-message",
        )
        .refused("a proof of 63 bytes", set("/methods/0/proof", b64(&[0; 63])), "bad-message")
        .refused(
            "parameters of 1056 bytes",
            set("/methods/0/parameters", b64(&[0; 1056])),
            "bad-message",
        )
        .refused("a passkey in the place of the code", set("/methods/1/type", json!(3)), "methods")
        .refused("method type 4", set("/methods/1/type", json!(4)), "bad-message")
        .refused("method type 0", set("/methods/0/type", json!(0)), "bad-message");
}

fn cards(cases: &mut Cases, ada: &World, base: &Value) {
    let set = |card: &[u8]| with(base, |inputs| inputs["request"]["card"] = b64(card));
    let ask = |key: &str, value: Value| with(base, |inputs| inputs["expected"][key] = value);
    let other = "77777777-7777-7777-7777-777777777777";
    cases
        .refused("card: not a statement", set(b"card"), "card-frame")
        .refused(
            "card: signature changed",
            set(&flipped(&ada.request.card, ada.request.card.len() - 1)),
            "card-signature",
        )
        .refused(
            "card: of another organization",
            ask("organization", json!(other)),
            "card-elsewhere",
        )
        .refused("card: of another user", ask("user", json!(other)), "card-elsewhere")
        .refused(
            "card: of an older epoch",
            with(base, |inputs| {
                inputs["expected"]["epoch"] = json!(2);
                inputs["expected"]["previousCard"] = b64(&hash(&ada.request.card));
            }),
            "card-elsewhere",
        )
        .refused(
            "card: of a later epoch",
            with(base, |inputs| {
                let again = World::ada_again(ada);
                inputs["request"] = json!(again.request);
            }),
            "card-elsewhere",
        )
        .refused("card: another subject", ask("subject", json!("eve@example.com")), "card-subject");
    let again = World::ada_again(ada);
    let inputs = json!({ "expected": expected(&again.offer), "request": again.request });
    cases.refused(
        "card: another card before",
        with(&inputs, |inputs| inputs["expected"]["previousCard"] = b64(&drawn("another card"))),
        "card-before",
    );
}

fn states(cases: &mut Cases, ada: &World, base: &Value) {
    let set = |state: &[u8]| with(base, |inputs| inputs["request"]["state"] = b64(state));
    let changed = |change: fn(&mut State)| with_state(ada, base, change);
    let ask = |key: &str, value: Value| with(base, |inputs| inputs["expected"][key] = value);
    let by_eve = World::eve().keyring.sign_state(&ada.state_fields(|_| {}));
    cases
        .refused("state: not a statement", set(b"state"), "state-frame")
        .refused("state: signed by another", set(&by_eve), "state-signature")
        .refused(
            "state: of another organization",
            changed(|s| s.organization = freehold_wire::OrganizationId::from_bytes([7; 16])),
            "state-elsewhere",
        )
        .refused(
            "state: of another user",
            changed(|s| s.user = freehold_wire::UserId::from_bytes([7; 16])),
            "state-elsewhere",
        )
        .refused("state: of another epoch", changed(|s| s.epoch = 2), "state-elsewhere")
        .refused(
            "state: not the first",
            changed(|s| {
                s.sequence = 2;
                s.previous = [7; 32];
            }),
            "state-not-first",
        )
        .refused("state: another card", changed(|s| s.card_hash[0] ^= 1), "card-hash")
        .refused("state: another keyring", changed(|s| s.keyring_hash[0] ^= 1), "keyring-hash")
        .refused(
            "state: another password envelope",
            changed(|s| s.methods[0].envelope_hash[0] ^= 1),
            "envelope-hash",
        )
        .refused(
            "state: another recovery envelope",
            changed(|s| s.methods[1].envelope_hash[0] ^= 1),
            "envelope-hash",
        )
        .refused(
            "state: other password parameters",
            changed(|s| s.methods[0].parameters[30] ^= 1),
            "methods",
        )
        .refused(
            "state: a floor above the password",
            changed(|s| s.profile_floor = Profile::Memory256Mib),
            "below-floor",
        )
        .refused(
            "state: a floor below the policy's",
            ask("policy", json!({ "profileFloor": 2 })),
            "floor",
        );
}

fn records(cases: &mut Cases, ada: &World, base: &Value) {
    let eve = World::eve();
    let method = |i: usize, field: &str, value: Value| {
        with(base, |inputs| inputs["request"]["methods"][i][field] = value)
    };
    // The state lists the changed record: only its own form is wrong.
    let listed = |i: usize, field: &str, bytes: &[u8]| {
        let inputs = method(i, field, b64(bytes));
        with_state(ada, &inputs, |state| match field {
            "envelope" => state.methods[i].envelope_hash = hash(bytes),
            _ => state.methods[i].parameters = bytes.to_vec(),
        })
    };
    let [password, code] = &ada.request.methods[..] else { panic!("two methods") };
    let kh = &password.parameters;
    let lowered = |position: usize, value: u8| {
        let mut bytes = kh.to_vec();
        bytes[position] = value;
        bytes
    };
    let short_keyring = &ada.request.keyring[..171];
    cases
        .refused(
            "keyring: of another user",
            with(base, |i| i["request"]["keyring"] = json!(eve.request.keyring)),
            "keyring-hash",
        )
        .refused(
            "keyring: a byte short",
            with_state(ada, &with(base, |i| i["request"]["keyring"] = b64(short_keyring)), |s| {
                s.keyring_hash = hash(short_keyring);
            }),
            "keyring",
        )
        .refused(
            "password: envelope of another user",
            method(0, "envelope", json!(eve.request.methods[0].envelope)),
            "envelope-hash",
        )
        .refused("password: envelope of type 2", listed(0, "envelope", &code.envelope), "envelope")
        .refused(
            "recovery code: envelope of type 1",
            listed(1, "envelope", &password.envelope),
            "envelope",
        )
        .refused(
            "password: a key id in the envelope",
            listed(0, "envelope", &flipped(&password.envelope, 8)),
            "envelope",
        )
        .refused(
            "password: a flag in the envelope",
            listed(0, "envelope", &flipped(&password.envelope, 7)),
            "envelope",
        )
        .refused("password: fewer passes", listed(0, "parameters", &lowered(6, 1)), "parameters")
        .refused("password: less memory", listed(0, "parameters", &lowered(8, 0)), "parameters")
        .refused("password: fewer lanes", listed(0, "parameters", &lowered(14, 1)), "parameters")
        .refused("password: profile 0", listed(0, "parameters", &lowered(0, 0)), "parameters")
        .refused("password: profile 4", listed(0, "parameters", &lowered(0, 4)), "parameters")
        .refused("password: a flag", listed(0, "parameters", &lowered(1, 1)), "parameters")
        .refused("password: no parameters", listed(0, "parameters", &[]), "parameters")
        .refused("recovery code: parameters", listed(1, "parameters", &[1]), "parameters")
        .refused("methods: none", with(base, |i| i["request"]["methods"] = json!([])), "methods")
        .refused(
            "methods: only the password",
            with(base, |i| i["request"]["methods"] = json!([password])),
            "methods",
        )
        .refused(
            "methods: in the other order",
            with(base, |i| i["request"]["methods"] = json!([code, password])),
            "methods",
        )
        .refused(
            "methods: one more",
            with(base, |i| i["request"]["methods"] = json!([password, code, code])),
            "methods",
        );
    // A passkey is added to an account that has keys; at set-up there is none.
    let with_one = ada_with_passkey();
    let state = with_one.state(|state| {
        state.sequence = 1;
        state.previous = [0; 32];
    });
    cases.refused(
        "methods: a passkey",
        with(base, |i| {
            i["request"]["state"] = b64(&state);
            i["request"]["methods"] = json!(with_one.request.methods);
        }),
        "methods",
    );
}

fn ada_with_passkey() -> World {
    World::ada().with_passkeys(1)
}

/// What a proof of the recovery code is bound to, changed one thing at a time.
struct Proof<'a> {
    purpose: Purpose,
    origin: &'a str,
    epoch: u64,
    kind: MethodKind,
    challenge: [u8; 32],
    world: &'a World,
}

impl Proof<'_> {
    fn sign(&self, keys: &MethodKeys) -> Value {
        let subject = ProofSubject {
            context: self.world.context(),
            epoch: self.epoch,
            kind: self.kind,
            parameters: &[],
            challenge: &self.challenge,
        };
        let message = subject.message(self.purpose, self.origin).unwrap();
        b64(&keys.unlock_key().sign(&message))
    }
}

fn proofs(cases: &mut Cases, ada: &World, base: &Value) {
    let eve = World::eve();
    let keys = ada.code_keys();
    let honest = || Proof {
        purpose: Purpose::Enroll,
        origin: ORIGIN,
        epoch: 1,
        kind: MethodKind::RecoveryCode,
        challenge: ada.offer.challenge.0,
        world: ada,
    };
    let set = |proof: Value| with(base, |i| i["request"]["methods"][1]["proof"] = proof);
    assert_eq!(set(honest().sign(&keys)), *base, "the honest proof is the one that was sent");
    cases
        .refused("proof: changed", set(b64(&flipped(&ada.request.methods[1].proof.0, 0))), "proof")
        .refused("proof: by another key", set(honest().sign(&eve.code_keys())), "proof")
        .refused(
            "proof: for unlock",
            set(Proof { purpose: Purpose::Unlock, ..honest() }.sign(&keys)),
            "proof",
        )
        .refused(
            "proof: for another origin",
            set(Proof { origin: "https://evil.example", ..honest() }.sign(&keys)),
            "proof",
        )
        .refused(
            "proof: for another epoch",
            set(Proof { epoch: 2, ..honest() }.sign(&keys)),
            "proof",
        )
        .refused(
            "proof: for another type",
            set(Proof { kind: MethodKind::Password, ..honest() }.sign(&keys)),
            "proof",
        )
        .refused(
            "proof: for another challenge",
            set(Proof { challenge: [7; 32], ..honest() }.sign(&keys)),
            "proof",
        )
        .refused(
            "proof: for another user",
            set(Proof { world: &eve, ..honest() }.sign(&keys)),
            "proof",
        )
        .refused("proof: of the other method", set(json!(ada.request.methods[0].proof)), "proof")
        .refused(
            "proof: the server has no such origin",
            with(base, |i| i["expected"]["origins"] = json!(["https://other.example"])),
            "proof",
        )
        .refused(
            "proof: the server has no origin",
            with(base, |i| i["expected"]["origins"] = json!([])),
            "proof",
        );
    let kh = PasswordParameters { profile: Profile::Memory64Mib, salt: [9; 16] }.to_bytes();
    let inputs = with(base, |i| i["request"]["methods"][0]["parameters"] = b64(&kh));
    let inputs = with_state(ada, &inputs, |state| state.methods[0].parameters = kh.to_vec());
    cases.refused("proof: for another salt", inputs, "proof");
}

pub fn unlocks() -> File {
    let ada = World::ada();
    let eve = World::eve();
    let keys = ada.code_keys();
    let mut cases = Cases::new(
        "unlock-server",
        "Section 12.4: an unlock request against the stored method of the type it names.",
    );
    let honest = || Proof {
        purpose: Purpose::Unlock,
        origin: ORIGIN,
        epoch: 1,
        kind: MethodKind::RecoveryCode,
        challenge: drawn("challenge of unlock"),
        world: &ada,
    };
    let base = json!({
        "expected": {
            "organization": ada.offer.organization,
            "user": ada.offer.user,
            "epoch": 1,
            "origins": [ORIGIN],
            "challenge": b64(&drawn("challenge of unlock")),
            "type": 2,
            "parameters": "",
            "unlockPublicKey": hex::encode(keys.unlock_key().public_key().as_bytes()),
        },
        "request": {
            "type": 2,
            "parameters": "",
            "signature": honest().sign(&keys),
            "remembered": null,
        },
    });
    let signed = |signature: Value| with(&base, |i| i["request"]["signature"] = signature);
    let ask = |key: &str, value: Value| with(&base, |i| i["request"][key] = value);
    let stored = |key: &str, value: Value| with(&base, |i| i["expected"][key] = value);
    let other = json!("77777777-7777-7777-7777-777777777777");
    cases
        .gives("by recovery code", base.clone())
        .gives("with something remembered", ask("remembered", json!({ "epoch": 1, "seq": 3 })))
        .refused("by another code", signed(honest().sign(&eve.code_keys())), "proof")
        .refused(
            "for enroll",
            signed(Proof { purpose: Purpose::Enroll, ..honest() }.sign(&keys)),
            "proof",
        )
        .refused(
            "for another origin",
            signed(Proof { origin: "https://evil.example", ..honest() }.sign(&keys)),
            "proof",
        )
        .refused("for another challenge", stored("challenge", b64(&[7; 32])), "proof")
        .refused("for another epoch", stored("epoch", json!(2)), "proof")
        .refused("for another user", stored("user", other.clone()), "proof")
        .refused("for another organization", stored("organization", other), "proof")
        .refused("for another type", ask("type", json!(1)), "method")
        .refused(
            "with parameters that are not the method's",
            ask("parameters", json!("AA")),
            "method",
        )
        .refused("the stored parameters changed", stored("parameters", json!("00")), "method")
        .refused(
            "the stored key is of small order",
            stored("unlockPublicKey", json!("00".repeat(32))),
            "stored-key",
        )
        .refused("type 4", ask("type", json!(4)), "bad-message")
        .refused("another type", ask("type", json!(3)), "method")
        .refused("an unknown field", ask("more", json!(1)), "bad-message")
        .refused(
            "remembered seq 0",
            ask("remembered", json!({ "epoch": 1, "seq": 0 })),
            "bad-message",
        )
        .refused("a signature of 65 bytes", signed(b64(&[0; 65])), "bad-message");
    let passkey = |number: u8| {
        let keys = ada.passkey_keys(number);
        let parameters = super::world::passkey(number);
        let subject = ProofSubject {
            context: ada.context(),
            epoch: 1,
            kind: MethodKind::Passkey,
            parameters: &parameters,
            challenge: &drawn("challenge of unlock"),
        };
        let message = subject.message(Purpose::Unlock, ORIGIN).unwrap();
        with(&base, |inputs| {
            let key = keys.unlock_key().public_key();
            inputs["expected"]["type"] = json!(3);
            inputs["expected"]["parameters"] = json!(hex::encode(&parameters));
            inputs["expected"]["unlockPublicKey"] = json!(hex::encode(key.as_bytes()));
            inputs["request"]["type"] = json!(3);
            inputs["request"]["parameters"] = b64(&parameters);
            inputs["request"]["signature"] = b64(&keys.unlock_key().sign(&message));
        })
    };
    let (first, second) = (passkey(1), passkey(2));
    cases
        .gives("by passkey", first.clone())
        .refused(
            "by another passkey",
            with(&first, |i| i["request"]["signature"] = second["request"]["signature"].clone()),
            "proof",
        )
        .refused(
            "by a passkey, against the record of another",
            with(&first, |i| i["expected"] = second["expected"].clone()),
            "method",
        )
        .done()
}
