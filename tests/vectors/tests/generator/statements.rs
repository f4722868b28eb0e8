//! Cards and account states.

use freehold_vectors::File;
use freehold_wire::{
    CborWriter, Handover, MethodKind, SigningPublicKey, Statement, Timestamp, hash,
};
use serde_json::{Value, json};

use super::Cases;
use super::world::{World, drawn, flipped};

pub fn cards() -> File {
    let ada = World::ada();
    let mut cases = Cases::new("card", "Sections 9 and 10: a card, verified, to its fields.");
    let input = |card: &[u8]| json!({ "card": hex::encode(card) });
    let signed = |payload: &[u8]| input(&ada.sign(Statement::Card, payload));
    cases
        .gives("epoch 1", input(&ada.request.card))
        .gives("epoch 2", input(&World::ada_again(&ada).request.card))
        .gives("the longest subject", input(&ada.card(|card| card.subject = "é".repeat(127) + "a")))
        .refused("no subject", input(&ada.card(|card| card.subject.clear())), "payload")
        .refused(
            "a subject too long",
            input(&ada.card(|card| card.subject = "a".repeat(256))),
            "payload",
        )
        .refused("epoch 0", input(&ada.card(|card| card.epoch = 0)), "payload")
        .refused(
            "epoch 2^53",
            input(&ada.card(|card| {
                card.epoch = 1 << 53;
                card.previous = [1; 32];
            })),
            "payload",
        )
        .refused(
            "epoch 1 with a card before",
            input(&ada.card(|card| card.previous = [1; 32])),
            "payload",
        )
        .refused(
            "epoch 2 without a card before",
            input(&ada.card(|card| card.epoch = 2)),
            "payload",
        );
    frames(&mut cases, &ada.request.card, &input, "payload");
    payloads(&mut cases, &ada.card_fields(|_| {}).encode(), &signed);
    card_keys(&mut cases, &ada, &signed);
    let state = ada.sign(Statement::State, &ada.card_fields(|_| {}).encode());
    cases
        .refused("signed as a state", input(&state), "signature")
        .refused(
            "signed by another",
            input(&World::eve().sign(Statement::Card, &ada.card_fields(|_| {}).encode())),
            "signature",
        )
        .done()
}

/// Wrong keys stand in an otherwise good card.
fn card_keys(cases: &mut Cases, ada: &World, signed: &dyn Fn(&[u8]) -> Value) {
    let with_keys = |signing: &[u8], agreement: &[u8]| {
        CborWriter::new()
            .array(8)
            .unsigned(1)
            .bytes(&[0x11; 16])
            .bytes(&[0x22; 16])
            .text("ada@example.com")
            .bytes(signing)
            .bytes(agreement)
            .unsigned(1)
            .bytes(&[0; 32])
            .finish()
    };
    let own = ada.card_fields(|_| {});
    let (signing, agreement) = (own.signing_key.as_bytes(), own.agreement_key.as_bytes());
    let mut order_two = [0xff; 32];
    (order_two[0], order_two[31]) = (0xec, 0x7f);
    let mut one = [0; 32];
    one[0] = 1;
    cases
        .refused(
            "Ed25519 key of small order",
            signed(&with_keys(&order_two, agreement)),
            "public-key",
        )
        .refused("X25519 key of small order", signed(&with_keys(signing, &one)), "public-key")
        .refused(
            "Ed25519 key of 31 bytes",
            signed(&with_keys(&signing[..31], agreement)),
            "payload",
        )
        .refused("X25519 key of 33 bytes", signed(&with_keys(signing, &[7; 33])), "payload");
}

