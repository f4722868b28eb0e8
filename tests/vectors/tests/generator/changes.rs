//! Change and renewal, on both sides.

use freehold_keys::MethodKeys;
use freehold_keys::envelope::{self, Binding};
use freehold_vectors::{Expected, File, Script, run_case};
use freehold_wire::{
    Handover, ItemId, MethodKind, PasswordParameters, Profile, ProofSubject, Purpose, State, hash,
};
use serde_json::{Value, json};

use super::world::{
    NOW, ORIGIN, PASSWORD, World, b64, client_json, drawn, flipped, passkey, passkey_output,
};
use super::{Cases, with};

const NEW_PASSWORD: &str = "a wholly different passphrase";
const LATER: u64 = NOW + 60_000;

fn ada() -> World {
    World::ada().with_passkeys(1)
}

fn new_code() -> freehold_keys::RecoveryCode {
    freehold_keys::RecoveryCode::from_bytes(&drawn("the new code"))
}

/// Randomness of a change, by what is new.
fn random(password: bool, code: bool, passkeys: usize) -> String {
    let mut bytes = Vec::new();
    if password {
        bytes.extend_from_slice(&drawn("new salt16")[..16]);
        bytes.extend_from_slice(&drawn("new salt 1"));
    }
    if code {
        bytes.extend_from_slice(&drawn("the new code"));
        bytes.extend_from_slice(&drawn("new salt 2"));
    }
    for number in 0..passkeys {
        bytes.extend_from_slice(&drawn(&format!("new salt 3, {number}")));
    }
    hex::encode(bytes)
}

fn added(number: u8) -> Value {
    json!({
        "parameters": b64(&passkey(number)),
        "output": hex::encode(passkey_output(number)),
    })
}

/// Inputs of a change by which nothing is new, in an account that its passkey opened.
fn nothing_new(world: &World) -> Value {
    json!({
        "unlock": world.passkey_inputs(1),
        "random": "",
        "offer": world.change_offer(),
        "now": LATER,
    })
}

fn new_password(base: &Value) -> Value {
    with(base, |inputs| {
        inputs["password"] = json!(hex::encode(NEW_PASSWORD));
        inputs["random"] = json!(random(true, false, 0));
    })
}

fn password_and_code(base: &Value) -> Value {
    with(base, |inputs| {
        inputs["password"] = json!(hex::encode(NEW_PASSWORD));
        inputs["code"] = json!({ "proof": *new_code().to_text() });
        inputs["random"] = json!(random(true, true, 0));
    })
}

fn new_passkeys(base: &Value, numbers: &[u8]) -> Value {
    with(base, |inputs| {
        inputs["added"] = numbers.iter().map(|number| added(*number)).collect();
        inputs["random"] = json!(random(false, false, numbers.len()));
    })
}

