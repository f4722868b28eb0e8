//! Every document has the end it must have.

use std::collections::{BTreeMap, BTreeSet};

use freehold_saml::documents::{Expected, Library, all};

use crate::world::{World, reason};

#[test]
fn every_document_has_the_end_it_must_have() {
    let world = World::new();
    let mut wrong = Vec::new();
    for document in all() {
        let end = match world.post(&document.field) {
            Ok(answer) => format!("Person({:?})", answer.assertion.subject()),
            Err(refusal) => format!("Refused({:?}): {refusal}", reason(&refusal)),
        };
        if !end.starts_with(&format!("{:?}", document.expected)) {
            wrong.push(format!("{}, {:?}\n    {end}", document.name, document.expected));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn it_is_known_where_only_the_gate_stands() {
    let world = World::new();
    let mut wrong = Vec::new();
    for document in all() {
        let alone = world.library_alone(&document.field.replace("\r\n", ""));
        let end = if alone.is_ok() { Library::Accepts } else { Library::Refuses };
        if end != document.library {
            wrong.push(format!("{}: {alone:?}", document.name));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_set_is_large_and_covers_every_class() {
    let documents = all();
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents {
        *classes.entry(document.class).or_default() += 1;
    }
    println!("{classes:?}");
    let hostile = documents.iter().filter(|d| matches!(d.expected, Expected::Refused(_))).count();
    assert!(hostile >= 250, "{hostile}");
    assert_eq!(classes.len(), 8);
    let names: BTreeSet<&str> = documents.iter().map(|document| document.name.as_str()).collect();
    assert_eq!(names.len(), documents.len(), "each has another name");
}
