//! How far an organization is set up, as the server finds it; its name.

use serde_json::{Value, json};

use crate::support::{Installation, World};

const STEPS: &str = "/api/admin/first-steps";
const ORGANIZATION: &str = "/api/admin/organization";

fn done(steps: &Value) -> Vec<&str> {
    let names =
        ["named", "token", "scimRequest", "connection", "signIn", "person", "ready", "domain"];
    names.into_iter().filter(|name| steps[name] == true).collect()
}

#[test]
fn the_first_steps_follow_what_is_there() {
    let world = World::new();
    let olga = world.owner();
    let steps = || olga.get(STEPS).is(200).json();
    assert_eq!(done(&steps()), ["named", "token", "connection"]);
    assert_eq!(steps()["owners"], 1);
    world.provision("ann");
    assert_eq!(done(&steps()), ["named", "token", "scimRequest", "connection", "person"]);
    let mut ann = world.browser();
    ann.sign_in("ann", "");
    let signed_in = ["named", "token", "scimRequest", "connection", "signIn", "person"];
    assert_eq!(done(&steps()), signed_in);
    ann.get(STEPS).problem(403, "not-allowed");
    ann.set_up();
    assert_eq!(done(&steps()), [&signed_in[..], &["ready"]].concat());
    let link = world.installation.link("oscar", &["--owner"]);
    assert_eq!(steps()["owners"], 1, "a link alone is no owner");
    world.browser().enter(&link);
    assert_eq!(steps()["owners"], 2);
}

#[test]
fn nothing_of_another_organization_is_a_step_of_this_one() {
    let world = World::new();
    world.provision("ann");
    let mut ann = world.browser();
    ann.sign_in("ann", "");
    ann.set_up();
    world.installation.must(&["organization", "create", "other", "--name", "other"]);
    let command = ["admin", "link", "--organization", "other", "--user-name", "otto"];
    let printed = world.installation.must(&command);
    let mut otto = world.browser();
    otto.enter(printed.split_once("/enter/#").unwrap().1);
    let steps = otto.get(STEPS).is(200).json();
    assert!(done(&steps).is_empty(), "{steps}");
    assert_eq!(steps["organization"], json!({ "shortName": "other", "name": "other" }));
}

#[test]
fn an_unlocked_owner_renames_the_organization() {
    let world = World::with(Installation::new());
    let mut olga = world.owner();
    let name = json!({ "name": "Acme Société" });
    let answer = olga.page("PUT", ORGANIZATION).json(&name).is(200).json();
    assert_eq!(answer, json!({ "shortName": "acme", "name": "Acme Société" }));
    assert_eq!(olga.get(ORGANIZATION).is(200).json(), answer);
    assert_eq!(olga.get("/api/session").is(200).json()["organization"]["name"], "Acme Société");
    for (wrong, code) in [
        ("", "name-malformed"),
        (&"x".repeat(201), "name-malformed"),
        ("a\nb", "text-unseen"),
        ("Acme\u{202e}", "text-unseen"),
        ("Ac\u{200b}me", "text-unseen"),
    ] {
        let body = json!({ "name": wrong });
        olga.page("PUT", ORGANIZATION).json(&body).problem(422, code);
    }
    olga.page("PUT", ORGANIZATION).json(&json!({ "title": "x" })).problem(400, "bad-request");
    let mut ann = world.signed_in("ann");
    ann.page("PUT", ORGANIZATION).json(&name).problem(403, "not-allowed");
    ann.get(ORGANIZATION).problem(403, "not-allowed");
    world.installation.must(&["role", "grant", "--organization", "acme", "--user", "ann", "admin"]);
    ann.set_up();
    ann.page("PUT", ORGANIZATION).json(&name).problem(403, "not-allowed");
    olga.post("/api/lock", &json!({})).is(204);
    olga.page("PUT", ORGANIZATION).json(&name).problem(403, "locked");
    let told = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert_eq!(told.matches("organization.renamed").count(), 1, "{told}");
}