/// The same frame around every statement. A card ends in the hash of the card before, zeros in epoch
/// 1, which its reader checks; what others end in is for the signature.
fn frames(cases: &mut Cases, good: &[u8], input: &dyn Fn(&[u8]) -> Value, last_byte_error: &str) {
    let replaced = |from: usize, to: usize, by: &[u8]| [&good[..from], by, &good[to..]].concat();
    let signature = good.len() - 64;
    let payload_head = &good[6..8];
    let longer_head = match payload_head {
        [0x58, length] => vec![0x59, 0, *length],
        _ => vec![0x5a, 0, 0, good[7], good[8]],
    };
    let head = if payload_head[0] == 0x58 { 2 } else { 3 };
    let mut high_s = good.to_vec();
    add_group_order(&mut high_s[signature + 32..]);
    cases
        .refused("a tag in front", input(&[&[0xd2], good].concat()), "frame")
        .refused("an array of five", input(&[&[0x85], &good[1..], &[0xf6]].concat()), "frame")
        .refused("an indefinite array", input(&[&[0x9f], &good[1..], &[0xff]].concat()), "frame")
        .refused("alg EdDSA (-8)", input(&replaced(4, 5, &[0x27])), "frame")
        .refused("alg as text", input(&replaced(1, 5, &[0x44, 0xa1, 0x01, 0x61, 0x32])), "frame")
        .refused(
            "an unprotected header",
            input(&replaced(5, 6, &[0xa1, 0x04, 0x41, 0x31])),
            "frame",
        )
        .refused("no payload", input(&replaced(6, signature - 2, &[0xf6])), "frame")
        .refused(
            "payload with a longer length",
            input(&replaced(6, 6 + head, &longer_head)),
            "frame",
        )
        .refused(
            "signature with a longer length",
            input(&replaced(signature - 2, signature, &[0x59, 0, 0x40])),
            "frame",
        )
        .refused(
            "a signature of 63 bytes",
            input(&[&good[..signature - 1], &[0x3f], &good[signature..good.len() - 1]].concat()),
            "frame",
        )
        .refused("a byte behind", input(&[good, &[0]].concat()), "frame")
        .refused("cut off", input(&good[..good.len() - 1]), "frame")
        .refused("nothing", input(&[]), "frame")
        .refused("signature: R changed", input(&flipped(good, signature)), "signature")
        .refused("signature: S changed", input(&flipped(good, signature + 32)), "signature")
        .refused("signature: S plus the group order", input(&high_s), "signature")
        .refused(
            "payload: last byte changed",
            input(&flipped(good, signature - 3)),
            last_byte_error,
        );
}

/// Adds L = 2^252 + 27742317777372353535851937790883648493, little-endian.
fn add_group_order(s: &mut [u8]) {
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de14").unwrap();
    let mut carry = 0u16;
    for (i, byte) in s.iter_mut().enumerate() {
        let add = order.get(i).copied().unwrap_or(if i == 31 { 0x10 } else { 0 });
        carry += u16::from(*byte) + u16::from(add);
        *byte = u8::try_from(carry & 0xff).unwrap();
        carry >>= 8;
    }
}

/// Other spellings and shapes of a payload that begins `array | 01 | 50 org | 50 user`; every one
/// is signed by the right key.
fn payloads(cases: &mut Cases, good: &[u8], signed: &dyn Fn(&[u8]) -> Value) {
    let replaced = |from: usize, to: usize, by: &[u8]| [&good[..from], by, &good[to..]].concat();
    let count = good[0] & 0x1f;
    let indefinite = [&[0x9f], &good[1..], &[0xff]].concat();
    cases
        .refused(
            "CBOR: array length in two bytes",
            signed(&replaced(0, 1, &[0x98, count])),
            "payload",
        )
        .refused("CBOR: indefinite array", signed(&indefinite), "payload")
        .refused(
            "CBOR: one element fewer",
            signed(&replaced(0, 1, &[0x80 | (count - 1)])),
            "payload",
        )
        .refused(
            "CBOR: one element more",
            signed(&[&[0x80 | (count + 1)], &good[1..], &[0xf6]].concat()),
            "payload",
        )
        .refused("CBOR: version in two bytes", signed(&replaced(1, 2, &[0x18, 0x01])), "payload")
        .refused(
            "CBOR: version as a float",
            signed(&replaced(1, 2, &[0xf9, 0x3c, 0x00])),
            "payload",
        )
        .refused("CBOR: version tagged", signed(&replaced(1, 2, &[0xc0, 0x01])), "payload")
        .refused(
            "CBOR: organization's length in two bytes",
            signed(&replaced(2, 3, &[0x58, 0x10])),
            "payload",
        )
        .refused("CBOR: organization of 15 bytes", signed(&replaced(2, 4, &[0x4f])), "payload")
        .refused("CBOR: organization as text", signed(&replaced(2, 3, &[0x70])), "payload")
        .refused(
            "CBOR: organization in chunks",
            signed(&replaced(2, 19, &[&[0x5f, 0x50], &good[3..19], &[0xff]].concat())),
            "payload",
        )
        .refused("CBOR: a byte behind", signed(&[good, &[0]].concat()), "payload")
        .refused("CBOR: nothing", signed(&[]), "payload")
        .refused("version 2", signed(&replaced(1, 2, &[0x02])), "unsupported");
}

