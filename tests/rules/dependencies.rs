//! Who may depend on whom (docs/ARCHITECTURE.md).

use std::collections::BTreeSet;

use crate::metadata::{cargo, checkout, packages};

/// Our crates that one of our crates may need, not counting tests. A crate that is not listed
/// here needs none of them.
const ARROWS: &[(&str, &[&str])] = &[
    // Argon2id of its own in a browser only.
    ("freehold-keys", &["freehold-argon", "freehold-json", "freehold-wire"]),
    ("freehold-kit", &["freehold-json"]),
    ("freehold-wasm", &["freehold-json", "freehold-keys", "freehold-wire"]),
    ("freehold-directory", &["freehold-wire", "freehold-scim", "freehold-sso"]),
    ("freehold-store", &["freehold-directory", "freehold-scim", "freehold-sso", "freehold-wire"]),
    (
        "freehold-server",
        &["freehold-store", "freehold-directory", "freehold-scim", "freehold-sso", "freehold-wire"],
    ),
    // The story of `demo --once`, behind a feature.
    ("freehold-demo", &["freehold-testing"]),
    // A product of its own, on the server's side.
    ("freehold-embed-example", &["freehold-wire"]),
    ("freehold-vectors", &["freehold-keys", "freehold-wire"]),
    // A reviewer's tool; nothing needs it.
    ("freehold-audit", &["freehold-vectors", "freehold-wire"]),
];

/// Lines "name vVERSION features" of everything a crate needs to run.
fn tree(package: &str, more: &[&str]) -> Vec<String> {
    let words = ["tree", "--locked", "--package", package, "--edges", "normal", "--prefix", "none"];
    let text = cargo(&[&words[..], &["--format", "{p} [{f}]"], more].concat());
    text.lines().map(str::to_owned).collect()
}

fn names(lines: &[String]) -> BTreeSet<&str> {
    lines.iter().filter_map(|line| line.split(' ').next()).collect()
}

#[test]
fn the_server_links_no_decryption_code() {
    let lines = tree("freehold-server", &[]);
    let names = names(&lines);
    assert!(names.contains("freehold-wire"), "the tree of the server is read");
    for never in ["freehold-keys", "argon2", "chacha20poly1305", "hpke"] {
        assert!(!names.contains(never), "the server links {never}");
    }
}

#[test]
fn the_server_takes_no_part_that_is_meant_for_tests_or_for_show() {
    let lines = tree("freehold-server", &[]);
    let names = names(&lines);
    for never in
        ["freehold-demo", "freehold-saml", "freehold-testing", "freehold-vectors", "thirtyfour"]
    {
        assert!(!names.contains(never), "the server links {never}");
    }
    let sso: Vec<&String> = lines.iter().filter(|line| line.starts_with("freehold-sso ")).collect();
    assert!(!sso.is_empty());
    for line in sso {
        // With it, anybody who links the crate could make a verified assertion.
        assert!(!line.contains("testing"), "{line}");
    }
}

#[test]
fn the_crate_that_both_sides_share_holds_no_secret_algorithm() {
    let lines = tree("freehold-wire", &[]);
    for never in ["argon2", "chacha20poly1305", "hkdf", "x25519-dalek"] {
        assert!(!names(&lines).contains(never), "freehold-wire links {never}");
    }
}

#[test]
fn the_browser_module_takes_randomness_from_the_browser_only() {
    let lines = tree("freehold-wasm", &["--target", "wasm32-unknown-unknown"]);
    assert!(!names(&lines).contains("getrandom"), "getrandom has no source of its own in wasm32");
}

#[test]
fn our_crates_need_each_other_only_along_the_arrows() {
    for package in packages().iter().filter(|package| package.ours) {
        let allowed =
            ARROWS.iter().find(|(name, _)| *name == package.name).map_or(&[][..], |(_, to)| to);
        for need in &package.needs {
            // Tests may need anything; what they are made of is apart.
            let counts = need.starts_with("freehold-") && package.name != "freehold-tests";
            if counts {
                assert!(allowed.contains(&need.as_str()), "{} must not need {need}", package.name);
            }
        }
    }
}

#[test]
fn xtask_needs_nothing() {
    let xtask = packages().iter().find(|package| package.name == "xtask").unwrap();
    assert!(xtask.needs.is_empty(), "it would no longer start at once: {:?}", xtask.needs);
}

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    let folders = ["crates", "tests"].map(|folder| checkout().join(folder));
    let manifests = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path().join("Cargo.toml"))
        .filter(|manifest| manifest.is_file());
    let mut seen = 0;
    for manifest in manifests.chain([checkout().join("tests/Cargo.toml")]) {
        let table: toml::Table = std::fs::read_to_string(&manifest).unwrap().parse().unwrap();
        // The fuzz targets need another compiler, and libFuzzer unsafe code: a workspace of their own.
        if table.contains_key("workspace") {
            continue;
        }
        let obeys = table.get("lints").and_then(|lints| lints.get("workspace"));
        assert_eq!(obeys, Some(&toml::Value::Boolean(true)), "{}", manifest.display());
        seen += 1;
    }
    assert!(seen > 10);
}
