//! People and groups for admins: who may ask, what is found, and what an admin or owner changes.

use freehold_wire::MethodKind;
use serde_json::{Value, json};

use crate::support::{
    Provider, Reply, World, encoded, new_group, new_user,
    person::{Browser, PASSPHRASE},
};

/// An admin whom the operator appointed, with an unlocked session.
fn admin<'a>(world: &'a World, name: &str) -> Browser<'a> {
    let mut browser = world.signed_in(name);
    browser.set_up();
    world.installation.must(&["role", "grant", "--organization", "acme", "--user", name, "admin"]);
    browser
}

/// An owner with an unlocked session.
fn owner<'a>(world: &'a World, name: &str) -> Browser<'a> {
    world.provision(name);
    let mut browser = world.browser();
    browser.enter(&world.installation.link(name, &[]));
    browser.set_up();
    browser
}

fn provision(world: &World, user: &Value) -> String {
    let made = world.server.scim(&world.token, "POST", "/Users").json(user).is(201).json();
    made["id"].as_str().unwrap().to_owned()
}

fn make_group(world: &World, name: &str, members: &[&str]) -> String {
    let group = new_group(name, members);
    let made = world.server.scim(&world.token, "POST", "/Groups").json(&group).is(201).json();
    made["id"].as_str().unwrap().to_owned()
}

fn names(reply: Reply) -> Vec<String> {
    let page = reply.is(200).json();
    let users = page["users"].as_array().unwrap();
    users.iter().map(|user| user["userName"].as_str().unwrap().to_owned()).collect()
}

fn search(browser: &Browser<'_>, text: &str) -> Vec<String> {
    names(browser.get(&format!("/api/admin/users?search={}", encoded(text))))
}

fn put(browser: &Browser<'_>, path: &str, body: &Value) -> Reply {
    browser.page("PUT", path).json(body)
}

fn delete(browser: &Browser<'_>, path: &str) -> Reply {
    browser.page("DELETE", path).json(&json!({}))
}

/// Ids of a user, a session and a group of an organization with the same provider.
fn strangers(world: &World) -> (String, String) {
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    let token = world.installation.token("other");
    let scim = |path: &str, body: &Value| {
        world.server.scim(&token, "POST", path).json(body).is(201).json()["id"].clone()
    };
    let user = scim("/Users", &new_user("stranger"));
    let group = scim("/Groups", &new_group("Strangers", &[]));
    (user.as_str().unwrap().to_owned(), group.as_str().unwrap().to_owned())
}

#[test]
fn a_member_reads_nothing_and_a_locked_admin_changes_nothing() {
    let world = World::new();
    let mia = world.signed_in("mia");
    let user = mia.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let group = make_group(&world, "G", &[]);
    let session = "0190163d-8694-739b-aea5-966c26f8ad91";
    let reads = [
        "/api/admin/users".to_owned(),
        format!("/api/admin/users/{user}"),
        format!("/api/admin/users/{user}/sessions"),
        "/api/admin/groups".to_owned(),
        format!("/api/admin/groups/{group}"),
        format!("/api/admin/groups/{group}/members"),
    ];
    let admins = [
        ("DELETE", format!("/api/admin/users/{user}/sessions/{session}")),
        ("DELETE", format!("/api/admin/users/{user}/sessions")),
    ];
    let owners = [
        ("PUT", format!("/api/admin/users/{user}/roles/admin")),
        ("DELETE", format!("/api/admin/users/{user}/roles/admin")),
        ("POST", format!("/api/admin/users/{user}/restore")),
        ("PUT", format!("/api/admin/groups/{group}/role")),
        ("DELETE", format!("/api/admin/groups/{group}/role")),
    ];
    let role = json!({ "role": "admin" });
    for path in &reads {
        mia.get(path).problem(403, "not-allowed");
        world.server.page("GET", path).send().problem(401, "signed-out");
    }
    for (method, path) in admins.iter().chain(&owners) {
        mia.page(method, path).json(&role).problem(403, "not-allowed");
    }
    let mut bob = admin(&world, "bob");
    for path in &reads {
        bob.get(path).is(200);
    }
    for (method, path) in &owners {
        bob.page(method, path).json(&role).problem(403, "not-allowed");
    }
    bob.post("/api/lock", &json!({})).is(204);
    for path in &reads {
        bob.get(path).is(200);
    }
    for (method, path) in &admins {
        bob.page(method, path).json(&role).problem(403, "locked");
    }
    let mut olga = owner(&world, "olga");
    olga.post("/api/lock", &json!({})).is(204);
    for (method, path) in admins.iter().chain(&owners) {
        olga.page(method, path).json(&role).problem(403, "locked");
    }
    assert_eq!(mia.get("/api/session").is(200).json()["role"], "member");
}

