//! Logout that an OpenID provider tells without the browser.

use crate::support::{Provider, Reply, World, encoded};

fn post(world: &World, token: &str) -> Reply {
    send(world, format!("logout_token={}", encoded(token)))
}

fn send(world: &World, form: String) -> Reply {
    let reply = world
        .server
        .request("POST", "/oidc/back-channel-logout")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form)
        .send();
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    reply
}

#[test]
fn a_logout_ends_the_sessions_of_that_session_there_and_no_others() {
    let world = World::new();
    let (ann, bob) = (world.signed_in("ann"), world.signed_in("bob"));
    let token = world.provider.logout_token("1", ("sid", "session-of-external-ann"));
    post(&world, &token).is(200);
    ann.get("/api/session").problem(401, "signed-out");
    bob.get("/api/session").is(200);
    post(&world, &token).is(400);
}

#[test]
fn a_logout_ends_the_sessions_of_a_person() {
    let world = World::new();
    let (ann, bob) = (world.signed_in("ann"), world.signed_in("bob"));
    post(&world, &world.provider.logout_token("1", ("sub", "external-bob"))).is(200);
    bob.get("/api/session").problem(401, "signed-out");
    ann.get("/api/session").is(200);
    post(&world, &world.provider.logout_token("2", ("sub", "external-nobody"))).is(200);
}

#[test]
fn a_logout_of_a_stranger_ends_nothing_and_says_nothing() {
    let world = World::new();
    let ann = world.signed_in("ann");
    let stranger = Provider::start();
    let of_stranger = stranger.logout_token("1", ("sub", "external-ann"));
    let honest = world.provider.logout_token("2", ("sub", "external-ann"));
    let (signed, _) = honest.rsplit_once('.').unwrap();
    for token in [of_stranger.as_str(), &format!("{signed}.AAAA"), "", "a.b.c"] {
        let reply = post(&world, token).is(400);
        assert_eq!(reply.json(), serde_json::json!({ "error": "invalid_request" }));
    }
    send(&world, format!("logout_token={honest}&logout_token={honest}")).is(400);
    world.server.request("GET", "/oidc/back-channel-logout").send().is(405);
    ann.get("/api/session").is(200);
}

#[test]
fn one_address_cannot_try_logouts_without_end_and_good_ones_do_not_count() {
    let world = World::new();
    for n in 0..60 {
        post(&world, &world.provider.logout_token(&n.to_string(), ("sid", "s"))).is(200);
    }
    let statuses: Vec<u16> = (0..60).map(|_| post(&world, "a.b.c").status).collect();
    assert!(statuses.iter().take(30).all(|status| *status == 400));
    assert!(statuses.contains(&429));
}
