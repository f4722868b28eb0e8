use proptest::prelude::*;
use serde_json::{Value, json};

use super::{anna, message, patch};
use crate::group::GroupDocument;
use crate::patch::{PatchRequest, apply, apply_to_group};
use crate::schema::{GROUP, USER, urn};
use crate::user::UserDocument;
use crate::user::tests::any_json;

/// Operations that mostly make sense.
fn operation() -> impl Strategy<Value = Value> {
    let verb = proptest::sample::select(vec!["add", "Replace", "remove"]);
    let path = proptest::sample::select(vec![
        "title",
        "active",
        "name",
        "name.givenName",
        "emails",
        "emails.type",
        "manager",
        "roles",
        "emails[type eq \"work\"]",
        "emails[type eq \"work\"].value",
        "addresses",
        "emails[primary eq true].value",
        "emails[type eq \"home\"].primary",
        "addresses.country",
        "addresses[type eq \"work\" and primary eq true].country",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ]);
    let value = prop_oneof![
        Just(json!("x")),
        Just(json!("True")),
        Just(json!(false)),
        Just(json!("")),
        Just(json!(null)),
        Just(json!([])),
        Just(json!({"value": "a@x", "type": "work"})),
        Just(json!([{"value": "a@x", "type": "home", "primary": true}, {"value": "b@x"}])),
        Just(json!({"givenName": "Ann"})),
        Just(json!([{"country": "DE", "type": "work"}])),
        Just(json!({"department": "x", "manager": "m2"})),
        Just(json!({"primary": "true"})),
        any_json(),
    ];
    (verb, path, value)
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
}

fn is_sound(document: &UserDocument) -> bool {
    let one_primary = |list: &Vec<Value>| {
        list.iter().filter(|it| it.get("primary") == Some(&json!(true))).count() < 2
    };
    let lists = document.as_value().as_object().into_iter().flat_map(|map| map.values());
    lists.filter_map(Value::as_array).all(one_primary)
        && UserDocument::from_value(document.as_value().clone(), &USER).as_ref() == Ok(document)
}

proptest! {
    #[test]
    fn the_same_operation_a_second_time_changes_nothing(operation in operation()) {
        let mut document = anna();
        if patch(&mut document, json!([operation.clone()])).is_ok() {
            let once = document.clone();
            if let Ok(changed) = patch(&mut document, json!([operation])) {
                prop_assert!(!changed, "{:?} became {:?}", once, document);
                prop_assert_eq!(document, once);
            }
        }
    }

    #[test]
    fn a_patched_user_is_a_valid_user_and_a_refused_patch_leaves_no_trace(
        operations in proptest::collection::vec(operation(), 0..6)
    ) {
        let mut document = anna();
        match patch(&mut document, json!(operations)) {
            Ok(changed) => {
                prop_assert!(is_sound(&document), "{document:?}");
                prop_assert_eq!(changed, document != anna());
            }
            Err(error) => {
                prop_assert!(matches!(error.status, 400 | 413));
                prop_assert_eq!(document, anna());
            }
        }
    }

    #[test]
    fn no_json_panics(body in any_json(), operations in proptest::collection::vec(any_json(), 0..4)) {
        for body in [body, message(json!(operations))] {
            if let Ok(request) = PatchRequest::from_value(body.clone(), &USER) {
                let _ = apply(&request, &mut anna());
            }
            if let Ok(request) = PatchRequest::from_value(body, &GROUP) {
                let staff = GroupDocument::from_value(json!({"displayName": "Staff"}), &GROUP);
                let _ = apply_to_group(&request, &mut staff.expect("valid").0);
            }
        }
    }

    #[test]
    fn no_set_of_keys_without_a_path_panics(value in any_json()) {
        let mut document = anna();
        let _ = patch(&mut document, json!([{"op": "replace", "value": value}]));
        let _ = patch(&mut document, json!([{"op": "add", "value": {urn::ENTERPRISE_USER: value}}]));
    }
}