pub fn change_clients() -> File {
    let ada = ada();
    let base = nothing_new(&ada);
    let by_code = with(&base, |inputs| inputs["unlock"] = ada.unlock_inputs());
    let mut cases = Cases::new(
        "change-client",
        "Section 12.6: a whole change, in an account that is opened for it. `random` is used in \
         this order: salt16 and the salt of envelope 1, the code and the salt of envelope 2, for \
         each passkey the salt of envelope 3; only what is new.",
    );
    let passkey_added = new_passkeys(&base, &[2]);
    let code = |proof: Value| {
        with(&base, |inputs| {
            inputs["code"] = json!({ "proof": proof });
            inputs["random"] = json!(random(false, true, 0));
        })
    };
    let policy = |inputs: &Value, floor: u64| {
        with(inputs, |inputs| {
            inputs["offer"]["policy"] = json!({ "profileFloor": floor });
            inputs["unlock"]["offer"]["policy"] = json!({ "profileFloor": floor });
        })
    };
    cases
        .gives("a new password", new_password(&base))
        .gives("a new password under a higher policy", policy(&new_password(&base), 2))
        .gives("a new recovery code", code(json!(*new_code().to_text())))
        .gives("password and code, after a recovery code", password_and_code(&by_code))
        .gives("a passkey more", passkey_added.clone())
        .gives("a passkey more, under a higher policy", policy(&passkey_added, 2))
        .gives(
            "a passkey that sorts before the others",
            with(&passkey_added, |inputs| {
                inputs["added"] = json!([added(0)]);
            }),
        )
        .gives("a passkey less", with(&base, |i| i["removed"] = json!([b64(&passkey(1))])))
        .gives("seven passkeys more", new_passkeys(&base, &[2, 3, 4, 5, 6, 7, 8]))
        .refused("nothing new", base.clone(), "bad-message")
        .refused(
            "only a password, after a recovery code",
            with(&new_password(&base), |inputs| inputs["unlock"] = ada.unlock_inputs()),
            "recovery-not-proven",
        )
        .refused(
            "only a passkey, after a recovery code",
            new_passkeys(&by_code, &[2]),
            "recovery-not-proven",
        )
        .refused("a new code that nobody proved", code(Value::Null), "recovery-not-proven")
        .refused(
            "the old code as proof of the new one",
            code(json!(*ada.code.to_text())),
            "recovery-not-proven",
        )
        .refused("a proof with a typing error", code(json!("fhrec1qqqq")), "bad-code")
        .refused("a ninth passkey", new_passkeys(&base, &[2, 3, 4, 5, 6, 7, 8, 9]), "bad-message")
        .refused("a passkey that is there", new_passkeys(&base, &[1]), "bad-message")
        .refused(
            "a passkey that gives zeros",
            with(&passkey_added, |i| i["added"][0]["output"] = json!("00".repeat(32))),
            "bad-passkey",
        )
        .refused(
            "a passkey less that is not there",
            with(&base, |inputs| inputs["removed"] = json!([b64(&passkey(2))])),
            "bad-message",
        )
        .refused(
            "a new password too short",
            with(&new_password(&base), |i| i["password"] = json!(hex::encode("eleven byte"))),
            "password-too-short",
        )
        .refused(
            "a new password under a policy beyond this client",
            policy(&new_password(&base), 3),
            "profile-refused",
        )
        .refused(
            "origins without its own",
            with(&passkey_added, |i| i["offer"]["origins"] = json!(["https://evil.example"])),
            "wrong-origin",
        );
    for (field, value) in [
        ("organization", json!("77777777-7777-7777-7777-777777777777")),
        ("user", json!("77777777-7777-7777-7777-777777777777")),
        ("epoch", json!(2)),
    ] {
        let inputs = with(&passkey_added, |inputs| inputs["offer"][field] = value);
        cases.refused(&format!("an offer for another {field}"), inputs, "offer-changed");
    }
    cases.done()
}

fn made(kind: &str, inputs: &Value) -> Value {
    match run_case(kind, inputs) {
        Expected::Result(result) => result["request"].clone(),
        Expected::Refused(refused) => panic!("{kind}: {refused:?}"),
    }
}

fn expected_change(world: &World, unlocked_by: u8) -> Value {
    json!({
        "organization": world.offer.organization,
        "user": world.offer.user,
        "epoch": world.offer.epoch,
        "card": hex::encode(&*world.request.card),
        "state": hex::encode(&*world.request.state),
        "origins": [ORIGIN],
        "challenge": world.change_offer().challenge,
        "unlockedBy": unlocked_by,
    })
}

/// A request of the honest client, and what the server holds it against.
struct Server {
    ada: World,
    inputs: Value,
    /// The state of the request.
    state: State,
}

impl Server {
    fn of(inputs: &Value, unlocked_by: u8) -> Self {
        let ada = ada();
        let request = made("change-client", inputs);
        let state = freehold_wire::decode_base64url(request["state"].as_str().unwrap(), 1 << 14);
        let state = State::claimed(&state.unwrap()).unwrap();
        let expected = expected_change(&ada, unlocked_by);
        Self { ada, inputs: json!({ "expected": expected, "request": request }), state }
    }

