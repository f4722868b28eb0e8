//! What identity providers really send: the shapes of Entra and Canaille.

use serde_json::{Value, json};

use crate::support::{Installation, Server};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

struct Provider<'a> {
    server: &'a Server,
    token: String,
}

impl Provider<'_> {
    fn find(&self, query: &str) -> Value {
        let path = format!("/Users?{query}");
        self.server.scim(&self.token, "GET", &path).send().is(200).json()
    }

    fn create(&self, user: &Value) -> Value {
        self.server.scim(&self.token, "POST", "/Users").json(user).is(201).json()
    }

    fn patch(&self, id: &str, operations: Value) -> Value {
        let body = json!({ "schemas": [PATCH_OP], "Operations": operations });
        let path = format!("/Users/{id}");
        self.server.scim(&self.token, "PATCH", &path).json(&body).is(200).json()
    }
}

fn entra_user() -> Value {
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "Test_User_ab6490ee@example.com",
        "active": true,
        "addresses": null,
        "displayName": "lennay",
        "emails": [{ "primary": true, "type": "work", "value": "Test_User@example.com" }],
        "meta": { "resourceType": "User" },
        "name": { "formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName" },
        "password": "Placeholder-not-to-be-kept-1",
        "roles": [],
        "title": null,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "bol" },
    })
}

#[test]
fn entra_tests_the_connection_with_a_user_that_does_not_exist() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let entra = Provider { server: &server, token };
    for query in [
        "filter=userName+eq+%22b7d4c3a8-8d2a-4f8e-bf98-7363c4aed4ef%22",
        "filter=externalId%20eq%20%22b7d4c3a8-8d2a-4f8e-bf98-7363c4aed4ef%22",
        "filter=externalId+eq+jyoung",
        "aadOptscim062020&filter=userName+eq+%22nobody%22",
        "filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22nobody%40example.com%22",
    ] {
        let list = entra.find(query);
        assert_eq!(list["totalResults"], 0, "{query}");
        assert_eq!(list["Resources"], json!([]), "{query}");
    }
}

#[test]
fn the_first_cycle_of_entra_goes_through() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let entra = Provider { server: &server, token };
    let user = entra.create(&entra_user());
    let id = user["id"].as_str().unwrap();
    assert_eq!(user["externalId"], "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef");
    assert!(user.get("password").is_none() && user.get("addresses").is_none());
    for query in [
        "filter=userName+eq+%22TEST_USER_AB6490EE%40example.com%22",
        "filter=externalId+eq+%220a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef%22",
        "filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22test_user%40example.com%22",
    ] {
        assert_eq!(entra.find(query)["totalResults"], 1, "{query}");
    }
    let changed = entra.patch(
        id,
        json!([
            { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com" },
            { "op": "Replace", "path": "name.familyName", "value": "Changed" },
            { "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", "value": "7" },
        ]),
    );
    assert_eq!(changed["emails"][0]["value"], "new@example.com");
    assert_eq!(changed["name"]["familyName"], "Changed");
    let off = entra.patch(id, json!([{ "op": "Replace", "path": "active", "value": "False" }]));
    assert_eq!(off["active"], false);
    let on = entra.patch(id, json!([{ "op": "Replace", "value": { "active": "True" } }]));
    assert_eq!(on["active"], true);
    server.scim(&entra.token, "DELETE", &format!("/Users/{id}")).send().is(204);
    server.scim(&entra.token, "GET", &format!("/Users/{id}")).send().scim_error(404, None);
    let again = entra.create(&entra_user());
    assert_ne!(again["id"], user["id"]);
}

#[test]
fn the_password_of_a_provisioning_client_is_nowhere() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let entra = Provider { server: &server, token };
    entra.create(&entra_user());
    assert!(!server.log().contains("Placeholder-not"));
    let data = installation.folder().join("data");
    for file in std::fs::read_dir(&data).into_iter().flatten() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let needle = b"Placeholder-not";
        assert!(!bytes.windows(needle.len()).any(|window| window == needle));
    }
}

#[test]
fn canaille_replaces_whole_users_and_locks_them() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let canaille = Provider { server: &server, token };
    let mut user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": "jane",
        "userName": "jane",
        "name": { "formatted": "Jane Doe", "familyName": "Doe", "givenName": "Jane" },
        "displayName": "Jane",
        "emails": [{ "value": "jane@example.com", "primary": true }],
        "active": true,
    });
    let created = canaille.create(&user);
    let path = format!("/Users/{}", created["id"].as_str().unwrap());
    user["id"] = created["id"].clone();
    user["meta"] = created["meta"].clone();
    user["active"] = false.into();
    let replaced = server.scim(&canaille.token, "PUT", &path).json(&user).is(200).json();
    assert_eq!((&replaced["active"], &replaced["id"]), (&json!(false), &created["id"]));
    let found = canaille.find("filter=externalId%20eq%20%22jane%22&startIndex=1&count=100");
    assert_eq!(found["Resources"][0]["active"], false);
}

#[test]
fn okta_switches_people_off_without_a_path() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let okta = Provider { server: &server, token };
    let user = okta.create(&entra_user());
    let id = user["id"].as_str().unwrap();
    let off = okta.patch(id, json!([{ "op": "replace", "value": { "active": false } }]));
    assert_eq!(off["active"], false);
    let page = okta.find("startIndex=1&count=100");
    assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(1), &json!(1)));
}

#[test]
fn the_discovery_documents_are_read_before_anything_else() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let get = |path: &str| server.scim(&token, "GET", path).send();
    let config = get("/ServiceProviderConfig?attributes=x").is(200);
    assert_eq!(config.header("content-type"), Some("application/scim+json"));
    let config = config.json();
    assert_eq!(config["patch"]["supported"], true);
    assert!(
        config["bulk"]["maxOperations"].is_number() && config["filter"]["maxResults"].is_number()
    );
    let schemas = get("/Schemas").is(200).json();
    assert_eq!(schemas["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:ListResponse");
    let user = get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User").is(200).json();
    assert_eq!(user["id"], "urn:ietf:params:scim:schemas:core:2.0:User");
    assert_eq!(get("/ResourceTypes/User").is(200).json()["endpoint"], "/Users");
    assert_eq!(get("/ResourceTypes").is(200).json()["totalResults"], 1);
    get("/Schemas?filter=id%20eq%20%22x%22").scim_error(403, None);
    get("/ResourceTypes?FILTER=x").scim_error(403, None);
    get("/Schemas/urn:nothing").scim_error(404, None);
    get("/ResourceTypes/Group").scim_error(404, None);
}
