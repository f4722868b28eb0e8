//! `/api/admin/tokens` and `/api/admin/clients`: who may, and what happens.

use serde_json::{Value, json};

use crate::support::{World, person::Browser};

/// A world and an owner whose session is unlocked.
macro_rules! owner {
    ($world:ident, $olga:ident) => {
        let $world = World::new();
        $world.provision("olga");
        let mut $olga = $world.browser();
        $olga.enter(&$world.installation.link("olga", &[]));
        $olga.set_up();
    };
}

fn entra() -> Value {
    json!({ "description": "entra", "days": 90 })
}

/// The tokens of the list that are called so.
fn called(browser: &Browser<'_>, description: &str) -> Vec<Value> {
    let list = browser.get("/api/admin/tokens").is(200).json();
    let all = list["tokens"].as_array().unwrap().clone();
    all.into_iter().filter(|token| token["description"] == description).collect()
}

fn admits(world: &World, secret: &str) -> bool {
    let reply = world.server.scim(secret, "GET", "/Users?count=0").send();
    assert!(matches!(reply.status, 200 | 401), "{}", reply.status);
    reply.status == 200
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_token_is_made_shown_once_listed_and_revoked() {
    owner!(world, olga);
    let made = olga.post("/api/admin/tokens", &entra()).is(201);
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let made = made.json();
    let (secret, id) = (text(&made["secret"]), text(&made["token"]["id"]));
    assert!(admits(&world, secret));
    let listed = called(&olga, "entra");
    let [token] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((token["id"].as_str(), token["state"].as_str()), (Some(id), Some("live")));
    let life = token["expiresAt"].as_u64().unwrap() - token["createdAt"].as_u64().unwrap();
    assert_eq!(life, 90 * 86_400_000);
    assert_eq!(token["lastUse"]["address"], "127.0.0.1");
    assert!(!olga.get("/api/admin/tokens").text().contains(secret), "it is shown once");
    let path = format!("/api/admin/tokens/{id}");
    olga.page("DELETE", &path).send().is(204);
    assert!(!admits(&world, secret));
    olga.page("DELETE", &path).send().is(204);
    assert_eq!(called(&olga, "entra")[0]["state"], "revoked");
    assert!(!world.server.log().contains(secret), "no log has the secret");
    let lines = world.installation.must(&["audit", "export", "--organization", "acme"]);
    let of = |kind: &str| {
        let line = lines.lines().find(|line| line.contains(kind) && line.contains(id));
        serde_json::from_str::<Value>(line.unwrap()).unwrap()
    };
    let olga_id = olga.get("/api/session").is(200).json()["userId"].clone();
    assert_eq!(of("token.created")["user"], olga_id);
    assert_eq!(of("token.revoked")["user"], olga_id);
}

#[test]
fn a_rotation_keeps_both_tokens_good() {
    owner!(world, olga);
    let old = olga.post("/api/admin/tokens", &entra()).is(201).json();
    let path = format!("/api/admin/tokens/{}/rotate", text(&old["token"]["id"]));
    let new = olga.post(&path, &json!({ "days": 366 })).is(201).json();
    assert!(admits(&world, text(&old["secret"])) && admits(&world, text(&new["secret"])));
    assert_eq!(new["token"]["description"], "entra");
    let listed = called(&olga, "entra");
    let [newer, older] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((&newer["id"], &older["id"]), (&new["token"]["id"], &old["token"]["id"]));
    let overlap = older["expiresAt"].as_u64().unwrap() - newer["createdAt"].as_u64().unwrap();
    assert_eq!(overlap, 24 * 3_600_000);
    assert_eq!((&older["state"], &older["warnDays"]), (&json!("expiring"), &json!(1)));
    olga.post(&path, &json!({ "days": 9, "overlapHours": 1 })).is(201);
    for (body, says) in [
        (json!({ "days": 0 }), "1 to 366"),
        (json!({ "days": 9, "overlapHours": 0 }), "1 to 168"),
        (json!({ "days": 9, "overlapHours": 169 }), "1 to 168"),
        (json!({ "days": 9, "overlap": 1 }), "fields"),
    ] {
        let refused = olga.post(&path, &body).problem(400, "bad-request");
        assert!(text(&refused["detail"]).contains(says), "{refused}");
    }
    olga.page("DELETE", path.trim_end_matches("/rotate")).send().is(204);
    olga.post(&path, &json!({ "days": 9 })).problem(409, "token-over");
    assert_eq!(called(&olga, "entra").len(), 3);
}

#[test]
fn a_body_that_does_not_fit_makes_no_token() {
    owner!(world, olga);
    for (body, says) in [
        (json!({ "description": " ", "days": 90 }), "is empty"),
        (json!({ "description": "x".repeat(201), "days": 90 }), "is too long"),
        (json!({ "description": "entra", "days": 0 }), "1 to 366"),
        (json!({ "description": "entra", "days": 367 }), "1 to 366"),
        (json!({ "description": "entra", "days": -1 }), "fields"),
        (json!({ "description": "entra" }), "fields"),
        (json!({ "description": "entra", "days": 1, "secret": "fhs_x" }), "fields"),
        (json!({ "description": "entra", "days": 1, "connection": "none" }), "no connection"),
    ] {
        for path in ["/api/admin/tokens", "/api/admin/clients"] {
            let refused = olga.post(path, &body).problem(400, "bad-request");
            assert!(text(&refused["detail"]).contains(says), "{refused}");
        }
    }
    for unseen in ["a\nb", "entra\u{202e}", "en\u{200b}tra"] {
        for path in ["/api/admin/tokens", "/api/admin/clients"] {
            olga.post(path, &json!({ "description": unseen, "days": 90 }))
                .problem(422, "text-unseen");
        }
    }
    let long = json!({ "description": "x".repeat(5_000), "days": 1 });
    olga.post("/api/admin/tokens", &long).problem(413, "too-large");
    assert_eq!(called(&olga, "entra").len(), 0);
    assert_eq!(called(&olga, "test").len(), 1);
}

#[test]
fn where_there_are_two_connections_one_is_named() {
    owner!(world, olga);
    let list = olga.get("/api/admin/tokens").is(200).json();
    assert_eq!(list["connections"], json!([]), "there is nothing to choose");
    let second = crate::support::Provider::start();
    world.installation.must(&[
        "connection",
        "add-oidc",
        "--organization",
        "acme",
        "--name",
        "second",
        "--issuer",
        &second.issuer,
        "--client-id",
        "freehold",
        "--client-secret-file",
        "secret",
    ]);
    let names = olga.get("/api/admin/tokens").is(200).json()["connections"].clone();
    assert_eq!(names.as_array().unwrap().len(), 2, "{names}");
    assert_eq!(olga.get("/api/admin/clients").is(200).json()["connections"], names);
    let with = json!({ "description": "entra", "days": 1, "connection": "second" });
    for path in ["/api/admin/tokens", "/api/admin/clients"] {
        olga.post(path, &entra()).problem(409, "connection-needed");
        olga.post(path, &with).is(201);
    }
    assert_eq!(called(&olga, "entra")[0]["connection"], "second");
}

#[test]
fn only_unlocked_admins_of_the_organization_change_tokens() {
    owner!(world, olga);
    let token = olga.post("/api/admin/tokens", &entra()).is(201).json();
    let client = olga.post("/api/admin/clients", &entra()).is(201).json();
    let of_token = format!("/api/admin/tokens/{}", text(&token["token"]["id"]));
    let of_client = format!("/api/admin/clients/{}", text(&client["client"]["id"]));
    let changes = |browser: &mut Browser<'_>, status: u16, code: &str| {
        browser.post("/api/admin/tokens", &entra()).problem(status, code);
        browser.post("/api/admin/clients", &entra()).problem(status, code);
        let rotate = format!("{of_token}/rotate");
        browser.post(&rotate, &json!({ "days": 9 })).problem(status, code);
        browser.page("DELETE", &of_token).send().problem(status, code);
        browser.page("DELETE", &of_client).send().problem(status, code);
    };
    let mut member = world.signed_in("ann");
    member.set_up();
    member.get("/api/admin/tokens").problem(403, "not-allowed");
    member.get("/api/admin/clients").problem(403, "not-allowed");
    changes(&mut member, 403, "not-allowed");
    olga.post("/api/lock", &json!({})).is(204);
    olga.get("/api/admin/tokens").is(200);
    changes(&mut olga, 403, "locked");
    changes(&mut world.browser(), 401, "signed-out");
    olga.open();
    for unknown in ["01980c7e-9a53-7c5e-8f0b-2f3b6a1d4e55", "nonsense", text(&token["secret"])] {
        let path = format!("/api/admin/tokens/{unknown}");
        olga.page("DELETE", &path).send().problem(404, "not-found");
        olga.post(&format!("{path}/rotate"), &json!({ "days": 9 })).problem(404, "not-found");
        olga.page("DELETE", &format!("/api/admin/clients/{unknown}"))
            .send()
            .problem(404, "not-found");
    }
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    let link = ["admin", "link", "--organization", "other", "--user-name", "olga"];
    let printed = world.installation.must(&link);
    let mut stranger = world.browser();
    stranger.enter(printed.split_once("/enter/#").unwrap().1);
    stranger.set_up();
    assert_eq!(called(&stranger, "entra").len(), 0);
    for path in [&of_token, &of_client] {
        stranger.page("DELETE", path).send().problem(404, "not-found");
    }
    stranger.post(&format!("{of_token}/rotate"), &json!({ "days": 9 })).problem(404, "not-found");
    assert!(admits(&world, text(&token["secret"])));
}