    /// The honest state, changed, and signed by the account's own key.
    fn changed(&self, change: impl FnOnce(&mut State)) -> Value {
        let mut state = self.state.clone();
        change(&mut state);
        let signed = self.ada.keyring.sign_state(&state);
        with(&self.inputs, |inputs| inputs["request"]["state"] = b64(&signed))
    }

    /// The stored state is another one, and the request follows it.
    fn after(&self, stored: impl FnOnce(&mut State)) -> Value {
        let before = self.ada.state(stored);
        let inputs = self.changed(|state| state.previous = hash(&before));
        with(&inputs, |inputs| inputs["expected"]["state"] = json!(hex::encode(&before)))
    }
}

pub fn change_servers() -> File {
    let mut cases = Cases::new(
        "change-server",
        "Section 12.7: a change request against what the server stores and offered. Errors are the \
         names of the checks.",
    );
    let base = nothing_new(&ada());
    let by_code = with(&base, |inputs| inputs["unlock"] = ada().unlock_inputs());
    let passkey_added = Server::of(&new_passkeys(&base, &[2]), 3);
    let password = Server::of(&new_password(&base), 3);
    let recovery = Server::of(&password_and_code(&by_code), 2);
    let removed = Server::of(&with(&base, |i| i["removed"] = json!([b64(&passkey(1))])), 3);
    cases
        .gives("a new password", password.inputs.clone())
        .gives("password and code, after a recovery code", recovery.inputs.clone())
        .gives("a passkey more", passkey_added.inputs.clone())
        .gives("a passkey less", removed.inputs.clone())
        .gives(
            "one of several origins",
            with(&passkey_added.inputs, |inputs| {
                inputs["expected"]["origins"] = json!(["https://other.example", ORIGIN]);
            }),
        )
        .gives(
            "a passkey more, under a policy that the password does not reach yet",
            with(&passkey_added.inputs, |inputs| {
                inputs["expected"]["policy"] = json!({ "profileFloor": 2 });
            }),
        );
    changed_states(&mut cases, &passkey_added, &password);
    changed_methods(&mut cases, &passkey_added, &password, &recovery);
    cases.done()
}

fn changed_states(cases: &mut Cases, server: &Server, password: &Server) {
    let Server { ada, inputs, .. } = server;
    let eve = World::eve();
    let request = |key: &str, value: Value| with(inputs, |i| i["request"][key] = value);
    let stored =
        |key: &str, bytes: &[u8]| with(inputs, |i| i["expected"][key] = json!(hex::encode(bytes)));
    let ids = [7; 16];
    let state = server.ada.keyring.sign_state(&server.state);
    let last = state.len() - 1;
    cases
        .refused("an unknown field", request("more", json!(1)), "bad-message")
        .refused("a state of 16385 bytes", request("state", b64(&[0; 16385])), "bad-message")
        .refused("the stored card is damaged", stored("card", b"card"), "stored")
        .refused("the stored state is damaged", stored("state", b"state"), "stored")
        .refused("state: not a statement", request("state", b64(b"state")), "state-frame")
        .refused(
            "state: signature changed",
            request("state", b64(&flipped(&state, last))),
            "state-signature",
        )
        .refused(
            "state: signed by another",
            request("state", b64(&eve.keyring.sign_state(&server.state))),
            "state-signature",
        )
        .refused(
            "state: of another organization",
            server.changed(|s| s.organization = freehold_wire::OrganizationId::from_bytes(ids)),
            "state-elsewhere",
        )
        .refused(
            "state: of another user",
            server.changed(|s| s.user = freehold_wire::UserId::from_bytes(ids)),
            "state-elsewhere",
        )
        .refused("state: of another epoch", server.changed(|s| s.epoch = 2), "state-elsewhere")
        .refused(
            "state: the stored one",
            request("state", b64(&ada.request.state)),
            "state-not-next",
        )
        .refused("state: one left out", server.changed(|s| s.sequence += 1), "state-not-next")
        .refused("state: another before", server.changed(|s| s.previous[0] ^= 1), "state-not-next")
        .refused("state: another card", server.changed(|s| s.card_hash[0] ^= 1), "card-hash")
        .refused(
            "state: another keyring",
            server.changed(|s| s.keyring_hash[0] ^= 1),
            "keyring-hash",
        )
        .refused(
            "state: a floor below that of the state before",
            server.after(|state| state.profile_floor = Profile::Memory256Mib),
            "floor",
        )
        .refused(
            "state: a new password below the policy",
            with(&password.inputs, |inputs| {
                inputs["expected"]["policy"] = json!({ "profileFloor": 2 });
            }),
            "floor",
        )
        .refused(
            "state: a floor above the password that stays",
            server.changed(|s| s.profile_floor = Profile::Memory256Mib),
            "below-floor",
        )
        .refused(
            "nothing changes",
            {
                let methods = ada.state_fields(|_| {}).methods;
                let same = server.changed(|state| state.methods = methods);
                with(&same, |inputs| inputs["request"]["methods"] = json!([]))
            },
            "nothing",
        );
}

