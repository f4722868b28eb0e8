use serde_json::{Value, json};

use super::{PatchRequest, anna, message, refused};
use crate::limits;
use crate::patch::apply;
use crate::schema::{USER, urn};
use crate::user::UserDocument;

#[test]
fn replace_of_values_that_are_not_there_has_no_target() {
    for path in ["emails[type eq \"other\"].value", "addresses[type eq \"work\"]"] {
        let value = if path.ends_with(']') { json!({"country": "DE"}) } else { json!("x") };
        let (kind, detail) = refused(json!([{"op": "Replace", "path": path, "value": value}]));
        assert_eq!(kind, "noTarget");
        assert!(detail.starts_with("Operation 1:"), "{detail}");
    }
}

#[test]
fn add_to_values_that_a_filter_does_not_describe_has_no_target() {
    for (path, value) in [
        ("emails[type ne \"work\" and type ne \"home\"].value", json!("x")),
        ("emails[type eq \"a\" or type eq \"b\"].value", json!("x")),
        ("emails[not (type pr)].value", json!("x")),
        // What would be made is not what the path selects.
        ("emails[type eq \"other\"]", json!({"type": "new", "value": "x"})),
    ] {
        let (kind, _) = refused(json!([{"op": "add", "path": path, "value": value}]));
        assert_eq!(kind, "noTarget", "{path}");
    }
}

#[test]
fn remove_needs_a_path() {
    for path in [json!(null), json!(""), json!("  ")] {
        let (kind, _) = refused(json!([{"op": "remove", "path": path, "value": {"title": "x"}}]));
        assert_eq!(kind, "noTarget");
    }
}

#[test]
fn what_is_read_only_or_required_is_not_changed() {
    for operation in [
        json!({"op": "replace", "path": "id", "value": "8"}),
        json!({"op": "replace", "path": "meta.created", "value": "2026-01-01T00:00:00Z"}),
        json!({"op": "remove", "path": "meta"}),
        json!({"op": "add", "path": "groups", "value": [{"value": "g"}]}),
        json!({"op": "remove", "path": "groups[value eq \"g\"]"}),
        json!({"op": "replace", "path": "manager.displayName", "value": "x"}),
        json!({"op": "remove", "path": "userName"}),
        json!({"op": "replace", "path": "userName", "value": ""}),
        json!({"op": "replace", "value": {"userName": null}}),
    ] {
        assert_eq!(refused(json!([operation])).0, "mutability", "{operation}");
    }
}

#[test]
fn unknown_and_malformed_paths_are_refused() {
    for (path, kind) in [
        (json!("shoeSize"), "invalidPath"),
        (json!("name.shoeSize"), "invalidPath"),
        (json!("urn:x:y:title"), "invalidPath"),
        (json!("emails[type eq \"work\"].shoeSize"), "invalidPath"),
        (json!(7), "invalidPath"),
        (json!(["title"]), "invalidPath"),
        (json!("emails[shoe eq \"x\"]"), "invalidFilter"),
        (json!("emails[type like \"x\"]"), "invalidFilter"),
    ] {
        assert_eq!(refused(json!([{"op": "add", "path": path, "value": "x"}])).0, kind, "{path}");
    }
    let keyed = json!([{"op": "replace", "value": {"emails[type like \"x\"].value": "x"}}]);
    assert_eq!(refused(keyed).0, "invalidFilter");
}

#[test]
fn values_of_the_wrong_type_are_refused_with_their_attribute() {
    for (path, value, at) in [
        ("active", json!("maybe"), "active"),
        ("title", json!({"a": 1}), "title"),
        ("title", json!(["a", "b"]), "title"),
        ("name", json!("Anna"), "name"),
        ("name.givenName", json!(7), "name.givenName"),
        ("emails", json!("a@x"), "emails[0]"),
        ("emails", json!([{"value": 7}]), "emails[0].value"),
        ("emails[type eq \"work\"].primary", json!("x"), "emails.primary"),
        ("emails[type eq \"work\"]", json!([1, 2]), "emails"),
        ("manager", json!(7), "manager"),
        (urn::ENTERPRISE_USER, json!("x"), urn::ENTERPRISE_USER),
    ] {
        let (kind, detail) = refused(json!([{"op": "replace", "path": path, "value": value}]));
        assert_eq!(kind, "invalidValue", "{path}");
        assert!(detail.contains(at), "{detail} should name {at}");
    }
}

#[test]
fn a_value_must_be_there_and_without_a_path_be_an_object() {
    for operation in [
        json!({"op": "add", "path": "title"}),
        json!({"op": "replace", "path": "emails[type eq \"work\"].value"}),
        json!({"op": "add"}),
        json!({"op": "replace", "value": "x"}),
        json!({"op": "replace", "value": [{"title": "x"}]}),
    ] {
        assert_eq!(refused(json!([operation])).0, "invalidValue", "{operation}");
    }
}

