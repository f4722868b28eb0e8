//! Sessions: opaque, limited in time, ended at will.

use std::time::Duration;

use freehold_directory::sessions::{self, ABSOLUTE_LIFE, IDLE_LIFE};

use crate::support::{World, minutes, on_both_engines};

on_both_engines!(
    a_session_tells_whose_it_is,
    the_database_holds_no_cookie,
    a_session_ends_after_twelve_hours_however_busy,
    a_session_ends_after_thirty_idle_minutes,
    the_last_use_is_written_once_a_minute,
    an_ended_session_is_gone,
    all_sessions_of_a_user_end_and_nobody_elses,
    each_sign_in_makes_a_session_of_its_own,
);

fn a_session_tells_whose_it_is(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "Ann", "1");
    let session = world.session(&world.sign_in(&acme, "1")).unwrap();
    assert_eq!((session.user(), session.organization()), (ann.id, acme.organization));
    assert_eq!((session.user_name(), session.external_id()), ("Ann", Some("1")));
    assert_eq!((session.display_name(), session.unlocked_by()), (None, None));
    assert_eq!(session.organization_names(), ("acme", "Acme Ltd"));
    assert_eq!(session.key_state().as_str(), "PENDING");
    assert!(session.unlocked().is_err());
}

fn the_database_holds_no_cookie(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    let stored = world.rows("SELECT hash FROM sessions")[0].bytes(0).unwrap();
    assert_eq!(stored, freehold_wire::hash(cookie.text().as_bytes()));
}

fn a_session_ends_after_twelve_hours_however_busy(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    for _ in 0..36 {
        world.pass(minutes(20) - Duration::from_millis(1));
        let session = world.session(&cookie).expect("it is in use");
        world.done(move |store, now, _| sessions::touch(store, &session, now));
    }
    world.pass(Duration::from_millis(35));
    assert!(world.session(&cookie).is_some());
    world.pass(Duration::from_millis(1));
    assert!(world.session(&cookie).is_none());
    assert_eq!(ABSOLUTE_LIFE, Duration::from_secs(12 * 3600));
}

fn a_session_ends_after_thirty_idle_minutes(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    world.pass(minutes(30) - Duration::from_millis(1));
    assert!(world.session(&cookie).is_some());
    world.pass(Duration::from_millis(1));
    assert!(world.session(&cookie).is_none());
    assert_eq!(IDLE_LIFE, minutes(30));
}

fn the_last_use_is_written_once_a_minute(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    world.pass(Duration::from_millis(59_999));
    assert!(!world.session(&cookie).unwrap().touch_due(world.now()));
    world.pass(Duration::from_millis(1));
    let session = world.session(&cookie).unwrap();
    assert!(session.touch_due(world.now()));
    world.done(move |store, now, _| sessions::touch(store, &session, now));
    assert!(!world.session(&cookie).unwrap().touch_due(world.now()));
}

fn an_ended_session_is_gone(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    let offer = world.setup_offer(&cookie);
    assert_eq!(offer.organization, acme.organization);
    for _ in 0..2 {
        let secret = cookie.secret();
        world.done(move |store, _, _| sessions::end(store, &secret));
        assert!(world.session(&cookie).is_none());
    }
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 0);
}

fn all_sessions_of_a_user_end_and_nobody_elses(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    let (first, second) = (world.sign_in(&acme, "1"), world.sign_in(&acme, "1"));
    let bob = world.sign_in(&acme, "2");
    assert_eq!(world.done(move |store, _, _| sessions::end_all_of(store, ann.id)), 2);
    assert!(world.session(&first).is_none());
    assert!(world.session(&second).is_none());
    assert!(world.session(&bob).is_some());
}

fn each_sign_in_makes_a_session_of_its_own(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let (first, second) = (world.sign_in(&acme, "1"), world.sign_in(&acme, "1"));
    assert_ne!(first.text(), second.text());
    assert!(world.session(&first).is_some());
    assert!(world.session(&second).is_some());
}
