//! What could be read once can be read for ever: cases of `v1/FROZEN` keep their names and bytes.
//!
//! `FREEHOLD_FREEZE_VECTORS=1 cargo test -p freehold-vectors --test frozen` adds the cases that are
//! not in the list yet. Nothing takes a line away.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use freehold_vectors::{Case, Expected, FILES, File, run_case};
use serde_json::{Value, json};

/// How many cases the first two stages left behind.
const OF_STAGE_2: usize = 147;

/// Kinds whose cases make something, or count.
const MAKING: [&str; 4] = ["setup-client", "change-client", "renewal-client", "tampering"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Cases that read, by "kind: name". What clients *make* may change, and so may what is *refused*:
/// a later version may take it.
fn readings() -> BTreeMap<String, Case> {
    let mut readings = BTreeMap::new();
    for name in FILES {
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        let file: File = serde_json::from_str(&text).unwrap();
        for case in file.cases {
            let makes = MAKING.contains(&file.kind.as_str()) || case.inputs.get("seal").is_some();
            if matches!(case.expected, Expected::Result(_)) && !makes {
                readings.insert(format!("{}: {}", file.kind, case.name), case);
            }
        }
    }
    readings
}

/// Digests by "kind: name".
fn frozen() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder().join("v1/FROZEN")).unwrap();
    text.lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(digest, name)| (name.to_owned(), digest.to_owned()))
        .collect()
}

fn digest(case: &Case) -> String {
    let Expected::Result(result) = &case.expected else { panic!("{} is refused", case.name) };
    let mut text = String::new();
    write_sorted(&json!([case.name, case.inputs, result]), &mut text);
    hex::encode(freehold_wire::hash(text.as_bytes()))
}

/// JSON without spaces, the members of objects in the order of their names.
fn write_sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            out.push('{');
            for (name, member) in sorted {
                write!(out, "{}:", Value::from(name.as_str())).unwrap();
                write_sorted(member, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_sorted(item, out);
                out.push(',');
            }
            out.push(']');
        }
        other => write!(out, "{other}").unwrap(),
    }
}

#[test]
fn what_could_be_read_once_can_be_read_for_ever() {
    if std::env::var_os("FREEHOLD_FREEZE_VECTORS").is_some() {
        let mut lines = frozen();
        for (name, case) in readings() {
            lines.entry(name).or_insert_with(|| digest(&case));
        }
        let text: String =
            lines.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
        std::fs::write(folder().join("v1/FROZEN"), text).unwrap();
    }
    let (frozen, readings) = (frozen(), readings());
    assert!(frozen.len() >= OF_STAGE_2, "{} lines: some were taken away", frozen.len());
    for (name, digest_then) in frozen {
        let Some(case) = readings.get(&name) else {
            panic!("{name}: it was taken away or is refused")
        };
        assert_eq!(digest(case), digest_then, "{name}: its bytes changed");
        let kind = name.split_once(": ").unwrap().0;
        assert_eq!(run_case(kind, &case.inputs), case.expected, "{name}");
    }
}

#[test]
fn a_changed_byte_or_name_gives_another_digest_and_the_order_of_members_does_not() {
    let case = |name: &str, inputs: &str, result: &str| {
        let read = |text: &str| serde_json::from_str(text).unwrap();
        digest(&Case {
            name: name.to_owned(),
            inputs: read(inputs),
            expected: Expected::Result(read(result)),
        })
    };
    let first = case("a", r#"{"x":"00","y":{"p":1,"q":[2]}}"#, r#"{"z":1}"#);
    assert_eq!(first, case("a", r#"{"y":{"q":[2],"p":1},"x":"00"}"#, r#"{"z":1}"#));
    for other in [
        case("b", r#"{"x":"00","y":{"p":1,"q":[2]}}"#, r#"{"z":1}"#),
        case("a", r#"{"x":"01","y":{"p":1,"q":[2]}}"#, r#"{"z":1}"#),
        case("a", r#"{"x":"00","y":{"p":1,"q":[]}}"#, r#"{"z":1}"#),
        case("a", r#"{"x":"00","y":{"p":1,"q":[2]}}"#, r#"{"z":2}"#),
    ] {
        assert_ne!(first, other);
    }
}
