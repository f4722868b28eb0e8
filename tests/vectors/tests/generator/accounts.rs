//! What the client does and refuses.

use freehold_keys::envelope::{self, Binding};
use freehold_vectors::{Expected, File, Script, run_case};
use freehold_wire::{MethodKind, Profile, State, Timestamp, hash};
use serde_json::{Value, json};

use super::world::{NOW, ORIGIN, PASSWORD, World, b64, client_json, drawn, flipped};
use super::{Cases, with};

pub fn setups() -> File {
    let ada = World::ada();
    let again = World::ada_again(&ada);
    let mut cases = Cases::new(
        "setup-client",
        "Section 12.1: a whole set-up. `random` is used in this order: salt16, master key, Ed25519 \
         seed, X25519 private key, recovery code, salts of envelopes 5, 1 and 2.",
    );
    let inputs = |world: &World, remembered: Option<Value>| {
        json!({
            "client": client_json(remembered),
            "offer": world.offer,
            "password": hex::encode(PASSWORD),
            "random": hex::encode(&world.random),
            "proof": *world.code.to_text(),
            "freshOffer": with(&json!(world.offer), |offer| offer["challenge"] = b64(&drawn("fresh"))),
            "now": NOW,
        })
    };
    let base = inputs(&ada, None);
    let set = |path: &str, value: Value| with(&base, |i| *i.pointer_mut(path).unwrap() = value);
    let both = |key: &str, value: &Value| {
        with(&base, |i| {
            i["offer"][key] = value.clone();
            i["freshOffer"][key] = value.clone();
        })
    };
    cases
        .gives("epoch 1", base.clone())
        .gives(
            "epoch 2, where epoch 1 is remembered",
            inputs(&again, Some(ada.remembers(&ada.request.state))),
        )
        .gives("the code proved by its words", set("/proof", json!(*ada.code.to_words())))
        .gives("one of several origins", both("origins", &json!(["https://other.example", ORIGIN])))
        .refused(
            "an epoch that is remembered",
            set("/client/remembered", ada.remembers(&ada.request.state)),
            "epoch-below",
        )
        .refused(
            "an epoch below the remembered",
            set("/client/remembered", again.remembers(&again.request.state)),
            "epoch-below",
        )
        .refused(
            "remembered of another user",
            set("/client/remembered", World::eve().remembers(&World::eve().request.state)),
            "bad-message",
        )
        .refused(
            "origins without its own",
            both("origins", &json!(["https://other.example"])),
            "wrong-origin",
        )
        .refused("no origin", both("origins", &json!([])), "wrong-origin")
        .refused("epoch 1 with a card before", both("previousCard", &b64(&[1; 32])), "bad-message")
        .refused("epoch 2 without a card before", both("epoch", &json!(2)), "bad-message")
        .refused("epoch 0", both("epoch", &json!(0)), "bad-message")
        .refused("no subject", both("subject", &json!("")), "bad-message")
        .refused("a subject too long", both("subject", &json!("a".repeat(256))), "bad-message")
        .refused(
            "a password too short",
            set("/password", json!(hex::encode("eleven byte"))),
            "password-too-short",
        )
        .refused(
            "a proof with a typing error",
            set("/proof", json!(ada.code.to_text().replace("fhrec1", "fhrec1q"))),
            "bad-code",
        )
        .refused(
            "another code as proof",
            set("/proof", json!(*again.code.to_text())),
            "recovery-not-proven",
        );
    for (field, value) in [
        ("organization", json!("77777777-7777-7777-7777-777777777777")),
        ("user", json!("77777777-7777-7777-7777-777777777777")),
        ("epoch", json!(2)),
        ("previousCard", b64(&[1; 32])),
        ("origins", json!([ORIGIN, "https://other.example"])),
        ("subject", json!("eve@example.com")),
    ] {
        let inputs = set(&format!("/freshOffer/{field}"), value);
        cases.refused(&format!("a fresh offer with another {field}"), inputs, "offer-changed");
    }
    cases.done()
}

