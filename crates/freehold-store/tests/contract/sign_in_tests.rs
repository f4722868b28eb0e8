//! Tests of connections: told to whoever asked, forgotten after an hour, and no way in.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::connections::ConnectionError;
use freehold_directory::events::EventKind;
use freehold_directory::login::{
    self, BegunLogin, ClaimRefusal, Expected, LastTest, PendingLogin, TEST_MEMORY, Verdict,
};
use freehold_directory::roles::{Grant, LastOwner};
use freehold_directory::sessions::{self, Visit};
use freehold_directory::{
    ConnectionId, PreLoginSecret, SessionId, SessionUser, housekeeping, roles,
};
use freehold_sso_testing::VerifiedAssertion;
use serde_json::json;

use crate::support::{Acme, Cookie, World, issuer_of, on_both_engines, rng};

on_both_engines!(
    a_test_links_nobody_and_no_claim_takes_it,
    the_session_that_tested_sees_who_came_and_others_how_it_ended,
    who_is_no_admin_any_more_ends_no_test,
    a_connection_of_another_organization_has_no_test_to_show,
    an_account_of_somebody_else_is_told_as_no_way_in,
    what_was_said_of_a_person_goes_after_an_hour,
    a_test_that_did_not_verify_is_no_refused_sign_in,
);

/// An admin's session.
fn admin(world: &World, acme: &Acme, name: &str, subject: &str) -> Cookie {
    let user = world.person(&acme.principal, name, subject).id;
    let organization = acme.organization;
    let granted = world.run(move |store, now, rng| {
        roles::grant_admin(store, Mandate::operator(organization), user, now, rng)
    });
    granted.unwrap();
    world.sign_in(acme, subject)
}

fn session(world: &World, cookie: &Cookie) -> SessionUser {
    world.session(cookie).expect("a session")
}

fn begun(world: &World, connection: ConnectionId, tester: SessionId) -> PendingLogin {
    let browser = PreLoginSecret::make(&mut rng());
    world
        .done(move |store, now, _| {
            let begun = BegunLogin {
                connection,
                state: "state",
                browser: &browser,
                expected: Expected::Saml { request_id: "_1".to_owned() },
                wanted: None,
                tester: Some(tester),
            };
            login::begin(store, &begun, now)?;
            login::take_pending(store, "state", &browser, now)
        })
        .expect("it was begun")
}

fn answer(connection: ConnectionId, subject: &str) -> VerifiedAssertion {
    VerifiedAssertion::for_tests(&connection.to_string(), &issuer_of("idp"), None, subject)
}

/// Tests the connection as this subject; whether the session was the one that began it.
fn test(world: &World, acme: &Acme, began: &Cookie, ends: &Cookie, subject: &str) -> bool {
    let pending = begun(world, acme.connection, session(world, began).id());
    assert!(pending.tester.is_some(), "it is read as it was begun");
    let (ends, assertion) = (session(world, ends), answer(acme.connection, subject));
    let told = world
        .done(move |store, now, rng| login::test(store, &pending, &assertion, &ends, now, rng));
    told.is_ok()
}

fn last(world: &World, acme: &Acme, cookie: &Cookie) -> Option<LastTest> {
    let (session, connection) = (session(world, cookie), acme.connection);
    world.run(move |store, now, _| login::last_test(store, &session, connection, now)).unwrap()
}

fn a_test_links_nobody_and_no_claim_takes_it(world: &World) {
    let acme = world.acme();
    let olga = admin(world, &acme, "olga", "1");
    assert!(test(world, &acme, &olga, &olga, "2"));
    assert_eq!(last(world, &acme, &olga).unwrap().test.verdict, Verdict::NoUser);
    world.person(&acme.principal, "ann", "2");
    assert!(test(world, &acme, &olga, &olga, "2"));
    let found = last(world, &acme, &olga).unwrap();
    assert_eq!(found.test.verdict, Verdict::WouldLink);
    assert_eq!(found.user_name.as_deref(), Some("ann"));
    assert_eq!(found.test.person.unwrap().subject, "2");
    assert_eq!(world.count("SELECT count(*) FROM identities"), 1, "olga's alone");

    let sessions = world.count("SELECT count(*) FROM sessions");
    let pending = begun(world, acme.connection, session(world, &olga).id());
    let assertion = answer(acme.connection, "2");
    let claimed = world.done(move |store, now, rng| {
        login::claim(store, &pending, &assertion, &Visit::default(), None, now, rng)
    });
    assert_eq!(claimed.err(), Some(ClaimRefusal::Test));
    assert_eq!(world.count("SELECT count(*) FROM sessions"), sessions);
    assert_eq!(world.count("SELECT count(*) FROM identities"), 1);
}

