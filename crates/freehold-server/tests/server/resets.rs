//! A person who lost everything gets new keys: asked for in the pages, approved by somebody who has
//! keys.

use freehold_wire::{ItemId, MethodKind};
use serde_json::{Value, json};

use crate::support::{
    World,
    person::{Browser, PASSPHRASE},
};

/// Bob is an admin whom the operator appointed, with an unlocked session.
fn admin<'a>(world: &'a World, name: &str) -> Browser<'a> {
    let mut browser = world.signed_in(name);
    browser.set_up();
    let grant = ["role", "grant", "--organization", "acme", "--user", name, "admin"];
    world.installation.must(&grant);
    browser
}

/// A READY person in a new, locked session.
fn locked_out<'a>(world: &'a World, name: &str) -> Browser<'a> {
    world.signed_in(name).set_up();
    let mut browser = world.browser();
    browser.sign_in(name, "");
    browser
}

fn ask(browser: &mut Browser<'_>) -> String {
    let request = browser.post("/api/reset", &json!({})).is(201).json();
    assert_eq!(request["state"], "requested");
    request["id"].as_str().unwrap().to_owned()
}

fn decide(browser: &mut Browser<'_>, id: &str, verb: &str) -> crate::support::Reply {
    browser.post(&format!("/api/resets/{id}/{verb}"), &json!({}))
}

fn keep_secret(browser: &mut Browser<'_>) -> ItemId {
    let account = browser.open();
    let made = browser.post("/api/items", &json!({})).is(201).json();
    let id: ItemId = made["id"].as_str().unwrap().parse().unwrap();
    let record = account.seal_item(id, 1, b"kept", &mut freehold_server::system::random()).unwrap();
    let body = serde_json::to_value(record).unwrap();
    browser.page("PUT", &format!("/api/items/{id}?epoch=1")).json(&body).is(204);
    id
}

fn events(world: &World) -> Vec<String> {
    let lines = world.installation.must(&["audit", "export", "--organization", "acme"]);
    let kind = |line: &str| {
        let event: Value = serde_json::from_str(line).unwrap();
        event["kind"].as_str().unwrap().to_owned()
    };
    lines.lines().map(kind).filter(|kind| kind.starts_with("reset.")).collect()
}

#[test]
fn new_keys_are_made_after_an_admin_approved_and_the_old_ones_come_back_by_an_undo() {
    let world = World::new();
    let mut bob = admin(&world, "bob");
    let mut ann = locked_out(&world, "ann");
    let kept = keep_secret(&mut ann);
    ann.post("/api/lock", &json!({})).is(204);
    let shown = ann.get("/api/reset").is(200).json();
    assert_eq!(
        (&shown["state"], &shown["approval"], &shown["request"]),
        (&json!("READY"), &json!("admin"), &Value::Null)
    );
    let id = ask(&mut ann);
    ann.post("/api/reset", &json!({})).problem(409, "reset-open");
    let listed = bob.get("/api/resets").is(200).json();
    assert_eq!(
        (&listed["resets"][0]["id"], &listed["resets"][0]["own"]),
        (&json!(id), &json!(false))
    );
    assert_eq!(listed["resets"][0]["userName"], "ann");

    decide(&mut bob, &id, "approve").is(204);
    let shown = ann.get("/api/reset").is(200).json();
    assert_eq!(
        (&shown["state"], &shown["request"]["state"]),
        (&json!("PENDING"), &json!("approved"))
    );
    assert!(shown["request"]["keptUntil"].as_u64() > shown["request"]["settledAt"].as_u64());
    assert_eq!(ann.get("/api/setup").is(200).json()["epoch"], 2);
    ann.get("/api/unlock").problem(409, "not-pending");

    let undo = ["user", "reset", "undo", "--organization", "acme", "--user", "ann"];
    world.installation.must(&undo);
    ann.get("/api/session").problem(401, "signed-out");
    ann.sign_in("ann", "");
    ann.open();
    assert_eq!(ann.get("/api/items").is(200).json()["items"][0]["id"], json!(kept));

    ann.post("/api/lock", &json!({})).is(204);
    let id = ask(&mut ann);
    decide(&mut bob, &id, "approve").is(204);
    ann.set_up();
    assert_eq!(ann.get("/api/items").is(200).json()["items"], json!([]));
    let (code, error) = world.installation.refused(&undo);
    assert!(code == 1 && error.contains("new keys were made"), "{error}");
    assert_eq!(
        events(&world),
        ["reset.requested", "reset.approved", "reset.undone", "reset.requested", "reset.approved"]
    );
}

