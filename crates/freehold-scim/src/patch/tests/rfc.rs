use serde_json::json;

use super::{anna, leaves_anna_alone, patch, patched, user};
use crate::schema::urn;

#[test]
fn add_without_a_path_adds_to_lists_and_sets_the_rest() {
    // RFC 7644 §3.5.2.1, second example.
    let changed = patched(json!([{"op": "add", "value": {
        "emails": [{"value": "babs@jensen.org", "type": "home"}], "nickName": "Babs"}}]));
    assert_eq!(changed["emails"].as_array().map(Vec::len), Some(3));
    assert_eq!(changed["nickName"], "Babs");
}

#[test]
fn the_core_schema_by_its_urn_is_the_resource_itself() {
    let urn = urn::USER;
    for operation in [
        json!({"op": "replace", "path": urn, "value": {"nickName": "Babs"}}),
        json!({"op": "add", "path": urn.to_lowercase(), "value": {"nickName": "Babs"}}),
        json!({"op": "replace", "value": {urn: {"nickName": "Babs"}}}),
        json!({"op": "replace", "value": {urn: {"nickName": "Babs", urn: {"title": "deeper"}}}}),
    ] {
        let expected = patched(json!([{"op": "replace", "path": "nickName", "value": "Babs"}]));
        assert_eq!(patched(json!([operation])), expected, "{operation}");
    }
    leaves_anna_alone(json!([{"op": "replace", "value": {urn: null}}]));
}

#[test]
fn a_value_to_add_may_stand_alone() {
    let changed = patched(json!([{"op": "add", "path": "emails", "value": {"value": "c@x"}}]));
    assert_eq!(changed["emails"][2], json!({"value": "c@x"}));
}

#[test]
fn a_value_that_is_there_with_its_type_is_completed_and_not_doubled() {
    let changed = patched(json!([{"op": "add", "path": "emails", "value": [
        {"value": "ANNA@home.example", "type": "home", "display": "Home"}]}]));
    assert_eq!(
        changed["emails"][1],
        json!({"value": "ANNA@home.example", "type": "home", "display": "Home"})
    );
    assert_eq!(changed["emails"].as_array().map(Vec::len), Some(2));
}

#[test]
fn add_and_replace_of_a_complex_attribute_set_the_parts_they_name() {
    for op in ["add", "replace"] {
        for operation in [
            json!({"op": op, "path": "name", "value": {"givenName": "Ann"}}),
            json!({"op": op, "value": {"name": {"givenName": "Ann"}}}),
        ] {
            let changed = patched(json!([operation]));
            assert_eq!(changed["name"], json!({"givenName": "Ann", "familyName": "Nowak"}));
        }
    }
}

#[test]
fn a_part_that_is_named_without_a_value_is_unassigned_and_the_others_stay() {
    // RFC 7643 §2.5: null and no value are one state.
    for (value, expected) in [
        (json!({"givenName": "Ann", "familyName": null}), json!({"givenName": "Ann"})),
        (json!({"FamilyName": ""}), json!({"givenName": "Anna"})),
        (json!({"middleName": null, "givenName": null}), json!({"familyName": "Nowak"})),
        (json!({"givenName": null, "familyName": null}), json!(null)),
    ] {
        for operation in [
            json!({"op": "replace", "path": "name", "value": value}),
            json!({"op": "replace", "value": {"name": value}}),
        ] {
            assert_eq!(patched(json!([operation]))["name"], expected, "{operation}");
        }
    }
    let email = json!([{"op": "add", "path": "emails[type eq \"work\"]",
                        "value": {"primary": null, "display": "Work"}}]);
    assert_eq!(
        patched(email)["emails"][0],
        json!({"type": "work", "value": "anna@example.com", "display": "Work"})
    );
}

#[test]
fn an_operation_that_names_nothing_changes_nothing() {
    for value in [json!({}), json!({"shoe": 1})] {
        leaves_anna_alone(json!([{"op": "replace", "path": "name", "value": value}]));
    }
    // The name of a manager is the server's to say; the manager stays.
    leaves_anna_alone(json!([{"op": "replace", "path": "manager", "value": {"displayName": "B"}}]));
}

#[test]
fn replace_of_a_list_replaces_all_of_it() {
    let changed =
        patched(json!([{"op": "replace", "path": "emails", "value": [{"value": "c@x"}]}]));
    assert_eq!(changed["emails"], json!([{"value": "c@x"}]));
    for none in [json!([]), json!(null), json!("")] {
        let changed = patched(json!([{"op": "replace", "path": "emails", "value": none}]));
        assert!(changed.get("emails").is_none());
    }
}

#[test]
fn replace_of_selected_values_replaces_them_and_keeps_what_selected_them() {
    let changed = patched(json!([{"op": "replace", "path": "emails[type eq \"work\"]",
                                  "value": {"value": "w@x", "display": "Work"}}]));
    assert_eq!(changed["emails"][0], json!({"type": "work", "value": "w@x", "display": "Work"}));
    let changed = patched(json!([{"op": "add", "path": "emails[type eq \"work\"]",
                                  "value": {"display": "Work"}}]));
    assert_eq!(
        changed["emails"][0],
        json!({"type": "work", "value": "anna@example.com", "display": "Work", "primary": true})
    );
    let changed =
        patched(json!([{"op": "replace", "path": "emails[type eq \"work\"]", "value": "w@x"}]));
    assert_eq!(changed["emails"][0]["value"], "w@x");
}

