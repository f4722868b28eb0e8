//! Roles on the command line, and what follows SCIM at once.

use serde_json::{Value, json};

use crate::support::{World, new_group, new_user, patch};

fn role_in_list(world: &World, name: &str) -> Value {
    let users = world.installation.list(&["user", "list", "--organization", "acme"]);
    users.iter().find(|user| user["userName"] == name).unwrap()["role"].clone()
}

#[test]
fn an_admin_by_command_is_shown_in_lists_and_to_the_person() {
    let world = World::new();
    let browser = world.signed_in("ann");
    let role = || browser.get("/api/session").is(200).json()["role"].clone();
    let command = |verb| ["role", verb, "--organization", "acme", "--user", "ANN", "admin"];
    assert_eq!((role(), role_in_list(&world, "ann")), (json!("member"), json!("member")));
    world.installation.must(&command("grant"));
    world.installation.must(&command("grant"));
    assert_eq!((role(), role_in_list(&world, "ann")), (json!("admin"), json!("admin")));
    let table = world.installation.must(&["user", "list", "--organization", "acme"]);
    assert!(table.contains("ROLE") && table.contains("admin"), "{table}");
    world.installation.must(&command("revoke"));
    assert_eq!((role(), role_in_list(&world, "ann")), (json!("member"), json!("member")));
    let (_, error) = world.installation.refused(&command("revoke"));
    assert!(error.contains("unmap"), "{error}");
}

#[test]
fn members_of_a_mapped_group_are_admins_at_the_next_request() {
    let world = World::new();
    let browser = world.signed_in("ann");
    let session = browser.get("/api/session").is(200).json();
    let role = || browser.get("/api/session").is(200).json()["role"].clone();
    let scim = |method: &str, path: &str| world.server.scim(&world.token, method, path);
    let group = scim("POST", "/Groups").json(&new_group("Freehold admins", &[])).is(201).json();
    let name = ["--organization", "acme", "--group", "freehold admins"];
    world.installation.must(&[&["role", "map"], &name[..], &["admin"]].concat());
    assert_eq!(role(), "member");
    let path = format!("/Groups/{}", group["id"].as_str().unwrap());
    let members =
        json!([{ "op": "add", "path": "members", "value": [{ "value": session["userId"] }] }]);
    scim("PATCH", &path).json(&patch(&members));
    assert_eq!((role(), role_in_list(&world, "ann")), (json!("admin"), json!("admin")));
    let list = world.installation.list(&["role", "list", "--organization", "acme"]);
    assert_eq!((&list[0]["role"], &list[0]["by"]), (&json!("admin"), &json!("group")));
    assert_eq!(list[0]["name"], "Freehold admins");
    let gone = json!([{ "op": "remove", "path": "members" }]);
    scim("PATCH", &path).json(&patch(&gone));
    assert_eq!(role(), "member");
    scim("PATCH", &path).json(&patch(&members));
    world.installation.must(&[&["role", "unmap"], &name[..]].concat());
    assert_eq!(role(), "member");
}

#[test]
fn owners_are_made_by_links_and_the_last_one_does_not_slip_away() {
    let world = World::new();
    let refused = |arguments: &[&str]| world.installation.refused(arguments).1;
    world.provision("ann");
    let grant = ["role", "grant", "--organization", "acme", "--user", "ann", "owner"];
    assert!(refused(&grant).contains("admin link"));
    let map = ["role", "map", "--organization", "acme", "--group", "x", "owner"];
    assert!(refused(&map).contains("no group makes owners"));
    let revoke = ["role", "revoke", "--organization", "acme", "--user", "ann", "owner"];
    assert!(refused(&revoke).contains("was not given"));
    world.browser().enter(&world.installation.link("ann", &[]));
    assert_eq!(role_in_list(&world, "ann"), "owner");
    assert!(refused(&revoke).contains("--last-owner"));
    world.installation.must(&[&revoke[..], &["--last-owner"]].concat());
    assert_eq!(role_in_list(&world, "ann"), "member");
}

#[test]
fn roles_that_scim_sends_are_kept_and_mean_nothing() {
    let world = World::new();
    let mut user = new_user("ann");
    user["roles"] = json!([{ "value": "owner", "primary": true }]);
    let scim = |method: &str, path: &str| world.server.scim(&world.token, method, path);
    let made = scim("POST", "/Users").json(&user).is(201).json();
    assert_eq!(made["roles"][0]["value"], "owner");
    assert_eq!(role_in_list(&world, "ann"), "member");
    let mut browser = world.browser();
    browser.sign_in("ann", "");
    assert_eq!(browser.get("/api/session").is(200).json()["role"], "member");
}

#[test]
fn a_user_or_group_that_is_not_there_is_said_not_to_be() {
    let world = World::new();
    for (arguments, advice) in [
        (&["role", "grant", "--organization", "acme", "--user", "x", "admin"][..], "user list"),
        (&["session", "list", "--organization", "acme", "--user", "x"], "user list"),
        (&["role", "map", "--organization", "acme", "--group", "x", "admin"], "SCIM"),
        (&["role", "list", "--organization", "nobody"], "organization list"),
    ] {
        let (code, error) = world.installation.refused(arguments);
        assert!(code == 1 && error.contains(advice), "{arguments:?}: {error}");
    }
}