pub fn states() -> File {
    let ada = World::ada();
    let mut cases = Cases::new(
        "state",
        "Section 10: an account state, verified with the key of its user's card, to its fields. \
         Whether it keeps its own floor (section 12.5, step 6) is part of the result.",
    );
    let key = hex::encode(ada.keyring.signing_public_key().as_bytes());
    let input = |state: &[u8]| json!({ "state": hex::encode(state), "signingKey": key });
    let signed = |payload: &[u8]| input(&ada.sign(Statement::State, payload));
    cases
        .gives("the first", input(&ada.request.state))
        .gives(
            "the second",
            input(&ada.state(|state| {
                state.sequence = 2;
                state.previous = [7; 32];
                state.time = Timestamp::from_millis(0);
            })),
        )
        .gives(
            "a floor above its password",
            input(&ada.state(|state| state.profile_floor = freehold_wire::Profile::Memory256Mib)),
        )
        .refused("epoch 0", input(&ada.state(|state| state.epoch = 0)), "payload")
        .refused("seq 0", input(&ada.state(|state| state.sequence = 0)), "payload")
        .refused(
            "seq 1 with a state before",
            input(&ada.state(|state| state.previous = [7; 32])),
            "payload",
        )
        .refused(
            "seq 2 without a state before",
            input(&ada.state(|state| state.sequence = 2)),
            "payload",
        )
        .refused(
            "a time beyond 2^53 - 1",
            input(&ada.state(|state| state.time = Timestamp::from_millis(1 << 53))),
            "payload",
        )
        .refused(
            "P too long",
            input(&ada.state(|state| state.methods[0].parameters = vec![1; 1056])),
            "payload",
        );
    frames(&mut cases, &ada.request.state, &input, "signature");
    payloads(&mut cases, &ada.state_fields(|_| {}).encode(), &signed);
    listed(&mut cases, &ada, &signed);
    let as_card = ada.sign(Statement::Card, &ada.state_fields(|_| {}).encode());
    let by_eve = World::eve().sign(Statement::State, &ada.state_fields(|_| {}).encode());
    cases
        .refused("signed as a card", input(&as_card), "signature")
        .refused("signed by another", input(&by_eve), "signature")
        .done()
}

/// One method of a state.
#[derive(Clone, Copy)]
struct Listed<'a> {
    kind: u64,
    parameters: &'a [u8],
    key: &'a [u8],
}

