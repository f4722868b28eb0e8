//! The description of the JSON interface: two types of one name would be one schema there, and one of
//! them a lie.

use std::collections::BTreeMap;

use freehold_testing::checkout;

use crate::named::sources;

/// The names under which the types of a file stand in the document.
fn described(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices("ToSchema)]") {
        let rest = &text[at..];
        let end = rest.find('{').unwrap_or(rest.len());
        let head = &rest[..end];
        let renamed = head.split_once("schema(as = ").map(|(_, name)| name);
        let own = head.split_once("struct ").or(head.split_once("enum ")).map(|(_, name)| name);
        let name = renamed.or(own).expect("a type follows its attributes");
        names.push(name.chars().take_while(|c| c.is_alphanumeric()).collect());
    }
    names
}

#[test]
fn every_described_type_has_a_name_of_its_own() {
    let mut files = Vec::new();
    sources(&checkout().join("crates/freehold-server/src/http"), &mut files);
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("UTF-8");
        for name in described(&text) {
            places.entry(name).or_default().push(file.display().to_string());
        }
    }
    assert!(places.len() > 20, "{places:?}");
    let twice: Vec<_> = places.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
