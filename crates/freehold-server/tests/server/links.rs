//! One-time links, from the command line to a session.

use serde_json::json;

use crate::support::{Installation, World, in_parallel, new_user, patch, text};

#[test]
fn the_link_is_printed_and_nothing_else() {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_PUBLIC_URL", "https://freehold.example");
    installation.acme();
    let link = ["admin", "link", "--organization", "acme", "--user-name", "olga"];
    let output = installation.run(&link);
    assert!(output.status.success());
    let printed = text(&output.stdout);
    let secret = printed.trim_end().strip_prefix("https://freehold.example/enter/#fhl_").unwrap();
    assert_eq!((secret.len(), printed.lines().count()), (43, 1));
    let words = text(&output.stderr);
    assert!(words.contains("olga") && words.contains("makes the account"), "{words}");
    assert!(!words.contains(secret));
}

#[test]
fn a_refused_link_says_what_to_do() {
    let world = World::new();
    let refused = |more: &[&str]| {
        let command = ["admin", "link", "--organization", "acme"];
        let (code, error) = world.installation.refused(&[&command, more].concat());
        assert_eq!(code, 1);
        error
    };
    assert!(refused(&[]).contains("--user-name"));
    let off = world.provision("off");
    world.set_active(&off, false);
    assert!(refused(&["--user-name", "off"]).contains("not active"));
    world.browser().enter(&world.installation.link("olga", &[]));
    let error = refused(&["--user-name", "otto"]);
    assert!(error.contains("olga") && error.contains("--owner"), "{error}");
    world.installation.must(&["admin", "link", "--organization", "acme"]);
    world.browser().enter(&world.installation.link("otto", &["--owner"]));
    assert!(refused(&[]).contains("olga, otto"));
}

#[test]
fn a_link_without_the_address_of_its_server_is_not_made() {
    let mut installation = Installation::new();
    installation.acme();
    installation.set("FREEHOLD_LISTEN", "0.0.0.0:8080");
    let link = ["admin", "link", "--organization", "acme", "--user-name", "olga"];
    let (_, error) = installation.refused(&link);
    assert!(error.contains("FREEHOLD_PUBLIC_URL"), "{error}");
}

#[test]
fn the_first_owner_enters_sets_up_and_must_unlock_the_next_time() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(browser.enter(&world.installation.link("olga", &[])), "/setup/");
    let session = browser.get("/api/session").is(200).json();
    assert_eq!((&session["userName"], &session["role"]), (&json!("olga"), &json!("owner")));
    assert_eq!((&session["state"], &session["externalId"]), (&json!("PENDING"), &json!(null)));
    browser.set_up();
    assert_eq!(browser.get("/api/session").is(200).json()["state"], "READY");

    let mut second = world.browser();
    assert_eq!(second.enter(&world.installation.link("olga", &[])), "/unlock/");
    assert_eq!(second.get("/api/session").is(200).json()["unlocked"], false);
    second.get("/api/items").problem(403, "locked");
    second.open();
    second.get("/api/items").is(200);
}

#[test]
fn every_link_that_does_not_work_gets_the_same_answer() {
    let world = World::new();
    let used = world.installation.link("olga", &[]);
    world.browser().enter(&used);
    let switched_off = world.installation.link("olga", &[]);
    let users = world.installation.list(&["user", "list", "--organization", "acme"]);
    world.set_active(users[0]["id"].as_str().unwrap(), false);
    let never_made = format!("fhl_{}", "A".repeat(43));
    let answers = [&used, &switched_off, &never_made, "", "x"].map(|secret| {
        let mut browser = world.browser();
        let reply = browser.post("/api/enter", &json!({ "secret": secret }));
        assert_eq!(browser.session, None);
        let mut problem = reply.problem(403, "link-refused");
        problem["supportId"] = json!("");
        problem
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    for body in [json!({}), json!({ "secret": 1 }), json!([]), json!({ "secret": "x", "y": 1 })] {
        world.browser().post("/api/enter", &body).problem(400, "bad-request");
    }
    let long = json!({ "secret": "x".repeat(1024) });
    world.browser().post("/api/enter", &long).problem(413, "too-large");
}

#[test]
fn of_two_browsers_with_one_link_one_gets_in() {
    let world = World::new();
    let secret = world.installation.link("olga", &[]);
    let statuses =
        in_parallel(4, |_| world.browser().post("/api/enter", &json!({ "secret": secret })).status);
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 3);
}

#[test]
fn opening_the_page_uses_nothing_up_and_the_log_holds_no_secret() {
    let world = World::new();
    let secret = world.installation.link("olga", &[]);
    for method in ["GET", "HEAD"] {
        world.server.request(method, "/enter/").send().is(200);
        world.server.page(method, "/api/enter").send();
    }
    world.browser().enter(&secret);
    let log = world.server.log();
    assert!(log.contains("signed in by a one-time link"));
    assert!(!log.contains(&secret) && !log.contains(&secret[4..]));
}

#[test]
fn one_address_cannot_present_links_without_end() {
    let world = World::new();
    let statuses: Vec<u16> = (0..400)
        .map(|_| world.browser().post("/api/enter", &json!({ "secret": "x" })).status)
        .collect();
    assert!(statuses.iter().take(200).all(|status| *status == 403));
    assert!(statuses.contains(&429));
}

#[test]
fn a_link_ends_the_session_before_and_a_switch_off_ends_its_own() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    let before = browser.session.clone();
    browser.enter(&world.installation.link("olga", &[]));
    let olga = browser.get("/api/session").is(200).json();
    let mut old = world.browser();
    old.session = before;
    old.get("/api/session").problem(401, "signed-out");
    let pending = world.installation.link("olga", &[]);
    world.set_active(olga["userId"].as_str().unwrap(), false);
    browser.get("/api/session").problem(401, "signed-out");
    world.set_active(olga["userId"].as_str().unwrap(), true);
    let mut late = world.browser();
    late.post("/api/enter", &json!({ "secret": pending })).problem(403, "link-refused");
}

#[test]
fn an_owner_with_keys_is_linked_by_a_sign_in_from_the_unlocked_session() {
    let world = World::new();
    let mut browser = world.browser();
    browser.enter(&world.installation.link("olga", &[]));
    browser.set_up();
    let id = browser.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let path = format!("/Users/{id}");
    let external = json!([{ "op": "add", "path": "externalId", "value": "external-olga" }]);
    world.server.scim(&world.token, "PATCH", &path).json(&patch(&external)).is(200);

    let mut stranger = world.browser();
    let callback = world.provider.sign_in(&stranger.begin(""), "external-olga");
    assert_eq!(stranger.come_back(&callback).status, 403, "a sign-in alone adopts no keys");
    assert_eq!(browser.sign_in("olga", ""), "/unlock/");
    let session = browser.get("/api/session").is(200).json();
    assert_eq!((&session["userId"], &session["role"]), (&json!(id), &json!("owner")));
    let mut later = world.browser();
    assert_eq!(later.sign_in("olga", ""), "/unlock/", "linked for good");
}

#[test]
fn scim_cannot_take_the_name_of_an_owner_who_came_by_a_link() {
    let world = World::new();
    world.browser().enter(&world.installation.link("olga", &[]));
    let rival = world.server.scim(&world.token, "POST", "/Users").json(&new_user("OLGA"));
    rival.scim_error(409, Some("uniqueness"));
}