#[test]
fn nobody_without_role_and_keys_decides_and_foreign_ids_look_unknown() {
    let world = World::new();
    let mut bob = admin(&world, "bob");
    let mut ann = locked_out(&world, "ann");
    let id = ask(&mut ann);
    // The person, by the stolen cookie alone.
    decide(&mut ann, &id, "approve").problem(403, "not-allowed");
    ann.get("/api/resets").problem(403, "not-allowed");
    let mut mia = world.signed_in("mia");
    mia.set_up();
    decide(&mut mia, &id, "deny").problem(403, "not-allowed");
    let mut again = world.browser();
    again.sign_in("bob", "");
    assert_eq!(again.get("/api/resets").is(200).json()["resets"].as_array().unwrap().len(), 1);
    decide(&mut again, &id, "approve").problem(403, "locked");
    decide(&mut again, &id, "deny").problem(403, "locked");
    for unknown in ["0190163d-8694-739b-aea5-966c26f8ad91", "x", &id.to_uppercase()] {
        decide(&mut bob, unknown, "approve").problem(404, "not-found");
        decide(&mut bob, unknown, "deny").problem(404, "not-found");
    }
    decide(&mut bob, &id, "deny").is(204);
    decide(&mut bob, &id, "approve").problem(409, "reset-settled");
    assert_eq!(ann.get("/api/reset").is(200).json()["request"]["state"], "denied");
    assert_eq!(ann.get("/api/session").is(200).json()["state"], "READY");
}

#[test]
fn who_unlocks_cancels_the_request_and_who_is_unlocked_or_pending_asks_for_nothing() {
    let world = World::new();
    let mut bob = admin(&world, "bob");
    let mut ann = locked_out(&world, "ann");
    let id = ask(&mut ann);
    ann.open();
    assert_eq!(ann.get("/api/reset").is(200).json()["request"]["state"], "cancelled");
    decide(&mut bob, &id, "approve").problem(409, "reset-settled");
    ann.post("/api/reset", &json!({})).problem(409, "unlocked");
    world.signed_in("new").post("/api/reset", &json!({})).problem(409, "not-pending");
    ann.post("/api/lock", &json!({})).is(204);
    for _ in 0..2 {
        ask(&mut ann);
        ann.page("DELETE", "/api/reset").json(&json!({})).is(204);
        ann.page("DELETE", "/api/reset").json(&json!({})).problem(404, "not-found");
    }
    let refused = ann.post("/api/reset", &json!({}));
    assert!(refused.header("retry-after").is_some());
    refused.problem(429, "reset-too-often");
}

#[test]
fn of_two_admins_at_once_one_gets_the_approval() {
    let world = World::new();
    let (bob, carl) = (admin(&world, "bob"), admin(&world, "carl"));
    let mut ann = locked_out(&world, "ann");
    let path = format!("/api/resets/{}/approve", ask(&mut ann));
    let cookies = [bob.session.clone(), carl.session.clone()];
    let outcomes = crate::support::in_parallel(6, |n| {
        let cookie = cookies[n % 2].clone().unwrap();
        world.server.page("POST", &path).cookie("__Host-sid", &cookie).json(&json!({})).status
    });
    assert_eq!(outcomes.iter().filter(|status| **status == 204).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|status| [204, 409].contains(status)), "{outcomes:?}");
    assert_eq!(events(&world), ["reset.requested", "reset.approved"]);
}

#[test]
fn the_operator_approves_for_a_sole_owner_and_not_past_those_who_can() {
    let world = World::new();
    let mut olga = world.browser();
    world.provision("olga");
    olga.enter(&world.installation.link("olga", &[]));
    olga.set_up();
    let reset = |verb: &'static str, user: &'static str| {
        ["user", "reset", verb, "--organization", "acme", "--user", user]
    };
    let (_, error) = world.installation.refused(&reset("approve", "olga"));
    assert!(error.contains("asked for nothing"), "{error}");
    olga.post("/api/lock", &json!({})).is(204);
    assert_eq!(olga.get("/api/reset").is(200).json()["approval"], "operator");
    let id = ask(&mut olga);
    let list = world.installation.list(&["user", "reset", "list", "--organization", "acme"]);
    assert_eq!((&list[0]["id"], &list[0]["userName"]), (&json!(id), &json!("olga")));
    world.installation.must(&reset("approve", "OLGA"));
    olga.set_up();

    let mut ann = locked_out(&world, "ann");
    ask(&mut ann);
    let (_, error) = world.installation.refused(&reset("approve", "ann"));
    assert!(error.contains("olga") && error.contains("--although-others-can"), "{error}");
    world.installation.must(&reset("deny", "ann"));
    ask(&mut ann);
    let anyway = [&reset("approve", "ann")[..], &["--although-others-can"]].concat();
    world.installation.must(&anyway);
    assert_eq!(ann.get("/api/session").is(200).json()["state"], "PENDING");
}

