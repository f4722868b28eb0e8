use proptest::prelude::*;
use serde_json::{Value, json};

use super::Catalog;
use crate::discovery;
use crate::error::ScimError;
use crate::group::GroupDocument;
use crate::patch::{PatchRequest, apply, apply_to_resource};
use crate::projection::Projection;
use crate::render::render_resource;
use crate::resource::ResourceDocument;
use crate::schema::{ENTERPRISE_USER, GROUP, ResourceType, USER, urn};
use crate::unique::unique_keys;
use crate::user::UserDocument;

const EXAMPLE: &[u8] = include_bytes!("../../../../../docs/examples/scim-schemas.json");
const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";
const COST: &str = "urn:example:params:scim:schemas:extension:cost:2.0:Group";
const DEVICE: &str = "urn:example:params:scim:schemas:core:2.0:Device";
const WARRANTY: &str = "urn:example:params:scim:schemas:extension:warranty:2.0:Device";

fn example() -> Catalog {
    Catalog::parse(EXAMPLE).unwrap_or_else(|error| panic!("{error}"))
}

fn device_type() -> &'static ResourceType {
    example().by_endpoint("/Devices").expect("there")
}

fn device(change: impl FnOnce(&mut Value)) -> Result<ResourceDocument, ScimError> {
    let mut body = json!({
        "schemas": [DEVICE, WARRANTY], "serialNumber": "S-1", "displayName": "Laptop",
        "owner": {"value": "u1"}, "note": "old",
        WARRANTY: {"until": "2030-01-01T00:00:00Z"},
    });
    change(&mut body);
    ResourceDocument::from_value(body, device_type())
}

fn patch(operation: Value, device: &mut ResourceDocument) -> Result<bool, ScimError> {
    let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
    apply_to_resource(&PatchRequest::from_value(body, device_type())?, device)
}

#[test]
fn the_example_extends_users_and_groups_and_has_a_type_of_its_own() {
    let catalog = example();
    let names: Vec<_> = catalog.types().map(|kind| kind.name).collect();
    assert_eq!(names, ["User", "Group", "Device"]);
    let user: Vec<_> = catalog.user.extension_schemas().map(|schema| schema.id).collect();
    assert_eq!(user, [ENTERPRISE_USER.id, BADGE]);
    assert!(catalog.group.extension(COST).is_some());
    let listed = discovery::schemas(&catalog, "https://h");
    assert_eq!(listed["totalResults"], 7 + crate::schema::SERVICE.len());
    let device = discovery::resource_type(&catalog, "https://h", "Device").expect("there");
    assert_eq!(device["schemaExtensions"], json!([{"schema": WARRANTY, "required": true}]));
}

#[test]
fn a_schema_is_advertised_as_it_stands_in_the_file() {
    let file: Value = serde_json::from_slice(EXAMPLE).expect("JSON");
    for written in file["schemas"].as_array().expect("list") {
        let id = written["id"].as_str().expect("text");
        let shown = discovery::schema(&example(), "https://h", id).expect("there");
        let pairs = |value: &Value| value["attributes"].as_array().cloned().expect("list");
        for (written, shown) in pairs(written).iter().zip(pairs(&shown)) {
            for (key, value) in written.as_object().expect("object") {
                if key != "subAttributes" {
                    assert_eq!(shown[key], *value, "{id} {key}");
                }
            }
        }
    }
}

#[test]
fn a_file_that_says_nothing_is_the_catalog_of_the_rfc() {
    assert_eq!(Catalog::parse(b"{}"), Ok(Catalog::default()));
    let user = json!({"resourceTypes": [{"name": "User", "endpoint": "/Users",
        "schema": urn::USER, "schemaExtensions": [{"schema": ENTERPRISE_USER.id,
                                                   "required": true}]}]});
    let catalog = Catalog::parse(user.to_string().as_bytes()).expect("reads");
    assert!(catalog.user.extensions.iter().all(|extension| extension.required));
    assert_eq!(*catalog.group, GROUP);
    let error = UserDocument::from_value(json!({"userName": "a"}), catalog.user);
    let error = error.expect_err("no extension");
    assert!(error.detail.contains("enterprise:2.0:User is required"), "{error}");
}

#[test]
fn users_and_groups_carry_the_extensions_of_the_operator() {
    let catalog = example();
    let body = json!({"userName": "a", BADGE: {"Number": "7", "level": "3", "shoe": 1}});
    let mut user = UserDocument::from_value(body, catalog.user).expect("valid");
    assert_eq!(user.as_value()[BADGE], json!({"number": "7", "level": 3}));
    let operations = json!([{"op": "add", "path": format!("{BADGE}:buildings"), "value": ["A"]}]);
    let message = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
    let request = PatchRequest::from_value(message.clone(), catalog.user).expect("reads");
    assert_eq!(apply(&request, &mut user), Ok(true));
    assert!(PatchRequest::from_value(message, &USER).is_err());

    let group = json!({"displayName": "Staff", COST: {}, "members": []});
    assert!(GroupDocument::from_value(group, catalog.group).is_ok());
    let group = json!({"displayName": "Staff", COST: {"costCenter": "4130"}});
    let (group, _) = GroupDocument::from_value(group, catalog.group).expect("valid");
    assert_eq!(group.as_value()[COST]["costCenter"], "4130");
}

