//! The operator's own attributes and types, from a file, over HTTP.

use serde_json::{Value, json};

use crate::support::{Acme, Installation, encoded, id, new_user};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/scim-schemas.json");
const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";
const DEVICE: &str = "urn:example:params:scim:schemas:core:2.0:Device";
const WARRANTY: &str = "urn:example:params:scim:schemas:extension:warranty:2.0:Device";

fn with_schemas() -> Acme {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_SCIM_SCHEMAS", FILE);
    Acme::with(installation)
}

fn total(acme: &Acme, endpoint: &str, filter: &str) -> Value {
    let path = format!("{endpoint}?filter={}", encoded(filter));
    acme.scim("GET", &path).send().is(200).json()["totalResults"].clone()
}

#[test]
fn an_extension_of_users_is_stored_found_sorted_changed_and_unique() {
    let acme = with_schemas();
    let user = |name: &str, badge: Value| {
        let mut user = new_user(name);
        user["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User", BADGE]);
        user[BADGE] = badge;
        user
    };
    let post = |body: &Value| acme.scim("POST", "/Users").json(body);
    let badge = json!({ "number": "A1", "level": 3, "issued": "2026-01-01T00:00:00Z",
                        "buildings": ["North", "South"] });
    let ann = post(&user("ann", badge.clone())).is(201).json();
    assert_eq!(ann[BADGE], badge);
    assert!(ann["schemas"].as_array().unwrap().contains(&json!(BADGE)));
    let bob = post(&user("bob", json!({ "number": "a1", "level": 1 }))).is(201).json();
    let error = post(&user("eve", json!({ "number": "A1" }))).scim_error(409, Some("uniqueness"));
    assert!(error["detail"].as_str().unwrap().contains("number"), "{error}");
    post(&user("eve", json!({ "level": "high" }))).scim_error(400, Some("invalidValue"));
    for (filter, count) in [
        (format!(r#"{BADGE}:number eq "A1""#), 1),
        (format!("{BADGE}:level gt 1"), 1),
        (format!("{BADGE}:level ge 1 and active eq true"), 2),
        (format!(r#"{BADGE}:buildings eq "north""#), 1),
        (format!(r#"{BADGE}:issued lt "2027-01-01T00:00:00Z""#), 1),
        (format!("not ({BADGE}:issued pr)"), 1),
    ] {
        assert_eq!(total(&acme, "/Users", &filter), count, "{filter}");
    }
    let sorted = |order: &str| {
        let path = format!("/Users?sortBy={BADGE}:level&sortOrder={order}");
        let list = acme.scim("GET", &path).send().is(200).json();
        list["Resources"][0]["userName"].clone()
    };
    assert_eq!([sorted("ascending"), sorted("descending")], ["bob", "ann"]);
    let (ann, bob) = (format!("/Users/{}", id(&ann)), format!("/Users/{}", id(&bob)));
    let set = |path: &str, attribute: &str, value: Value| {
        let path_in = format!("{BADGE}:{attribute}");
        acme.patch(path, &json!([{ "op": "replace", "path": path_in, "value": value }]))
    };
    set(&bob, "number", "A1".into()).scim_error(409, Some("uniqueness"));
    set(&ann, "issued", "2026-02-02T00:00:00Z".into()).scim_error(400, Some("mutability"));
    assert_eq!(set(&ann, "number", "A2".into()).is(200).json()[BADGE]["number"], "A2");
    set(&bob, "number", "A1".into()).is(200);
    acme.scim("DELETE", &bob).send().is(204);
    set(&ann, "number", "A1".into()).is(200);
}

#[test]
fn a_type_of_one_s_own_lives_its_whole_life() {
    let acme = with_schemas();
    let device = |serial: &str, name: &str| {
        json!({ "schemas": [DEVICE, WARRANTY], "serialNumber": serial, "displayName": name,
                "note": "kept quiet", WARRANTY: { "until": "2030-01-01T00:00:00Z" } })
    };
    let post = |body: &Value| acme.scim("POST", "/Devices").json(body);
    let reply = post(&device("S-1", "Laptop")).is(201);
    let made = reply.json();
    assert_eq!(made["meta"]["resourceType"], "Device");
    // RFC 7643 §7: what is returned on request is returned when it was just sent, too.
    assert_eq!(made["note"], "kept quiet");
    assert_eq!(reply.header("location"), made["meta"]["location"].as_str());
    let path = format!("/Devices/{}", id(&made));
    let mut quiet = made.clone();
    quiet.as_object_mut().unwrap().remove("note");
    assert_eq!(acme.scim("GET", &path).send().is(200).json(), quiet);
    let noted = acme.scim("GET", &format!("{path}?attributes=note")).send().is(200).json();
    assert_eq!(noted["note"], "kept quiet");
    post(&device("s-1", "Other")).scim_error(409, Some("uniqueness"));
    let mut bare = device("S-9", "x");
    bare.as_object_mut().unwrap().remove("serialNumber");
    post(&bare).scim_error(400, Some("invalidValue"));
    post(&device("S-2", "Phone")).is(201);
    assert_eq!(total(&acme, "/Devices", r#"serialNumber eq "s-2""#), 1);
    assert_eq!(total(&acme, "/Devices", r#"displayName co "o" and meta.created pr"#), 2);
    assert_eq!(
        total(&acme, "/Devices", &format!("{WARRANTY}:until lt \"2029-01-01T00:00:00Z\"")),
        0
    );
    let list = acme.scim("GET", "/Devices?sortBy=displayName&sortOrder=descending").send().is(200);
    assert_eq!(list.json()["Resources"][0]["displayName"], "Phone");
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "Tablet" }]);
    let renamed = acme.patch(&path, &rename).is(200);
    assert_eq!(renamed.header("etag"), Some("W/\"2\""));
    let other = json!([{ "op": "replace", "path": "serialNumber", "value": "S-3" }]);
    acme.patch(&path, &other).scim_error(400, Some("mutability"));
    let put = acme.scim("PUT", &path).header("If-Match", "W/\"2\"").json(&device("S-1", "Desk"));
    assert_eq!(put.is(200).json()["displayName"], "Desk");
    // Another type's address, and another organization, do not know it.
    let stranger = acme.stranger();
    acme.scim("GET", &format!("/Users/{}", id(&made))).send().scim_error(404, None);
    acme.server.scim(&stranger, "GET", &path).send().scim_error(404, None);
    acme.server.scim(&stranger, "DELETE", &path).send().scim_error(404, None);
    acme.scim("DELETE", &path).send().is(204);
    acme.scim("GET", &path).send().scim_error(404, None);
    post(&device("S-1", "Again")).is(201);
}

#[test]
fn what_is_declared_is_advertised() {
    let acme = with_schemas();
    let list = |path: &str| {
        let list = acme.scim("GET", path).send().is(200).json();
        list["Resources"].as_array().unwrap().clone()
    };
    let types = list("/ResourceTypes");
    let device = types.iter().find(|it| it["name"] == "Device").unwrap();
    assert_eq!((&device["endpoint"], &device["schema"]), (&json!("/Devices"), &json!(DEVICE)));
    let extension = json!([{ "schema": WARRANTY, "required": true }]);
    assert_eq!(device["schemaExtensions"], extension);
    let user = types.iter().find(|it| it["name"] == "User").unwrap();
    assert!(user["schemaExtensions"].to_string().contains(BADGE));
    let schemas: Vec<Value> = list("/Schemas").iter().map(|it| it["id"].clone()).collect();
    for urn in [BADGE, DEVICE, WARRANTY] {
        assert!(schemas.contains(&json!(urn)), "{urn}");
        let schema = acme.scim("GET", &format!("/Schemas/{urn}")).send().is(200).json();
        assert_eq!(schema["id"], urn);
    }
    acme.scim("GET", "/ResourceTypes/Device").send().is(200);
    Acme::new().scim("GET", "/Devices").send().scim_error(404, None);
}

#[test]
fn a_broken_file_refuses_the_start_and_names_place_and_fix() {
    for (file, parts) in [
        ("{", &["JSON"][..]),
        (r#"{"schemas": [{"id": "badge", "attributes": []}]}"#, &["schemas", "URN"]),
        (
            r#"{"schemas": [{"id": "urn:x:y", "attributes": [{"name": "n", "type": "strng"}]}]}"#,
            &["strng", "string"],
        ),
        (
            r#"{"resourceTypes": [{"name": "Door", "schema": "urn:none:at:all"}]}"#,
            &["resourceTypes"],
        ),
        (r#"{"shemas": []}"#, &["shemas", "schemas"]),
    ] {
        let mut installation = Installation::new();
        let path = installation.folder().join("schemas.json");
        std::fs::write(&path, file).unwrap();
        installation.set("FREEHOLD_SCIM_SCHEMAS", path.to_str().unwrap());
        let (code, error) = installation.refused(&["serve"]);
        assert_ne!(code, 0);
        assert!(error.contains("schemas.json"), "{error}");
        for part in parts {
            assert!(error.contains(part), "{file}: {error}");
        }
    }
    let mut installation = Installation::new();
    installation.set("FREEHOLD_SCIM_SCHEMAS", "/nowhere/schemas.json");
    assert!(installation.refused(&["serve"]).1.contains("/nowhere/schemas.json"));
}
