//! Everything that is written is read back as the same, and nothing else is read as it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use ed25519_dalek::{Signer as _, SigningKey};
use freehold_wire::{
    AgreementPublicKey, Card, MAX_COUNTER, MAX_SUBJECT_BYTES, MethodKind, MethodRecord,
    OrganizationId, PasswordParameters, Profile, SigningPublicKey, State, Statement,
    StatementError, Timestamp, UserId, VerifiedCard, VerifiedState, assemble, decode_base64url,
    encode_base64url, hash, subject_of, to_be_signed,
};
use proptest::prelude::*;

fn public_key(seed: &[u8; 32]) -> SigningPublicKey {
    SigningPublicKey::parse(SigningKey::from_bytes(seed).verifying_key().as_bytes()).unwrap()
}

fn sign(seed: &[u8; 32], statement: Statement, payload: &[u8]) -> Vec<u8> {
    let signature = SigningKey::from_bytes(seed).sign(&to_be_signed(statement, payload));
    assemble(payload, &signature.to_bytes())
}

fn counters() -> impl Strategy<Value = u64> {
    prop_oneof![1..=MAX_COUNTER, 1..300u64, Just(1), Just(MAX_COUNTER)]
}

fn profiles() -> impl Strategy<Value = Profile> {
    (1..=3u64).prop_map(|number| Profile::from_number(number).unwrap())
}

/// A card and the seed of its key.
fn cards() -> impl Strategy<Value = (Card, [u8; 32])> {
    let agreement = any::<[u8; 32]>().prop_map(|secret| {
        let secret = x25519_dalek::StaticSecret::from(secret);
        AgreementPublicKey::parse(x25519_dalek::PublicKey::from(&secret).as_bytes()).unwrap()
    });
    let places = (any::<[u8; 16]>(), any::<[u8; 16]>(), counters(), any::<[u8; 32]>());
    (places, ".{1,90}", agreement, any::<[u8; 32]>()).prop_map(
        |((organization, user, epoch, previous), subject, agreement_key, seed)| {
            let card = Card {
                organization: OrganizationId::from_bytes(organization),
                user: UserId::from_bytes(user),
                subject: subject_of(&subject).to_owned(),
                signing_key: public_key(&seed),
                agreement_key,
                epoch,
                previous: if epoch == 1 { [0; 32] } else { previous },
            };
            (card, seed)
        },
    )
}

fn states() -> impl Strategy<Value = State> {
    let parameters = || proptest::collection::vec(any::<u8>(), 0..80);
    let methods = (parameters(), any::<[u8; 32]>(), parameters(), any::<[u8; 32]>());
    let places = (any::<[u8; 16]>(), any::<[u8; 16]>(), counters(), counters());
    let hashes = any::<[[u8; 32]; 5]>();
    (places, hashes, methods, profiles(), 0..=MAX_COUNTER).prop_map(
        |((organization, user, epoch, sequence), hashes, methods, profile_floor, time)| {
            let [previous, card_hash, keyring_hash, first, second] = hashes;
            let record = |kind, parameters, seed: [u8; 32], envelope_hash| MethodRecord {
                kind,
                parameters,
                unlock_public_key: public_key(&seed),
                envelope_hash,
            };
            State {
                organization: OrganizationId::from_bytes(organization),
                user: UserId::from_bytes(user),
                epoch,
                sequence,
                previous: if sequence == 1 { [0; 32] } else { previous },
                card_hash,
                keyring_hash,
                methods: vec![
                    record(MethodKind::Password, methods.0, methods.1, first),
                    record(MethodKind::RecoveryCode, methods.2, methods.3, second),
                ],
                profile_floor,
                time: Timestamp::from_millis(time),
            }
        },
    )
}