/// Methods and fixed fields that this stage refuses.
fn listed(cases: &mut Cases, ada: &World, signed: &dyn Fn(&[u8]) -> Value) {
    let state = ada.state_fields(|_| {});
    let [password, code] = &state.methods[..] else { panic!("two methods") };
    assert_eq!((password.kind, code.kind), (MethodKind::Password, MethodKind::RecoveryCode));
    let one = Listed {
        kind: 1,
        parameters: &password.parameters,
        key: password.unlock_public_key.as_bytes(),
    };
    let two = Listed { kind: 2, parameters: &[], key: code.unlock_public_key.as_bytes() };
    let three = Listed { kind: 3, parameters: &[9; 48], key: two.key };
    let four = Listed { kind: 4, ..three };
    let short = Listed { parameters: &[9; 32], ..three };
    let none = Listed { parameters: &[], ..three };
    let credentials: Vec<Vec<u8>> = (1..=9).map(super::world::passkey).collect();
    let passkeys: Vec<Listed<'_>> =
        credentials.iter().map(|parameters| Listed { parameters, ..three }).collect();
    let low = Listed { kind: 2, parameters: &[], key: &[0; 32] };
    assert!(SigningPublicKey::parse(&[0; 32]).is_err());
    let payload = |methods: &[&Listed<'_>], fixed: &dyn Fn(&mut CborWriter)| {
        let mut writer = CborWriter::new();
        writer.array(15).unsigned(1).bytes(&[0x11; 16]).bytes(&[0x22; 16]).unsigned(1).unsigned(1);
        writer.bytes(&[0; 32]).bytes(&drawn("card")).bytes(&drawn("keyring"));
        writer.array(methods.len());
        for method in methods {
            let hash = drawn("envelope");
            writer.array(4).unsigned(method.kind).bytes(method.parameters);
            writer.bytes(method.key).bytes(&hash);
        }
        fixed(&mut writer);
        writer.unsigned(1).finish()
    };
    let honest = |writer: &mut CborWriter| {
        writer.unsigned(1).unsigned(1).null().unsigned(0).null();
    };
    let with_methods = |methods: &[&Listed<'_>]| signed(&payload(methods, &honest));
    let many = |count: usize| {
        with_methods(&[&one, &two].into_iter().chain(&passkeys[..count]).collect::<Vec<_>>())
    };
    let with_fixed = |fixed: &dyn Fn(&mut CborWriter)| signed(&payload(&[&one, &two], fixed));
    cases
        .gives("written by hand", with_methods(&[&one, &two]))
        .refused("no recovery code", with_methods(&[&one]), "payload")
        .refused("no password", with_methods(&[&two]), "payload")
        .refused("in the other order", with_methods(&[&two, &one]), "payload")
        .refused("two passwords", with_methods(&[&one, &one]), "payload")
        .gives("with a passkey", with_methods(&[&one, &two, &three]))
        .refused("a passkey twice", with_methods(&[&one, &two, &three, &three]), "payload")
        .refused("a passkey in the place of the code", with_methods(&[&one, &three]), "payload")
        .refused("two recovery codes", with_methods(&[&one, &two, &two]), "payload")
        .refused("a passkey before the code", with_methods(&[&one, &three, &two]), "payload")
        .refused(
            "passkeys that are not ascending",
            with_methods(&[&one, &two, &three, &passkeys[1]]),
            "payload",
        )
        .gives("with eight passkeys", many(8))
        .refused("a ninth passkey", many(9), "payload")
        .gives("a passkey without a credential id", with_methods(&[&one, &two, &short]))
        .refused("a passkey without parameters", with_methods(&[&one, &two, &none]), "payload")
        .refused("a method of type 4", with_methods(&[&one, &two, &four]), "payload")
        .refused("an unlock key of small order", with_methods(&[&one, &low]), "public-key")
        .refused(
            "profile floor 0",
            with_fixed(&|w| {
                w.unsigned(0).unsigned(1).null().unsigned(0).null();
            }),
            "unsupported",
        )
        .refused(
            "profile floor 4",
            with_fixed(&|w| {
                w.unsigned(4).unsigned(1).null().unsigned(0).null();
            }),
            "unsupported",
        )
        .refused(
            "suite floor 0",
            with_fixed(&|w| {
                w.unsigned(1).unsigned(0).null().unsigned(0).null();
            }),
            "unsupported",
        )
        .refused(
            "suite floor 2",
            with_fixed(&|w| {
                w.unsigned(1).unsigned(2).null().unsigned(0).null();
            }),
            "unsupported",
        )
        .refused(
            "a root",
            with_fixed(&|w| {
                w.unsigned(1).unsigned(1).bytes(&[1; 32]).unsigned(0).null();
            }),
            "unsupported",
        )
        .refused(
            "a log sequence",
            with_fixed(&|w| {
                w.unsigned(1).unsigned(1).null().unsigned(1).null();
            }),
            "unsupported",
        )
        .refused(
            "a log head",
            with_fixed(&|w| {
                w.unsigned(1).unsigned(1).null().unsigned(0).bytes(&[1; 32]);
            }),
            "unsupported",
        );
}

pub fn handovers() -> File {
    let (ada, eve) = (World::ada(), World::eve());
    let again = World::ada_again(&ada);
    let mut cases = Cases::new(
        "handover",
        "Section 10: a handover, verified with the Ed25519 key of the old card, to its fields.",
    );
    let key = hex::encode(ada.keyring.signing_public_key().as_bytes());
    let input = |handover: &[u8]| json!({ "handover": hex::encode(handover), "signingKey": key });
    let fields = Handover {
        organization: ada.offer.organization,
        user: ada.offer.user,
        old_card: hash(&ada.request.card),
        new_card: hash(&again.request.card),
    };
    let good = ada.keyring.sign_handover(&fields);
    let signed = |payload: &[u8]| input(&ada.sign(Statement::Handover, payload));
    let as_card = ada.sign(Statement::Card, &fields.encode());
    let by_new_key = again.sign(Statement::Handover, &fields.encode());
    let long = [&good[..6], &[0x58, 0xc0], &[0; 192], &good[good.len() - 66..]].concat();
    cases.gives("from epoch 1 to epoch 2", input(&good));
    frames(&mut cases, &good, &input, "signature");
    payloads(&mut cases, &fields.encode(), &signed);
    cases
        .refused("more than 256 bytes", input(&long), "frame")
        .refused("signed as a card", input(&as_card), "signature")
        .refused("signed by the new key", input(&by_new_key), "signature")
        .refused(
            "signed by another",
            input(&eve.sign(Statement::Handover, &fields.encode())),
            "signature",
        )
        .done()
}