/// Where the added passkey stands among the methods.
const ADDED: usize = 3;

fn changed_methods(cases: &mut Cases, server: &Server, password: &Server, recovery: &Server) {
    let Server { ada, inputs, state } = server;
    let sent = &inputs["request"]["methods"];
    let methods = |list: Value| with(inputs, |inputs| inputs["request"]["methods"] = list);
    let listed = |field: &str, bytes: &[u8]| {
        let inputs = server.changed(|state| match field {
            "envelope" => state.methods[ADDED].envelope_hash = hash(bytes),
            _ => state.methods[ADDED].parameters = bytes.to_vec(),
        });
        with(&inputs, |inputs| inputs["request"]["methods"][0][field] = b64(bytes))
    };
    let envelope =
        ada.passkey_keys(2).seal(&ada.master, 1, &mut Script::new(drawn("new salt 3, 0").to_vec()));
    // The old salt again, with an envelope and a proof that are good.
    let old_kh = ada.request.methods[0].parameters.to_vec();
    let repeated = {
        let old = ada.state_fields(|_| {}).methods[0].clone();
        let inputs = password.changed(|state| {
            state.methods[0].parameters.clone_from(&old.parameters);
        });
        with(&inputs, |inputs| inputs["request"]["methods"][0]["parameters"] = b64(&old_kh))
    };
    let unlocked_by = |server: &Server, kind: u8| {
        with(&server.inputs, |inputs| inputs["expected"]["unlockedBy"] = json!(kind))
    };
    let kh = |profile: u8| {
        let parameters = PasswordParameters { profile: Profile::Memory64Mib, salt: [5; 16] };
        let mut bytes = parameters.to_bytes().to_vec();
        bytes[0] = profile;
        let inputs = password.changed(|state| state.methods[0].parameters.clone_from(&bytes));
        with(&inputs, |inputs| inputs["request"]["methods"][0]["parameters"] = b64(&bytes))
    };
    cases
        .refused("methods: listed, but not sent", methods(json!([])), "methods")
        .refused("methods: sent twice", methods(json!([sent[0], sent[0]])), "methods")
        .refused(
            "methods: sent, but not listed",
            server.changed(|state| drop(state.methods.pop())),
            "methods",
        )
        .refused(
            "methods: sent as another type",
            with(inputs, |inputs| inputs["request"]["methods"][0]["type"] = json!(1)),
            "methods",
        )
        .refused(
            "methods: what stays is listed with another envelope",
            server.changed(|state| state.methods[1].envelope_hash[0] ^= 1),
            "methods",
        )
        .refused("methods: a new password with the old salt", repeated, "methods")
        .refused(
            "methods: the unlock key of another method",
            server.changed(|state| {
                state.methods[ADDED].unlock_public_key = state.methods[1].unlock_public_key;
            }),
            "methods",
        )
        .refused("passkey: no credential id", listed("parameters", &[9; 32]), "parameters")
        .refused("password: profile 0", kh(0), "parameters")
        .refused(
            "passkey: envelope of type 2",
            listed("envelope", &ada.request.methods[1].envelope),
            "envelope",
        )
        .refused(
            "passkey: a key id in the envelope",
            listed("envelope", &flipped(&envelope, 8)),
            "envelope",
        )
        .refused(
            "passkey: the envelope of another passkey",
            with(inputs, |inputs| {
                inputs["request"]["methods"][0]["envelope"] =
                    json!(ada.request.methods[2].envelope);
            }),
            "envelope-hash",
        )
        .refused(
            "recovery code: only it is new, after it was used",
            unlocked_by(&Server::of(&only_code(), 3), 2),
            "recovery-incomplete",
        )
        .refused(
            "password: only it is new, after the recovery code",
            unlocked_by(password, 2),
            "recovery-incomplete",
        )
        .refused(
            "a passkey more, after the recovery code",
            unlocked_by(server, 2),
            "recovery-incomplete",
        )
        .gives("password and code, after a passkey", unlocked_by(recovery, 3));
    proofs(cases, ada, inputs, state);
}

