//! What an organization demands of keys, in the pages and on the command line.

use serde_json::json;

use crate::support::World;

#[test]
fn an_unlocked_owner_sets_the_policy_and_a_set_up_below_it_is_refused() {
    let world = World::new();
    world.provision("olga");
    let mut olga = world.browser();
    olga.enter(&world.installation.link("olga", &[]));
    let default =
        json!({ "profileFloor": 1, "passkeyRequired": false, "recoveryCodeRequired": false });
    let high = json!({ "profileFloor": 2, "passkeyRequired": true, "recoveryCodeRequired": true });
    assert_eq!(olga.get("/api/policy").is(200).json(), default);
    olga.page("PUT", "/api/policy").json(&high).problem(403, "locked");
    olga.set_up();
    for (body, says) in [
        (
            json!({ "profileFloor": 0, "passkeyRequired": false, "recoveryCodeRequired": false }),
            "1 to 2",
        ),
        (
            json!({ "profileFloor": 3, "passkeyRequired": false, "recoveryCodeRequired": false }),
            "1 to 2",
        ),
        (json!({ "profileFloor": 2 }), "fields"),
        (
            json!({ "profileFloor": 2, "passkeyRequired": true, "recoveryCodeRequired": true, "x": 1 }),
            "fields",
        ),
    ] {
        let refused = olga.page("PUT", "/api/policy").json(&body).problem(400, "bad-request");
        assert!(refused["detail"].as_str().unwrap().contains(says), "{refused}");
    }
    let mut ann = world.signed_in("ann");
    assert_eq!(ann.get("/api/setup").is(200).json().get("policy"), None, "nothing is asked for");
    let (request, _) = ann.make_keys();
    assert_eq!(olga.page("PUT", "/api/policy").json(&high).is(200).json(), high);

    assert_eq!(ann.get("/api/policy").is(200).json(), high);
    ann.page("PUT", "/api/policy").json(&default).problem(403, "not-allowed");
    ann.post("/api/setup", &request).problem(422, "below-policy");
    let offered = ann.get("/api/setup").is(200).json()["policy"].clone();
    assert_eq!(offered, json!({ "profileFloor": 2, "passkeyRequired": true }));
    assert_eq!(ann.get("/api/session").is(200).json()["state"], "PENDING");
    olga.page("PUT", "/api/policy").json(&default).is(200);
    ann.set_up();
    world.installation.must(&["role", "grant", "--organization", "acme", "--user", "ann", "admin"]);
    ann.page("PUT", "/api/policy").json(&high).problem(403, "not-allowed");
    let lines = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert!(lines.contains("profile 2, passkey required, recovery code required"), "{lines}");
}

#[test]
fn the_operator_shows_and_sets_it() {
    let world = World::new();
    let show = || world.installation.must(&["policy", "show", "--organization", "acme", "--json"]);
    let set = |more: &[&'static str]| -> Vec<&'static str> {
        [&["policy", "set", "--organization", "acme"], more].concat()
    };
    assert!(show().contains("\"profileFloor\": 1"));
    let shown = world.installation.must(&set(&["--profile", "2", "--passkey-required", "true"]));
    assert!(
        shown.contains("at least 2 (256 MiB)") && shown.contains("passkey: required"),
        "{shown}"
    );
    let shown = world.installation.must(&set(&["--passkey-required", "false"]));
    assert!(shown.contains("at least 2") && shown.contains("passkey: optional"), "{shown}");
    for wrong in ["0", "3"] {
        let (_, error) = world.installation.refused(&set(&["--profile", wrong]));
        assert!(error.contains("1 to 2"), "{error}");
    }
    let (code, _) = world.installation.refused(&set(&[]));
    assert_eq!(code, 2);
}
