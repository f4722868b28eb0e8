//! The provisioning log in the console: read page by page, and live.

use freehold_directory::{
    Clock as _, OrganizationId,
    provisioning_log::{self, LogEntry},
};
use freehold_server::system::{self, SystemClock};
use freehold_store::{Database, DatabaseConfig};
use serde_json::{Value, json};

use crate::support::{World, new_user, person::Browser};

const LOG: &str = "/api/admin/log";
const EVENTS: &str = "/api/admin/log/events";

fn page(browser: &Browser<'_>, query: &str) -> Value {
    browser.get(&format!("{LOG}{query}")).is(200).json()
}

fn targets(page: &Value) -> Vec<&str> {
    page["entries"].as_array().unwrap().iter().map(|it| it["target"].as_str().unwrap()).collect()
}

/// Waits until so many entries are written: those of reads and refusals come after the answer.
fn wait_for(browser: &Browser<'_>, count: usize) -> Value {
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let page = page(browser, "?limit=200");
        if page["entries"].as_array().unwrap().len() >= count {
            return page;
        }
        assert!(std::time::Instant::now() < patience, "{page}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn create(world: &World, name: &str) -> u16 {
    world.server.scim(&world.token, "POST", "/Users").json(&new_user(name)).status
}

#[test]
fn only_admins_read_it_and_only_their_own() {
    let world = World::new();
    let olga = world.owner();
    let ann = world.signed_in("ann");
    for path in [LOG, EVENTS] {
        ann.get(path).problem(403, "not-allowed");
        world.browser().get(path).problem(401, "signed-out");
    }
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    let other = world.installation.token("other");
    assert_eq!(world.server.scim(&other, "POST", "/Users").json(&new_user("bob")).status, 201);
    let own = wait_for(&olga, 1);
    assert_eq!(targets(&own), ["/Users"], "ann's, and not bob's");
    olga.page("POST", LOG).json(&json!({})).is(405);
}

#[test]
fn a_page_is_newest_first_and_leads_to_the_next() {
    let world = World::new();
    let olga = world.owner();
    for name in ["a", "b", "c"] {
        assert_eq!(create(&world, name), 201);
    }
    let all = wait_for(&olga, 3);
    let ids: Vec<&str> =
        all["entries"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted_by(|one, other| one > other));
    assert!(all["next"].is_null(), "{all}");
    let first = page(&olga, "?limit=2");
    assert_eq!(first["next"], ids[1]);
    let second = page(&olga, &format!("?limit=2&cursor={}", ids[1]));
    assert_eq!(second["entries"].as_array().unwrap().len(), 1);
    assert_eq!(second["entries"][0]["id"], ids[2]);
    assert!(second["next"].is_null());
    for wrong in ["?limit=0", "?limit=201", "?cursor=x", "?outcome=some", "?more=1"] {
        olga.get(&format!("{LOG}{wrong}")).problem(400, "bad-request");
    }
    for wrong in ["?after=x", "?outcome=some", "?more=1"] {
        olga.get(&format!("{EVENTS}{wrong}")).problem(400, "bad-request");
    }
}

#[test]
fn a_refusal_says_what_to_change_and_is_found_among_others() {
    let world = World::new();
    let olga = world.owner();
    assert_eq!(create(&world, "ann"), 201);
    assert_eq!(create(&world, "ann"), 409);
    wait_for(&olga, 2);
    let refused = page(&olga, "?outcome=refused");
    let [entry] = refused["entries"].as_array().unwrap().as_slice() else {
        panic!("{refused}");
    };
    assert_eq!((&entry["outcome"], &entry["status"]), (&json!("refused"), &json!(409)));
    assert!(entry["fix"].as_str().unwrap().contains("userName"), "{entry}");
    assert_eq!(entry["token"]["description"], "test");
    assert_eq!(entry["body"]["userName"], "ann");
    assert!(entry["detail"].is_string() && entry["durationMs"].is_number());
    let done = &page(&olga, "")["entries"][1];
    assert_eq!((&done["outcome"], &done["status"]), (&json!("done"), &json!(201)));
}

#[test]
fn new_entries_come_by_themselves_with_ids_of_the_list() {
    let world = World::new();
    let olga = world.owner();
    create(&world, "before");
    wait_for(&olga, 1);
    let mut all = olga.page("GET", EVENTS).open();
    let mut refusals = olga.page("GET", &format!("{EVENTS}?outcome=refused")).open();
    assert!(all.has_header("content-type: text/event-stream"));
    assert!(all.has_header("x-accel-buffering: no") && all.has_header("cache-control: no-store"));
    assert_eq!(create(&world, "ann"), 201);
    assert_eq!(create(&world, "ann"), 409);
    let (first, second) = (all.next().unwrap(), all.next().unwrap());
    assert_eq!((first.kind.as_str(), &first.data["status"]), ("entry", &json!(201)));
    assert_eq!(second.data["status"], 409);
    let refused = refusals.next().unwrap();
    assert_eq!(refused.id, second.id);
    let listed = page(&olga, "");
    assert_eq!(listed["entries"][0], second.data, "the same entry in both");
    assert_eq!(second.id.as_deref(), listed["entries"][0]["id"].as_str());
}

#[test]
fn who_comes_back_gets_what_was_missed_and_nothing_twice() {
    let world = World::new();
    let olga = world.owner();
    create(&world, "before");
    wait_for(&olga, 1);
    let mut stream = olga.page("GET", EVENTS).open();
    create(&world, "a");
    let seen = stream.next().unwrap();
    create(&world, "b");
    create(&world, "c");
    let missed: Vec<_> = (0..2).map(|_| stream.next().unwrap().id).collect();
    drop(stream);
    // The feed remembers it, and knows the place.
    let last = seen.id.unwrap();
    let mut again = olga.page("GET", EVENTS).header("Last-Event-ID", &last).open();
    assert_eq!((0..2).map(|_| again.next().unwrap().id).collect::<Vec<_>>(), missed);
    create(&world, "d");
    let next = again.next().unwrap();
    assert!(next.data["body"]["userName"] == "d", "{next:?}");
    drop(again);

    // Another server does not know the place and asks the database, which may give the last seconds twice.
    let another = world.installation.serve();
    let cookie = olga.session.clone().unwrap();
    let mut again = another
        .page("GET", EVENTS)
        .cookie("__Host-sid", &cookie)
        .header("Last-Event-ID", &last)
        .open();
    create(&world, "e");
    let mut names = Vec::new();
    while names.last().is_none_or(|name| name != "e") {
        let event = again.next().unwrap();
        assert_ne!(event.id.as_deref(), Some(last.as_str()));
        names.push(event.data["body"]["userName"].as_str().unwrap().to_owned());
    }
    assert!(names.ends_with(&["b", "c", "d", "e"].map(str::to_owned)), "{names:?}");
    let mut unique = names.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), names.len(), "{names:?}");
}