pub fn unlocks() -> File {
    let ada = World::ada();
    let mut cases = Cases::new(
        "unlock-client",
        "Sections 12.3 and 12.5: a whole unlock. `check` says which check refuses; to people all of \
         them are \"tampered\".",
    );
    let base = ada.unlock_inputs();
    honest(&mut cases, &ada, &base);
    before_hashing(&mut cases, &ada, &base);
    remembered(&mut cases, &ada, &base);
    swapped(&mut cases, &ada, &base);
    forged(&mut cases, &ada, &base);
    passkeys(&mut cases);
    cases.done()
}

fn set(base: &Value, path: &str, value: Value) -> Value {
    with(base, |inputs| *inputs.pointer_mut(path).unwrap() = value)
}

fn with_states(base: &Value, states: &[&[u8]]) -> Value {
    let states: Vec<Value> = states.iter().map(|state| b64(state)).collect();
    set(base, "/answer/states", json!(states))
}

fn following(ada: &World, before: &[u8], time: u64) -> Vec<u8> {
    let sequence = State::claimed(before).unwrap().sequence + 1;
    ada.state(|state| {
        state.sequence = sequence;
        state.previous = hash(before);
        state.time = Timestamp::from_millis(time);
    })
}

fn honest(cases: &mut Cases, ada: &World, base: &Value) {
    let first = &ada.request.state[..];
    let second = following(ada, first, NOW + 1);
    let third = following(ada, &second, NOW + 2);
    let again = World::ada_again(ada);
    let knows_first = set(base, "/client/remembered", ada.remembers(first));
    cases
        .gives("by recovery code, nothing remembered", base.clone())
        .gives("by the code's words", set(base, "/secret", json!(*ada.code.to_words())))
        .gives(
            "by password",
            with(base, |inputs| {
                inputs["type"] = json!(1);
                inputs["secret"] = json!(PASSWORD);
                inputs["answer"] = json!(ada.answer(MethodKind::Password));
            }),
        )
        .gives("the latest state is remembered", knows_first.clone())
        .gives(
            "two states follow the remembered one",
            with_states(&knows_first, &[&second, &third]),
        )
        .gives("nothing remembered, the latest state is the third", with_states(base, &[&third]))
        .gives("five tries failed", set(base, "/answer/failedSince", json!(5)))
        .gives("a higher epoch that the person agreed to", {
            let known = with(&ada.remembers(first), |known| known["acceptEpoch"] = json!(2));
            set(&again.unlock_inputs(), "/client/remembered", known)
        });
}

/// An account with two passkeys, opened by the second.
fn passkeys(cases: &mut Cases) {
    let ada = World::ada().with_passkeys(2);
    let base = ada.passkey_inputs(2);
    let by_code = ada.unlock_inputs();
    let methods = &base["offer"]["methods"];
    let offered = |base: &Value, places: &[usize]| {
        let listed: Vec<_> = places.iter().map(|place| methods[*place].clone()).collect();
        set(base, "/offer/methods", json!(listed))
    };
    let third = json!({ "type": 3, "parameters": b64(&super::world::passkey(3)) });
    let nine: Vec<Value> = (1..=9)
        .map(|number| json!({ "type": 3, "parameters": b64(&super::world::passkey(number)) }))
        .collect();
    let with_third = with(&by_code, |inputs| {
        inputs["offer"]["methods"].as_array_mut().unwrap().push(third.clone());
    });
    let with_nine = with(&by_code, |inputs| {
        let list = inputs["offer"]["methods"].as_array_mut().unwrap();
        list.truncate(2);
        list.extend(nine.clone());
    });
    let answer_to = |place: usize| json!(ada.answer_to(&ada.request.methods[place]));
    cases
        .gives("by the second of two passkeys", base.clone())
        .gives("by recovery code, with passkeys", by_code.clone())
        .refused(
            "a passkey that gives zeros",
            set(&base, "/secret", json!("00".repeat(32))),
            "bad-passkey",
        )
        .refused(
            "a passkey that gives 16 bytes",
            set(&base, "/secret", json!("01".repeat(16))),
            "bad-passkey",
        )
        .refused(
            "a passkey that was not offered",
            set(&base, "/parameters", b64(&super::world::passkey(3))),
            "bad-message",
        )
        .refused("passkeys that are not ascending", offered(&by_code, &[0, 1, 3, 2]), "bad-message")
        .refused("a passkey twice", offered(&by_code, &[0, 1, 2, 2]), "bad-message")
        .refused("a passkey before the code", offered(&by_code, &[0, 2, 1, 3]), "bad-message")
        .refused("a ninth passkey", with_nine, "bad-message")
        .tampered(
            "a passkey that the state lists is not offered",
            offered(&by_code, &[0, 1, 2]),
            "methods",
        )
        .tampered("a passkey is offered that the state does not list", with_third, "methods")
        .tampered(
            "the envelope of the other passkey",
            set(&base, "/answer", answer_to(2)),
            "envelope",
        )
        .tampered(
            "the envelope of the recovery code for a passkey",
            set(&base, "/answer", answer_to(1)),
            "envelope",
        )
        .tampered(
            "the output of another passkey",
            set(&base, "/secret", json!(hex::encode(super::world::passkey_output(1)))),
            "envelope",
        );
}