fn only_code() -> Value {
    with(&nothing_new(&ada()), |inputs| {
        inputs["code"] = json!({ "proof": *new_code().to_text() });
        inputs["random"] = json!(random(false, true, 0));
    })
}

/// What the proof of the added passkey is bound to, changed one thing at a time.
fn proofs(cases: &mut Cases, ada: &World, inputs: &Value, state: &State) {
    let keys = ada.passkey_keys(2);
    let parameters = passkey(2);
    let challenge = ada.change_offer().challenge.0;
    let sign = |keys: &MethodKeys, purpose, origin: &str, epoch, p: &[u8], challenge| {
        let subject = ProofSubject {
            context: ada.context(),
            epoch,
            kind: MethodKind::Passkey,
            parameters: p,
            challenge: &challenge,
        };
        b64(&keys.unlock_key().sign(&subject.message(purpose, origin).unwrap()))
    };
    let set = |proof: Value| with(inputs, |i| i["request"]["methods"][0]["proof"] = proof);
    let (enroll, p) = (Purpose::Enroll, &parameters[..]);
    assert_eq!(state.methods[ADDED].unlock_public_key, keys.unlock_key().public_key());
    assert_eq!(set(sign(&keys, enroll, ORIGIN, 1, p, challenge)), *inputs, "the honest proof");
    let others = [
        ("by another passkey", sign(&ada.passkey_keys(1), enroll, ORIGIN, 1, p, challenge)),
        ("for unlock", sign(&keys, Purpose::Unlock, ORIGIN, 1, p, challenge)),
        ("for another origin", sign(&keys, enroll, "https://evil.example", 1, p, challenge)),
        ("for another epoch", sign(&keys, enroll, ORIGIN, 2, p, challenge)),
        ("for another passkey", sign(&keys, enroll, ORIGIN, 1, &passkey(3), challenge)),
        ("for another challenge", sign(&keys, enroll, ORIGIN, 1, p, [7; 32])),
    ];
    for (name, proof) in others {
        cases.refused(&format!("proof: {name}"), set(proof), "proof");
    }
}

/// The key of an item of epoch 1, and the item as its owner reads it there.
struct Item {
    id: ItemId,
    record: Value,
}

fn item(world: &World, number: u8) -> Item {
    let id = ItemId::from_bytes([number; 16]);
    let key = drawn(&format!("key of item {number}"));
    let personal = world.master.derive_personal_key(world.context(), world.offer.epoch);
    let salt = |what: &str| Script::new(drawn(&format!("{what} of item {number}")).to_vec());
    let binding = Binding::of_item_key(world.context(), world.offer.epoch, id, 1);
    let wrapped = envelope::seal(personal.expose(), &binding, &key, &mut salt("salt 9"));
    let binding = Binding::of_item(world.context(), id, 1, 1);
    let content = envelope::seal(&key, &binding, b"a secret", &mut salt("salt 7"));
    let record = json!({
        "id": id,
        "version": 1,
        "itemKey": b64(&wrapped),
        "content": b64(&content),
    });
    Item { id, record }
}

