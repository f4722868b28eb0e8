//! Logout by the identity provider: of one session there, or of one person, and of nobody else.

use freehold_directory::ConnectionId;
use freehold_directory::connections;
use freehold_directory::events::EventKind;
use freehold_directory::logout::{self, LogoutRefusal};
use freehold_directory::sessions::Visit;
use freehold_sso_testing::{LoggedOut, VerifiedAssertion, VerifiedLogout};

use crate::support::{Acme, Cookie, World, issuer_of, minutes, on_both_engines};

on_both_engines!(
    a_session_there_ends_the_sessions_begun_within_it,
    a_person_there_loses_all_sessions_over_the_connection,
    a_session_of_the_person_that_began_otherwise_stays,
    a_logout_is_taken_once,
    another_connection_is_not_concerned,
    nobody_is_no_failure,
    a_session_ends_no_later_than_the_provider_wants,
);

fn sign_in(world: &World, acme: &Acme, subject: &str, session: &str) -> Cookie {
    let id = acme.connection.to_string();
    let assertion = VerifiedAssertion::for_tests(&id, &issuer_of("idp"), None, subject);
    let visit = Visit { identity_session: Some(session.to_owned()), ..Visit::default() };
    Cookie::of(&world.claim_within(acme.connection, assertion, visit).unwrap().session)
}

fn log_out(
    world: &World,
    connection: ConnectionId,
    of: LoggedOut,
    id: &str,
) -> Result<u64, LogoutRefusal> {
    let forget_at_ms = world.now().plus(minutes(10)).as_millis();
    let verified = VerifiedLogout::for_tests(&connection.to_string(), of, id, forget_at_ms);
    world.done(move |store, now, rng| {
        let connection = store.connection(connection)?.expect("a connection");
        logout::log_out(store, &connection, &verified, now, rng)
    })
}

fn session(name: &str) -> LoggedOut {
    LoggedOut::Session(name.to_owned())
}

fn a_session_there_ends_the_sessions_begun_within_it(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let (one, two) = (sign_in(world, &acme, "1", "s1"), sign_in(world, &acme, "1", "s2"));
    world.setup_offer(&one);
    assert_eq!(log_out(world, acme.connection, session("s1"), "j1"), Ok(1));
    assert!(world.session(&one).is_none());
    assert!(world.session(&two).is_some());
    assert_eq!(world.event_count(acme.organization, EventKind::LoggedOut), 1);
}

fn a_person_there_loses_all_sessions_over_the_connection(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    let (ann, bob) = (sign_in(world, &acme, "1", "s1"), sign_in(world, &acme, "2", "s2"));
    let person = LoggedOut::Person("1".to_owned());
    assert_eq!(log_out(world, acme.connection, person, "j1"), Ok(1));
    assert!(world.session(&ann).is_none());
    assert!(world.session(&bob).is_some());
}

fn a_session_of_the_person_that_began_otherwise_stays(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let (over, other) = (sign_in(world, &acme, "1", "s1"), sign_in(world, &acme, "1", "s2"));
    let by_link = "UPDATE sessions SET connection_id = NULL WHERE identity_session = 's2'";
    assert_eq!(world.force(by_link, vec![]), 1);
    let person = LoggedOut::Person("1".to_owned());
    assert_eq!(log_out(world, acme.connection, person, "j1"), Ok(1));
    assert!(world.session(&over).is_none());
    assert!(world.session(&other).is_some());
}

fn a_logout_is_taken_once(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    assert_eq!(log_out(world, acme.connection, session("s1"), "j1"), Ok(0));
    let ann = sign_in(world, &acme, "1", "s1");
    let again = log_out(world, acme.connection, session("s1"), "j1");
    assert_eq!(again, Err(LogoutRefusal::Replayed));
    assert!(world.session(&ann).is_some());
}

fn another_connection_is_not_concerned(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let ann = sign_in(world, &acme, "1", "s1");
    let other = world.connection(acme.organization, "other");
    assert_eq!(log_out(world, other, session("s1"), "j1"), Ok(0));
    assert_eq!(log_out(world, other, LoggedOut::Person("1".to_owned()), "j2"), Ok(0));
    let of_other = VerifiedLogout::for_tests(&other.to_string(), session("s1"), "j3", 0);
    let refused = world.done(move |store, now, rng| {
        let connection = store.connection(acme.connection)?.expect("a connection");
        logout::log_out(store, &connection, &of_other, now, rng)
    });
    assert_eq!(refused, Err(LogoutRefusal::OtherConnection));
    assert!(world.session(&ann).is_some());
}

fn nobody_is_no_failure(world: &World) {
    let acme = world.acme();
    let nobody = LoggedOut::Person("nobody".to_owned());
    assert_eq!(log_out(world, acme.connection, nobody, "j1"), Ok(0));
    assert_eq!(world.event_count(acme.organization, EventKind::LoggedOut), 0);
    let found = world
        .done(|store, _, _| connections::of_client(store, &issuer_of("idp"), "app"))
        .into_iter()
        .map(|connection| connection.id);
    assert!(found.eq([acme.connection]));
}

fn a_session_ends_no_later_than_the_provider_wants(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let id = acme.connection.to_string();
    let assertion = VerifiedAssertion::for_tests(&id, &issuer_of("idp"), None, "1");
    let visit = Visit { ends_at: Some(world.now().plus(minutes(5))), ..Visit::default() };
    let ann = world.claim_within(acme.connection, assertion, visit).unwrap();
    let ann = Cookie::of(&ann.session);
    world.pass(minutes(4));
    assert!(world.session(&ann).is_some());
    world.pass(minutes(1));
    assert!(world.session(&ann).is_none());
}
