//! The brake in the console.

use serde_json::{Value, json};

use crate::support::{World, new_user, person::Browser};

const BRAKE: &str = "/api/admin/brake";

fn brake(browser: &Browser<'_>) -> Value {
    browser.get(BRAKE).is(200).json()
}

fn limits(count: u64, window_seconds: u64) -> Value {
    let limit = json!({ "count": count, "percent": 0 });
    json!({
        "creates": limit, "deletes": limit, "deactivations": limit, "windowSeconds": window_seconds,
    })
}

fn nothing_held() -> Value {
    json!({ "createsHeldAt": null, "deletesHeldAt": null })
}

#[test]
fn reading_takes_an_admin_and_changing_an_unlocked_one() {
    let world = World::new();
    let mut olga = world.owner();
    let mut ann = world.signed_in("ann");
    for path in [BRAKE, "/api/admin/brake/held"] {
        ann.get(path).problem(403, "not-allowed");
    }
    ann.set_up();
    for (method, path, body) in [
        ("PUT", BRAKE, limits(1, 60)),
        ("POST", "/api/admin/brake/release", json!({})),
        ("POST", "/api/admin/brake/confirm", json!({})),
    ] {
        ann.page(method, path).json(&body).problem(403, "not-allowed");
        olga.post("/api/lock", &json!({})).is(204);
        olga.page(method, path).json(&body).problem(403, "locked");
        olga.open();
        olga.page(method, path).json(&json!({ "x": 1 })).problem(400, "bad-request");
    }
    let fresh = brake(&olga);
    assert_eq!(fresh["creates"]["count"], 500, "nothing was changed: {fresh}");
    assert!(fresh["confirmedAt"].is_null() && fresh["releasedAt"].is_null());
}

#[test]
fn limits_are_set_within_their_bounds() {
    let world = World::new();
    let olga = world.owner();
    let set = olga.page("PUT", BRAKE).json(&limits(7, 3_600)).is(200).json();
    assert_eq!(set, brake(&olga));
    assert_eq!((&set["deletes"]["count"], &set["windowSeconds"]), (&json!(7), &json!(3_600)));
    let mut too_large = limits(7, 3_600);
    too_large["creates"]["percent"] = json!(101);
    for wrong in [limits(7, 59), limits(7, 604_801), limits(10_000_001, 60), too_large] {
        olga.page("PUT", BRAKE).json(&wrong).problem(400, "bad-request");
    }
    assert_eq!(set, brake(&olga));
}

#[test]
fn what_is_held_back_is_told_and_passes_after_a_release() {
    let world = World::new();
    let mut olga = world.owner();
    let people: Vec<String> = ["a", "b", "c"].map(|name| world.provision(name)).to_vec();
    olga.page("PUT", BRAKE).json(&limits(2, 3_600)).is(200);
    olga.post("/api/admin/brake/confirm", &json!({})).is(200);
    let delete =
        |id: &str| world.server.scim(&world.token, "DELETE", &format!("/Users/{id}")).send();
    delete(&people[0]).is(204);
    delete(&people[1]).is(204);
    let held = || olga.get("/api/admin/brake/held").is(200).json();
    assert_eq!(held(), nothing_held());
    let refused = delete(&people[2]).is(429);
    assert!(refused.text().contains("console"), "{}", refused.text());
    assert!(held()["deletesHeldAt"].is_number());
    let shown = brake(&olga);
    assert_eq!(
        (&shown["deletes"]["counted"], &shown["deletes"]["admitted"]),
        (&json!(2), &json!(2))
    );
    assert!(shown["deletesHeldAt"].is_number() && shown["createsHeldAt"].is_null(), "{shown}");

    let released = olga.post("/api/admin/brake/release", &json!({})).is(200).json();
    assert!(released["deletesHeldAt"].is_null() && released["releasedAt"].is_number());
    assert_eq!(released["deletes"]["counted"], 0);
    delete(&people[2]).is(204);
    let confirmed = olga.post("/api/admin/brake/confirm", &json!({})).is(200).json();
    assert!(confirmed["confirmedAt"].is_number());
    let status =
        |name| world.server.scim(&world.token, "POST", "/Users").json(&new_user(name)).status;
    assert_eq!([status("d"), status("e"), status("f")], [201, 201, 429]);
    assert!(brake(&olga)["createsHeldAt"].is_number());
    let events = world.installation.must(&["audit", "export", "--organization", "acme"]);
    let olga_id = olga.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
    for kind in ["brake.configured", "brake.released", "brake.confirmed"] {
        let line = events.lines().find(|line| line.contains(kind)).unwrap();
        assert!(line.contains(&olga_id), "it says who did it: {line}");
    }
}

#[test]
fn many_who_are_switched_off_raise_an_alarm_and_nothing_else() {
    let world = World::new();
    let olga = world.owner();
    olga.page("PUT", BRAKE).json(&limits(1, 3_600)).is(200);
    for name in ["a", "b", "c"] {
        world.set_active(&world.provision(name), false);
    }
    let shown = brake(&olga);
    assert!(shown["alarmedAt"].is_number(), "{shown}");
    assert_eq!(olga.get("/api/admin/brake/held").is(200).json(), nothing_held());
}
