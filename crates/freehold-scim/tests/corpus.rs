//! The corpus of the fuzz targets, replayed without a fuzzer: see `tests/fuzz/README.md`.

use std::fs;
use std::path::Path;

#[path = "../../../tests/fuzz/src/lib.rs"]
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
fn filters_are_read_as_they_print() {
    replay("filter", targets::filter);
}

#[test]
fn paths_are_read_as_they_print() {
    replay("path", targets::path);
}

#[test]
fn patches_leave_a_valid_document_or_none_of_themselves() {
    replay("patch", targets::patch);
}

#[test]
fn bulk_requests_end_and_answer_every_operation() {
    replay("bulk", targets::bulk);
}
