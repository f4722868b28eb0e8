use proptest::prelude::*;
use serde_json::{Value, json};

use super::UserDocument;
use crate::error::ScimError;
use crate::limits;
use crate::schema::{USER, urn};

fn stored(body: Value) -> Value {
    UserDocument::from_value(body, &USER).unwrap_or_else(|error| panic!("{error}")).into_value()
}

fn refusal(body: Value) -> ScimError {
    UserDocument::from_value(body, &USER).expect_err("must be refused")
}

#[test]
fn the_create_of_entra_is_stored_without_its_nulls_and_empties() {
    // scim.md section 2: both URNs in schemas, meta.resourceType, `roles: []`, explicit nulls.
    let body = json!({
        "schemas": [urn::USER, urn::ENTERPRISE_USER],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "Anna.Nowak@example.com",
        "active": true,
        "addresses": null,
        "displayName": "Anna Nowak",
        "emails": [{"type": "work", "value": "Anna@example.com", "primary": true}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Anna Nowak", "familyName": "Nowak", "givenName": "Anna"},
        "roles": [],
        "title": null,
        urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "m1", "displayName": "x"}},
    });
    assert_eq!(
        stored(body),
        json!({
            "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
            "userName": "Anna.Nowak@example.com",
            "active": true,
            "displayName": "Anna Nowak",
            "emails": [{"type": "work", "value": "Anna@example.com", "primary": true}],
            "name": {"formatted": "Anna Nowak", "familyName": "Nowak", "givenName": "Anna"},
            urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "m1"}},
        })
    );
}

#[test]
fn the_create_of_okta_loses_its_password_and_its_groups() {
    let body = json!({
        "schemas": [urn::USER], "userName": "anna@example.com", "password": "1mz050nq",
        "name": {"givenName": "Anna", "familyName": "Nowak"}, "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "active": true,
        "emails": [{"primary": true, "value": "anna@example.com", "type": "work"}],
    });
    let document = stored(body);
    assert!(!document.to_string().contains("1mz050nq"));
    assert!(document.get("password").is_none() && document.get("groups").is_none());
    assert_eq!(document["locale"], "en-US");
}

#[test]
fn a_put_that_echoes_what_it_got_is_accepted() {
    let body = json!({
        "schemas": [urn::USER], "id": "7", "userName": "anna",
        "meta": {"version": "W/\"3\"", "location": "https://h/Users/7"},
        "groups": [{"value": "g1", "display": "Staff"}],
    });
    assert_eq!(stored(body), json!({"userName": "anna"}));
}

#[test]
fn names_are_read_in_any_case_and_stored_in_the_spelling_of_the_schema() {
    let body = json!({
        "USERNAME": "anna", "Emails": [{"VALUE": "a@x", "Type": "Work"}],
        "urn:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:user": {"costcenter": "4130"},
    });
    assert_eq!(
        stored(body),
        json!({"userName": "anna", "emails": [{"value": "a@x", "type": "Work"}],
               urn::ENTERPRISE_USER: {"costCenter": "4130"}})
    );
}

