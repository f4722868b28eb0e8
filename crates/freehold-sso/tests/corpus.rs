//! The corpus of the fuzz targets, replayed without a fuzzer: see `tests/fuzz/README.md`.

use std::fs;
use std::path::Path;

#[path = "../../../tests/fuzz/src/saml.rs"]
mod targets;

/// Runs a target over every file of its corpus.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus").join(name);
    let files = fs::read_dir(&folder).expect("the corpus is there");
    let mut count = 0;
    for file in files {
        let path = file.expect("a file").path();
        println!("{}", path.display());
        target(&fs::read(&path).expect("a readable file"));
        count += 1;
    }
    assert!(count >= 5, "the corpus of {name} has {count} files");
}

#[test]
fn answers_are_refused_or_name_the_one_person() {
    replay("saml_response", targets::response);
}

#[test]
fn metadata_are_refused_or_can_be_used() {
    replay("saml_metadata", targets::metadata);
}