#[test]
fn what_belongs_to_another_organization_is_unknown() {
    let world = World::new();
    let (user, group) = strangers(&world);
    let olga = owner(&world, "olga");
    let made_up = "0190163d-8694-739b-aea5-966c26f8ad91";
    for id in [user.as_str(), made_up, "x", "%00"] {
        olga.get(&format!("/api/admin/users/{id}")).problem(404, "not-found");
        olga.get(&format!("/api/admin/users/{id}/sessions")).problem(404, "not-found");
        delete(&olga, &format!("/api/admin/users/{id}/sessions")).problem(404, "not-found");
        delete(&olga, &format!("/api/admin/users/{id}/sessions/{made_up}"))
            .problem(404, "not-found");
        put(&olga, &format!("/api/admin/users/{id}/roles/admin"), &json!({}))
            .problem(404, "not-found");
        delete(&olga, &format!("/api/admin/users/{id}/roles/owner")).problem(404, "not-found");
        olga.page("POST", &format!("/api/admin/users/{id}/restore"))
            .json(&json!({}))
            .problem(404, "not-found");
    }
    for id in [group.as_str(), made_up, "x"] {
        let path = format!("/api/admin/groups/{id}");
        olga.get(&path).problem(404, "not-found");
        olga.get(&format!("{path}/members")).problem(404, "not-found");
        let role = json!({ "role": "admin" });
        put(&olga, &format!("{path}/role"), &role).problem(404, "not-found");
        delete(&olga, &format!("{path}/role")).problem(404, "not-found");
    }
    assert_eq!(search(&olga, "stranger"), [""; 0]);
    let groups = olga.get("/api/admin/groups?search=stra").is(200).json();
    assert_eq!(groups["groups"], json!([]));
    olga.get("/api/admin/users?connection=nobody").problem(404, "not-found");
}

#[test]
fn a_search_is_folded_and_what_is_no_search_is_refused() {
    let world = World::new();
    let bob = admin(&world, "bob");
    let mut anne = new_user("u1");
    anne["displayName"] = json!("Dr. ÄNNE von Öz");
    anne["emails"] = json!([{ "value": "Mail@x.test" }]);
    provision(&world, &anne);
    provision(&world, &new_user("a_b%c"));
    for text in
        ["änne", "ÄNNE", "a\u{308}nne", "von öz", "dr", "MAIL@", "U1", "external-u1", "EXTERNAL-u1"]
    {
        assert_eq!(search(&bob, text), ["u1"], "{text}");
    }
    for text in ["%", "_", "a%", "' OR '1'='1", "\u{10FFFF}", "*"] {
        assert_eq!(search(&bob, text), [""; 0], "{text}");
    }
    assert_eq!(search(&bob, "A_B%"), ["a_b%c"]);
    assert_eq!(search(&bob, &"a".repeat(200)), [""; 0]);
    let long = format!("/api/admin/users?search={}", "a".repeat(1_000));
    let told = bob.get(&long).problem(400, "bad-request");
    assert!(told["detail"].as_str().unwrap().contains("200 characters"), "{told}");
    for query in [
        "search=%00",
        "state=ready",
        "state=CONFIRMED",
        "state=READY&stuckDays=3",
        "stuckDays=-1",
        "stuckDays=x",
        "limit=0",
        "limit=201",
        "offset=3",
        "search=a&search=b",
        "cursor=AAAA",
        "cursor=%25",
        "cursor=",
    ] {
        bob.get(&format!("/api/admin/users?{query}")).problem(400, "bad-request");
    }
    for query in [&format!("search={}", "a".repeat(1_000)), "cursor=AAAA", "limit=0", "x=1"] {
        bob.get(&format!("/api/admin/groups?{query}")).problem(400, "bad-request");
    }
}

