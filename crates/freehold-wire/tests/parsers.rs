//! Parsers of what anybody may send: no input panics, none is read in two ways.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use ciborium::Value;
use freehold_wire::{
    CborReader, CborWriter, Envelope, EnvelopeType, ItemEnvelopes, PasswordParameters,
    SetupRequest, SigningPublicKey, State, UnlockRequest, VerifiedCard, VerifiedState, hash,
    subject_of,
};
use proptest::prelude::*;

/// Writes with our writer what the general library holds.
fn write(writer: &mut CborWriter, value: &Value) {
    match value {
        Value::Integer(number) => {
            writer.unsigned(u64::try_from(*number).unwrap());
        }
        Value::Bytes(bytes) => {
            writer.bytes(bytes);
        }
        Value::Text(text) => {
            writer.text(text);
        }
        Value::Null => {
            writer.null();
        }
        Value::Array(items) => {
            writer.array(items.len());
            items.iter().for_each(|item| write(writer, item));
        }
        other => panic!("{other:?}"),
    }
}

/// Reads with our reader what must be that value.
fn read(reader: &mut CborReader<'_>, value: &Value) -> bool {
    match value {
        Value::Integer(number) => {
            reader.unsigned().is_ok_and(|read| Value::from(read) == Value::Integer(*number))
        }
        Value::Bytes(bytes) => reader.bytes() == Ok(bytes),
        Value::Text(text) => reader.text() == Ok(text),
        Value::Null => reader.null().is_ok(),
        Value::Array(items) => {
            reader.array_of(items.len() as u64).is_ok()
                && items.iter().all(|item| read(reader, item))
        }
        other => panic!("{other:?}"),
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Value::from),
        any::<u8>().prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        ".{0,40}".prop_map(Value::Text),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 40, 30, |inner| {
        proptest::collection::vec(inner, 0..30).prop_map(Value::Array)
    })
}

proptest! {
    #[test]
    fn our_cbor_is_the_deterministic_cbor_of_a_general_library(value in values()) {
        let mut theirs = Vec::new();
        ciborium::into_writer(&value, &mut theirs).unwrap();
        let mut ours = CborWriter::new();
        write(&mut ours, &value);
        prop_assert_eq!(&ours.finish(), &theirs);
        let mut reader = CborReader::new(&theirs);
        prop_assert!(read(&mut reader, &value) && reader.end().is_ok());
    }

    #[test]
    fn whatever_our_reader_takes_is_written_the_same(bytes in proptest::collection::vec(any::<u8>(), 1..12)) {
        let mut reader = CborReader::new(&bytes);
        if let Ok(number) = reader.unsigned() {
            let written = CborWriter::new().unsigned(number).finish();
            prop_assert!(bytes.starts_with(&written));
        }
        let mut reader = CborReader::new(&bytes);
        if let Ok(string) = reader.bytes() {
            let written = CborWriter::new().bytes(string).finish();
            prop_assert!(bytes.starts_with(&written));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), key: [u8; 32]) {
        let _ = VerifiedCard::verify(&bytes);
        let _ = State::claimed(&bytes);
        if let Ok(key) = SigningPublicKey::parse(&key) {
            let _ = VerifiedState::verify(&bytes, &key);
        }
        let _ = PasswordParameters::parse(&bytes);
        let _ = ItemEnvelopes::parse(&bytes, &bytes);
        let _ = Envelope::parse(&bytes, EnvelopeType::Item);
        let _ = SetupRequest::from_json(&bytes);
        let _ = UnlockRequest::from_json(&bytes);
    }

    #[test]
    fn no_statement_that_begins_right_panics(payload in proptest::collection::vec(any::<u8>(), 0..300)) {
        for head in [&[0x88, 0x01, 0x50][..], &[0x8f, 0x01, 0x50], &[]] {
            let statement = freehold_wire::assemble(&[head, &payload].concat(), &[7; 64]);
            let _ = VerifiedCard::verify(&statement);
            let _ = State::claimed(&statement);
        }
    }

    #[test]
    fn a_subject_is_the_beginning_of_the_name(name in ".{1,300}") {
        let subject = subject_of(&name);
        prop_assert!(name.starts_with(subject) && subject.len() <= 255);
        prop_assert!(subject == name || subject.len() > 255 - 4);
    }
}

#[test]
fn long_messages_are_refused_before_they_are_read() {
    let long = vec![b' '; 64 * 1024 + 1];
    assert_eq!(SetupRequest::from_json(&long), Err(freehold_wire::MessageError::TooLong));
    assert_eq!(UnlockRequest::from_json(&long), Err(freehold_wire::MessageError::TooLong));
}

#[test]
fn a_long_statement_is_refused_whatever_it_says() {
    let long = freehold_wire::assemble(&vec![0; 20_000], &[7; 64]);
    assert!(VerifiedCard::verify(&long).is_err());
    assert!(State::claimed(&long).is_err());
}

#[test]
fn the_hash_of_a_request_does_not_depend_on_its_spelling() {
    let json = r#"{"card":"AA","state":"AQ","keyring":"Ag","methods":[]}"#;
    let spaced = r#" { "methods" : [ ], "keyring":"Ag", "state":"AQ", "card":"AA" } "#;
    let other = r#"{"card":"AAE","state":"AQ","keyring":"Ag","methods":[]}"#;
    let hash_of = |json: &str| SetupRequest::from_json(json.as_bytes()).unwrap().hash();
    assert_eq!(hash_of(json), hash_of(spaced));
    assert_ne!(hash_of(json), hash_of(other));
    assert_ne!(hash_of(json), hash(json.as_bytes()), "it is not the hash of the text");
}

#[test]
fn fields_do_not_run_into_each_other_in_the_hash_of_a_request() {
    let hash_of = |json: &str| SetupRequest::from_json(json.as_bytes()).unwrap().hash();
    assert_ne!(
        hash_of(r#"{"card":"AAE","state":"","keyring":"Ag","methods":[]}"#),
        hash_of(r#"{"card":"AA","state":"AQ","keyring":"Ag","methods":[]}"#),
    );
}

#[test]
fn new_identifiers_are_ordered_by_time_and_of_version_7() {
    use freehold_wire::{Timestamp, UserId};
    struct Same;
    impl rand_core::TryRng for Same {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(7)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(7)
        }
        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
            out.fill(0xff);
            Ok(())
        }
    }
    impl rand_core::TryCryptoRng for Same {}
    let at = |millis| UserId::make(Timestamp::from_millis(millis), &mut Same);
    assert!(at(1_700_000_000_000) < at(1_700_000_000_001));
    let text = at(1_700_000_000_000).to_string();
    assert_eq!(text, "018bcfe5-6800-7fff-bfff-ffffffffffff");
    let dynamic: &mut dyn rand_core::CryptoRng = &mut Same;
    let _ = UserId::make(Timestamp::from_millis(0), dynamic);
}