#[test]
fn what_is_required_is_required_in_extensions_and_in_complex_values() {
    for (change, at) in [
        (
            &(|body: &mut Value| body["serialNumber"] = json!(null)) as &dyn Fn(&mut Value),
            "serialNumber is required",
        ),
        (&|body| body[WARRANTY] = json!(null), "Device is required"),
        (&|body| body["owner"] = json!({"$ref": "x"}), "owner.value is required"),
    ] {
        let error = device(|body| change(body)).expect_err(at);
        assert_eq!(error.scim_type, Some("invalidValue"));
        assert!(error.detail.contains(at), "{error} should say {at}");
    }
    let mut device = device(|_| {}).expect("valid");
    let error = patch(json!({"op": "remove", "path": WARRANTY}), &mut device);
    assert!(error.expect_err("required").detail.contains("is required"));
}

#[test]
fn an_immutable_value_is_set_once() {
    let mut own = device(|_| {}).expect("valid");
    let replace = json!({"op": "replace", "path": "serialNumber", "value": "S-2"});
    assert_eq!(patch(replace, &mut own).expect_err("fixed").scim_type, Some("mutability"));
    let same = json!({"op": "replace", "path": "serialNumber", "value": "S-1"});
    assert_eq!(patch(same, &mut own), Ok(false));

    let mut put = device(|body| body["serialNumber"] = json!("S-2")).expect("valid");
    let error = put.keep_immutable_of(&own, device_type()).expect_err("fixed");
    assert_eq!((error.status, error.scim_type), (400, Some("mutability")));
    assert_eq!(error.attribute.as_deref(), Some("serialNumber"));
}

#[test]
fn an_immutable_value_is_added_later_kept_by_a_put_and_not_removed_by_a_patch() {
    let catalog = example();
    let user = |badge: Value| {
        UserDocument::from_value(json!({"userName": "a", BADGE: badge}), catalog.user).expect("ok")
    };
    let change = |operation: Value, user: &mut UserDocument| {
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
        apply(&PatchRequest::from_value(body, catalog.user)?, user)
    };
    let path = format!("{BADGE}:issued");
    let mut own = user(json!({"level": 1}));
    let add = json!({"op": "add", "path": path, "value": "2026-01-01T00:00:00Z"});
    assert_eq!(change(add, &mut own), Ok(true));
    for operation in [
        json!({"op": "remove", "path": path}),
        json!({"op": "remove", "path": BADGE}),
        json!({"op": "replace", "value": {BADGE: {"issued": "2027-01-01T00:00:00Z"}}}),
    ] {
        let error = change(operation.clone(), &mut own).expect_err("fixed");
        assert_eq!(error.scim_type, Some("mutability"), "{operation}");
    }
    for badge in [json!({"level": 2}), json!(null)] {
        let mut put = user(badge);
        put.keep_immutable_of(&own, catalog.user).expect("nothing given");
        assert_eq!(put.as_value()[BADGE]["issued"], "2026-01-01T00:00:00Z");
    }
}

#[test]
fn what_is_read_only_is_ignored_and_what_is_never_returned_does_not_come_back() {
    let file = json!({
        "schemas": [{"id": "urn:x:y", "attributes": [
            {"name": "state", "mutability": "readOnly"},
            {"name": "pin", "mutability": "writeOnly"},
            {"name": "hidden", "returned": "never"},
            {"name": "asked", "returned": "request"},
            {"name": "key", "returned": "always"},
            {"name": "plain"},
        ]}],
        "resourceTypes": [{"name": "Door", "endpoint": "/Doors", "schema": "urn:x:y"}],
    });
    let catalog = Catalog::parse(file.to_string().as_bytes()).expect("reads");
    let door = catalog.by_name("Door").expect("there");
    let body = json!({"state": "1", "pin": "2", "hidden": "3", "asked": "4", "key": "5",
                      "plain": "6"});
    let document = ResourceDocument::from_value(body, door).expect("valid");
    let stored = json!({"hidden": "3", "asked": "4", "key": "5", "plain": "6"});
    assert_eq!(*document.as_value(), stored);
    let names = |attributes, excluded| {
        let mut value = render_resource(&document, door, "1", [0, 0], 1, "https://h");
        Projection::parse(attributes, excluded, door).apply(&mut value);
        let mut names: Vec<String> = value.as_object().expect("object").keys().cloned().collect();
        names.retain(|name| !["id", "schemas", "meta"].contains(&name.as_str()));
        names
    };
    assert_eq!(names(None, None), ["key", "plain"]);
    assert_eq!(names(Some("asked,hidden"), None), ["asked", "key"]);
    assert_eq!(names(None, Some("key,plain")), ["key"]);

    let shows_asked = |projection: Projection| {
        let mut value = render_resource(&document, door, "1", [0, 0], 1, "https://h");
        projection.apply(&mut value);
        value.get("asked").is_some()
    };
    let all = || Projection::all(door);
    assert!(shows_asked(all().with_sent(document.as_value())));
    assert!(!shows_asked(all().with_sent(&json!({"plain": "6"}))));
    assert!(!shows_asked(Projection::parse(Some("plain"), None, door).with_sent(&stored)));
    let change = |path: &str| {
        let operations = json!([{"op": "replace", "path": path, "value": "x"}]);
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
        all().with_changed(&PatchRequest::from_value(body, door).expect("reads"))
    };
    assert!(shows_asked(change("asked")));
    assert!(!shows_asked(change("plain")));
}