#[test]
fn booleans_may_be_texts_and_nothing_else_may() {
    for (sent, expected) in [(json!("False"), false), (json!("TRUE"), true), (json!(false), false)]
    {
        let body = json!({"userName": "anna", "active": sent,
                          "roles": [{"value": "admin", "primary": "True"}]});
        let document = UserDocument::from_value(body, &USER).expect("valid");
        assert_eq!(document.active(), expected);
        assert_eq!(document.as_value()["active"], Value::Bool(expected));
        assert_eq!(document.as_value()["roles"][0]["primary"], true);
    }
    for (body, at) in [
        (json!({"userName": 7}), "userName must be a text"),
        (json!({"userName": "a", "active": "yes"}), "active must be true or false"),
        (json!({"userName": "a", "active": 0}), "active must be true or false"),
        (json!({"userName": "a", "externalId": 1}), "externalId must be a text"),
        (json!({"userName": "a", "name": "Anna"}), "name must be an object"),
        (json!({"userName": "a", "emails": "a@x"}), "emails must be a list"),
        (json!({"userName": "a", "emails": {"value": "a@x"}}), "emails must be a list"),
        (json!({"userName": "a", "emails": ["a@x"]}), "emails[0] must be an object"),
        (json!({"userName": "a", "emails": [{}, {"primary": 1}]}), "emails[1].primary must be"),
        (
            json!({"userName": "a", "x509Certificates": [{"value": "{}"}]}),
            "x509Certificates[0].value must be base64",
        ),
        (json!({"userName": "a", urn::ENTERPRISE_USER: "x"}), "must be an object"),
        (json!({"userName": "a", urn::ENTERPRISE_USER: {"manager": [1, 2]}}), "manager must be"),
    ] {
        let error = refusal(body);
        assert_eq!(error.scim_type, Some("invalidValue"), "{error}");
        assert!(error.detail.contains(at), "{error} should say {at}");
    }
}

#[test]
fn a_user_without_a_name_to_sign_in_with_is_refused() {
    for body in [
        json!({}),
        json!({"not": "a scim resource"}),
        json!({"userName": null}),
        json!({"userName": ""}),
        json!({"userName": " \u{3000}"}),
        json!({"schemas": [urn::USER], "displayName": "Anna"}),
    ] {
        let error = refusal(body);
        assert_eq!((error.status, error.scim_type), (400, Some("invalidValue")));
        assert!(error.detail.contains("userName"));
    }
    assert!(refusal(json!({})).detail.contains("required and missing"));
}

#[test]
fn schemas_may_be_missing_or_incomplete_but_not_of_another_resource() {
    let with = |schemas: Value| {
        json!({"schemas": schemas, "userName": "a",
                                       urn::ENTERPRISE_USER: {"department": "x"}})
    };
    // Entra does not list its custom extensions.
    assert_eq!(stored(with(json!([urn::USER])))[urn::ENTERPRISE_USER]["department"], "x");
    assert_eq!(stored(with(json!([urn::USER.to_uppercase(), "urn:x:y"])))["userName"], "a");
    // RFC 7644 §3.7 prints it so.
    assert_eq!(
        stored(with(json!(["urn:ietf:params:scim:api:messages:2.0:User"])))["userName"],
        "a"
    );
    let group = json!(["urn:ietf:params:scim:api:messages:2.0:Group"]);
    for schemas in [group, json!([]), json!([urn::GROUP]), json!("x"), json!(null), json!([1])] {
        assert_eq!(refusal(with(schemas)).scim_type, Some("invalidSyntax"));
    }
    for body in [json!([]), json!("x"), json!(null), json!(7)] {
        assert_eq!(refusal(body).scim_type, Some("invalidSyntax"));
    }
}

#[test]
fn what_is_unknown_is_ignored() {
    let body = json!({"userName": "a", "shoeSize": 43, "emails": [{"value": "a@x", "shoe": {}}],
                      "urn:example:custom:2.0:User": {"x": [1]}});
    assert_eq!(stored(body), json!({"userName": "a", "emails": [{"value": "a@x"}]}));
}

#[test]
fn an_attribute_given_twice_in_two_spellings_is_refused() {
    let error = refusal(json!({"userName": "a", "active": false, "Active": true}));
    assert_eq!(error.scim_type, Some("invalidSyntax"));
    assert!(error.detail.contains("active"));
    refusal(json!({"userName": "a", "emails": [{"value": "a", "VALUE": "b"}]}));
}

