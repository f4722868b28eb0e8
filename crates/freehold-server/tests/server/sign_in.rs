//! Signing in at an identity provider, and what the session is good for.

use crate::support::{World, new_user};

#[test]
fn a_pending_person_signs_in_and_is_led_to_set_up() {
    let world = World::new();
    let id = world.provision("ann");
    let mut browser = world.browser();
    assert_eq!(browser.sign_in("ann", "?organization=acme&return=/vault/"), "/setup/");
    assert_eq!(browser.pre_login, None, "the pre-login cookie is gone");
    let session = browser.get("/api/session").is(200).json();
    assert_eq!(session["userId"], id);
    assert_eq!(session["userName"], "ann");
    assert_eq!(session["externalId"], "external-ann");
    assert_eq!(session["state"], "PENDING");
    assert_eq!(session["unlocked"], false);
    assert_eq!(session["organization"]["slug"], "acme");
    assert_eq!(session["organization"]["name"], "Acme Ltd");
}

#[test]
fn the_next_sign_in_of_a_ready_person_leads_to_unlock_or_where_it_began() {
    let world = World::new();
    world.signed_in("ann").set_up();
    let mut browser = world.browser();
    assert_eq!(browser.sign_in("ann", ""), "/unlock/");
    assert_eq!(browser.sign_in("ann", "?return=/vault/%3Fitem=1"), "/vault/?item=1");
    let chained = "?return=/login%3Forganization=evil";
    assert_eq!(browser.sign_in("ann", chained), "/unlock/", "a sign-in leads into no other one");
    for elsewhere in ["//evil.example", "https://evil.example", "/%5Cevil.example", "%2F%2Fevil"] {
        assert_eq!(browser.sign_in("ann", &format!("?return={elsewhere}")), "/unlock/");
    }
}

#[test]
fn cookies_are_bound_to_this_host_and_kept_from_scripts() {
    let world = World::new();
    world.provision("ann");
    let begun = world.server.request("GET", "/login").send().is(303);
    let shape = "; Path=/; Secure; HttpOnly; SameSite=Lax";
    let cookie = begun.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-pre=") && cookie.ends_with(shape), "{cookie}");
    assert!(cookie.contains("Max-Age=600"));
    let mut browser = world.browser();
    let url = browser.begin("");
    let reply = browser.come_back(&world.provider.sign_in(&url, "external-ann")).is(303);
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-sid=") && cookie.ends_with(shape), "{cookie}");
    assert!(cookie.contains("Max-Age=43200"));
}

#[test]
fn a_callback_in_another_browser_signs_nobody_in() {
    let world = World::new();
    world.provision("ann");
    let mut ann = world.browser();
    let callback = world.provider.sign_in(&ann.begin(""), "external-ann");
    let mut other = world.browser();
    assert_eq!(other.come_back(&callback).status, 400);
    assert_eq!(other.session, None);
    other.begin("");
    assert_eq!(other.come_back(&callback).status, 400, "a pre-login cookie of its own is not it");
    assert_eq!(other.session, None);
    ann.come_back(&callback).is(303);
}

#[test]
fn a_callback_works_once() {
    let world = World::new();
    world.provision("ann");
    let mut browser = world.browser();
    let url = browser.begin("");
    let pre_login = browser.pre_login.clone();
    let callback = world.provider.sign_in(&url, "external-ann");
    browser.come_back(&callback).is(303);
    let mut again = world.browser();
    again.pre_login = pre_login;
    assert_eq!(again.come_back(&callback).status, 400);
    assert_eq!(again.session, None);
}

#[test]
fn a_flood_of_callbacks_costs_no_request_to_the_provider() {
    let world = World::new();
    world.provision("ann");
    let (mut browser, mut other) = (world.browser(), world.browser());
    let url = browser.begin("");
    other.begin("");
    let callback = world.provider.sign_in(&url, "external-ann");
    let asked = world.provider.asked();
    for _ in 0..50 {
        // The right state without the browser's cookie, and with another one's.
        world.browser().come_back(&callback).is(400);
        other.come_back(&callback).is(400);
        // The right cookie with another state.
        let mut same = world.browser();
        same.pre_login = browser.pre_login.clone();
        same.come_back(&callback.replace("state=", "state=x")).is(400);
    }
    assert_eq!(world.provider.asked(), asked);
    browser.come_back(&callback).is(303);
    let asked = world.provider.asked();
    browser.come_back(&callback).is(400);
    assert_eq!(world.provider.asked(), asked);
}

#[test]
fn two_tabs_may_sign_in_side_by_side() {
    let world = World::new();
    world.provision("ann");
    let mut browser = world.browser();
    let first = browser.begin("");
    let _second = browser.begin("");
    browser.come_back(&world.provider.sign_in(&first, "external-ann")).is(303);
}

#[test]
fn who_has_no_account_gets_a_page_without_reasons_and_the_log_has_them() {
    let world = World::new();
    let mut browser = world.browser();
    let callback = world.provider.sign_in(&browser.begin(""), "external-nobody");
    let reply = browser.come_back(&callback).is(403);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    let page = reply.text();
    assert!(!page.contains("externalId") && !page.contains("nobody"), "{page}");
    let id = reply.header("x-request-id").unwrap();
    assert!(page.contains(id), "the support id is shown");
    let log = world.server.log();
    let line = log.lines().find(|line| line.contains(id) && line.contains("refused")).unwrap();
    assert!(line.contains("externalId"), "{line}");
    assert_eq!(browser.session, None);
}

