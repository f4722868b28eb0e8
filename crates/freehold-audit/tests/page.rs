//! Served files against a list: what is changed, missing or added shows.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use freehold_audit::page::{MANIFEST_PATH, Manifest, compare, integrity};

fn manifest(files: &[(&str, &str)]) -> Manifest {
    let files = files
        .iter()
        .map(|(path, content)| ((*path).to_owned(), integrity(content.as_bytes())))
        .collect();
    Manifest { format: "freehold-manifest-1".to_owned(), files }
}

/// A server with these files, and a list of its own.
fn server(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let mut served: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(path, content)| ((*path).to_owned(), content.as_bytes().to_vec()))
        .collect();
    let own = serde_json::to_vec(&manifest(files)).unwrap();
    served.insert(MANIFEST_PATH.to_owned(), own);
    served
}

fn differences(published: &[(&str, &str)], served: &[(&str, &str)]) -> Vec<String> {
    let served = server(served);
    let fetch = |path: &str| served.get(path).cloned().ok_or_else(|| "status 404".to_owned());
    compare(&manifest(published), fetch).into_iter().map(|found| found.path).collect()
}

#[test]
fn a_hash_is_written_as_in_subresource_integrity() {
    // SHA-384 of the empty input, FIPS 180-4's example.
    let empty = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
    assert_eq!(integrity(b""), empty);
}

#[test]
fn what_is_served_as_published_does_not_differ() {
    let files = [("/setup/", "<page>"), ("/wasm/freehold_bg.wasm", "\0asm")];
    assert!(differences(&files, &files).is_empty());
}

#[test]
fn a_changed_a_missing_and_an_added_file_differ() {
    let published = [("/setup/", "<page>"), ("/lib/h.js", "h"), ("/lib/t.js", "t")];
    let served = [("/setup/", "<page>"), ("/lib/h.js", "evil"), ("/lib/new.js", "n")];
    assert_eq!(differences(&published, &served), ["/lib/h.js", "/lib/t.js", "/lib/new.js"]);
}

#[test]
fn a_server_that_keeps_its_list_back_differs() {
    let published = [("/setup/", "<page>")];
    let fetch = |path: &str| match path {
        "/setup/" => Ok(b"<page>".to_vec()),
        _ => Err("status 404".to_owned()),
    };
    let found = compare(&manifest(&published), fetch);
    assert_eq!(found[0].path, MANIFEST_PATH);
}
