//! Licences and bans, by the lists of deny.toml.

use crate::metadata::{checkout, packages};

fn deny_toml() -> toml::Table {
    std::fs::read_to_string(checkout().join("deny.toml")).unwrap().parse().unwrap()
}

#[test]
fn every_dependency_has_a_licence_that_deny_toml_allows() {
    let table = deny_toml();
    let allowed: Vec<&str> =
        table["licenses"]["allow"].as_array().unwrap().iter().filter_map(|l| l.as_str()).collect();
    let refused: Vec<String> = packages()
        .iter()
        .filter(|package| {
            let licence = package.licence.as_deref();
            !licence.is_some_and(|licence| is_allowed(licence, &allowed))
        })
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.licence))
        .collect();
    assert!(refused.is_empty(), "not allowed by deny.toml:\n{}", refused.join("\n"));
}

#[test]
fn word_lists_come_from_the_packages_and_under_the_licences_that_the_document_names() {
    let text = std::fs::read_to_string(checkout().join("docs/WORD-LISTS.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let named: Vec<(&str, &str)> = rows
        .map(|row| {
            let mut cells = row.split('|').map(str::trim);
            (cells.next().unwrap().trim_end_matches('`'), cells.next().unwrap())
        })
        .collect();
    assert_eq!(named.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["bip39", "zxcvbn"]);
    for (name, licence) in named {
        let package = packages().iter().find(|package| package.name == name).unwrap();
        assert_eq!(package.licence.as_deref(), Some(licence), "{name}");
    }
}

#[test]
fn no_banned_crate_is_used() {
    let table = deny_toml();
    let bans = table["bans"]["deny"].as_array().unwrap();
    for ban in bans {
        let name = ban["crate"].as_str().unwrap();
        let used = packages().iter().any(|package| package.name == name);
        assert!(!used, "{name} is used, but banned: {:?}", ban["reason"]);
    }
}

#[test]
fn everything_comes_from_the_registry_or_from_this_checkout() {
    let lock = std::fs::read_to_string(checkout().join("Cargo.lock")).unwrap();
    let strange: Vec<&str> = lock
        .lines()
        .filter(|line| line.starts_with("source = "))
        .filter(|line| !line.contains("registry+https://github.com/rust-lang/crates.io-index"))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// Whether an SPDX expression can be met with these licences: `OR` by either side, `AND` by both.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    // The slash is how crates wrote OR before SPDX expressions.
    let text = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    let met = any(&words, &mut at, allowed);
    met && at == words.len()
}

fn any(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at, allowed);
    }
    met
}

fn all(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any(words, at, allowed);
        *at += 1;
        return met;
    }
    let mut licence = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{licence} WITH {}", words.get(*at + 1).copied().unwrap_or_default());
        *at += 2;
    }
    allowed.contains(&licence.as_str())
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"];
    for fine in [
        "MIT",
        "MIT OR GPL-3.0-or-later",
        "GPL-2.0/MIT",
        "(MIT OR GPL-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
    ] {
        assert!(is_allowed(fine, &allowed), "{fine}");
    }
    for refused in [
        "GPL-3.0-or-later",
        "MIT AND GPL-3.0",
        "(MIT OR Apache-2.0) AND AGPL-3.0",
        "Apache-2.0 WITH another-exception",
        "",
    ] {
        assert!(!is_allowed(refused, &allowed), "{refused}");
    }
}