fn before_hashing(cases: &mut Cases, ada: &World, base: &Value) {
    let again = World::ada_again(ada);
    let known = |world: &World| world.remembers(&world.request.state);
    let agreed = |epoch: u64| with(&known(ada), |known| known["acceptEpoch"] = json!(epoch));
    let higher = again.unlock_inputs();
    cases
        .refused(
            "an epoch below the remembered",
            set(base, "/client/remembered", known(&again)),
            "epoch-below",
        )
        .refused(
            "an epoch above the remembered",
            set(&higher, "/client/remembered", known(ada)),
            "epoch-above",
        )
        .refused(
            "an epoch above the one agreed to",
            set(&higher, "/client/remembered", agreed(3)),
            "epoch-above",
        )
        .refused(
            "remembered of another user",
            set(base, "/client/remembered", known(&World::eve())),
            "bad-message",
        );
    for (name, origin) in [
        ("another host", "https://evil.example"),
        ("another scheme", "http://freehold.example"),
        ("another port", "https://freehold.example:8443"),
        ("a slash behind", "https://freehold.example/"),
        ("another case", "https://FREEHOLD.example"),
    ] {
        let inputs = set(base, "/offer/origins", json!([origin]));
        cases.refused(&format!("origins with only {name}"), inputs, "wrong-origin");
    }
    let floor = |world: &World, floor: u64| {
        with(&known(world), |known| known["profileFloor"] = json!(floor))
    };
    cases
        .gives("a floor of profile 1 is remembered", set(base, "/client/remembered", floor(ada, 1)))
        .gives(
            "a higher floor is remembered of an epoch before",
            set(
                &higher,
                "/client/remembered",
                with(&floor(ada, 2), |known| known["acceptEpoch"] = json!(2)),
            ),
        )
        .refused(
            "a profile below the remembered floor",
            set(base, "/client/remembered", floor(ada, 2)),
            "profile-refused",
        );
    let kh = ada.request.methods[0].parameters.to_vec();
    let by_password = with(base, |inputs| {
        inputs["type"] = json!(1);
        inputs["secret"] = json!(PASSWORD);
    });
    let lowered = |base: &Value, position: usize, value: u8| {
        let mut bytes = kh.clone();
        bytes[position] = value;
        set(base, "/offer/methods/0/parameters", b64(&bytes))
    };
    let native = freehold_wire::PasswordParameters { profile: Profile::Memory1Gib, salt: [1; 16] };
    let native = set(base, "/offer/methods/0/parameters", b64(&native.to_bytes()));
    cases
        .refused("one pass", lowered(&by_password, 6, 1), "profile-refused")
        .refused("a quarter of the memory", lowered(&by_password, 9, 0x40), "profile-refused")
        .refused("one lane", lowered(&by_password, 14, 1), "profile-refused")
        .refused("profile 0", lowered(&by_password, 0, 0), "profile-refused")
        .refused("profile 4", lowered(&by_password, 0, 4), "profile-refused")
        .refused("a flag", lowered(&by_password, 1, 1), "profile-refused")
        .refused(
            "a lowered profile, though the code is used",
            lowered(base, 6, 1),
            "profile-refused",
        )
        .refused("profile 3 in a browser", native, "profile-refused");
    let methods = &base["offer"]["methods"];
    let (password, code) = (&methods[0], &methods[1]);
    let offered = |methods: Value| set(base, "/offer/methods", methods);
    cases
        .refused("no methods", offered(json!([])), "bad-message")
        .refused("no password", offered(json!([code])), "bad-message")
        .refused(
            "no recovery code",
            set(&offered(json!([password])), "/type", json!(1)),
            "bad-message",
        )
        .refused("in the other order", offered(json!([code, password])), "bad-message")
        .refused(
            "two passwords and a code",
            offered(json!([password, password, code])),
            "bad-message",
        )
        .refused(
            "a method of type 4",
            offered(json!([password, code, { "type": 4, "parameters": "" }])),
            "bad-message",
        )
        .refused(
            "a passkey without a credential id",
            offered(json!([password, code, { "type": 3, "parameters": b64(&[1; 32]) }])),
            "bad-message",
        )
        .refused(
            "a recovery code with parameters",
            set(base, "/offer/methods/1/parameters", json!("AA")),
            "bad-message",
        )
        .refused(
            "a code with a typing error",
            set(base, "/secret", json!(ada.code.to_text().replace("fhrec1", "fhrec1q"))),
            "bad-code",
        )
        .refused(
            "a password too short",
            set(&by_password, "/secret", json!("eleven byte")),
            "password-too-short",
        );
}

