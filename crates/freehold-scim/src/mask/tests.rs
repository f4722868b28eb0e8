use proptest::prelude::*;
use serde_json::{Value, json};

use super::{LIMIT_BYTES, UNREADABLE, body};
use crate::schema::urn;

fn masked(value: &Value) -> Value {
    let text = body(value.to_string().as_bytes());
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

#[test]
fn a_create_shows_who_it_is_about_and_nothing_else_of_the_person() {
    let create = json!({
        "schemas": [urn::USER], "userName": "anna@example.com", "externalId": "e-1",
        "active": "True", "password": "1mz050nq", "displayName": "Anna",
        "name": {"givenName": "Anna", "formatted": "Anna Nowak"},
        "emails": [{"value": "anna@example.com", "type": "work", "primary": true}],
        "phoneNumbers": [{"value": 4_912_345}], "roles": [], "title": null,
        urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "m1", "$ref": "x"}},
    });
    assert_eq!(
        masked(&create),
        json!({
            "schemas": [urn::USER], "userName": "anna@example.com", "externalId": "e-1",
            "active": "True", "password": "***", "displayName": "Anna",
            "name": {"givenName": "***", "formatted": "***"},
            "emails": [{"value": "***", "type": "work", "primary": true}],
            "phoneNumbers": [{"value": "(number)"}], "roles": [], "title": null,
            urn::ENTERPRISE_USER: {"department": "***", "manager": {"value": "m1", "$ref": "***"}},
        })
    );
}

#[test]
fn a_patch_shows_the_value_of_a_path_that_may_be_shown() {
    for (path, value, expected) in [
        ("userName", json!("anna"), json!("anna")),
        ("active", json!("False"), json!("False")),
        ("urn:ietf:params:scim:schemas:core:2.0:User:displayName", json!("Anna"), json!("Anna")),
        ("emails[type eq \"work\"].primary", json!("True"), json!("True")),
        (
            "members",
            json!([{"value": "7", "display": "Anna"}]),
            json!([{"value": "7", "display": "***"}]),
        ),
        ("manager", json!("m1"), json!("m1")),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            json!("m1"),
            json!("m1"),
        ),
        ("manager.displayName", json!("Boss"), json!("***")),
        ("title", json!("Lead"), json!("***")),
        ("password", json!("1mz050nq"), json!("***")),
        ("password", json!({"type": "1mz050nq"}), json!({"type": "***"})),
        ("emails[type eq \"work\"].value", json!("a@x"), json!("***")),
        ("shoe", json!({"value": "a"}), json!({"value": "***"})),
    ] {
        let patch = json!({"schemas": [urn::PATCH_OP],
                           "Operations": [{"op": "Replace", "path": path, "value": value}]});
        let operation = &masked(&patch)["Operations"][0];
        assert_eq!((&operation["op"], &operation["path"]), (&json!("Replace"), &json!(path)));
        assert_eq!(operation["value"], expected, "{path}");
    }
}

#[test]
fn a_patch_without_a_path_shows_its_keys() {
    let patch = json!({"Operations": [{"op": "replace", "value": {
        "active": false, "displayName": "Crew", "name.givenName": "Anna",
        "emails[type eq \"work\"].value": "a@x", "emails[value eq \"a@x\"].primary": "True"}}]});
    assert_eq!(
        masked(&patch)["Operations"][0]["value"],
        json!({"active": false, "displayName": "Crew", "name.givenName": "***",
               "emails[type eq \"work\"].value": "***",
               "emails[value eq \"***\"].primary": "True"})
    );
}

#[test]
fn what_a_path_compares_with_is_shown_only_where_it_is_an_id_or_a_type() {
    for (path, expected) in [
        ("members[value eq \"7\" or value eq \"8\"]", ""),
        (
            "emails[type eq \"work\" and value co \"anna\"].display",
            "emails[type eq \"work\" and value co \"***\"].display",
        ),
        ("emails[value eq anna@example.com]", "emails[value eq \"***\"]"),
        ("emails[not (value sw \"anna\")]", "emails[not (value sw \"***\")]"),
        ("my dear password", "***"),
        ("anna@example.com", "***"),
        ("emails[value eq \"anna", "***"),
    ] {
        let patch = json!({"op": "remove", "path": path});
        let expected = if expected.is_empty() { path } else { expected };
        assert_eq!(masked(&patch)["path"], expected);
    }
}