proptest! {
    #[test]
    fn a_card_is_read_back_from_its_statement((card, seed) in cards()) {
        let statement = sign(&seed, Statement::Card, &card.encode());
        let verified = VerifiedCard::verify(&statement).unwrap();
        prop_assert_eq!(verified.card(), &card);
        prop_assert_eq!(verified.hash(), &hash(&statement));
        prop_assert!(card.subject.len() <= MAX_SUBJECT_BYTES);
    }

    #[test]
    fn a_state_is_read_back_from_its_statement(state in states(), seed: [u8; 32]) {
        let statement = sign(&seed, Statement::State, &state.encode());
        let verified = VerifiedState::verify(&statement, &public_key(&seed)).unwrap();
        prop_assert_eq!(verified.state(), &state);
        prop_assert_eq!(verified.hash(), &hash(&statement));
        prop_assert_eq!(State::claimed(&statement).unwrap(), state);
    }

    #[test]
    fn a_statement_with_one_bit_flipped_or_its_end_cut_off_is_refused(
        (card, seed) in cards(), state in states(), at: proptest::sample::Index, bit in 0..8u8,
    ) {
        let key = public_key(&seed);
        let flip = |statement: &[u8]| {
            let mut flipped = statement.to_vec();
            flipped[at.index(statement.len())] ^= 1 << bit;
            flipped
        };
        let statement = sign(&seed, Statement::Card, &card.encode());
        prop_assert!(VerifiedCard::verify(&flip(&statement)).is_err());
        prop_assert!(VerifiedCard::verify(&statement[..at.index(statement.len())]).is_err());
        let statement = sign(&seed, Statement::State, &state.encode());
        prop_assert!(VerifiedState::verify(&flip(&statement), &key).is_err());
        prop_assert!(VerifiedState::verify(&statement[..at.index(statement.len())], &key).is_err());
        prop_assert!(State::claimed(&statement[..at.index(statement.len())]).is_err());
    }

    #[test]
    fn a_statement_is_verified_with_its_makers_key_and_as_what_it_is(
        state in states(), seed: [u8; 32], other: [u8; 32],
    ) {
        prop_assume!(seed != other);
        let statement = sign(&seed, Statement::State, &state.encode());
        let refused = VerifiedState::verify(&statement, &public_key(&other)).unwrap_err();
        prop_assert_eq!(refused, StatementError::Signature);
        let as_card = sign(&seed, Statement::Card, &state.encode());
        let refused = VerifiedState::verify(&as_card, &public_key(&seed)).unwrap_err();
        prop_assert_eq!(refused, StatementError::Signature);
    }

    #[test]
    fn password_parameters_are_read_back_and_nothing_else_is(
        profile in profiles(), salt: [u8; 16], bytes in proptest::collection::vec(any::<u8>(), 31),
        at: proptest::sample::Index, byte: u8,
    ) {
        let parameters = PasswordParameters { profile, salt };
        let written = parameters.to_bytes();
        prop_assert_eq!(PasswordParameters::parse(&written), Ok(parameters));
        prop_assert!(PasswordParameters::parse(&written[..at.index(31)]).is_err());
        let mut near = written;
        near[at.index(31)] = byte;
        for bytes in [&bytes[..], &near] {
            if let Ok(read) = PasswordParameters::parse(bytes) {
                prop_assert_eq!(&read.to_bytes()[..], bytes);
            }
        }
    }

    #[test]
    fn base64url_is_read_back_within_its_limit(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = encode_base64url(&bytes);
        prop_assert_eq!(decode_base64url(&text, bytes.len()), Some(bytes.clone()));
        prop_assert_eq!(decode_base64url(&text, 1 << 20), Some(bytes.clone()));
        if let Some(fewer) = bytes.len().checked_sub(1) {
            prop_assert_eq!(decode_base64url(&text, fewer), None);
        }
    }

    #[test]
    fn text_that_is_base64url_is_the_only_one_of_its_bytes(text in "[A-Za-z0-9_-]{0,30}|[A-Za-z0-9+/= _-]{0,30}") {
        if let Some(bytes) = decode_base64url(&text, 100) {
            prop_assert_eq!(encode_base64url(&bytes), text);
        }
    }

    #[test]
    fn identifiers_are_read_back(bytes: [u8; 16]) {
        let id = UserId::from_bytes(bytes);
        prop_assert_eq!(id.as_bytes(), &bytes);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        prop_assert_eq!(&json, &format!("\"{id}\""));
        prop_assert_eq!(serde_json::from_str::<UserId>(&json).unwrap(), id);
        prop_assert_eq!(format!("{id:?}"), format!("UserId({id})"));
    }
}