fn remembered(cases: &mut Cases, ada: &World, base: &Value) {
    let first = &ada.request.state[..];
    let second = following(ada, first, NOW + 1);
    let third = following(ada, &second, NOW + 2);
    let other_second = following(ada, first, NOW + 9);
    let jumped = ada.state(|state| {
        state.sequence = 3;
        state.previous = hash(first);
    });
    let knows = |state: &[u8]| set(base, "/client/remembered", ada.remembers(state));
    cases
        .tampered(
            "an older state than the remembered",
            with_states(&knows(&second), &[first]),
            "state-older",
        )
        .tampered(
            "another state in place of the remembered",
            with_states(&knows(&second), &[&other_second]),
            "state-chain",
        )
        .tampered(
            "a gap after the remembered",
            with_states(&knows(first), &[&third]),
            "state-chain",
        )
        .tampered(
            "a gap among the states",
            with_states(&knows(first), &[&second, &following(ada, &third, NOW + 3)]),
            "state-chain",
        )
        .tampered(
            "a fork after the remembered",
            with_states(&knows(&other_second), &[&third]),
            "state-chain",
        )
        .tampered(
            "a fork among the states",
            with_states(&knows(first), &[&other_second, &third]),
            "state-chain",
        )
        .tampered(
            "the remembered state again before the next",
            with_states(&knows(first), &[first, &second]),
            "state-chain",
        )
        .tampered(
            "a number left out, though the hashes fit",
            with_states(&knows(first), &[&jumped]),
            "state-chain",
        )
        .tampered(
            "two states, nothing remembered",
            with_states(base, &[first, &second]),
            "state-chain",
        )
        .tampered("no state", with_states(base, &[]), "state");
}