#[test]
fn what_the_provider_says_of_an_error_is_not_shown() {
    let world = World::new();
    let mut browser = world.browser();
    let url = browser.begin("");
    let state = url::Url::parse(&url).unwrap();
    let state = state.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let issuer = url::form_urlencoded::byte_serialize(world.provider.issuer.as_bytes());
    let issuer: String = issuer.collect();
    let callback = format!(
        "error=access_denied&error_description=%3Cb%3Eevil%3C/b%3E&state={state}&iss={issuer}"
    );
    let page = browser.come_back(&callback).is(403).text();
    assert!(!page.contains("evil") && !page.contains("access_denied"), "{page}");
}

#[test]
fn a_person_who_is_switched_off_is_out_before_scim_has_its_answer() {
    let world = World::new();
    let id = world.provision("ann");
    let mut browser = world.browser();
    browser.sign_in("ann", "");
    let mut begun = world.browser();
    let callback = world.provider.sign_in(&begun.begin(""), "external-ann");
    world.set_active(&id, false);
    browser.get("/api/session").problem(401, "signed-out");
    assert_eq!(begun.come_back(&callback).status, 403, "a sign-in under way ends too");
    assert_eq!(begun.session, None);
    world.set_active(&id, true);
    browser.get("/api/session").problem(401, "signed-out");
    browser.sign_in("ann", "");
    browser.get("/api/session").is(200);
}

#[test]
fn a_replaced_user_without_the_flag_stays_switched_off() {
    let world = World::new();
    let id = world.provision("ann");
    world.set_active(&id, false);
    let mut user = new_user("ann");
    user.as_object_mut().unwrap().remove("active");
    world.server.scim(&world.token, "PUT", &format!("/Users/{id}")).json(&user).is(200);
    let mut browser = world.browser();
    let callback = world.provider.sign_in(&browser.begin(""), "external-ann");
    assert_eq!(browser.come_back(&callback).status, 403);
}

#[test]
fn a_user_whose_flag_is_patched_to_nothing_stays_switched_off() {
    let world = World::new();
    let id = world.provision("ann");
    world.set_active(&id, false);
    let patch = |operation: serde_json::Value| {
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation],
        });
        let answer = world.server.scim(&world.token, "PATCH", &format!("/Users/{id}")).json(&body);
        answer.is(200).json()["active"].clone()
    };
    for nothing in [serde_json::json!(null), serde_json::json!("")] {
        for operation in [
            serde_json::json!({"op": "Replace", "path": "active", "value": nothing}),
            serde_json::json!({"op": "add", "value": {"active": nothing, "nickName": "Ann"}}),
        ] {
            assert_eq!(patch(operation.clone()), false, "{operation}");
        }
    }
    // RFC 7644 §3.5.2.2: what is removed by its name has its default.
    assert_eq!(
        patch(serde_json::json!({"op": "remove", "path": "active"})),
        serde_json::json!(null)
    );
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    let cookie = browser.session.clone();
    browser.post("/api/sign-out", &serde_json::json!({})).is(204);
    assert_eq!(browser.session, None);
    browser.session = cookie;
    browser.get("/api/session").problem(401, "signed-out");
}

#[test]
fn signing_in_again_ends_the_session_before() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    let before = browser.session.clone();
    browser.sign_in("ann", "");
    assert_ne!(browser.session, before);
    browser.session = before;
    browser.get("/api/session").problem(401, "signed-out");
}

#[test]
fn the_organization_may_be_left_out_while_there_is_one() {
    let world = World::new();
    world.server.request("GET", "/login").send().is(303);
    world.server.request("GET", "/login?organization=nobody").send().is(404);
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    let asked = world.server.request("GET", "/login").send().is(200);
    assert!(asked.text().contains("short name of your organization"));
    world.server.request("GET", "/login?organization=acme").send().is(303);
    world.server.request("GET", "/login?organization=other").send().is(404);
    world.server.request("GET", "/login?organization=acme&connection=nothing").send().is(404);
}

#[test]
fn a_provider_that_is_away_is_said_to_be_away() {
    let world = World::new();
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    world.installation.must(&[
        "connection",
        "add-oidc",
        "--organization",
        "other",
        "--issuer",
        "http://127.0.0.1:1",
        "--client-id",
        "x",
        "--client-secret-file",
        "secret",
    ]);
    let reply = world.server.request("GET", "/login?organization=other").send().is(502);
    assert!(reply.text().contains("does not answer"));
    assert!(reply.header("set-cookie").is_none());
}

#[test]
fn one_address_cannot_begin_sign_ins_without_end() {
    let world = World::new();
    let statuses: Vec<u16> = (0..400)
        .map(|_| world.server.request("GET", "/login?organization=nobody").send().status)
        .collect();
    assert!(statuses.iter().take(200).all(|status| *status == 404));
    assert!(statuses.contains(&429));
}
