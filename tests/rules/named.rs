//! What the documents for reviewers name as tests is there.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use freehold_testing::checkout;

const DOCUMENTS: [&str; 2] = ["docs/SERVER-SEES.md", "docs/KNOWN-ATTACKS.md"];

/// Names of tests in a table: lower-case words joined by at least two underscores, between backticks.
fn named(text: &str) -> BTreeSet<&str> {
    text.lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|name| name.matches('_').count() >= 2)
        .filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        })
        .collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !["target", "node_modules"].iter().any(|name| path.ends_with(name)) {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "py") {
            found.push(path);
        }
    }
}

#[test]
fn every_test_that_a_document_names_is_there() {
    let mut files = Vec::new();
    for folder in ["crates", "tests"] {
        sources(&checkout().join(folder), &mut files);
    }
    let texts: Vec<String> =
        files.iter().map(|file| std::fs::read_to_string(file).expect("UTF-8")).collect();
    let is_there = |name: &str| {
        // A test on both engines has the name of its engine after it.
        let name = name.trim_end_matches("_on_sqlite").trim_end_matches("_on_postgresql");
        texts.iter().any(|text| {
            text.contains(&format!("fn {name}")) || text.contains(&format!("def {name}"))
        })
    };
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(checkout().join(document)).expect(document);
        let names = named(&text);
        assert!(!names.is_empty(), "{document} names no test");
        missing.extend(
            names
                .into_iter()
                .filter(|name| !is_there(name))
                .map(|name| format!("{document}: {name}")),
        );
    }
    assert!(missing.is_empty(), "no such tests:\n{}", missing.join("\n"));
}