/// Whole records, but not this account's, method's or time's.
fn swapped(cases: &mut Cases, ada: &World, base: &Value) {
    let eve = World::eve();
    let by_eve = |field: &str| {
        let answer = json!(eve.answer(MethodKind::RecoveryCode));
        set(base, &format!("/answer/{field}"), answer[field].clone())
    };
    let keys = ada.code_keys();
    let sealed_again = keys.seal(&ada.master, 1, &mut Script::new(drawn("again").to_vec()));
    let keyring_key = ada.master.derive_keyring_key(ada.context(), 1);
    let keyring_again =
        ada.keyring.seal(&keyring_key, ada.context(), 1, &mut Script::new(drawn("again").to_vec()));
    let card_again = ada.card(|card| card.subject = "ada@new.example".to_owned());
    let answer = |field: &str, bytes: &[u8]| set(base, &format!("/answer/{field}"), b64(bytes));
    cases
        .tampered("another user's envelope", by_eve("envelope"), "envelope")
        .tampered("another user's keyring", by_eve("keyring"), "keyring")
        .tampered("another user's card", by_eve("card"), "card")
        .tampered("another user's state", by_eve("states"), "state")
        .tampered(
            "another user's whole answer",
            set(base, "/answer", json!(eve.answer(MethodKind::RecoveryCode))),
            "state",
        )
        .tampered(
            "the other method's envelope",
            answer("envelope", &ada.request.methods[0].envelope),
            "envelope",
        )
        .tampered(
            "envelope changed",
            answer("envelope", &flipped(&ada.request.methods[1].envelope, 100)),
            "envelope",
        )
        .tampered(
            "keyring changed",
            answer("keyring", &flipped(&ada.request.keyring, 100)),
            "keyring",
        )
        .tampered("card: payload changed", answer("card", &flipped(&ada.request.card, 45)), "card")
        .tampered(
            "card: signature changed",
            answer("card", &flipped(&ada.request.card, ada.request.card.len() - 1)),
            "card",
        )
        .tampered(
            "state: time changed",
            with_states(base, &[&flipped(&ada.request.state, ada.request.state.len() - 67)]),
            "state-signature",
        )
        .tampered(
            "state: signature changed",
            with_states(base, &[&flipped(&ada.request.state, ada.request.state.len() - 1)]),
            "state-signature",
        )
        .tampered("state: not a statement", with_states(base, &[b"state"]), "state")
        .tampered(
            "an envelope of before, for the same master key",
            answer("envelope", &sealed_again),
            "envelope-hash",
        )
        .tampered(
            "a keyring of before, with the same keys",
            answer("keyring", &keyring_again),
            "keyring-hash",
        )
        .tampered("a card of before, with the same keys", answer("card", &card_again), "card-hash");
    let salt = set(base, "/offer/methods/0/parameters", {
        let mut kh = ada.request.methods[0].parameters.to_vec();
        kh[30] ^= 1;
        b64(&kh)
    });
    cases.tampered(
        "another salt offered for the password, though the code is used",
        salt,
        "methods",
    );
    epochs(cases, ada);
}

/// Records of the epoch before, offered as this epoch's.
fn epochs(cases: &mut Cases, ada: &World) {
    let again = World::ada_again(ada);
    let base = again.unlock_inputs();
    let old = json!(ada.answer(MethodKind::RecoveryCode));
    let swap = |field: &str| set(&base, &format!("/answer/{field}"), old[field].clone());
    cases
        .tampered("the envelope of the epoch before", swap("envelope"), "envelope")
        .tampered("the keyring of the epoch before", swap("keyring"), "keyring")
        .tampered("the card of the epoch before", swap("card"), "card")
        .tampered("the state of the epoch before", swap("states"), "state");
    // The code of epoch 1 and all its records, said to be epoch 2.
    let older = with(&ada.unlock_inputs(), |inputs| inputs["offer"]["epoch"] = json!(2));
    cases.tampered("everything of epoch 1 offered as epoch 2", older, "state");
}