#[test]
fn pages_go_on_by_their_cursor_and_not_by_one_of_another_list() {
    let world = World::new();
    let bob = admin(&world, "bob");
    for n in 0..5 {
        world.provision(&format!("user{n}"));
    }
    let first = bob.get("/api/admin/users?search=user&limit=2").is(200).json();
    assert_eq!(first["count"], json!({ "number": 5, "more": false }));
    assert_eq!(first["connections"].as_array().unwrap().len(), 1);
    let mut cursor = first["next"].as_str().unwrap().to_owned();
    let mut seen = vec!["user0".to_owned(), "user1".to_owned()];
    for _ in 0..2 {
        let page = bob.get(&format!("/api/admin/users?search=user&limit=2&cursor={cursor}"));
        let page = page.is(200).json();
        assert_eq!((&page["count"], &page["connections"]), (&Value::Null, &Value::Null));
        let users = page["users"].as_array().unwrap();
        seen.extend(users.iter().map(|user| user["userName"].as_str().unwrap().to_owned()));
        cursor = page["next"].as_str().unwrap_or(&cursor).to_owned();
    }
    assert_eq!(seen, ["user0", "user1", "user2", "user3", "user4"]);
    for other in ["search=bob", "search=user&state=READY", "", "state=DELETED"] {
        let path = format!("/api/admin/users?{other}&cursor={cursor}");
        bob.get(&path).problem(400, "bad-request");
    }
    let mut tampered = cursor.clone();
    tampered.replace_range(4..6, if cursor[4..6] == *"AA" { "BB" } else { "AA" });
    bob.get(&format!("/api/admin/users?search=user&cursor={tampered}")).problem(400, "bad-request");
}

#[test]
fn a_person_is_told_with_state_steps_roles_and_the_way_in() {
    let world = World::new();
    let bob = admin(&world, "bob");
    let mut user = new_user("ann@x.test");
    user["displayName"] = json!("Ann");
    user["title"] = json!("Engineer");
    user["emails"] = json!([{ "value": "b@x.test" }, { "value": "a@x.test", "primary": true }]);
    let id = provision(&world, &user);
    let path = format!("/api/admin/users/{id}");
    let shown = bob.get(&path).is(200).json();
    assert_eq!(
        (&shown["state"], &shown["step"]["name"]),
        (&json!("PENDING"), &json!("provisioned"))
    );
    assert_eq!(shown["emails"], json!(["a@x.test", "b@x.test"]));
    assert_eq!(shown["attributes"], json!([{ "name": "title", "value": "Engineer" }]));
    assert_eq!(shown["signInUrl"], format!("{}/login?organization=acme", world.server.origin()));
    assert_eq!((&shown["claimed"], &shown["signedInAt"]), (&Value::Null, &Value::Null));
    let mut ann = world.browser();
    ann.sign_in("ann@x.test", "");
    assert_eq!(bob.get(&path).is(200).json()["step"]["name"], "signed-in");
    ann.get("/api/setup").is(200);
    let shown = bob.get(&path).is(200).json();
    assert_eq!(shown["step"]["name"], "setup-begun");
    assert!(shown["setupBegunAt"].is_u64() && shown["claimed"]["at"].is_u64());
    ann.set_up();
    let group = make_group(&world, "Admins", &[&id]);
    world.installation.must(&[
        "role",
        "map",
        "--organization",
        "acme",
        "--group",
        "Admins",
        "admin",
    ]);
    let shown = bob.get(&path).is(200).json();
    assert_eq!((&shown["state"], &shown["step"]), (&json!("READY"), &Value::Null));
    assert_eq!((&shown["role"], &shown["grants"]), (&json!("admin"), &json!([])));
    let groups = json!([{ "id": group, "name": "Admins", "makesAdmins": true }]);
    assert_eq!(shown["groups"], groups);
    world.set_active(&id, false);
    assert_eq!(bob.get(&path).is(200).json()["state"], "SUSPENDED");
    assert_eq!(names(bob.get("/api/admin/users?state=SUSPENDED")), ["ann@x.test"]);
}