#[test]
fn only_admins_see_whether_scim_is_on_and_only_unlocked_ones_switch_it() {
    const SCIM: &str = "/api/admin/scim";
    owner!(world, olga);
    let mut ann = world.signed_in("ann");
    ann.set_up();
    let off = json!({ "enabled": false });
    ann.get(SCIM).problem(403, "not-allowed");
    ann.page("PUT", SCIM).json(&off).problem(403, "not-allowed");
    olga.post("/api/lock", &json!({})).is(204);
    olga.get(SCIM).is(200);
    olga.page("PUT", SCIM).json(&off).problem(403, "locked");
    assert!(admits(&world, &world.token));
    olga.open();
    olga.page("PUT", SCIM).json(&off).is(200);
    world.server.scim(&world.token, "GET", "/Users?count=0").send().is(403);
}

#[test]
fn a_client_is_made_shown_once_listed_and_revoked() {
    owner!(world, olga);
    let made = olga.post("/api/admin/clients", &entra()).is(201).json();
    let (id, secret) = (text(&made["client"]["id"]), text(&made["secret"]));
    let access = || {
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        world
            .server
            .request("POST", "/oauth/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
    };
    let token = access().is(200).json();
    assert!(admits(&world, text(&token["access_token"])));
    let list = olga.get("/api/admin/clients").is(200);
    assert!(!list.text().contains(secret));
    let list = list.json();
    assert_eq!(list["tokenUrl"], format!("{}/oauth/token", world.server.origin()));
    assert_eq!(list["clients"][0]["state"], "live");
    assert_eq!(list["clients"][0]["lastUse"]["address"], "127.0.0.1");
    olga.page("DELETE", &format!("/api/admin/clients/{id}")).send().is(204);
    access().is(401);
    assert!(!admits(&world, text(&token["access_token"])));
    let list = olga.get("/api/admin/clients").is(200).json();
    assert_eq!(list["clients"][0]["state"], "revoked");
}

#[test]
fn the_command_line_rotates_too() {
    let world = World::new();
    let tokens = || world.installation.list(&["token", "list", "--organization", "acme"]);
    let id = text(&tokens()[0]["id"]).to_owned();
    let command = ["token", "rotate", "--organization", "acme", "--overlap-hours", "2", &id];
    let secret = world.installation.must(&command);
    assert!(admits(&world, &secret) && admits(&world, &world.token));
    assert_eq!((tokens().len(), &tokens()[0]["daysLeft"]), (2, &json!(0)));
    world.installation.must(&["token", "revoke", "--organization", "acme", &id]);
    let (_, error) = world.installation.refused(&command);
    assert!(error.contains("create a new one"), "{error}");
    let pasted = ["token", "rotate", "--organization", "acme", &secret];
    let (_, error) = world.installation.refused(&pasted);
    assert!(!error.contains(&secret), "{error}");
}