#[test]
fn an_attribute_stands_once_in_a_value_without_a_path_whatever_its_spelling() {
    for value in [
        json!({"active": false, "Active": true}),
        json!({"active": false, "urn:ietf:params:scim:schemas:core:2.0:User:active": true}),
        json!({"name.givenName": "Anna", "NAME.GIVENNAME": "Anne"}),
    ] {
        let (kind, detail) = refused(json!([{"op": "replace", "value": value}]));
        assert_eq!(kind, "invalidSyntax");
        assert!(detail.ends_with("is given twice."), "{detail}");
    }
}

#[test]
fn what_is_no_patch_message_is_refused() {
    for body in [
        json!([]),
        json!({"schemas": [urn::PATCH_OP]}),
        json!({"schemas": [urn::PATCH_OP], "Operations": {}}),
        json!({"schemas": [urn::USER], "userName": "x"}),
        json!({"schemas": [urn::USER], "Operations": []}),
        json!({"schemas": [], "Operations": []}),
        message(json!([1])),
        message(json!([{"path": "title", "value": "x"}])),
        message(json!([{"op": "set", "path": "title", "value": "x"}])),
        message(json!([{"op": 1, "path": "title", "value": "x"}])),
    ] {
        let error = PatchRequest::from_value(body.clone(), &USER).expect_err("no message");
        assert_eq!(error.scim_type, Some("invalidSyntax"), "{body}");
    }
}

#[test]
fn the_keys_of_a_message_are_read_in_any_case() {
    let body = json!({"SCHEMAS": [urn::PATCH_OP.to_lowercase()],
                      "operations": [{"OP": "Replace", "Path": "title", "VALUE": "Lead"}]});
    let request = PatchRequest::from_value(body, &USER).expect("reads");
    let mut document = anna();
    assert_eq!(apply(&request, &mut document), Ok(true));
    assert_eq!(document.as_value()["title"], "Lead");
}

#[test]
fn counts_and_sizes_are_capped() {
    let operation = json!({"op": "replace", "path": "title", "value": "x"});
    let too_many = vec![operation; limits::PATCH_CHANGES + 1];
    assert_eq!(refused(json!(too_many)).0, "invalidSyntax");
    let keys: serde_json::Map<String, Value> = (0..=limits::PATCH_CHANGES)
        .map(|i| (format!("emails[type eq \"{i}\"].value"), json!("x")))
        .collect();
    assert_eq!(refused(json!([{"op": "add", "value": keys}])).0, "invalidSyntax");

    let values: Vec<Value> = (0..limits::VALUES).map(|i| json!({"value": i.to_string()})).collect();
    // Not even for a moment: each operation looks at all values.
    let there_and_back = json!([
        {"op": "add", "path": "roles", "value": values},
        {"op": "add", "path": "roles", "value": [{"value": "one more"}]},
        {"op": "remove", "path": "roles"},
    ]);
    let (kind, detail) = refused(there_and_back);
    assert_eq!(kind, "invalidValue");
    assert!(detail.contains("roles has more than"), "{detail}");

    let long = "x".repeat(limits::USER_BODY_BYTES);
    let body = message(json!([{"op": "add", "path": "title", "value": long}])).to_string();
    let error = PatchRequest::parse(body.as_bytes(), &USER).expect_err("too long");
    assert_eq!(error.status, 413);
}

/// They are carried out while everybody else's changes wait.
#[test]
fn operations_that_look_at_very_much_taken_together_are_refused() {
    let emails = |count: usize, length: usize| {
        let value = |number| json!({"value": format!("{number}{}", "x".repeat(length))});
        json!({"userName": "a", "emails": (0..count).map(value).collect::<Vec<_>>()})
    };
    let patched = |user: &Value, path: &str, count: usize| {
        let mut user = UserDocument::from_value(user.clone(), &USER).expect("a user");
        let operation = json!({"op": "add", "path": path, "value": [{"value": "new"}]});
        let request = message(json!(vec![operation; count]));
        apply(&PatchRequest::from_value(request, &USER).expect("reads"), &mut user)
    };
    let large = emails(100, 1_900);
    let error = patched(&large, "emails", 1_000).expect_err("too much");
    assert_eq!((error.status, error.scim_type), (400, Some("invalidSyntax")));
    assert!(error.detail.contains("several requests"), "{error}");
    // What real clients send is far from it, and another attribute is another list.
    assert_eq!(patched(&large, "emails", 50), Ok(true));
    assert_eq!(patched(&large, "roles", 1_000), Ok(true));
    assert_eq!(patched(&emails(200, 40), "emails", 1_000), Ok(true));
}