/// Statements that the account's own key signed, but that do not fit: what a client with a bug, or
/// a thief of the signing key alone, could make.
fn forged(cases: &mut Cases, ada: &World, base: &Value) {
    let eve = World::eve();
    let other_user = freehold_wire::UserId::from_bytes([7; 16]);
    let other_organization = freehold_wire::OrganizationId::from_bytes([7; 16]);
    let state = |change: fn(&mut State)| with_states(base, &[&ada.state(change)]);
    // Card and state agree with each other; only the card is wrong in itself.
    let card = |card: &[u8]| {
        let inputs = set(base, "/answer/card", b64(card));
        with_states(&inputs, &[&ada.state(|state| state.card_hash = hash(card))])
    };
    let eves_keys = eve.card_fields(|_| {});
    cases
        .tampered("card: for another user", card(&ada.card(|c| c.user = other_user)), "card")
        .tampered(
            "card: for another organization",
            card(&ada.card(|c| c.organization = other_organization)),
            "card",
        )
        .tampered(
            "card: for another epoch",
            card(&ada.card(|c| {
                c.epoch = 2;
                c.previous = [1; 32];
            })),
            "card",
        )
        .tampered(
            "card: made by another with her own keys",
            card(&eve.card(|c| c.user = ada.offer.user)),
            "card-keys",
        )
        .tampered(
            "card: made by another with the account's X25519 key",
            card(&eve.card(|c| {
                c.user = ada.offer.user;
                c.agreement_key = ada.keyring.agreement_public_key();
            })),
            "card-keys",
        )
        .tampered(
            "card: another X25519 key",
            card(&ada.card(|c| c.agreement_key = eves_keys.agreement_key)),
            "card-keys",
        )
        .tampered(
            "state: for another user",
            state(|s| s.user = freehold_wire::UserId::from_bytes([7; 16])),
            "state",
        )
        .tampered(
            "state: for another organization",
            state(|s| s.organization = freehold_wire::OrganizationId::from_bytes([7; 16])),
            "state",
        )
        .tampered("state: for another epoch", state(|s| s.epoch = 2), "state")
        .tampered(
            "state: signed by another",
            with_states(base, &[&eve.keyring.sign_state(&ada.state_fields(|_| {}))]),
            "state-signature",
        )
        .tampered("state: lists another card", state(|s| s.card_hash[0] ^= 1), "card-hash")
        .tampered("state: lists another keyring", state(|s| s.keyring_hash[0] ^= 1), "keyring-hash")
        .tampered(
            "state: lists another envelope",
            state(|s| s.methods[1].envelope_hash[0] ^= 1),
            "envelope-hash",
        )
        .tampered(
            "state: lists other password parameters",
            state(|s| s.methods[0].parameters[30] ^= 1),
            "methods",
        )
        .tampered(
            "state: lists parameters for the code",
            state(|s| s.methods[1].parameters = vec![1]),
            "methods",
        )
        .tampered(
            "state: lists another unlock key",
            {
                let key = eve.code_keys().unlock_key().public_key();
                with_states(base, &[&ada.state(|s| s.methods[1].unlock_public_key = key)])
            },
            "methods",
        )
        .tampered(
            "state: a floor above the password",
            state(|s| s.profile_floor = Profile::Memory256Mib),
            "floor",
        );
    let first = &ada.request.state[..];
    let knows = set(base, "/client/remembered", ada.remembers(first));
    let second = following(ada, first, NOW + 1);
    let eves_second = {
        let fields = State::claimed(&second).unwrap();
        eve.keyring.sign_state(&fields)
    };
    let third = following(ada, &eves_second, NOW + 2);
    cases.tampered(
        "states: one among them signed by another",
        with_states(&knows, &[&eves_second, &third]),
        "state-signature",
    );
    let strange = ada.state(|state| {
        state.sequence = 2;
        state.previous = hash(first);
        state.user = other_user;
    });
    let third = following(ada, &strange, NOW + 2);
    cases.tampered(
        "states: one among them for another user",
        with_states(&knows, &[&strange, &third]),
        "state",
    );
}