fn the_session_that_tested_sees_who_came_and_others_how_it_ended(world: &World) {
    let acme = world.acme();
    let olga = admin(world, &acme, "olga", "1");
    let oscar = admin(world, &acme, "oscar", "2");
    assert!(!test(world, &acme, &olga, &oscar, "2"), "ended in another session");
    assert!(last(world, &acme, &olga).is_none());
    assert!(test(world, &acme, &olga, &olga, "2"));
    assert!(last(world, &acme, &olga).unwrap().test.person.is_some());
    let seen = last(world, &acme, &oscar).unwrap();
    assert_eq!(seen.test.verdict, Verdict::Linked);
    assert_eq!((seen.test.person, seen.user_name), (None, None));
}

fn who_is_no_admin_any_more_ends_no_test(world: &World) {
    let acme = world.acme();
    let olga = admin(world, &acme, "olga", "1");
    let (user, organization) = (session(world, &olga).user(), acme.organization);
    let revoked = world.run(move |store, now, rng| {
        let mandate = Mandate::operator(organization);
        roles::revoke(store, mandate, user, Grant::Admin, LastOwner::Keep, now, rng)
    });
    revoked.unwrap();
    assert!(!test(world, &acme, &olga, &olga, "1"));
    assert!(last(world, &acme, &olga).is_none());
}

fn a_connection_of_another_organization_has_no_test_to_show(world: &World) {
    let acme = world.acme();
    let olga = admin(world, &acme, "olga", "1");
    assert!(test(world, &acme, &olga, &olga, "1"));
    let organization = world.organization("other");
    let other = Acme {
        organization,
        connection: world.connection(organization, "idp"),
        principal: world.principal(organization, None),
    };
    let oscar = session(world, &admin(world, &other, "oscar", "1"));
    let foreign = acme.connection;
    let seen = world.run(move |store, now, _| login::last_test(store, &oscar, foreign, now));
    assert!(matches!(seen, Err(ConnectionError::Unknown)));
}

/// Whose `externalId` was changed to this person's after somebody else had claimed the account.
fn an_account_of_somebody_else_is_told_as_no_way_in(world: &World) {
    let acme = world.acme();
    let olga = admin(world, &acme, "olga", "1");
    let ann = world.person(&acme.principal, "ann", "2").id;
    world.sign_in(&acme, "2");
    let moved = json!([{ "op": "replace", "path": "externalId", "value": "3" }]);
    world.patch(&acme.principal, ann, moved).unwrap();
    assert!(test(world, &acme, &olga, &olga, "3"));
    let found = last(world, &acme, &olga).unwrap().test;
    assert_eq!(found.verdict, Verdict::NotAdmitted);
    assert_eq!(found.reason, Some(ClaimRefusal::AlreadyLinked.to_string()));
}

fn what_was_said_of_a_person_goes_after_an_hour(world: &World) {
    let acme = world.acme();
    let olga = admin(world, &acme, "olga", "1");
    assert!(test(world, &acme, &olga, &olga, "1"));
    let kept = || world.count("SELECT count(*) FROM sign_in_tests WHERE subject IS NOT NULL");
    let collect = || {
        let month = Duration::from_secs(30 * 86_400);
        world.done(move |store, now, _| housekeeping::collect(store, month, now))
    };
    // Used every twenty minutes, a session lives on.
    for _ in 0..2 {
        world.pass(TEST_MEMORY / 3);
        let used = session(world, &olga);
        world.done(move |store, now, _| sessions::touch(store, &used, now));
    }
    world.pass(TEST_MEMORY / 3 - Duration::from_millis(1));
    collect();
    assert_eq!(kept(), 1);
    assert!(last(world, &acme, &olga).unwrap().test.person.is_some());
    world.pass(Duration::from_millis(1));
    assert!(last(world, &acme, &olga).unwrap().test.person.is_none(), "before it is collected");
    collect();
    assert_eq!(kept(), 0);
    assert_eq!(last(world, &acme, &olga).unwrap().test.verdict, Verdict::Linked);
}

fn a_test_that_did_not_verify_is_no_refused_sign_in(world: &World) {
    let acme = world.acme();
    let olga = admin(world, &acme, "olga", "1");
    let pending = begun(world, acme.connection, session(world, &olga).id());
    world.done(move |store, now, rng| login::refused(store, &pending, "why", now, rng));
    let found = last(world, &acme, &olga).unwrap().test;
    assert_eq!((found.verdict, found.reason.as_deref()), (Verdict::Refused, Some("why")));
    let told = world.events(acme.organization);
    assert!(told.contains(&EventKind::SignInTested) && !told.contains(&EventKind::SignInRefused));
}
