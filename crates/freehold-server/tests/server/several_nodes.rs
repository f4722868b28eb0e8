//! Two servers on one database: what begins at one goes on at the other.

use freehold_keys::Unlock;
use freehold_wire::{MethodKind, UnlockAnswer, UnlockOffer};
use serde_json::json;

use crate::support::{
    Installation, Provider, World, encoded, id, in_parallel, new_user, patch, person::PASSPHRASE,
};

/// One address for both, as behind a balancer.
fn two() -> (World, World) {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_PUBLIC_URL", "http://localhost:8080");
    let here = World::with(installation);
    let installation = here.installation.another();
    let server = installation.serve();
    // Nobody asks its provider: that of the organization is the other one.
    let there =
        World { installation, provider: Provider::start(), token: here.token.clone(), server };
    (here, there)
}

#[test]
fn a_sign_in_begun_at_one_ends_at_the_other_and_a_logout_there_ends_it_at_both() {
    let (here, there) = two();
    here.provision("ann");
    let mut begun = here.browser();
    let callback = here.provider.sign_in(&begun.begin(""), "external-ann");
    let mut browser = there.browser();
    browser.pre_login = begun.pre_login.take();
    browser.come_back(&callback).is(303);
    begun.session.clone_from(&browser.session);
    begun.get("/api/session").is(200);
    let token = here.provider.logout_token("1", ("sub", "external-ann"));
    let told = there.server.request("POST", "/oidc/back-channel-logout");
    let told = told.header("Content-Type", "application/x-www-form-urlencoded");
    told.body(format!("logout_token={}", encoded(&token))).send().is(200);
    for browser in [&begun, &browser] {
        browser.get("/api/session").problem(401, "signed-out");
    }
}

#[test]
fn a_link_works_once_at_either() {
    let (here, there) = two();
    let link = here.installation.link("olga", &[]);
    here.browser().enter(&link);
    let again = there.browser().post("/api/enter", &json!({ "secret": link }));
    assert!(matches!(again.status, 400..=499), "{}", again.status);
}

#[test]
fn a_challenge_of_one_is_answered_at_the_other_once() {
    let (here, there) = two();
    let mut olga = here.owner();
    let mut elsewhere = there.browser();
    elsewhere.session.clone_from(&olga.session);
    let offer = olga.get("/api/unlock").is(200).json();
    let offer: UnlockOffer = serde_json::from_value(offer).unwrap();
    let kind = MethodKind::Password;
    let unlock = Unlock::begin(offer, &olga.client(), kind, PASSPHRASE, &mut |_, _| {}).unwrap();
    let request = serde_json::to_value(unlock.request()).unwrap();
    let answer = elsewhere.post("/api/unlock", &request).is(200).json();
    let answer: UnlockAnswer = serde_json::from_value(answer).unwrap();
    unlock.open(&answer).unwrap();
    assert!(matches!(olga.post("/api/unlock", &request).status, 400..=499));
}

#[test]
fn an_access_token_of_one_is_good_at_the_other() {
    let (here, there) = two();
    let create = ["client", "create", "--organization", "acme", "--description", "test"];
    let printed = here.installation.must(&create);
    let part = |name| {
        let line = printed.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_start_matches('=').to_owned()
    };
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        part("client_id"),
        part("client_secret")
    );
    let asked = here.server.request("POST", "/oauth/token");
    let asked = asked.header("Content-Type", "application/x-www-form-urlencoded").body(form);
    let token = asked.send().is(200).json()["access_token"].as_str().unwrap().to_owned();
    there.server.scim(&token, "GET", "/Users").send().is(200);
}

/// Providers let client secrets end: the one that replaces it counts at every node from then on.
#[test]
fn a_client_secret_that_is_replaced_at_one_is_shown_by_both() {
    let (here, there) = two();
    here.provision("ann");
    let olga = here.owner();
    let enter = |world: &World| {
        let mut browser = world.browser();
        let callback = here.provider.sign_in(&browser.begin(""), "external-ann");
        let status = browser.come_back(&callback).status;
        (status, browser.session)
    };
    for world in [&here, &there] {
        assert_eq!(enter(world).0, 303);
    }
    let (_, session) = enter(&there);
    here.provider.change_secret("the-second-one");
    for world in [&here, &there] {
        assert!(matches!(enter(world), (400..=599, None)), "the old one is over");
    }
    let listed = olga.get("/api/admin/connections").is(200).json();
    let connection = listed["connections"][0]["id"].as_str().unwrap();
    let path = format!("/api/admin/connections/{connection}/secret");
    let mut waiting = there.browser();
    let begun = waiting.begin("");
    olga.page("PUT", &path).json(&json!({ "clientSecret": "the-second-one" })).is(204);
    for world in [&here, &there] {
        assert_eq!(enter(world).0, 303);
    }
    waiting.come_back(&here.provider.sign_in(&begun, "external-ann")).is(303);
    let mut ann = there.browser();
    ann.session = session;
    ann.get("/api/session").is(200);
    // And by the command line.
    here.provider.change_secret("the-third-one");
    std::fs::write(here.installation.folder().join("third"), "the-third-one\n").unwrap();
    let set = ["connection", "set-secret", "--organization", "acme"];
    here.installation.must(&[&set[..], &["oidc", "--client-secret-file", "third"]].concat());
    for world in [&here, &there] {
        assert_eq!(enter(world).0, 303);
    }
    let told = here.installation.must(&["audit", "export", "--organization", "acme"]);
    assert_eq!(told.matches("connection.secret-replaced").count(), 2);
    let logs = [here.server.log(), there.server.log()].concat();
    for secret in ["the-second-one", "the-third-one"] {
        assert!(!told.contains(secret) && !logs.contains(secret));
    }
}

#[test]
fn both_write_one_audit_chain() {
    let (here, there) = two();
    in_parallel(8, |n| {
        for round in 0..8 {
            let server = [&here.server, &there.server][(n + round) % 2];
            let name = format!("ann-{n}-{round}");
            let made = server.scim(&here.token, "POST", "/Users").json(&new_user(&name)).is(201);
            let path = format!("/Users/{}", id(&made.json()));
            let off = json!([{ "op": "replace", "path": "active", "value": false }]);
            let other = [&there.server, &here.server][(n + round) % 2];
            other.scim(&here.token, "PATCH", &path).json(&patch(&off)).is(200);
        }
    });
    let head = here.installation.must(&["audit", "verify", "--organization", "acme"]);
    let (seq, _) = head.split_once(':').unwrap();
    assert!(seq.parse::<u32>().unwrap() > 64, "{head}");
}