#[test]
fn values_of_the_same_type_and_value_are_stored_once_and_one_is_primary() {
    // PingOne may call two addresses primary.
    let body = json!({"userName": "a", "emails": [
        {"value": "a@x", "type": "work", "primary": true},
        {"value": "A@X", "type": "WORK"},
        {"value": "a@x", "type": "home", "primary": true},
        {"type": "other"}, null, {},
    ]});
    assert_eq!(
        stored(body)["emails"],
        json!([
            {"value": "a@x", "type": "work", "primary": true},
            {"value": "a@x", "type": "home", "primary": false},
        ])
    );
}

#[test]
fn values_are_given_back_as_they_were_sent() {
    let body = json!({
        "userName": " Änne ", "timezone": "Europe/Berlin", "profileUrl": "not a uri",
        "phoneNumbers": [{"value": "+49 (0) 221/123-45", "type": "mobile"}],
        "photos": [{"value": "https://x/p.jpg", "type": "photo"}],
        "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAA="}],
        "addresses": [{"type": "work", "formatted": "a\nb", "country": "DE"}],
        "entitlements": [{"value": "e"}], "ims": [{"value": "i"}],
    });
    assert_eq!(stored(body.clone()), body);
}

#[test]
fn a_manager_may_be_a_bare_id_or_a_list_of_one() {
    for manager in [json!("m1"), json!([{"value": "m1", "$ref": null}]), json!({"value": "m1"})] {
        let body = json!({"userName": "a", urn::ENTERPRISE_USER: {"manager": manager}});
        assert_eq!(stored(body)[urn::ENTERPRISE_USER]["manager"], json!({"value": "m1"}));
    }
    for manager in [json!(""), json!([]), json!({"displayName": "x"}), json!({"value": ""})] {
        let body = json!({"userName": "a", urn::ENTERPRISE_USER: {"manager": manager}});
        assert!(stored(body).get(urn::ENTERPRISE_USER).is_none());
    }
}

#[test]
fn limits_are_named_when_they_are_passed() {
    let long = |bytes: usize| "x".repeat(bytes);
    let many: Vec<Value> = (0..=limits::VALUES).map(|i| json!({"value": i.to_string()})).collect();
    for (body, at) in [
        (json!({"userName": long(limits::KEY_BYTES + 1)}), "userName is longer"),
        // Eighteen letters each once folded: the key counts, not the text.
        (json!({"userName": "\u{FDFA}".repeat(100)}), "userName is longer"),
        (json!({"userName": "a", "externalId": long(limits::KEY_BYTES + 1)}), "externalId is"),
        (json!({"userName": "a", "emails": [{"value": long(limits::KEY_BYTES + 1)}]}), "emails"),
        (json!({"userName": "a", "title": long(limits::TEXT_BYTES + 1)}), "title is longer"),
        (json!({"userName": "a", "title": "a\0b"}), "NUL"),
        (json!({"userName": "a", "roles": many}), "roles has more than"),
    ] {
        let error = refusal(body);
        assert_eq!(error.scim_type, Some("invalidValue"));
        assert!(error.detail.contains(at), "{error} should say {at}");
    }
    let photos: Vec<Value> =
        (0..5).map(|i| json!({"value": format!("{i}{}", long(limits::TEXT_BYTES - 1))})).collect();
    assert_eq!(refusal(json!({"userName": "a", "photos": photos})).status, 413);
    let padded = format!("{{\"userName\":\"a\",\"x\":\"{}\"}}", long(limits::USER_BODY_BYTES));
    assert_eq!(UserDocument::parse(padded.as_bytes(), &USER).expect_err("too long").status, 413);
}

#[test]
fn getters_say_what_the_document_says() {
    let document = UserDocument::parse(
        br#"{"userName":"Anna","externalId":"e","displayName":"A","emails":[{"value":"a@x"}]}"#,
        &USER,
    )
    .expect("valid");
    assert_eq!(document.user_name(), "Anna");
    assert_eq!(document.external_id(), Some("e"));
    assert_eq!(document.display_name(), Some("A"));
    assert!(document.active());
    let emails: Vec<_> = document.emails().map(|it| (it.value, it.kind, it.primary)).collect();
    assert_eq!(emails, [("a@x", None, false)]);
    assert_eq!(UserDocument::from_stored(document.as_value().clone()), Ok(document));
    assert_eq!(UserDocument::from_stored(json!({})).expect_err("no user").status, 500);
}