#[test]
fn an_admin_ends_one_session_or_all_and_the_trail_says_who() {
    let world = World::new();
    let mut bob = admin(&world, "bob");
    let ann = world.signed_in("ann");
    let mut again = world.browser();
    again.sign_in("ann", "");
    let id = ann.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let path = format!("/api/admin/users/{id}/sessions");
    let sessions = bob.get(&path).is(200).json();
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let first = sessions[1]["id"].as_str().unwrap();
    let own = bob.get("/api/sessions").is(200).json()["sessions"][0]["id"].clone();
    let foreign = format!("{path}/{}", own.as_str().unwrap());
    delete(&bob, &foreign).problem(404, "not-found");
    delete(&bob, &format!("{path}/{first}")).is(204);
    ann.get("/api/session").problem(401, "signed-out");
    again.get("/api/session").is(200);
    delete(&bob, &format!("{path}/{first}")).problem(404, "not-found");
    assert_eq!(delete(&bob, &path).is(200).json(), json!({ "ended": 1 }));
    again.get("/api/session").problem(401, "signed-out");
    assert_eq!(delete(&bob, &path).is(200).json(), json!({ "ended": 0 }));
    let admin = bob.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let trail = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert!(trail.contains(&format!("{first} by {admin}")), "{trail}");
    assert!(trail.contains(&format!("all 1 by {admin}")), "{trail}");
    bob.unlock(MethodKind::Password, PASSPHRASE).1.is(200);
}

#[test]
fn an_owner_gives_and_takes_roles_and_the_last_one_stays() {
    let world = World::new();
    let olga = owner(&world, "olga");
    let ann = world.signed_in("ann");
    let session = ann.get("/api/session").is(200).json();
    let id = session["userId"].as_str().unwrap();
    let path = format!("/api/admin/users/{id}/roles");
    let role = || ann.get("/api/session").is(200).json()["role"].clone();
    put(&olga, &format!("{path}/owner"), &json!({})).problem(409, "owner-by-link");
    put(&olga, &format!("{path}/member"), &json!({})).problem(404, "not-found");
    delete(&olga, &format!("{path}/admin")).problem(404, "not-found");
    for _ in 0..2 {
        put(&olga, &format!("{path}/admin"), &json!({})).is(204);
    }
    assert_eq!(role(), "admin");
    delete(&olga, &format!("{path}/admin")).is(204);
    assert_eq!(role(), "member");
    let own = olga.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let own_role = format!("/api/admin/users/{own}/roles/owner");
    delete(&olga, &own_role).problem(409, "last-owner");
    let further = world.installation.link("ann", &["--owner"]);
    let mut second = world.browser();
    second.enter(&further);
    delete(&olga, &own_role).is(204);
    assert_eq!(olga.get("/api/session").is(200).json()["role"], "member");
    let trail = world.installation.must(&["audit", "export", "--organization", "acme"]);
    for detail in
        [format!("admin by {own}"), format!("owner by {own}"), "owner by a link".to_owned()]
    {
        assert!(trail.contains(&detail), "{detail}: {trail}");
    }
}