pub fn items() -> File {
    let ada = World::ada();
    let mut cases = Cases::new(
        "item",
        "Section 13: sealing (`random`: item key, salt of envelope 9, salt of envelope 7) and \
         opening, in an account that is unlocked by its recovery code.",
    );
    let id = |n: u8| json!(freehold_wire::ItemId::from_bytes([n; 16]));
    let sealing = |world: &World, item: u8, version: u64, content: &[u8]| {
        let random: Vec<u8> = ["item key", "salt 9", "salt 7"]
            .iter()
            .flat_map(|what| drawn(&format!("{what} {item} {version} {}", content.len())))
            .collect();
        json!({
            "unlock": world.unlock_inputs(),
            "item": id(item),
            "version": version,
            "seal": { "random": hex::encode(random), "content": hex::encode(content) },
        })
    };
    let record = |world: &World, item: u8, version: u64, content: &[u8]| match run_case(
        "item",
        &sealing(world, item, version, content),
    ) {
        Expected::Result(result) => result["record"].clone(),
        Expected::Refused(refused) => panic!("{refused:?}"),
    };
    let opening = |item: u8, version: u64, record: &Value| {
        json!({
            "unlock": ada.unlock_inputs(),
            "item": id(item),
            "version": version,
            "record": record,
        })
    };
    let content = br#"{"name":"bank","value":"1234","note":""}"#;
    let first = record(&ada, 0x44, 1, content);
    let second = record(&ada, 0x44, 2, b"second");
    let other = record(&ada, 0x55, 1, b"other");
    let eves = record(&World::eve(), 0x44, 1, content);
    let dressed =
        |record: &Value, key: &str, value: Value| with(record, |record| record[key] = value);
    cases
        .gives("seal", sealing(&ada, 0x44, 1, content))
        .gives("seal nothing", sealing(&ada, 0x44, 1, b""))
        .gives("seal the next version", sealing(&ada, 0x44, 2, b"second"))
        .gives("open", opening(0x44, 1, &first))
        .gives(
            "open with the server's time",
            opening(0x44, 1, &dressed(&first, "updatedAt", json!(NOW))),
        )
        .refused("seal version 0", sealing(&ada, 0x44, 0, b""), "bad-message")
        .tampered("another version than asked for", opening(0x44, 2, &first), "item")
        .tampered("another item than asked for", opening(0x55, 1, &first), "item")
        .tampered(
            "an older version dressed as the asked one",
            opening(0x44, 2, &dressed(&first, "version", json!(2))),
            "item",
        )
        .tampered(
            "another item dressed as the asked one",
            opening(0x44, 1, &dressed(&other, "id", id(0x44))),
            "item",
        )
        .tampered(
            "the asked item under another name",
            opening(0x44, 1, &dressed(&first, "id", id(0x55))),
            "item",
        )
        .tampered(
            "the asked version under another number",
            opening(0x44, 1, &dressed(&first, "version", json!(2))),
            "item",
        )
        .tampered("another user's item", opening(0x44, 1, &eves), "item")
        .tampered(
            "the content of another version",
            opening(0x44, 2, &dressed(&second, "content", first["content"].clone())),
            "item",
        )
        .tampered(
            "the item key of another version",
            opening(0x44, 2, &dressed(&second, "itemKey", first["itemKey"].clone())),
            "item",
        );
    let bytes = |record: &Value, field: &str| {
        freehold_wire::decode_base64url(record[field].as_str().unwrap(), 1 << 21).unwrap()
    };
    for field in ["itemKey", "content"] {
        let good = bytes(&first, field);
        for (part, position) in [
            ("header", 5),
            ("key id", 8),
            ("salt", 30),
            ("commitment", 60),
            ("ciphertext", 93),
            ("tag", good.len() - 1),
        ] {
            let bad = dressed(&first, field, b64(&flipped(&good, position)));
            cases.tampered(&format!("{field}: {part} changed"), opening(0x44, 1, &bad), "item");
        }
        let short = dressed(&first, field, b64(&good[..good.len() - 1]));
        cases.tampered(&format!("{field}: a byte short"), opening(0x44, 1, &short), "item");
    }
    content_types(&mut cases, &ada, &first, &opening);
    cases.done()
}

/// The right key, item and version, but a content type that was not asked for.
fn content_types(
    cases: &mut Cases,
    ada: &World,
    first: &Value,
    opening: &dyn Fn(u8, u64, &Value) -> Value,
) {
    let item = freehold_wire::ItemId::from_bytes([0x44; 16]);
    let personal = ada.master.derive_personal_key(ada.context(), 1);
    let wrapped = freehold_wire::decode_base64url(first["itemKey"].as_str().unwrap(), 200).unwrap();
    let binding = Binding::of_item_key(ada.context(), 1, item, 1);
    let key: [u8; 32] =
        envelope::open(personal.expose(), &binding, &wrapped).unwrap()[..].try_into().unwrap();
    let other = Binding::of_item(ada.context(), item, 1, 2);
    let sealed = envelope::seal(&key, &other, b"code", &mut Script::new(drawn("salt").to_vec()));
    let record = with(first, |record| record["content"] = b64(&sealed));
    cases.tampered("content of another type", opening(0x44, 1, &record), "item");
}