#[test]
fn unique_values_are_named_with_their_keys() {
    let device = device(|body| body["serialNumber"] = json!("Ä-1")).expect("valid");
    assert_eq!(
        unique_keys(device.as_value(), device_type()),
        [("serialNumber".to_owned(), "ä-1".to_owned())]
    );
    let catalog = example();
    let body = json!({"userName": "Anna", BADGE: {"number": "A7"}});
    let user = UserDocument::from_value(body, catalog.user).expect("valid");
    assert_eq!(
        unique_keys(user.as_value(), catalog.user),
        [("userName".to_owned(), "anna".to_owned()), (format!("{BADGE}:number"), "A7".to_owned())]
    );
    let long = json!({"userName": "a", BADGE: {"number": "x".repeat(3_000)}});
    let error = UserDocument::from_value(long, catalog.user).expect_err("no index holds it");
    assert!(error.detail.contains("number is longer"), "{error}");
}

/// A file with one schema of one attribute, and a type of its own, changed in one place.
fn fault(change: impl FnOnce(&mut Value)) -> String {
    let mut file = json!({
        "schemas": [{"id": "urn:x:y", "attributes": [{"name": "one", "type": "string"}]}],
        "resourceTypes": [{"name": "Door", "endpoint": "/Doors", "schema": "urn:x:y"}],
    });
    Catalog::parse(file.to_string().as_bytes()).expect("valid as it stands");
    change(&mut file);
    Catalog::parse(file.to_string().as_bytes()).expect_err(&file.to_string())
}

#[test]
fn a_faulty_attribute_is_named_with_its_place_and_the_fix() {
    let at = "schemas[0] (urn:x:y).attributes[0] ";
    for (attribute, place, says) in [
        (json!({"name": "one", "type": "text"}), "(one)", "use string, boolean"),
        (json!({"name": "one", "caseexact": true}), "(one)", "unknown key \"caseexact\""),
        (json!({"name": "one", "required": "yes"}), "(one)", "true or false"),
        (json!({"name": "one", "mutability": "fixed"}), "(one)", "readOnly, readWrite"),
        (json!({"name": "one", "subAttributes": [{"name": "a"}]}), "(one)", "is not complex"),
        (json!({"name": "one", "type": "complex"}), "(one)", "subAttributes"),
        (
            json!({"name": "one", "type": "complex", "subAttributes": [
            {"name": "two", "type": "complex", "subAttributes": [{"name": "a"}]}]}),
            "(one).subAttributes[0] (two)",
            "simple sub-attributes",
        ),
        (
            json!({"name": "one", "type": "complex", "subAttributes": [
            {"name": "two", "uniqueness": "server"}]}),
            "(two)",
            "\"none\"",
        ),
        (json!({"name": "one", "uniqueness": "global"}), "(one)", "to \"server\""),
        (json!({"name": "one", "uniqueness": "server", "multiValued": true}), "(one)", "\"none\""),
        (
            json!({"name": "one", "mutability": "writeOnly", "returned": "default"}),
            "(one)",
            "to \"never\"",
        ),
        (json!({"name": "one", "mutability": "readOnly", "required": true}), "(one)", "remove one"),
        (json!({"name": "one", "referenceTypes": ["User"]}), "(one)", "is no reference"),
        (json!({"name": "meta"}), "(meta)", "choose another"),
        (json!({"name": "EXTERNALID"}), "(EXTERNALID)", "choose another"),
        (json!({"name": "or"}), "(or)", "choose another"),
        (json!({"name": "a.b"}), "(a.b)", "use a letter"),
        (json!({"name": "$ref"}), "($ref)", "use a letter"),
        (json!({"name": ""}), "", "has no \"name\""),
        (json!({"type": "string"}), "", "has no \"name\""),
        (json!("one"), "", "is no object"),
    ] {
        let text = fault(|file| file["schemas"][0]["attributes"][0] = attribute.clone());
        assert!(text.starts_with(at.trim_end()) && text.contains(place), "{attribute}: {text}");
        assert!(text.contains(says) && text.ends_with('.'), "{attribute}: {text}");
    }
}

