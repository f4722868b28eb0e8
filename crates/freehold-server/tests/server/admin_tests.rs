//! An admin tests a connection: verified as a real sign-in, and nobody is signed in or linked.

use serde_json::{Value, json};

use crate::support::{
    Reply, World,
    person::Browser,
    saml::{Idp, Post},
};

/// Begins a test of the connection of this name; gives its path and the provider's address.
fn begin(browser: &mut Browser<'_>, name: &str) -> (String, String) {
    let listed = browser.get("/api/admin/connections").is(200).json();
    let all = listed["connections"].as_array().unwrap();
    let id = all.iter().find(|known| known["name"] == name).unwrap()["id"].as_str().unwrap();
    let path = format!("/api/admin/connections/{id}/test");
    let begun = browser.post(&path, &json!({})).is(200).json();
    (path, begun["location"].as_str().unwrap().to_owned())
}

fn last(browser: &Browser<'_>, path: &str) -> Value {
    browser.get(path).is(200).json()["test"].clone()
}

fn steps(olga: &Browser<'_>) -> Value {
    olga.get("/api/admin/first-steps").is(200).json()
}

fn to_console(reply: Reply, path: &str) {
    let reply = reply.is(303);
    let id = path.split('/').nth(4).unwrap();
    assert_eq!(reply.header("location").unwrap(), format!("/admin/#/connections/{id}"));
    assert_eq!(reply.header("set-cookie"), None, "no session begins, and none ends");
}

/// Whom a browser is signed in as; how long still is another matter.
fn who(browser: &Browser<'_>) -> Value {
    let mut session = browser.get("/api/session").is(200).json();
    session["endsInMs"].take();
    session
}

#[test]
fn a_test_says_who_came_and_leaves_everything_as_it_is() {
    let world = World::new();
    let mut olga = world.owner();
    let before = who(&olga);
    let (path, url) = begin(&mut olga, "oidc");
    assert_eq!(last(&olga, &path), Value::Null);
    let more = json!({ "name": "Ann Example", "preferred_username": "ann@corp.test" });
    let callback = world.provider.sign_in_with(&url, "external-ann", &more);
    to_console(olga.come_back(&callback), &path);
    let test = last(&olga, &path);
    assert_eq!((&test["verdict"], &test["userName"]), (&json!("no-user"), &Value::Null));
    assert_eq!(test["person"]["subject"], "external-ann");
    assert_eq!(test["person"]["upn"], "ann@corp.test");
    assert_eq!(test["reason"], Value::Null, "there is no more to say");

    world.provision("ann");
    let (path, url) = begin(&mut olga, "oidc");
    to_console(olga.come_back(&world.provider.sign_in(&url, "external-ann")), &path);
    let test = last(&olga, &path);
    assert_eq!((&test["verdict"], &test["userName"]), (&json!("would-link"), &json!("ann")));

    // Ann is still nobody's: her own first sign-in links her.
    let mut ann = world.browser();
    ann.sign_in("ann", "");
    let (path, url) = begin(&mut olga, "oidc");
    to_console(olga.come_back(&world.provider.sign_in(&url, "external-ann")), &path);
    assert_eq!(last(&olga, &path)["verdict"], "linked");
    assert_eq!(who(&olga), before, "the admin is who she was");
    assert_eq!(ann.get("/api/session").is(200).json()["userName"], "ann");
    let told = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert_eq!(told.matches("\"sign-in.tested\"").count(), 3, "{told}");
    assert_eq!(told.matches("\"user.claimed\"").count(), 1, "{told}");
}

