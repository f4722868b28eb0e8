//! PATCH against a model so naive that it can be read at a glance: a few attributes as plain fields.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{patch, user};

/// A user as far as the model goes.
#[derive(Debug, Clone, PartialEq, Default)]
struct Person {
    title: Option<String>,
    given: Option<String>,
    family: Option<String>,
    /// Type and address.
    emails: Vec<(String, String)>,
}

/// An operation on it.
#[derive(Debug, Clone)]
enum Change {
    Title(Option<String>),
    Given(Option<String>),
    Name(String, Option<String>),
    AddEmails(Vec<(String, String)>),
    ReplaceEmails(Vec<(String, String)>),
    RemoveEmails(String),
    AddressOf(String, String),
    ExistingAddressOf(String, String),
}

fn list(emails: &[(String, String)]) -> Value {
    let email = |(kind, value): &(String, String)| json!({"type": kind, "value": value});
    emails.iter().map(email).collect()
}

fn of(kind: &str) -> String {
    format!("emails[type eq \"{kind}\"]")
}

impl Change {
    fn operation(&self) -> Value {
        match self {
            Self::Title(None) => json!({"op": "remove", "path": "title"}),
            Self::Title(title) => json!({"op": "replace", "path": "title", "value": title}),
            Self::Given(None) => json!({"op": "remove", "path": "name.givenName"}),
            Self::Given(given) => json!({"op": "add", "value": {"name.givenName": given}}),
            Self::Name(given, family) => json!({"op": "replace", "path": "name",
                "value": {"givenName": given, "familyName": family}}),
            Self::AddEmails(emails) => {
                json!({"op": "add", "path": "emails", "value": list(emails)})
            }
            Self::ReplaceEmails(emails) => {
                json!({"op": "replace", "path": "emails", "value": list(emails)})
            }
            Self::RemoveEmails(kind) => json!({"op": "remove", "path": of(kind)}),
            Self::AddressOf(kind, address) => {
                json!({"op": "add", "path": format!("{}.value", of(kind)), "value": address})
            }
            Self::ExistingAddressOf(kind, address) => {
                json!({"op": "replace", "path": format!("{}.value", of(kind)), "value": address})
            }
        }
    }

    /// What it does to the model; false if it has no target.
    fn make(&self, person: &mut Person) -> bool {
        match self {
            Self::Title(title) => person.title = title.clone(),
            Self::Given(given) => person.given = given.clone(),
            Self::Name(given, family) => {
                person.given = Some(given.clone());
                person.family = family.clone();
            }
            Self::AddEmails(emails) => person.emails.extend(emails.clone()),
            Self::ReplaceEmails(emails) => person.emails = emails.clone(),
            Self::RemoveEmails(kind) => person.emails.retain(|(own, _)| own != kind),
            Self::AddressOf(kind, address) | Self::ExistingAddressOf(kind, address) => {
                let there = person.emails.iter().any(|(own, _)| own == kind);
                if !there && matches!(self, Self::ExistingAddressOf(..)) {
                    return false;
                }
                if !there {
                    person.emails.push((kind.clone(), address.clone()));
                }
                for (_, value) in person.emails.iter_mut().filter(|(own, _)| own == kind) {
                    value.clone_from(address);
                }
            }
        }
        let mut seen = std::collections::HashSet::new();
        person.emails.retain(|email| seen.insert(email.clone()));
        true
    }
}

impl Person {
    fn document(&self) -> Value {
        let mut document = json!({"userName": "anna"});
        if let Some(title) = &self.title {
            document["title"] = json!(title);
        }
        for (name, text) in [("givenName", &self.given), ("familyName", &self.family)] {
            if let Some(text) = text {
                document["name"][name] = json!(text);
            }
        }
        if !self.emails.is_empty() {
            document["emails"] = list(&self.emails);
        }
        document
    }
}

fn word() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

fn kind() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["work", "home"]).prop_map(str::to_owned)
}

fn emails() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec((kind(), word()), 0..3)
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        proptest::option::of(word()).prop_map(Change::Title),
        proptest::option::of(word()).prop_map(Change::Given),
        (word(), proptest::option::of(word()))
            .prop_map(|(given, family)| Change::Name(given, family)),
        emails().prop_map(Change::AddEmails),
        emails().prop_map(Change::ReplaceEmails),
        kind().prop_map(Change::RemoveEmails),
        (kind(), word()).prop_map(|(kind, address)| Change::AddressOf(kind, address)),
        (kind(), word()).prop_map(|(kind, address)| Change::ExistingAddressOf(kind, address)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn a_patch_does_what_the_model_does(changes in proptest::collection::vec(change(), 1..8)) {
        let mut expected = Person::default();
        let all_have_targets = changes.iter().all(|change| change.make(&mut expected));
        let operations: Vec<Value> = changes.iter().map(Change::operation).collect();
        let mut document = user(json!({"userName": "anna"}));
        match patch(&mut document, json!(operations)) {
            Ok(_) => {
                prop_assert!(all_have_targets);
                prop_assert_eq!(document.into_value(), expected.document());
            }
            Err(error) => {
                prop_assert_eq!(error.scim_type, Some("noTarget"));
                prop_assert!(!all_have_targets);
            }
        }
    }
}
