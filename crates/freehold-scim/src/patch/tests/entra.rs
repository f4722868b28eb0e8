use serde_json::json;

use super::{anna, leaves_anna_alone, patch, patched, user};
use crate::schema::{USER, urn};
use crate::user::UserDocument;

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
const NUMBER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";

#[test]
fn the_old_shape_deactivates_with_capitals_and_a_text() {
    for op in ["Replace", "REPLACE", "replace", "Add"] {
        for value in [
            json!("False"),
            json!("false"),
            json!(false),
            json!([{"$ref": null, "value": "False"}]),
        ] {
            let changed = patched(json!([{"op": op, "path": "active", "value": value}]));
            assert_eq!(changed["active"], false);
        }
    }
}

#[test]
fn the_new_shape_replaces_many_attributes_without_a_path() {
    let changed = patched(json!([{"op": "replace", "value": {
        "displayName": "Anna N.",
        "name.givenName": "Ann",
        "name.familyName": "Kowalska",
        NUMBER: "4711",
        "urn:ietf:params:scim:schemas:core:2.0:User:title": "Lead",
        "emails[type eq \"work\"].value": "ann@example.com",
        "phoneNumbers[type eq \"mobile\"].value": "+49 1",
        "active": false,
    }}]));
    assert_eq!(changed["displayName"], "Anna N.");
    assert_eq!(changed["name"], json!({"givenName": "Ann", "familyName": "Kowalska"}));
    assert_eq!(changed["title"], "Lead");
    assert_eq!(changed[urn::ENTERPRISE_USER]["employeeNumber"], "4711");
    assert_eq!(changed[urn::ENTERPRISE_USER]["department"], "R&D");
    assert_eq!(changed["emails"][0]["value"], "ann@example.com");
    assert_eq!(changed["phoneNumbers"], json!([{"type": "mobile", "value": "+49 1"}]));
    assert_eq!(changed["active"], false);
}

#[test]
fn add_to_an_address_that_is_not_there_makes_it() {
    let mut document = user(json!({"userName": "a"}));
    let operations = json!([
        {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "a@x"},
        {"op": "Add", "path": "addresses[type eq \"work\"].country", "value": "DE"},
        {"op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Köln"},
        {"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin"},
    ]);
    assert_eq!(patch(&mut document, operations.clone()), Ok(true));
    assert_eq!(
        *document.as_value(),
        json!({
            "userName": "a",
            "emails": [{"type": "work", "value": "a@x"}],
            "addresses": [{"type": "work", "country": "DE", "locality": "Köln"}],
            "roles": [{"primary": true, "value": "admin"}],
        })
    );
    assert_eq!(patch(&mut document, operations), Ok(false), "a second time it is there");
}

#[test]
fn add_and_replace_on_an_address_that_is_there_change_it() {
    for op in ["Add", "Replace"] {
        let path = "emails[type eq \"work\"].value";
        let changed = patched(json!([{"op": op, "path": path, "value": "new@example.com"}]));
        assert_eq!(
            changed["emails"],
            json!([{"value": "new@example.com", "type": "work", "primary": true},
                   {"value": "anna@home.example", "type": "home"}])
        );
    }
}

#[test]
fn single_values_and_parts_of_the_name_are_set_by_path() {
    let changed = patched(json!([
        {"op": "Replace", "path": "displayName", "value": "Anna N."},
        {"op": "Add", "path": "name.familyName", "value": "Kowalska"},
        {"op": "Add", "path": NUMBER, "value": "4711"},
        {"op": "Replace", "path": "userName", "value": "Anna.Nowak@example.com"},
        {"op": "Replace", "path": "externalId", "value": "e-2"},
    ]));
    assert_eq!(changed["displayName"], "Anna N.");
    assert_eq!(changed["name"], json!({"givenName": "Anna", "familyName": "Kowalska"}));
    assert_eq!(changed[urn::ENTERPRISE_USER]["employeeNumber"], "4711");
    assert_eq!(changed["userName"], "Anna.Nowak@example.com");
    assert_eq!(changed["externalId"], "e-2");
}

#[test]
fn a_manager_is_set_in_every_shape_the_documentation_and_the_validator_have() {
    for path in ["manager", MANAGER, &format!("{MANAGER}.value")] {
        for value in [json!("m2"), json!([{"$ref": null, "value": "m2"}]), json!({"value": "m2"})] {
            if path.ends_with(".value") && value.is_object() {
                continue;
            }
            for op in ["Add", "Replace"] {
                let changed = patched(json!([{"op": op, "path": path, "value": value}]));
                let manager = &changed[urn::ENTERPRISE_USER]["manager"];
                assert_eq!(*manager, json!({"value": "m2"}), "{op} {path} {value}");
            }
        }
    }
    let with_ref = json!([{"$ref": "http://h/scim/Users/m2", "value": "m2"}]);
    let changed = patched(json!([{"op": "Add", "path": "manager", "value": with_ref}]));
    assert_eq!(changed[urn::ENTERPRISE_USER]["manager"]["$ref"], "http://h/scim/Users/m2");
}

#[test]
fn a_new_manager_takes_the_place_of_the_old_one_with_all_its_parts() {
    let mut document = user(json!({"userName": "a",
        urn::ENTERPRISE_USER: {"manager": {"value": "m1", "$ref": "http://h/Users/m1"}}}));
    let operations = json!([{"op": "Replace", "path": MANAGER, "value": "m2"}]);
    assert_eq!(patch(&mut document, operations), Ok(true));
    assert_eq!(document.as_value()[urn::ENTERPRISE_USER]["manager"], json!({"value": "m2"}));
}