#[test]
fn a_person_who_would_be_refused_and_an_answer_that_does_not_verify_are_told_apart() {
    let world = World::new();
    let mut olga = world.owner();
    let ann = world.provision("ann");
    world.set_active(&ann, false);
    let (path, url) = begin(&mut olga, "oidc");
    to_console(olga.come_back(&world.provider.sign_in(&url, "external-ann")), &path);
    let test = last(&olga, &path);
    assert_eq!(test["verdict"], "not-admitted");
    assert!(test["reason"].as_str().unwrap().contains("not active"), "{test}");
    assert_eq!(steps(&olga)["signIn"], true, "the connection works");

    let (path, url) = begin(&mut olga, "oidc");
    let wrong = world.provider.sign_in_with(&url, "external-ann", &json!({ "aud": "another" }));
    to_console(olga.come_back(&wrong), &path);
    let test = last(&olga, &path);
    assert_eq!((&test["verdict"], &test["person"]), (&json!("refused"), &Value::Null));
    assert!(test["reason"].as_str().unwrap().contains("not for this client"), "{test}");
    assert_eq!(steps(&olga)["signIn"], false, "as far as the last test shows, it does not work");
}

#[test]
fn only_the_session_that_began_a_test_ends_it_and_sees_who_came() {
    let world = World::new();
    let mut olga = world.owner();
    let mut ann = world.signed_in("ann");
    world.installation.must(&["role", "grant", "--organization", "acme", "--user", "ann", "admin"]);
    let (path, url) = begin(&mut olga, "oidc");
    let callback = world.provider.sign_in(&url, "external-ann");
    // The admin's own browser, but another session of it: nothing is told, nobody is signed in.
    let session = std::mem::replace(&mut olga.session, ann.session.clone());
    let stopped = olga.come_back(&callback);
    assert_ne!(stopped.status, 303);
    assert_eq!(stopped.header("set-cookie"), None);
    olga.session = session;
    assert_eq!(last(&olga, &path), Value::Null);
    olga.come_back(&callback).is(400);

    let (path, url) = begin(&mut olga, "oidc");
    to_console(olga.come_back(&world.provider.sign_in(&url, "external-ann")), &path);
    let seen = last(&ann, &path);
    assert_eq!(seen["verdict"], "linked");
    assert_eq!((&seen["person"], &seen["userName"]), (&Value::Null, &Value::Null));
    ann.page("POST", &path).json(&json!({})).problem(403, "locked");
    ann.set_up();
    ann.post(&path, &json!({})).is(200);
    let bob = world.signed_in("bob");
    bob.get(&path).problem(403, "not-allowed");
    bob.page("POST", &path).json(&json!({})).problem(403, "not-allowed");
}

/// A test that another session takes up must not become a sign-in.
#[test]
fn a_test_is_no_way_to_sign_in_for_somebody_without_a_session() {
    let world = World::new();
    let mut olga = world.owner();
    world.provision("ann");
    let (_, url) = begin(&mut olga, "oidc");
    olga.session = None;
    let stopped = olga.come_back(&world.provider.sign_in(&url, "external-ann"));
    assert_ne!(stopped.status, 303);
    assert_eq!(olga.session, None, "no session began");
}

#[test]
fn a_saml_connection_is_tested_too() {
    let world = World::new();
    let mut olga = world.owner();
    let idp = Idp::entra();
    let body = json!({
        "metadata": idp.metadata(), "name": "corp", "subjectAttribute": freehold_saml::OBJECT_ID,
    });
    olga.post("/api/admin/connections/saml", &body).is(201);
    let (path, location) = begin(&mut olga, "corp");
    let post = idp.sign_in(&world.server, &location, "external-ann");
    let finish = post.send(&world.server).is(303).header("location").unwrap().to_owned();
    assert!(finish.starts_with("/saml/finish?h="), "{finish}");
    to_console(olga.get(&finish), &path);
    let test = last(&olga, &path);
    assert_eq!(
        (&test["verdict"], &test["person"]["subject"]),
        (&json!("no-user"), &json!("external-ann"))
    );

    let (path, location) = begin(&mut olga, "corp");
    let post = idp.sign_in(&world.server, &location, "external-ann");
    let forged = Post { response: post.response.replace('A', "B"), ..post };
    to_console(forged.send(&world.server), &path);
    assert_eq!(last(&olga, &path)["verdict"], "refused");
}