#[test]
fn an_owner_maps_a_group_and_ends_that() {
    let world = World::new();
    let olga = owner(&world, "olga");
    let ann = world.signed_in("ann");
    let id = ann.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let group = make_group(&world, "Ädmins", &[&id]);
    let path = format!("/api/admin/groups/{group}");
    let role = || ann.get("/api/session").is(200).json()["role"].clone();
    for body in [json!({}), json!({ "role": "owner" }), json!({ "role": "admin", "x": 1 })] {
        put(&olga, &format!("{path}/role"), &body).problem(400, "bad-request");
    }
    delete(&olga, &format!("{path}/role")).problem(404, "not-found");
    for _ in 0..2 {
        put(&olga, &format!("{path}/role"), &json!({ "role": "admin" })).is(204);
    }
    assert_eq!(role(), "admin");
    let shown = olga.get(&path).is(200).json();
    assert_eq!((&shown["people"], &shown["nested"]), (&json!(1), &json!(0)));
    assert!(shown["mappedAt"].is_u64());
    let listed = olga.get(&format!("/api/admin/groups?search={}", encoded("äDM"))).is(200).json();
    assert_eq!(listed["groups"][0]["members"], json!({ "number": 1, "more": false }));
    let members = olga.get(&format!("{path}/members")).is(200).json();
    assert_eq!((&members["members"][0]["id"], &members["next"]), (&json!(id), &Value::Null));
    let foreign = olga.get(&format!("{path}/members?limit=1&cursor=AAAA"));
    foreign.problem(400, "bad-request");
    delete(&olga, &format!("{path}/role")).is(204);
    assert_eq!(role(), "member");
    let trail = world.installation.must(&["audit", "export", "--organization", "acme"]);
    let own = olga.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    let mapped = trail.lines().find(|line| line.contains("role.mapped")).unwrap();
    assert!(mapped.contains(&own) && mapped.contains(&group), "{mapped}");
}

#[test]
fn a_deleted_person_is_listed_with_the_time_left_and_restored_by_an_owner() {
    let world = World::new();
    let olga = owner(&world, "olga");
    let id = world.provision("ann");
    world.server.scim(&world.token, "DELETE", &format!("/Users/{id}")).send().is(204);
    assert_eq!(search(&olga, "ann"), [""; 0]);
    assert_eq!(names(olga.get("/api/admin/users?state=DELETED&search=AN")), ["ann"]);
    let shown = olga.get(&format!("/api/admin/users/{id}")).is(200).json();
    assert_eq!(shown["state"], "DELETED");
    assert!(shown["keptUntil"].as_u64() > shown["since"].as_u64());
    let path = format!("/api/admin/users/{id}/restore");
    let restore = || olga.page("POST", &path).json(&json!({}));
    let rival = world.provision("ANN");
    restore().problem(409, "restore-taken");
    world.server.scim(&world.token, "DELETE", &format!("/Users/{rival}")).send().is(204);
    restore().is(204);
    restore().problem(404, "not-found");
    assert_eq!(olga.get(&format!("/api/admin/users/{id}")).is(200).json()["state"], "PENDING");
    assert_eq!(search(&olga, "ann"), ["ann"]);
}

#[test]
fn a_connection_narrows_the_list() {
    let world = World::new();
    let bob = admin(&world, "bob");
    let second = Provider::start();
    std::fs::write(world.installation.folder().join("secret"), "x".repeat(40)).unwrap();
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
    let token = world.installation.must(&[
        "token",
        "create",
        "--organization",
        "acme",
        "--description",
        "t",
        "--connection",
        "second",
    ]);
    world.server.scim(&token, "POST", "/Users").json(&new_user("ann")).is(201);
    let listed = bob.get("/api/admin/users?connection=second").is(200).json();
    assert_eq!(listed["users"][0]["connection"], "second");
    assert_eq!(listed["users"].as_array().unwrap().len(), 1);
    assert!(listed["connections"].as_array().unwrap().contains(&json!("second")));
    assert_eq!(names(bob.get("/api/admin/users?connection=second&search=b")), [""; 0]);
}
