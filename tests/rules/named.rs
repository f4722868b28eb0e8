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

pub(crate) fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !["target", "node_modules"].iter().any(|name| path.ends_with(name)) {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "py") {
            found.push(path);
        }
    }
}

/// The texts of all sources, to look for tests in.
fn all_sources() -> Vec<String> {
    let mut files = Vec::new();
    for folder in ["crates", "tests"] {
        sources(&checkout().join(folder), &mut files);
    }
    files.iter().map(|file| std::fs::read_to_string(file).expect("UTF-8")).collect()
}

fn is_there(texts: &[String], name: &str) -> bool {
    // A test on both engines has the name of its engine after it.
    let anywhere = name.trim_end_matches("_on_sqlite").trim_end_matches("_on_postgresql");
    let spellings = [format!("fn {name}("), format!("fn {anywhere}("), format!("def {name}(")];
    texts.iter().any(|text| spellings.iter().any(|spelling| text.contains(spelling)))
}

#[test]
fn every_test_that_a_document_names_is_there() {
    let texts = all_sources();
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(checkout().join(document)).expect(document);
        let names = named(&text);
        assert!(!names.is_empty(), "{document} names no test");
        missing.extend(
            names
                .into_iter()
                .filter(|name| !is_there(&texts, name))
                .map(|name| format!("{document}: {name}")),
        );
    }
    assert!(missing.is_empty(), "no such tests:\n{}", missing.join("\n"));
}

/// The sections of a document: heading, then what its "Tests:" paragraph names between backticks.
fn sections(text: &str) -> Vec<(&str, Vec<String>)> {
    let mut sections: Vec<(&str, Vec<String>)> = Vec::new();
    let mut tests: Option<String> = None;
    for line in text.lines() {
        if line.starts_with("## ") || line.starts_with("### ") {
            sections.push((line, Vec::new()));
        }
        match &mut tests {
            Some(collected) if !line.is_empty() => *collected += &format!(" {line}"),
            Some(collected) => {
                let (_, names) = sections.last_mut().expect("tests stand in a section");
                names.extend(collected.split('`').skip(1).step_by(2).map(str::to_owned));
                tests = None;
            }
            None if line.starts_with("Tests: ") => tests = Some(line.to_owned()),
            None => {}
        }
    }
    sections
}

/// Whether a vector, as `kind` or `kind: case`, is there.
fn is_vector(name: &str) -> bool {
    if name == "primitives" {
        return checkout().join("tests/vectors/primitives.json").is_file();
    }
    let (kind, case) =
        name.split_once(": ").map_or((name, None), |(kind, case)| (kind, Some(case)));
    let file = checkout().join("tests/vectors/v1").join(kind).with_extension("json");
    let Ok(text) = std::fs::read_to_string(file) else { return false };
    let file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let cases = file["cases"].as_array().expect("cases");
    case.is_none_or(|name| cases.iter().any(|case| case["name"] == name))
}

#[test]
fn every_section_of_the_protocol_names_its_tests_and_they_are_there() {
    let texts = all_sources();
    let path = checkout().join("crates/freehold-keys/PROTOCOL.md");
    let text = std::fs::read_to_string(path).expect("the protocol");
    let sections = sections(&text);
    assert!(sections.len() > 20, "{} sections", sections.len());
    let silent: Vec<_> = sections.iter().filter(|(_, names)| names.is_empty()).collect();
    assert!(silent.is_empty(), "no tests are named by {silent:?}");
    let names =
        sections.iter().flat_map(|(heading, names)| names.iter().map(move |n| (heading, n)));
    let missing: Vec<_> = names
        .filter(|(_, name)| {
            let is_test = name.matches('_').count() >= 2;
            if is_test { !is_there(&texts, name) } else { !is_vector(name) }
        })
        .collect();
    assert!(missing.is_empty(), "no such tests or vectors: {missing:#?}");
}