#[test]
fn what_another_server_wrote_comes_too() {
    let world = World::new();
    let olga = world.owner();
    let another = world.installation.serve();
    let mut stream = olga.page("GET", EVENTS).open();
    let created = another.scim(&world.token, "POST", "/Users").json(&new_user("ann"));
    assert_eq!(created.status, 201);
    assert_eq!(stream.next().unwrap().data["body"]["userName"], "ann");
}

#[test]
fn a_stream_ends_with_the_session_and_with_the_role() {
    let world = World::new();
    let olga = world.owner();
    let bob = world.signed_in("bob");
    let role = |verb| {
        let words = ["role", verb, "--organization", "acme", "--user", "bob", "admin"];
        world.installation.must(&words);
    };
    role("grant");
    bob.get(LOG).is(200);
    let mut stream = bob.page("GET", EVENTS).open();
    role("revoke");
    create(&world, "a");
    assert!(stream.next().is_none(), "what comes after the role is not for him");

    role("grant");
    let mut stream = bob.page("GET", EVENTS).open();
    let mut of_olga = olga.page("GET", EVENTS).open();
    world.installation.must(&["session", "end", "--organization", "acme", "--user", "bob"]);
    create(&world, "b");
    assert!(stream.next().is_none());
    assert_eq!(of_olga.targets(1), ["/Users"], "others go on");
}

#[test]
fn a_server_that_stops_ends_its_streams_first() {
    let world = World::new();
    let olga = world.owner();
    let mut stream = olga.page("GET", EVENTS).open();
    create(&world, "a");
    stream.next().unwrap();
    world.server.signal("-TERM");
    assert!(stream.rest().is_empty());
    assert!(stream.is_whole(), "it was not cut off when the patience of the stop was over");
    assert_eq!(world.server.stop(), 0);
}

#[test]
fn so_many_streams_are_open_and_a_closed_one_makes_room() {
    let world = World::new();
    let olga = world.owner();
    let mut open: Vec<_> = (0..3).map(|_| olga.page("GET", EVENTS).open()).collect();
    olga.get(EVENTS).problem(429, "too-many-streams");
    olga.get(LOG).is(200);
    open.pop();
    // The server notices at the next word that it sends.
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        create(&world, "a");
        if let Some(stream) = olga.page("GET", EVENTS).try_open() {
            open.push(stream);
            break;
        }
        assert!(std::time::Instant::now() < patience);
    }
    assert_eq!(open.len(), 3);
}

/// Writes so many entries of 4 KB each into the database, as a server does.
fn flood(world: &World, organization: OrganizationId, count: usize) {
    let url = world.installation.database_url();
    let database = Database::open(&DatabaseConfig::for_command_line(&url)).unwrap();
    let now = SystemClock.now();
    let entry = LogEntry {
        organization,
        at: now,
        token: None,
        method: "GET".to_owned(),
        target: "/Users".to_owned(),
        resource: None,
        status: 200,
        detail: None,
        fix: None,
        duration_ms: 1,
        body: Some("x".repeat(4_000)),
    };
    let entries = vec![entry; count];
    database
        .write_blocking(move |store| {
            provisioning_log::record(store, entries.clone(), now, &mut system::random())
        })
        .unwrap();
    database.close();
}

#[test]
fn who_does_not_read_is_passed_over_and_told() {
    let world = World::new();
    let olga = world.owner();
    let session = olga.get("/api/session").is(200).json();
    let organization = session["organization"]["id"].as_str().unwrap().parse().unwrap();
    let mut lazy = olga.page("GET", EVENTS).open();
    let mut eager = olga.page("GET", EVENTS).open();
    let mut round = || {
        flood(&world, organization, 1_000);
        eager.targets(1_000);
    };
    // The feed and the pieces on their way are full after this, and most of the database's caches: each thread that
    // reads has one of 16 MiB.
    for _ in 0..4 {
        round();
    }
    let before = world.server.peak_kib();
    // 48 MB, far more than the sockets' buffers take.
    for _ in 0..12 {
        round();
    }
    let grown = world.server.peak_kib().saturating_sub(before);
    assert!(grown < 24_000, "{grown} KiB for a client that does not read");
    let mut kinds = Vec::new();
    while !kinds.iter().any(|kind| kind == "behind") {
        kinds.push(lazy.next().unwrap().kind);
    }
    assert!(kinds.len() > 100, "it got what fitted first");
}
