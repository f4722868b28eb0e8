//! The vectors run natively, and are what their generator makes.
//!
//! `FREEHOLD_WRITE_VECTORS=1 cargo test -p freehold-vectors` writes the files anew.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod generator;

use std::path::PathBuf;

use freehold_vectors::{FILES, run_file};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_files_are_what_the_generator_makes() {
    let made = generator::files();
    assert_eq!(made.iter().map(|(name, _)| *name).collect::<Vec<_>>(), FILES);
    for (name, content) in made {
        if std::env::var_os("FREEHOLD_WRITE_VECTORS").is_some() {
            std::fs::write(path(name), content).unwrap();
        } else {
            let stored = std::fs::read_to_string(path(name)).unwrap();
            // Compared as values: another crate of the workspace may have the JSON library keep the
            // order of keys.
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            let current = value(&stored) == value(&content);
            assert!(current, "{name} is not current: see the head of this test");
        }
    }
}

#[test]
fn every_case_comes_out_as_written() {
    let mut passed = 0;
    for name in FILES {
        let report = run_file(&std::fs::read_to_string(path(name)).unwrap());
        assert!(report.wrong.is_empty(), "{name}: {:#?}", report.wrong);
        passed += report.passed;
    }
    assert!(passed > 300, "{passed}");
}

#[test]
fn a_wrong_result_is_noticed() {
    let file = std::fs::read_to_string(path("v1/padding.json")).unwrap();
    let report = run_file(&file.replacen("\"paddedLength\": 64", "\"paddedLength\": 65", 1));
    assert_eq!(report.wrong.len(), 1);
    assert!(!run_file("{}").wrong.is_empty());
    let foreign = r#"{"kind":"new","about":"","cases":[{"name":"a","inputs":{},"result":{}}]}"#;
    assert_eq!(run_file(foreign).wrong.len(), 1);
}