fn push(file: &mut Value, key: &str, value: &Value) {
    file[key].as_array_mut().expect("list").push(value.clone());
}

fn repeat(file: &mut Value, key: &str) {
    let first = file[key][0].clone();
    push(file, key, &first);
}

#[test]
fn a_faulty_schema_or_type_is_named_with_its_place_and_the_fix() {
    let twice = json!([{"name": "one"}, {"name": "ONE"}]);
    let other = json!({"id": "urn:x:other", "attributes": [{"name": "two"}]});
    type Change<'a> = &'a dyn Fn(&mut Value);
    let cases: &[(Change<'_>, &str)] = &[
        (
            &|it| it["schemas"][0]["attributes"] = twice.clone(),
            "attributes[1] (ONE) is there twice",
        ),
        (&|it| it["schemas"][0]["attributes"] = json!([]), "has no attributes"),
        (&|it| it["schemas"][0]["attributes"] = json!({}), "as a list"),
        (&|it| it["schemas"][0]["id"] = json!("http://x"), "schemas[0] (http://x) is no URN"),
        (&|it| it["schemas"][0]["id"] = json!("urn:x:"), "is no URN"),
        (&|it| it["schemas"][0]["id"] = json!("urn:x:a b"), "is no URN"),
        (&|it| it["schemas"][0]["id"] = json!(urn::USER), "which is the RFC's"),
        (&|it| it["schemas"][0]["id"] = json!("urn:x:z"), "names the schema urn:x:y"),
        (&|it| repeat(it, "schemas"), "schemas[1] (urn:x:y) is there twice"),
        (&|it| push(it, "schemas", &other), "urn:x:other belongs to no resource type"),
        (
            &|it| {
                it["schemas"][0]["attributes"][0] =
                    json!({"name": "one", "type": "reference", "referenceTypes": ["Shoe"]});
            },
            "refers to Shoe",
        ),
        (&|it| it["resourceTypes"][0]["endpoint"] = json!("/users"), "which is taken"),
        (&|it| it["resourceTypes"][0]["endpoint"] = json!("/Bulk"), "which is taken"),
        (&|it| it["resourceTypes"][0]["endpoint"] = json!("/Me"), "which is taken"),
        (&|it| it["resourceTypes"][0]["endpoint"] = json!("Doors"), "one such as /Devices"),
        (&|it| it["resourceTypes"][0]["endpoint"] = json!("/a/b"), "one such as /Devices"),
        (&|it| it["resourceTypes"][0]["endpoint"] = json!("/.search"), "one such as /Devices"),
        (&|it| it["resourceTypes"][0]["name"] = json!("user"), "a name that is taken"),
        (&|it| it["resourceTypes"][0]["name"] = json!("Schema"), "a name that is taken"),
        (&|it| it["resourceTypes"][0]["name"] = json!("My Door"), "no name of a type"),
        (&|it| it["resourceTypes"][0]["name"] = json!("User"), "keeps its endpoint"),
        (&|it| repeat(it, "resourceTypes"), "(Door) has a name"),
        (
            &|it| it["resourceTypes"][0]["schemaExtensions"] = json!([{"schema": "urn:x:y"}]),
            "is a schema of this type already",
        ),
        (
            &|it| it["resourceTypes"][0]["schemaExtensions"] = json!([{"schema": "urn:x:q"}]),
            "schemaExtensions[0] (urn:x:q) names the schema",
        ),
        (&|it| it["resourceTypes"][0]["schemaExtension"] = json!([]), "unknown key"),
        (&|it| it["types"] = json!([]), "The file has the unknown key \"types\""),
        (&|it| *it = json!([]), "The file is no object"),
    ];
    for (change, says) in cases {
        let text = fault(change);
        assert!(text.contains(says), "{text} should say {says}");
    }
    let error = Catalog::parse(b"{").expect_err("no JSON");
    assert!(error.starts_with("The file is not valid JSON"), "{error}");
}

proptest! {
    #[test]
    fn no_file_panics(value in crate::user::tests::any_json(), at in 0..4_usize) {
        let mut file: Value = serde_json::from_slice(EXAMPLE).expect("JSON");
        match at {
            0 => file = value,
            1 => file["schemas"][0] = value,
            2 => file["schemas"][2]["attributes"][2] = value,
            _ => file["resourceTypes"][2] = value,
        }
        let _ = Catalog::parse(file.to_string().as_bytes());
    }
}