#[test]
fn a_manager_is_removed_by_an_empty_text_and_by_remove() {
    for operation in [
        json!({"op": "Replace", "path": MANAGER, "value": ""}),
        json!({"op": "Add", "path": "manager", "value": ""}),
        json!({"op": "Replace", "path": "manager", "value": null}),
        json!({"op": "Replace", "path": "manager", "value": {"value": ""}}),
        json!({"op": "Replace", "path": "manager", "value": []}),
        json!({"op": "Remove", "path": "manager"}),
        json!({"op": "Remove", "path": MANAGER, "value": "m1"}),
        json!({"op": "Remove", "path": format!("{MANAGER}.value")}),
        json!({"op": "replace", "value": {MANAGER: ""}}),
    ] {
        let changed = patched(json!([operation]));
        assert_eq!(changed[urn::ENTERPRISE_USER], json!({"department": "R&D"}), "{operation}");
    }
}

#[test]
fn a_role_packed_as_json_into_a_text_is_unpacked() {
    let packed = |id: &str| json!([{"value": format!("{{\"id\":\"x\",\"value\":\"{id}\",\"displayName\":\"Role {id}\"}}")}]);
    let mut document = anna();
    let add = |id| json!([{"op": "Add", "path": "roles", "value": packed(id)}]);
    assert_eq!(patch(&mut document, add("25")), Ok(true));
    assert_eq!(patch(&mut document, add("26")), Ok(true));
    let both =
        json!([{"value": "25", "display": "Role 25"}, {"value": "26", "display": "Role 26"}]);
    assert_eq!(document.as_value()["roles"], both);
    assert_eq!(patch(&mut document, add("25")), Ok(false), "already there");
    let remove = json!([{"op": "Remove", "path": "roles", "value": packed("25")}]);
    assert_eq!(patch(&mut document, remove), Ok(true));
    assert_eq!(document.as_value()["roles"], json!([{"value": "26", "display": "Role 26"}]));
}

#[test]
fn a_role_sent_as_an_object_when_created_is_the_same_role_when_it_is_patched() {
    let mut document = user(json!({"userName": "a", "roles": [{
        "primary": false, "type": "WindowsAzureActiveDirectoryRole", "display": "Admin",
        "value": "Admin"}]}));
    let operations = json!([{"op": "Add", "path": "roles",
        "value": [{"value": "{\"id\":\"1\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"}]}]);
    assert_eq!(patch(&mut document, operations), Ok(false));
}

#[test]
fn the_assertive_role_mapping_replaces_all_roles() {
    let mut document = user(json!({"userName": "a", "roles": [{"value": "1"}, {"value": "2"}]}));
    let operations = json!([{"op": "replace", "path": "roles", "value": [{"value": "3"}]}]);
    assert_eq!(patch(&mut document, operations), Ok(true));
    assert_eq!(document.as_value()["roles"], json!([{"value": "3"}]));
}

#[test]
fn a_role_marked_primary_as_text_is_found_and_changed() {
    let mut document = user(json!({"userName": "a", "roles": [{"value": "1", "primary": "True"}]}));
    let path = "roles[primary eq \"True\"].value";
    let operations = json!([{"op": "Replace", "path": path, "value": "2"}]);
    assert_eq!(patch(&mut document, operations), Ok(true));
    assert_eq!(document.as_value()["roles"], json!([{"value": "2", "primary": true}]));
}

#[test]
fn remove_with_values_takes_only_those() {
    let changed = patched(json!([{"op": "Remove", "path": "emails",
                                  "value": [{"$ref": null, "value": "ANNA@home.example"}]}]));
    assert_eq!(changed["emails"].as_array().map(Vec::len), Some(1));
    leaves_anna_alone(json!([{"op": "Remove", "path": "emails", "value": [{"value": "other@x"}]}]));
    leaves_anna_alone(json!([{"op": "Remove", "path": "emails", "value": []}]));
    // The type counts where it is named.
    let home = |kind: &str| {
        json!([{"op": "Remove", "path": "emails",
                                   "value": [{"value": "anna@home.example", "type": kind}]}])
    };
    leaves_anna_alone(home("work"));
    assert_eq!(patched(home("HOME"))["emails"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_validator_sends_an_empty_list_of_operations() {
    leaves_anna_alone(json!([]));
}

#[test]
fn a_patch_that_says_what_is_already_so_changes_nothing() {
    leaves_anna_alone(json!([
        {"op": "Replace", "path": "active", "value": "True"},
        {"op": "Replace", "path": "displayName", "value": null},
        {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "anna@example.com"},
        {"op": "Add", "path": "emails", "value": [{"value": "anna@home.example"}]},
        {"op": "Replace", "path": "emails", "value": [
            {"type": "home", "value": "anna@home.example"},
            {"primary": "True", "type": "work", "value": "anna@example.com"},
        ]},
        {"op": "replace", "value": {"title": "Engineer", MANAGER: "m1"}},
        {"op": "Remove", "path": "nickName"},
        {"op": "Remove", "path": "phoneNumbers[type eq \"work\"].value"},
    ]));
}

#[test]
fn changing_there_and_back_changes_nothing() {
    leaves_anna_alone(json!([
        {"op": "Replace", "path": "title", "value": "Lead"},
        {"op": "Replace", "path": "title", "value": "Engineer"},
    ]));
}

#[test]
fn the_case_of_a_name_is_a_change() {
    let changed =
        patched(json!([{"op": "Replace", "path": "userName", "value": "Anna@example.com"}]));
    assert_eq!(
        UserDocument::from_value(changed, &USER).expect("valid").user_name(),
        "Anna@example.com"
    );
}
