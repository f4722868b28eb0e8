//! The primitives beneath the protocol: vectors of their standards, and Project Wycheproof's.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use freehold_vectors::{PRIMITIVES, run_file, wycheproof};

#[test]
fn the_primitives_are_those_of_their_standards() {
    let path = format!("{}/{PRIMITIVES}", env!("CARGO_MANIFEST_DIR"));
    let report = run_file(&std::fs::read_to_string(path).unwrap());
    assert!(report.wrong.is_empty(), "{:#?}", report.wrong);
    assert!(report.passed > 60, "{}", report.passed);
}

#[test]
fn every_primitive_comes_through_wycheproof_as_its_flags_say() {
    let mut passed = 0;
    for file in wycheproof::files() {
        let report = run_file(&serde_json::to_string(&file).unwrap());
        assert!(report.wrong.is_empty(), "{}: {:#?}", file.about, report.wrong);
        passed += report.passed;
        println!("{} {}", file.about, report.passed);
    }
    assert!(passed > 2500, "{passed}");
}
