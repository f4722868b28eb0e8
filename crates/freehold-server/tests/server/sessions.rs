//! Where one is signed in, and an end to it: by the person and by the operator.

use serde_json::json;

use crate::support::World;

#[test]
fn a_person_sees_where_he_is_signed_in() {
    let world = World::new();
    let first = world.signed_in("ann");
    let mut second = world.browser();
    second.sign_in("ann", "");
    world.signed_in("bob");
    let list = second.get("/api/sessions").is(200).json();
    let list = list["sessions"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    let current: Vec<bool> = list.iter().map(|one| one["current"].as_bool().unwrap()).collect();
    assert_eq!(current, [true, false], "last begun first");
    assert_eq!(list[0]["connection"], "oidc");
    assert_eq!(list[0]["address"], "127.0.0.1");
    assert!(list[0]["client"].is_string());
    let life = list[0]["expiresAt"].as_u64().unwrap() - list[0]["createdAt"].as_u64().unwrap();
    assert_eq!(life, 12 * 3600 * 1000);
    let text = list[1].to_string();
    assert!(!text.contains(first.session.as_deref().unwrap()), "nothing to use it with");
}

#[test]
fn a_person_ends_a_session_of_his_own_and_nobody_elses() {
    let world = World::new();
    let ann = world.signed_in("ann");
    let bob = world.signed_in("bob");
    let id = |browser: &crate::support::person::Browser<'_>| {
        let list = browser.get("/api/sessions").is(200).json();
        list["sessions"][0]["id"].as_str().unwrap().to_owned()
    };
    let of_bob = format!("/api/sessions/{}", id(&bob));
    ann.page("DELETE", &of_bob).send().problem(404, "not-found");
    ann.page("DELETE", "/api/sessions/x").send().problem(404, "not-found");
    bob.get("/api/session").is(200);
    let mut elsewhere = world.browser();
    elsewhere.sign_in("ann", "");
    let of_ann = format!("/api/sessions/{}", id(&elsewhere));
    let reply = ann.page("DELETE", &of_ann).send().is(204);
    assert_eq!(reply.header("set-cookie"), None);
    elsewhere.get("/api/session").problem(401, "signed-out");
    ann.page("DELETE", &of_ann).send().problem(404, "not-found");
    let own = ann.page("DELETE", &format!("/api/sessions/{}", id(&ann))).send().is(204);
    assert_eq!(own.cookie("__Host-sid").as_deref(), Some(""));
    ann.get("/api/session").problem(401, "signed-out");
}

#[test]
fn all_others_end_and_this_one_stays() {
    let world = World::new();
    let mut here = world.signed_in("ann");
    let bob = world.signed_in("bob");
    let mut elsewhere = world.browser();
    elsewhere.sign_in("ann", "");
    assert_eq!(here.post("/api/sessions/end-others", &json!({})).is(200).json()["ended"], 1);
    elsewhere.get("/api/session").problem(401, "signed-out");
    here.get("/api/session").is(200);
    bob.get("/api/session").is(200);
    here.get("/api/sessions/end-others").problem(405, "bad-request");
}

#[test]
fn the_operator_lists_and_ends_sessions() {
    let world = World::new();
    let ann = world.signed_in("ann");
    let mut second = world.browser();
    second.sign_in("ann", "");
    let of = ["--organization", "acme", "--user", "ann"];
    let list = world.installation.list(&[&["session", "list"], &of[..]].concat());
    assert_eq!(list.len(), 2);
    assert!(list[0]["createdAt"].as_str().unwrap().ends_with('Z'));
    let end = |more: &[&str]| {
        world.installation.must(&[&["session", "end"], &of[..], more].concat());
    };
    end(&["--session", list[0]["id"].as_str().unwrap()]);
    second.get("/api/session").problem(401, "signed-out");
    ann.get("/api/session").is(200);
    let unknown = [&["session", "end", "--session", "x"], &of[..]].concat();
    let (_, error) = world.installation.refused(&unknown);
    assert!(error.contains("session list"), "{error}");
    end(&[]);
    ann.get("/api/session").problem(401, "signed-out");
    assert_eq!(world.installation.must(&[&["session", "list"], &of[..]].concat()), "");
}