#[test]
fn a_bulk_request_shows_what_is_done_to_what() {
    let bulk = json!({"failOnErrors": 1, "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "q", "data": {"userName": "a", "x": "y"}}]});
    let expected = json!({"failOnErrors": 1, "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "q", "data": {"userName": "a", "x": "***"}}]});
    assert_eq!(masked(&bulk), expected);
}

#[test]
fn what_cannot_be_read_is_not_quoted() {
    for text in ["", "{\"password\":\"1mz050nq\"", "1mz050nq", "{\"a\":1,\"a\":2}"] {
        assert_eq!(body(text.as_bytes()), UNREADABLE, "{text}");
    }
    assert_eq!(body(b"\"1mz050nq\""), "\"***\"");
}

#[test]
fn a_long_body_is_cut_off_and_says_so() {
    let members: Vec<Value> = (0..10_000).map(|id| json!({"value": format!("ä{id}")})).collect();
    let text = body(json!({"members": members}).to_string().as_bytes());
    assert!(text.len() <= LIMIT_BYTES && text.ends_with(" (cut off)"), "{}", text.len());
    let long = body(json!({"userName": "x".repeat(100_000)}).to_string().as_bytes());
    assert!(long.len() < 300, "{}", long.len());
}

/// Any JSON whose texts are all the same secret word, under any keys but those that are shown.
fn secrets() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(json!("hunter2")), Just(json!(12_345)), Just(json!(null))];
    let key = proptest::sample::select(vec![
        "value",
        "password",
        "PassWord",
        "name",
        "emails",
        "Operations",
        "data",
        "id",
        "unknown",
        "userPassword.value",
        "emails[type eq \"work\"].value",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ]);
    leaf.prop_recursive(5, 40, 5, move |inner| {
        let map = proptest::collection::btree_map(key.clone(), inner.clone(), 0..5);
        let operation = (
            proptest::sample::select(vec!["password", "title", "emails.value", "x"]),
            inner.clone(),
        )
            .prop_map(|(path, value)| json!({"op": "add", "path": path, "value": value}));
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            map.prop_map(|map| json!(map)),
            operation,
        ]
    })
}

proptest! {
    #[test]
    fn no_value_under_a_name_that_is_not_shown_appears(value in secrets()) {
        let text = body(value.to_string().as_bytes());
        prop_assert!(!text.contains("hunter2") && !text.contains("12345"), "{}", text);
    }

    #[test]
    fn no_value_below_a_password_appears_whatever_its_name(
        value in crate::user::tests::any_json()
    ) {
        let whole = json!({"password": value, "x": {"op": "add", "path": "password", "value": value}});
        let text = body(whole.to_string().as_bytes());
        for secret in texts(&value).filter(|text| text.chars().count() > 3) {
            prop_assert!(!text.contains(&format!(":{}", json!(secret))), "{} in {}", secret, text);
        }
    }

    #[test]
    fn no_body_panics_and_none_is_longer_than_the_limit(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        value in crate::user::tests::any_json(),
        path in "\\PC{0,40}",
    ) {
        prop_assert!(body(&bytes).len() <= LIMIT_BYTES);
        let operation = json!({"op": "add", "path": path, "value": value, path.clone(): 1});
        prop_assert!(body(operation.to_string().as_bytes()).len() <= LIMIT_BYTES);
    }
}

/// All texts in a value.
fn texts(value: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match value {
        Value::String(text) => Box::new(std::iter::once(text.as_str())),
        Value::Array(list) => Box::new(list.iter().flat_map(texts)),
        Value::Object(map) => Box::new(map.values().flat_map(texts)),
        _ => Box::new(std::iter::empty()),
    }
}

#[test]
fn a_filter_shows_what_names_a_resource_and_nothing_else() {
    for (text, shown) in [
        ("userName eq \"anna\"", "userName eq \"anna\""),
        ("externalId eq jyoung", "externalId eq jyoung"),
        ("emails.value eq \"anna@example.com\"", "emails.value eq \"***\""),
        ("emails[type eq \"work\"].value eq \"a@x\"", "emails[type eq \"work\"].value eq \"***\""),
        ("id eq \"7\" and members eq \"8\"", "id eq \"7\" and members eq \"8\""),
        ("password eq \"secret\"", "password eq \"***\""),
        ("name.familyName sw secret", "name.familyName sw \"***\""),
        ("userName eq \"unclosed", "***"),
    ] {
        assert_eq!(crate::mask::filter(text), shown);
    }
}
