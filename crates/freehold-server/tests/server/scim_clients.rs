//! What identity providers send and must not find anywhere afterwards. Their other exchanges are
//! the stories in `tests/conformance`.

use serde_json::json;

use crate::support::{Installation, new_user};

#[test]
fn the_password_of_a_provisioning_client_is_nowhere() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let mut user = new_user("ann");
    user["password"] = json!("Placeholder-not-to-be-kept-1");
    let created = server.scim(&token, "POST", "/Users").json(&user).is(201).json();
    let changes = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "value": { "password": "Placeholder-not-to-be-kept-2" } }],
    });
    let path = format!("/Users/{}", created["id"].as_str().unwrap());
    server.scim(&token, "PATCH", &path).json(&changes).is(200);
    assert!(!server.log().contains("Placeholder-not"));
    let data = installation.folder().join("data");
    for file in std::fs::read_dir(&data).into_iter().flatten() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let needle = b"Placeholder-not";
        assert!(!bytes.windows(needle.len()).any(|window| window == needle));
    }
}

#[test]
fn the_client_library_of_canaille_is_spared_what_it_does_not_know() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let config = |agent: &str| {
        let request = server.scim(&token, "GET", "/ServiceProviderConfig");
        request.header("User-Agent", agent).send().is(200).json()
    };
    assert!(config("python-httpx/0.28.1").get("pagination").is_none());
    assert_eq!(config("curl/8")["pagination"]["cursor"], true);
}
