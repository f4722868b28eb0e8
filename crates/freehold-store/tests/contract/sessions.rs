//! Sessions: opaque, limited in time, ended at will.

use std::time::Duration;

use freehold_directory::events::{self, EventKind};
use freehold_directory::sessions::{
    self, ABSOLUTE_LIFE, EndedBy, IDLE_LIFE, SessionOverview, Visit,
};
use freehold_directory::{SessionId, Timestamp, UserId};
use freehold_wire::MethodKind;

use crate::support::{Acme, Cookie, World, minutes, on_both_engines};

on_both_engines!(
    a_session_tells_whose_it_is,
    the_database_holds_no_cookie,
    a_session_ends_after_twelve_hours_however_busy,
    a_session_ends_after_thirty_idle_minutes,
    the_identity_provider_makes_no_session_longer,
    a_set_up_makes_no_session_longer,
    the_last_use_is_written_once_a_minute,
    an_ended_session_is_gone,
    a_person_without_keys_has_no_unlocked_session,
    all_sessions_of_a_user_end_and_nobody_elses,
    each_sign_in_makes_a_session_of_its_own,
    a_list_has_the_live_sessions_of_one_person,
    a_session_is_ended_by_its_name_and_only_by_its_person,
    all_others_end_and_this_one_stays,
    a_sign_in_ends_the_session_that_the_browser_had,
    of_more_than_fifty_sessions_the_one_unused_for_longest_ends,
    the_session_before_set_up_is_locked_and_dies,
    sessions_are_told_in_the_audit_trail,
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

/// A session that the identity provider wants to end then.
fn ending(world: &World, acme: &Acme, ends_at: Timestamp) -> Cookie {
    let visit = Visit { ends_at: Some(ends_at), ..Visit::default() };
    let claimed = world.claim_within(acme.connection, acme.assertion("1"), visit);
    Cookie::of(&claimed.expect("a sign-in").session)
}

fn the_identity_provider_makes_no_session_longer(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let latest = world.now().plus(ABSOLUTE_LIFE);
    let cookie = ending(world, &acme, latest.plus(minutes(1)));
    assert_eq!(world.session(&cookie).unwrap().expires_at(), latest);
}

/// The one before is kept for two minutes, for a lost answer to be asked for again.
fn a_set_up_makes_no_session_longer(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let ends_at = world.now().plus(minutes(1));
    let before = ending(world, &acme, ends_at);
    let after = world.set_up(&before).cookie;
    for cookie in [before, after] {
        assert_eq!(world.session(&cookie).unwrap().expires_at(), ends_at);
    }
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

fn a_person_without_keys_has_no_unlocked_session(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    world.force("UPDATE sessions SET unlocked_by = 1", vec![]);
    let session = world.session(&cookie).unwrap();
    assert_eq!(session.unlocked_by(), Some(MethodKind::Password));
    assert!(session.unlocked().is_err());
}

fn an_ended_session_is_gone(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    let offer = world.setup_offer(&cookie);
    assert_eq!(offer.organization, acme.organization);
    for _ in 0..2 {
        let secret = cookie.secret();
        world.done(move |store, now, rng| sessions::end(store, &secret, EndedBy::Person, now, rng));
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
    let whose = (acme.organization, ann.id);
    let ended = world.done(move |store, now, rng| {
        sessions::end_all_of(store, whose, EndedBy::Operator, now, rng)
    });
    assert_eq!(ended, 2);
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

fn listed(world: &World, user: UserId) -> Vec<SessionOverview> {
    world.done(move |store, now, _| sessions::list(store, user, now))
}

fn id_of(world: &World, cookie: &Cookie) -> SessionId {
    world.session(cookie).expect("a live session").id()
}

fn a_list_has_the_live_sessions_of_one_person(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    world.sign_in(&acme, "2");
    let first = world.sign_in(&acme, "1");
    world.pass(minutes(1));
    let second = world.sign_in(&acme, "1");
    let list = listed(world, ann.id);
    let ids: Vec<SessionId> = list.iter().map(|one| one.id).collect();
    assert_eq!(ids, [id_of(world, &second), id_of(world, &first)]);
    assert_eq!(list[0].connection.as_deref(), Some("idp"));
    assert_eq!(list[0].created_at, world.now());
    assert_eq!(list[0].expires_at, world.now().plus(ABSOLUTE_LIFE));
    world.pass(minutes(29));
    assert_eq!(listed(world, ann.id).len(), 1, "the first one is idle too long");
}

fn a_session_is_ended_by_its_name_and_only_by_its_person(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let bob = world.person(&acme.principal, "bob", "2");
    let cookie = world.sign_in(&acme, "1");
    let id = id_of(world, &cookie);
    let end = |user: UserId| {
        let whose = (acme.organization, user);
        world.done(move |store, now, rng| {
            sessions::end_named(store, whose, id, EndedBy::Person, now, rng)
        })
    };
    assert!(!end(bob.id));
    assert!(world.session(&cookie).is_some());
    world.setup_offer(&cookie);
    assert!(end(ann.id));
    assert!(world.session(&cookie).is_none());
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 0);
    assert!(!end(ann.id), "it is gone");
}

fn all_others_end_and_this_one_stays(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    let [first, second, third] = [(); 3].map(|()| world.sign_in(&acme, "1"));
    let bob = world.sign_in(&acme, "2");
    let ended = world.with_session(&second, |store, session, now, rng| {
        sessions::end_others(store, session, now, rng)
    });
    assert_eq!(ended.expect("the database works"), 2);
    let live = [&first, &second, &third, &bob].map(|cookie| world.session(cookie).is_some());
    assert_eq!(live, [false, true, false, true]);
}

fn a_sign_in_ends_the_session_that_the_browser_had(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    let ann = world.sign_in(&acme, "1");
    let bob = acme.assertion("2");
    world.claim_in(Some(&ann), acme.connection, bob).expect("a sign-in");
    assert!(world.session(&ann).is_none(), "whosever it was");
}

fn of_more_than_fifty_sessions_the_one_unused_for_longest_ends(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    let bobs = world.sign_in(&acme, "2");
    let mut all = Vec::new();
    for _ in 0..sessions::MOST {
        all.push(world.sign_in(&acme, "1"));
        world.pass(Duration::from_secs(1));
    }
    let used = world.session(&all[0]).unwrap();
    world.done(move |store, now, _| sessions::touch(store, &used, now));
    let live = |cookie: &Cookie| world.session(cookie).is_some();
    assert!(all.iter().all(live));
    let newest = world.sign_in(&acme, "1");
    assert!(live(&newest) && live(&all[0]) && !live(&all[1]) && live(&all[2]) && live(&bobs));
    assert_eq!(listed(world, ann.id).len(), sessions::MOST);
    assert_eq!(world.event_count(acme.organization, EventKind::SessionEnded), 1);
}

fn the_session_before_set_up_is_locked_and_dies(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let before = world.sign_in(&acme, "1");
    let keys = world.set_up(&before);
    let session = world.session(&before).expect("it may ask for a lost answer");
    assert!(session.unlocked().is_err());
    assert!(world.session(&keys.cookie).unwrap().unlocked().is_ok());
    world.pass(minutes(2));
    assert!(world.session(&before).is_none());
    assert!(world.session(&keys.cookie).is_some());
}

fn sessions_are_told_in_the_audit_trail(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    let id = id_of(world, &cookie);
    world.claim_in(Some(&cookie), acme.connection, acme.assertion("1")).expect("a sign-in");
    world.set_active(&acme.principal, ann.id, false);
    let organization = acme.organization;
    let all = world.done(move |store, _, _| events::list(store, organization, None, 1000));
    let of = |kind: EventKind| -> Vec<String> {
        let all = all.iter().filter(|recorded| recorded.event.kind == kind);
        all.map(|recorded| recorded.event.detail.clone().expect("a detail")).collect()
    };
    let mut ended = of(EventKind::SessionEnded);
    ended.sort();
    assert_eq!(ended, [format!("{id} by a new sign-in"), "all 1 by provisioning".to_owned()]);
    assert_eq!(of(EventKind::SessionBegun).len(), 2);
    assert!(of(EventKind::SessionBegun).contains(&id.to_string()));
}