#[test]
fn remove_takes_an_attribute_a_part_a_value_or_an_extension() {
    let changed = patched(json!([{"op": "remove", "path": "title"}]));
    assert!(changed.get("title").is_none());
    let changed = patched(json!([{"op": "remove", "path": "name.givenName"}]));
    assert_eq!(changed["name"], json!({"familyName": "Nowak"}));
    let changed = patched(json!([{"op": "remove", "path": "name.givenName"},
                                 {"op": "remove", "path": "name.familyName"}]));
    assert!(changed.get("name").is_none());
    let changed = patched(json!([{"op": "remove", "path": "emails[type eq \"work\"]"}]));
    assert_eq!(changed["emails"], json!([{"value": "anna@home.example", "type": "home"}]));
    let changed = patched(json!([{"op": "remove", "path": "emails[type eq \"work\"].primary"}]));
    assert!(changed["emails"][0].get("primary").is_none());
    let changed = patched(json!([{"op": "remove", "path": "emails"}]));
    assert!(changed.get("emails").is_none());
    let changed = patched(json!([{"op": "remove", "path": urn::ENTERPRISE_USER}]));
    assert!(changed.get(urn::ENTERPRISE_USER).is_none());
}

#[test]
fn a_value_whose_value_was_removed_goes_with_it() {
    let changed = patched(json!([{"op": "remove", "path": "emails[type eq \"work\"].value"}]));
    assert_eq!(changed["emails"], json!([{"value": "anna@home.example", "type": "home"}]));
}

#[test]
fn a_part_of_a_list_without_brackets_is_that_part_of_every_value() {
    let changed = patched(json!([{"op": "replace", "path": "emails.display", "value": "Anna"}]));
    assert_eq!(changed["emails"][0]["display"], "Anna");
    assert_eq!(changed["emails"][1]["display"], "Anna");
    let changed = patched(json!([{"op": "remove", "path": "emails.type"}]));
    assert!(changed["emails"].as_array().expect("list").iter().all(|it| it.get("type").is_none()));
    let mut document = user(json!({"userName": "a"}));
    let operations = json!([{"op": "add", "path": "emails.value", "value": "a@x"}]);
    assert_eq!(patch(&mut document, operations), Ok(true));
    assert_eq!(document.as_value()["emails"], json!([{"value": "a@x"}]));
}

#[test]
fn an_extension_is_set_as_a_whole_by_path_and_by_key() {
    let value = json!({"costCenter": "9", "manager": "m2", "department": null});
    for operation in [
        json!({"op": "replace", "path": urn::ENTERPRISE_USER, "value": value}),
        json!({"op": "add", "value": {urn::ENTERPRISE_USER: value}}),
    ] {
        let changed = patched(json!([operation]));
        assert_eq!(
            changed[urn::ENTERPRISE_USER],
            json!({"costCenter": "9", "manager": {"value": "m2"}})
        );
    }
}

#[test]
fn the_value_that_becomes_primary_takes_it_from_the_others() {
    // RFC 7644 §3.5.2: "SHALL cause the server to automatically set primary to false for any
    // other values".
    for operation in [
        json!({"op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True"}),
        json!({"op": "add", "path": "emails", "value": [
            {"value": "anna@home.example", "type": "home", "primary": true}]}),
        json!({"op": "add", "path": "emails[type eq \"home\"]", "value": {"primary": true}}),
    ] {
        let changed = patched(json!([operation]));
        assert_eq!(changed["emails"][0]["primary"], false, "{operation}");
        assert_eq!(changed["emails"][1]["primary"], true, "{operation}");
    }
    let changed = patched(json!([{"op": "add", "path": "emails",
                                  "value": [{"value": "c@x", "primary": true}]}]));
    assert_eq!(changed["emails"][0]["primary"], false);
    assert_eq!(changed["emails"][2]["primary"], true);
    let changed = patched(json!([{"op": "add", "path": "emails[type eq \"other\"]",
                                  "value": {"value": "c@x", "primary": true}}]));
    assert_eq!(changed["emails"][0]["primary"], false);
    assert_eq!(changed["emails"][2]["primary"], true);
}

#[test]
fn operations_see_what_the_ones_before_them_did() {
    let changed = patched(json!([
        {"op": "remove", "path": "emails"},
        {"op": "add", "path": "emails", "value": [{"value": "c@x", "type": "work"}]},
        {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "d@x"},
    ]));
    assert_eq!(changed["emails"], json!([{"value": "d@x", "type": "work"}]));
}

#[test]
fn one_operation_that_fails_undoes_all_of_them() {
    let mut document = anna();
    let operations = json!([
        {"op": "replace", "path": "title", "value": "Lead"},
        {"op": "replace", "path": "emails[type eq \"other\"].value", "value": "x"},
    ]);
    let error = patch(&mut document, operations).expect_err("no such address");
    assert!(error.detail.starts_with("Operation 2:"), "{error}");
    assert_eq!(document, anna());
}

#[test]
fn removing_what_is_not_there_changes_nothing() {
    for path in ["nickName", "phoneNumbers", "emails[type eq \"other\"]", "name.middleName"] {
        leaves_anna_alone(json!([{"op": "remove", "path": path}]));
    }
}