fn renewal_inputs(ada: &World, again: &World, items: &[Value]) -> Value {
    let salts: Vec<u8> =
        (0..items.len()).flat_map(|number| drawn(&format!("renewed salt 9, {number}"))).collect();
    let fresh = with(&json!(again.offer), |offer| offer["challenge"] = b64(&drawn("fresh")));
    json!({
        "unlock": ada.passkey_inputs(1),
        "setup": {
            "client": client_json(Some(ada.remembers(&ada.request.state))),
            "offer": again.offer,
            "password": hex::encode(PASSWORD),
            "random": hex::encode(&again.random),
            "proof": *again.code.to_text(),
            "freshOffer": fresh,
            "now": LATER,
        },
        "items": items,
        "random": hex::encode(salts),
    })
}

pub fn renewal_clients() -> File {
    let ada = ada();
    let again = World::ada_again(&ada);
    let mut cases = Cases::new(
        "renewal-client",
        "Section 12.8: a whole renewal: `unlock` opens the account as it is, `setup` is the set-up \
         of the next epoch, `random` has a salt of envelope 9 for each item.",
    );
    let (one, two) = (item(&ada, 0x44), item(&ada, 0x55));
    let base = renewal_inputs(&ada, &again, &[two.record.clone(), one.record.clone()]);
    let both = |field: &str, value: &Value| {
        with(&base, |inputs| {
            inputs["setup"]["offer"][field] = value.clone();
            inputs["setup"]["freshOffer"][field] = value.clone();
        })
    };
    let broken = with(&base, |inputs| {
        let wrapped = inputs["items"][0]["itemKey"].as_str().unwrap();
        let wrapped = freehold_wire::decode_base64url(wrapped, 200).unwrap();
        inputs["items"][0]["itemKey"] = b64(&flipped(&wrapped, 100));
    });
    let foreign = with(&base, |inputs| inputs["items"][0] = item(&World::eve(), 0x55).record);
    cases
        .gives("with two items", base.clone())
        .gives("without items", renewal_inputs(&ada, &again, &[]))
        .refused("an epoch left out", both("epoch", &json!(3)), "offer-changed")
        .refused("another card before", both("previousCard", &b64(&[1; 32])), "offer-changed")
        .tampered("an item key that does not open", broken, "item")
        .tampered("another user's item", foreign, "item")
        .done()
}

