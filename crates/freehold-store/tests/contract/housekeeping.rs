//! What a timer deletes, and what it must not.

use std::time::Duration;

use freehold_directory::PreLoginSecret;
use freehold_directory::events::EventKind;
use freehold_directory::housekeeping::{self, RETENTION};
use freehold_directory::items;
use freehold_directory::links;
use freehold_directory::login::{self, BegunLogin, Expected};
use serde_json::json;

use crate::support::{LOG_LIFE, World, minutes, on_both_engines, rng};

on_both_engines!(
    what_is_over_goes_and_what_is_not_stays,
    a_forgotten_reservation_gives_its_room_back,
    keys_of_the_deleted_are_destroyed_after_the_retention_time,
    nobody_alive_is_ever_purged,
);

fn collect(world: &World) -> housekeeping::Collected {
    world.done(|store, now, _| housekeeping::collect(store, LOG_LIFE, now))
}

fn what_is_over_goes_and_what_is_not_stays(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let old = world.sign_in(&acme, "1");
    world.setup_offer(&old);
    let connection = acme.connection;
    world.done(move |store, now, _| {
        let browser = PreLoginSecret::make(&mut rng());
        let begun = BegunLogin {
            connection,
            state: "state",
            browser: &browser,
            expected: Expected::Saml { request_id: "_1".to_owned() },
            wanted: None,
            tester: None,
        };
        login::begin(store, &begun, now)
    });
    let organization = acme.organization;
    world
        .run(move |store, now, rng| {
            links::create(store, organization, Some("olga"), false, now, rng).map(drop)
        })
        .expect("a link");
    assert_eq!(collect(world), housekeeping::Collected::default());
    world.pass(minutes(20));
    let new = world.sign_in(&acme, "1");
    let collected = collect(world);
    assert_eq!((collected.challenges, collected.logins, collected.sessions), (1, 1, 0));
    assert_eq!(collected.links, 1);
    world.pass(minutes(10));
    assert_eq!(collect(world).sessions, 1);
    assert!(world.session(&old).is_none());
    assert!(world.session(&new).is_some());
    assert_eq!(world.count("SELECT count(*) FROM sessions"), 1);
    assert!(!collect(world).more());
}

fn a_forgotten_reservation_gives_its_room_back(world: &World) {
    let acme = world.acme();
    let (_, keys) = world.ready(&acme, "ann");
    world
        .with_session(&keys.cookie, |store, session, now, rng| {
            let admitted = items::admit(store, session)?;
            items::reserve(store, &admitted, now, rng)
        })
        .unwrap();
    assert_eq!(world.count("SELECT items FROM item_usage"), 1);
    world.pass(Duration::from_secs(86_400));
    assert_eq!(collect(world).reservations, 1);
    assert_eq!(world.count("SELECT items FROM item_usage"), 0);
    assert_eq!(world.count("SELECT count(*) FROM items"), 0);
}

const KEY_TABLES: [&str; 6] = [
    "SELECT count(*) FROM key_records",
    "SELECT count(*) FROM key_methods",
    "SELECT count(*) FROM account_states",
    "SELECT count(*) FROM unlock_tries",
    "SELECT count(*) FROM item_usage",
    "SELECT count(*) FROM identities",
];

fn purge(world: &World) -> usize {
    world.done(|store, now, rng| housekeeping::purge(store, RETENTION, now, rng)).len()
}

fn keys_of_the_deleted_are_destroyed_after_the_retention_time(world: &World) {
    let acme = world.acme();
    let (ann, _) = world.ready(&acme, "ann.secretname");
    world.delete(&acme.principal, ann.id).unwrap();
    world.pass(RETENTION - Duration::from_millis(1));
    assert_eq!(purge(world), 0);
    assert!(KEY_TABLES.iter().all(|sql| world.count(sql) > 0));
    world.pass(Duration::from_millis(1));
    assert_eq!(purge(world), 1);
    assert!(KEY_TABLES.iter().all(|sql| world.count(sql) == 0));
    let left = &world.rows("SELECT user_name, document, id FROM users")[0];
    assert_eq!((left.text(0).unwrap(), left.text(1).unwrap()), (String::new(), "{}".to_owned()));
    assert_eq!(left.text(2).unwrap(), ann.id.to_string());
    assert_eq!(purge(world), 0);
    assert_eq!(world.event_count(acme.organization, EventKind::KeysPurged), 1);
}

fn nobody_alive_is_ever_purged(world: &World) {
    let acme = world.acme();
    let (ann, _) = world.ready(&acme, "ann");
    let gone = world.create(&acme.principal, json!({ "userName": "gone" }));
    world.set_active(&acme.principal, ann.id, false);
    world.delete(&acme.principal, gone.id).unwrap();
    world.pass(RETENTION * 2);
    assert_eq!(purge(world), 1);
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 1);
    assert_eq!(world.get(&acme.principal, ann.id).unwrap().document.user_name(), "ann");
}
