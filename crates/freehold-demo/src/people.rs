//! The five people of the demonstration. All invented.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The tenant of the demonstration, in the place of Entra's tenant id.
pub const TENANT: &str = "0de30000-0000-4000-8000-00000000ac3e";

/// The company's name.
pub const COMPANY: &str = "Acme Ltd";

/// One person, as the directory of the demonstration knows her.
#[derive(Debug)]
pub struct Person {
    /// Object id: the claim `oid`, and SCIM's `externalId`.
    pub object_id: &'static str,
    /// User principal name: SCIM's `userName`.
    pub user_name: &'static str,
    /// Name to show.
    pub display_name: &'static str,
    /// Given name.
    pub given_name: &'static str,
    /// Family name.
    pub family_name: &'static str,
    /// Job title.
    pub title: &'static str,
    /// Department.
    pub department: &'static str,
    /// Employee number.
    pub employee_number: &'static str,
    /// Object id of the manager.
    pub manager: Option<&'static str>,
}

const ALICE: &str = "a11ce000-5d3c-4b7e-9f10-000000000001";
const BJORN: &str = "b30a9000-5d3c-4b7e-9f10-000000000002";

/// Everybody, managers before those they manage.
pub const PEOPLE: [Person; 5] = [
    Person {
        object_id: ALICE,
        user_name: "alice@acme.example",
        display_name: "Alice Arden",
        given_name: "Alice",
        family_name: "Arden",
        title: "Managing Director",
        department: "Board",
        employee_number: "1001",
        manager: None,
    },
    Person {
        object_id: BJORN,
        user_name: "bjorn@acme.example",
        display_name: "Björn Ågren",
        given_name: "Björn",
        family_name: "Ågren",
        title: "Head of Engineering",
        department: "Engineering",
        employee_number: "1002",
        manager: Some(ALICE),
    },
    Person {
        object_id: "c41d0000-5d3c-4b7e-9f10-000000000003",
        user_name: "chidinma@acme.example",
        display_name: "Chidinma Okafor",
        given_name: "Chidinma",
        family_name: "Okafor",
        title: "Engineer",
        department: "Engineering",
        employee_number: "1003",
        manager: Some(BJORN),
    },
    Person {
        object_id: "d15a0000-5d3c-4b7e-9f10-000000000004",
        user_name: "dilnoza@acme.example",
        display_name: "Dilnoza Karimova",
        given_name: "Dilnoza",
        family_name: "Karimova",
        title: "Accountant",
        department: "Finance",
        employee_number: "1004",
        manager: Some(ALICE),
    },
    Person {
        object_id: "e3e00000-5d3c-4b7e-9f10-000000000005",
        user_name: "emre@acme.example",
        display_name: "Emre Şahin",
        given_name: "Emre",
        family_name: "Şahin",
        title: "Designer",
        department: "Engineering",
        employee_number: "1005",
        manager: Some(BJORN),
    },
];

impl Person {
    /// The person with this object id.
    #[must_use]
    pub fn find(object_id: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.object_id == object_id)
    }

    /// The subject for one client: another one for every client, as Entra makes it, and the same
    /// after a restart.
    #[must_use]
    pub fn subject_for(&self, client_id: &str) -> String {
        let hash = Sha256::new()
            .chain_update(b"freehold-demo pairwise subject\0")
            .chain_update(client_id)
            .chain_update([0])
            .chain_update(self.object_id)
            .finalize();
        URL_SAFE_NO_PAD.encode(hash)
    }

    /// Two letters in the place of a photograph.
    #[must_use]
    pub fn initials(&self) -> String {
        [self.given_name, self.family_name].iter().filter_map(|name| name.chars().next()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn five_people_are_told_apart_and_managers_come_first() {
        let ids: HashSet<_> = PEOPLE.iter().map(|person| person.object_id).collect();
        let names: HashSet<_> = PEOPLE.iter().map(|person| person.user_name).collect();
        assert_eq!((ids.len(), names.len()), (5, 5));
        for (at, person) in PEOPLE.iter().enumerate() {
            let Some(manager) = person.manager else { continue };
            assert!(PEOPLE[..at].iter().any(|earlier| earlier.object_id == manager));
        }
    }

    #[test]
    fn a_subject_differs_by_client_and_stays() {
        let alice = &PEOPLE[0];
        assert_eq!(alice.subject_for("a"), alice.subject_for("a"));
        assert_ne!(alice.subject_for("a"), alice.subject_for("b"));
        assert_ne!(alice.subject_for("a"), PEOPLE[1].subject_for("a"));
    }
}