/// A state that is right in itself.
fn sample_state() -> State {
    let record = |kind, parameters| MethodRecord {
        kind,
        parameters,
        unlock_public_key: public_key(&[3; 32]),
        envelope_hash: [4; 32],
    };
    let password = PasswordParameters { profile: Profile::Memory256Mib, salt: [5; 16] };
    State {
        organization: OrganizationId::from_bytes([1; 16]),
        user: UserId::from_bytes([2; 16]),
        epoch: 1,
        sequence: 1,
        previous: [0; 32],
        card_hash: [6; 32],
        keyring_hash: [7; 32],
        methods: vec![
            record(MethodKind::Password, password.to_bytes().to_vec()),
            record(MethodKind::RecoveryCode, Vec::new()),
        ],
        profile_floor: Profile::Memory64Mib,
        time: Timestamp::from_millis(8),
    }
}

#[test]
fn a_state_keeps_its_floor_or_does_not() {
    let keeps = |change: fn(&mut State)| {
        let mut state = sample_state();
        change(&mut state);
        state.keeps_its_floor()
    };
    assert!(keeps(|_| {}));
    assert!(keeps(|state| state.profile_floor = Profile::Memory256Mib));
    assert!(!keeps(|state| state.profile_floor = Profile::Memory1Gib));
    assert!(!keeps(|state| state.methods[0].parameters = Vec::new()));
    assert!(!keeps(|state| state.methods[1].parameters = vec![0]));
}

#[test]
fn the_method_of_a_kind_is_found() {
    let mut state = sample_state();
    assert_eq!(state.method(MethodKind::RecoveryCode), state.methods.get(1));
    state.methods.remove(0);
    assert_eq!(state.method(MethodKind::Password), None);
}

#[test]
fn numbers_in_statements_end_where_doubles_do() {
    let refused = |change: fn(&mut State)| {
        let mut state = sample_state();
        change(&mut state);
        State::claimed(&assemble(&state.encode(), &[0; 64])).err()
    };
    let payload = Some(StatementError::Payload);
    assert_eq!(refused(|state| state.epoch = MAX_COUNTER), None);
    assert_eq!(refused(|state| state.epoch = MAX_COUNTER + 1), payload);
    assert_eq!(refused(|state| state.epoch = 0), payload);
    assert_eq!(refused(|state| (state.sequence, state.previous) = (MAX_COUNTER, [1; 32])), None);
    let beyond = |state: &mut State| (state.sequence, state.previous) = (MAX_COUNTER + 1, [1; 32]);
    assert_eq!(refused(beyond), payload);
    assert_eq!(refused(|state| state.sequence = 0), payload);
    assert_eq!(refused(|state| state.time = Timestamp::from_millis(MAX_COUNTER)), None);
    assert_eq!(refused(|state| state.time = Timestamp::from_millis(MAX_COUNTER + 1)), payload);
    assert_eq!(refused(|state| state.methods[0].parameters = vec![0; 1055]), None);
    assert_eq!(refused(|state| state.methods[0].parameters = vec![0; 1056]), payload);
}

#[test]
fn what_is_signed_is_the_protocols_structure() {
    // Section 10, written out.
    assert_eq!(
        to_be_signed(Statement::Card, b"\x80"),
        b"\x84\x6aSignature1\x43\xa1\x01\x32\x51freehold/v1/card\0\x41\x80"
    );
    assert_eq!(
        to_be_signed(Statement::State, &[]),
        b"\x84\x6aSignature1\x43\xa1\x01\x32\x52freehold/v1/state\0\x40"
    );
    let statement = assemble(b"\x80", &[9; 64]);
    assert_eq!(statement[..8], *b"\x84\x43\xa1\x01\x32\xa0\x41\x80");
    assert_eq!(statement[8..10], *b"\x58\x40");
    assert_eq!(statement[10..], [9; 64]);
}