#[test]
fn an_admin_by_a_group_of_the_provider_approves_nothing() {
    let world = World::new();
    let mut mia = world.signed_in("mia");
    mia.set_up();
    let user = mia.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let group = crate::support::new_group("Admins", &[&user]);
    world.server.scim(&world.token, "POST", "/Groups").json(&group).is(201);
    world.installation.must(&[
        "role",
        "map",
        "--organization",
        "acme",
        "--group",
        "Admins",
        "admin",
    ]);
    let mut ann = locked_out(&world, "ann");
    assert_eq!(ann.get("/api/reset").is(200).json()["approval"], "operator");
    let id = ask(&mut ann);
    decide(&mut mia, &id, "approve").problem(403, "not-appointed");
    decide(&mut mia, &id, "deny").is(204);
}

#[test]
fn a_deactivated_person_keeps_keys_and_a_renamed_one_unlocks() {
    let world = World::new();
    let id = world.provision("ann");
    let mut ann = world.browser();
    ann.sign_in("ann", "");
    ann.set_up();
    let kept = keep_secret(&mut ann);
    world.set_active(&id, false);
    ann.get("/api/session").problem(401, "signed-out");
    world.set_active(&id, true);
    ann.get("/api/session").problem(401, "signed-out");
    let change = |attribute: &str, value: Value| {
        let operations = json!([{ "op": "replace", "path": attribute, "value": value }]);
        let body = crate::support::patch(&operations);
        world.server.scim(&world.token, "PATCH", &format!("/Users/{id}")).json(&body).is(200);
    };
    change("userName", json!("annette@other.example"));
    change("emails", json!([{ "value": "annette@other.example", "primary": true }]));
    change("displayName", json!("Annette"));
    change("externalId", json!("another-id"));
    // The link was made at the first sign-in, and decides alone.
    ann.sign_in("ann", "");
    let (unlock, reply) = ann.unlock(MethodKind::Password, PASSPHRASE);
    let answer = serde_json::from_value(reply.is(200).json()).unwrap();
    let account = unlock.open(&answer).unwrap();
    let listed = ann.get("/api/items").is(200).json();
    let stored = serde_json::from_value(listed["items"][0].clone()).unwrap();
    assert_eq!(*account.open_item(kept, 1, &stored).unwrap(), b"kept");
}

#[test]
fn a_deleted_person_is_restored_with_the_same_id_and_unlocks() {
    let world = World::new();
    let id = world.provision("ann");
    let mut ann = world.browser();
    ann.sign_in("ann", "");
    ann.set_up();
    let kept = keep_secret(&mut ann);
    let path = format!("/Users/{id}");
    let scim = |method: &str, path: &str| world.server.scim(&world.token, method, path);
    scim("DELETE", &path).send().is(204);
    scim("GET", &path).send().is(404);
    let deleted = ["user", "list", "--organization", "acme", "--deleted"];
    assert_eq!(world.installation.list(&deleted)[0]["userName"], "ann");
    let restore = ["user", "restore", "--organization", "acme", "Ann"];
    let rival = world.provision("ANN");
    let (_, error) = world.installation.refused(&restore);
    assert!(error.contains("another user has this userName"), "{error}");
    scim("DELETE", &format!("/Users/{rival}")).send().is(204);
    let (_, error) = world.installation.refused(&restore);
    assert!(error.contains(&id) && error.contains(&rival), "{error}");
    let by_id = ["user", "restore", "--organization", "acme", &id];
    assert_eq!(world.installation.must(&by_id), id);
    assert_eq!(scim("GET", &path).send().is(200).json()["userName"], "ann");
    ann.get("/api/session").problem(401, "signed-out");
    ann.sign_in("ann", "");
    ann.open();
    assert_eq!(ann.get("/api/items").is(200).json()["items"][0]["id"], json!(kept));
    let (_, error) =
        world.installation.refused(&["user", "restore", "--organization", "acme", "x"]);
    assert!(error.contains("--deleted"), "{error}");
}