#[test]
fn a_put_without_active_does_not_let_a_deactivated_person_in_again() {
    let off =
        UserDocument::from_value(json!({"userName": "a", "active": false}), &USER).expect("valid");
    let mut put = UserDocument::from_value(json!({"userName": "a"}), &USER).expect("valid");
    put.keep_active_of(&off);
    assert!(!put.active());
    let mut on =
        UserDocument::from_value(json!({"userName": "a", "active": true}), &USER).expect("valid");
    on.keep_active_of(&off);
    assert!(on.active());
}

/// Any JSON, with the names of the schema in it more often than chance would have it.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        proptest::sample::select(vec!["", "True", "false", "work", "a@x", "{\"value\":\"r\"}"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(any_key(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_key() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "userName",
        "externalId",
        "active",
        "Active",
        "name",
        "givenName",
        "emails",
        "value",
        "type",
        "primary",
        "roles",
        "addresses",
        "manager",
        "department",
        "$ref",
        "members",
        "displayName",
        "id",
        "meta",
        "schemas",
        "password",
        "groups",
        urn::ENTERPRISE_USER,
        "op",
        "path",
        "Operations",
        "emails[type eq \"work\"].value",
        "name.familyName",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

proptest! {
    #[test]
    fn no_json_panics_and_what_is_accepted_is_accepted_unchanged_again(mut body in any_json()) {
        if let Some(map) = body.as_object_mut() {
            map.remove("schemas");
            map.insert("userName".into(), "anna".into());
        }
        if let Ok(document) = UserDocument::from_value(body, &USER) {
            let again = UserDocument::from_value(document.as_value().clone(), &USER);
            prop_assert_eq!(again, Ok(document));
        }
    }
}

#[test]
fn the_text_is_that_of_the_document_also_after_a_change() {
    let before = UserDocument::from_value(json!({"userName": "anna", "active": false}), &USER);
    let before = before.expect("valid");
    let mut after = UserDocument::from_value(json!({"userName": "anna"}), &USER).expect("valid");
    assert_eq!(after.as_text(), r#"{"userName":"anna"}"#);
    let copy = after.clone();
    after.keep_active_of(&before);
    assert_eq!(after.as_text(), after.as_value().to_string());
    assert_eq!(copy.as_text(), r#"{"userName":"anna"}"#);
    assert_eq!(after, before);
}

#[test]
fn the_attributes_of_the_core_schema_may_stand_under_its_urn() {
    let body = json!({
        "schemas": [urn::USER],
        "externalId": "x",
        urn::USER.to_uppercase(): {"userName": "anna", "name": {"givenName": "Anna"}},
    });
    let plain = json!({"externalId": "x", "userName": "anna", "name": {"givenName": "Anna"}});
    assert_eq!(stored(body), stored(plain));
    assert_eq!(stored(json!({"userName": "anna", urn::USER: null})), json!({"userName": "anna"}));
    let twice = refusal(json!({"userName": "anna", urn::USER: {"userName": "eve"}}));
    assert!(twice.detail.contains("given twice"), "{twice}");
    let twice = refusal(json!({"userName": "anna", urn::USER: {"USERNAME": "eve"}}));
    assert!(twice.detail.contains("given twice"), "{twice}");
    assert!(refusal(json!({urn::USER: "anna"})).detail.contains("must be an object"));
    // An object in the object is an unknown attribute.
    let deeper = json!({"userName": "anna", urn::USER: {urn::USER: {"title": "x"}}});
    assert_eq!(stored(deeper), json!({"userName": "anna"}));
}
