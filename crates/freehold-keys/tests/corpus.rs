//! The corpus of the fuzz targets, replayed without a fuzzer, and random bytes: see
//! `tests/fuzz/README.md`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

#[path = "corpus/spelled.rs"]
mod spelled;
#[path = "../../../tests/fuzz/src/keys.rs"]
mod targets;

use spelled::Choices;

/// The files of a target's corpus.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus").join(name);
    let files: Vec<Vec<u8>> = fs::read_dir(&folder)
        .expect("the corpus is there")
        .map(|file| fs::read(file.expect("a file").path()).expect("a readable file"))
        .collect();
    assert!(files.len() >= 5, "the corpus of {name} has {} files", files.len());
    files
}

/// What a fuzzer does to a file: some bytes are replaced, put in, or taken out.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Flip(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Cut(Index),
    Twice(Index, u8),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = any::<Index>;
    let byte = || prop_oneof![any::<u8>(), Just(0), Just(1), Just(0x7f), Just(0x80), Just(0xff)];
    let change = prop_oneof![
        (at(), byte()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (at(), 0..8u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (at(), byte()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        at().prop_map(Change::Remove),
        at().prop_map(Change::Cut),
        (at(), 1..40u8).prop_map(|(at, length)| Change::Twice(at, length)),
    ];
    proptest::collection::vec(change, 0..6)
}

fn changed(file: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for change in changes {
        let length = bytes.len();
        if length == 0 {
            break;
        }
        match *change {
            Change::Replace(at, byte) => bytes[at.index(length)] = byte,
            Change::Flip(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Change::Insert(at, byte) => bytes.insert(at.index(length), byte),
            Change::Remove(at) => drop(bytes.remove(at.index(length))),
            Change::Cut(at) => bytes.truncate(at.index(length)),
            Change::Twice(at, more) => {
                let start = at.index(length);
                let end = length.min(start + usize::from(more));
                let copy = bytes[start..end].to_vec();
                bytes.splice(start..start, copy);
            }
        }
    }
    bytes
}

/// Says the same as a file in other words, as the choices will have it.
type Speller = fn(&[u8], &mut Choices<'_>) -> Vec<u8>;

/// A target over every file of its corpus, over files that were changed or spelled otherwise, and over random bytes.
fn fuzz(name: &str, target: fn(&[u8]), spell: Speller) {
    let files = corpus(name);
    files.iter().for_each(|file| target(file));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 4 * ProptestConfig::default().cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let near = (any::<Index>(), changes());
    let random = proptest::collection::vec(any::<u8>(), 0..400);
    let run = runner.run(&(near, random), |((at, changes), random)| {
        let file = &files[at.index(files.len())];
        target(&changed(file, &changes));
        target(&spell(file, &mut Choices(&random)));
        target(&random);
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{name}: {error}"));
}

#[test]
fn envelopes_are_written_as_they_were_read_and_no_forgery_opens() {
    fuzz("envelope", targets::envelope, |file, _| file.to_vec());
}

#[test]
fn recovery_codes_are_read_from_their_own_texts_only() {
    fuzz("recovery_code", targets::recovery_code, spelled::text);
}

#[test]
fn passwords_keep_the_rules_and_are_taken_as_themselves_again() {
    fuzz("password", targets::password, spelled::text);
}

#[test]
fn cards_are_written_as_they_were_read_and_signed_by_nobody_else() {
    fuzz("card", targets::card, spelled::cbor);
}

#[test]
fn states_are_written_as_they_were_read_and_signed_by_nobody_else() {
    fuzz("state", targets::state, spelled::cbor);
}

#[test]
fn cbor_has_one_spelling() {
    fuzz("cbor", targets::cbor, spelled::cbor);
}

#[test]
fn set_up_requests_are_read_from_what_they_are_written_as() {
    fuzz("setup_request", targets::setup_request, spelled::json);
}

#[test]
fn unlock_requests_are_read_from_what_they_are_written_as() {
    fuzz("unlock_request", targets::unlock_request, spelled::json);
}

#[test]
fn the_corpus_holds_what_is_taken_and_what_is_refused() {
    use freehold_keys::RecoveryCode;
    use freehold_wire::{SetupRequest, UnlockRequest, VerifiedCard};
    fn both(name: &str, taken: fn(&[u8]) -> bool) {
        let files = corpus(name);
        let count = files.iter().filter(|file| taken(file)).count();
        assert!((1..files.len()).contains(&count), "{name}: {count} of {} are taken", files.len());
    }
    both("recovery_code", |file| RecoveryCode::parse(file).is_ok());
    both("card", |file| VerifiedCard::verify(file).is_ok());
    both("setup_request", |file| SetupRequest::from_json(file).is_ok());
    both("unlock_request", |file| UnlockRequest::from_json(file).is_ok());
}