pub fn renewal_servers() -> File {
    let ada = ada();
    let again = World::ada_again(&ada);
    let mut cases = Cases::new(
        "renewal-server",
        "Section 12.9: a renewal request against what the server stores and offered. Errors are the \
         names of the checks.",
    );
    let items = [item(&ada, 0x44), item(&ada, 0x55)];
    let request = made(
        "renewal-client",
        &renewal_inputs(&ada, &again, &items.each_ref().map(|item| item.record.clone())),
    );
    let expected = with(&json!(again.offer), |offer| offer["challenge"] = b64(&drawn("fresh")));
    let base = json!({
        "expected": expected,
        "oldCard": hex::encode(&*ada.request.card),
        "request": request,
    });
    let set = |path: &str, value: Value| {
        with(&base, |inputs| *inputs["request"].pointer_mut(path).unwrap() = value)
    };
    let new_card = freehold_wire::decode_base64url(request["setup"]["card"].as_str().unwrap(), 512);
    let honest = Handover {
        organization: ada.offer.organization,
        user: ada.offer.user,
        old_card: hash(&ada.request.card),
        new_card: hash(&new_card.unwrap()),
    };
    let by_old = |change: &dyn Fn(&mut Handover)| {
        let mut handover = honest.clone();
        change(&mut handover);
        set("/handover", b64(&ada.keyring.sign_handover(&handover)))
    };
    assert_eq!(by_old(&|_| ()), base, "the honest handover is the one that was sent");
    let listed = |places: &[usize]| {
        set("/items", places.iter().map(|place| request["items"][*place].clone()).collect())
    };
    let ids = [7; 16];
    cases
        .gives("with two items", base.clone())
        .gives("without items", set("/items", json!([])))
        .refused(
            "an unknown field",
            with(&base, |i| i["request"]["more"] = json!(1)),
            "bad-message",
        )
        .refused("a handover of 257 bytes", set("/handover", b64(&[0; 257])), "bad-message")
        .refused("item version 0", set("/items/0/version", json!(0)), "bad-message")
        .refused(
            "the stored card is damaged",
            with(&base, |inputs| inputs["oldCard"] = json!("00")),
            "stored",
        )
        .refused(
            "the stored card is not the offered one",
            with(&base, |inputs| inputs["expected"]["previousCard"] = b64(&[1; 32])),
            "stored",
        )
        .refused(
            "records of set-up: the state is of the old epoch",
            set("/setup/state", b64(&ada.request.state)),
            "state-signature",
        )
        .refused(
            "records of set-up: a proof is wrong",
            set("/setup/methods/1/proof", b64(&[1; 64])),
            "proof",
        )
        .refused("handover: not a statement", set("/handover", b64(b"handover")), "handover")
        .refused(
            "handover: by the new key",
            set("/handover", b64(&again.keyring.sign_handover(&honest))),
            "handover",
        )
        .refused(
            "handover: by another",
            set("/handover", b64(&World::eve().keyring.sign_handover(&honest))),
            "handover",
        )
        .refused(
            "handover: of another organization",
            by_old(&|it| it.organization = freehold_wire::OrganizationId::from_bytes(ids)),
            "handover-elsewhere",
        )
        .refused(
            "handover: of another user",
            by_old(&|it| it.user = freehold_wire::UserId::from_bytes(ids)),
            "handover-elsewhere",
        )
        .refused(
            "handover: from another card",
            by_old(&|it| it.old_card[0] ^= 1),
            "handover-elsewhere",
        )
        .refused(
            "handover: to another card",
            by_old(&|it| it.new_card[0] ^= 1),
            "handover-elsewhere",
        )
        .refused("items: not ascending", listed(&[1, 0]), "items")
        .refused("items: one twice", listed(&[0, 0]), "items")
        .refused(
            "items: an envelope of another type",
            set("/items/0/itemKey", json!(ada.request.methods[0].envelope)),
            "items",
        );
    for (name, kept) in [("Ed25519", "seed"), ("X25519", "private key")] {
        let kept = World::ada_keeps(&ada, kept);
        let handover = Handover { new_card: hash(&kept.request.card), ..honest.clone() };
        let inputs = with(&base, |inputs| {
            inputs["expected"] = json!(kept.offer);
            inputs["request"]["setup"] = json!(kept.request);
            inputs["request"]["handover"] = b64(&ada.keyring.sign_handover(&handover));
        });
        cases.refused(&format!("the new card has the old {name} key"), inputs, "same-key");
    }
    cases.done()
}

pub fn tampering() -> File {
    let ada = ada();
    let mut cases = Cases::new(
        "tampering",
        "Sections 12.5 and 13: every so many bytes of every record a bit is flipped, and the record \
         is cut there, from its beginning and to its end. Each time opening the account and the \
         item must be refused as \"tampered\"; `refused` counts.",
    );
    let item = item(&ada, 0x44);
    let inputs = |unlock: Value| {
        json!({
            "unlock": unlock,
            "item": item.id,
            "version": 1,
            "record": item.record,
            "every": 7,
        })
    };
    let by_password = with(&ada.unlock_inputs(), |unlock| {
        unlock["type"] = json!(1);
        unlock["secret"] = json!(PASSWORD);
        unlock["answer"] = json!(ada.answer(MethodKind::Password));
    });
    cases
        .gives("opened by password", inputs(by_password))
        .gives("opened by recovery code", inputs(ada.unlock_inputs()))
        .gives("opened by passkey", inputs(ada.passkey_inputs(1)))
        .done()
}
