//! SCIM tokens.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::events::EventKind;
use freehold_directory::organizations;
use freehold_directory::tokens::{
    self, NewToken, ScimPrincipal, TokenError, TokenLife, TokenRefusal,
};
use freehold_directory::{OrganizationId, TokenId, TokenSecret};

use crate::support::{World, minutes, on_both_engines, rng};

on_both_engines!(
    a_token_stands_for_its_organization,
    the_database_holds_no_token,
    several_tokens_live_at_once,
    a_token_dies_to_the_millisecond,
    a_revoked_token_is_refused_at_the_next_request,
    another_organization_cannot_revoke_a_token,
    scim_switched_off_refuses_good_tokens_and_keeps_them,
    two_connections_make_the_name_of_one_necessary,
    the_last_use_is_written_once_a_minute,
    a_refusal_is_recorded_once_a_minute,
);

const DAY: Duration = Duration::from_secs(86_400);

fn create(world: &World, organization: OrganizationId, days: u16) -> (TokenId, String) {
    let new = NewToken {
        connection: None,
        description: " entra ".to_owned(),
        life: TokenLife::from_days(days).unwrap(),
    };
    let (token, secret) = world
        .run(move |store, now, rng| tokens::create(store, organization, &new, now, rng))
        .unwrap();
    (token.id, secret.reveal().to_owned())
}

fn authenticate(world: &World, secret: &str) -> Result<ScimPrincipal, TokenRefusal> {
    let secret = TokenSecret::parse(secret).unwrap();
    world.done(move |store, now, _| tokens::authenticate(store, &secret.hash(), now))
}

fn revoke(world: &World, organization: OrganizationId, token: TokenId) -> Result<(), TokenError> {
    world.run(move |store, now, rng| tokens::revoke(store, organization, token, now, rng))
}

fn a_token_stands_for_its_organization(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let (id, secret) = create(world, acme, 1);
    create(world, other, 1);
    let principal = authenticate(world, &secret).unwrap();
    assert_eq!((principal.organization(), principal.token()), (acme, id));
    assert_eq!(principal.connection(), None);
    let unknown = TokenSecret::make(&mut rng());
    assert!(matches!(authenticate(world, unknown.reveal()), Err(TokenRefusal::Unknown)));
    let all = world.done(move |store, _, _| tokens::list(store, acme));
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].description, "entra");
    assert_eq!(world.event_count(acme, EventKind::TokenCreated), 1);
}

fn the_database_holds_no_token(world: &World) {
    let acme = world.organization("acme");
    let (_, secret) = create(world, acme, 1);
    for row in world.rows("SELECT * FROM scim_tokens") {
        for index in 0..12 {
            let text = format!("{:?}", row.get::<Option<String>>(index));
            assert!(!text.contains(&secret[4..]), "column {index}");
        }
    }
    let hash = world.rows("SELECT hash FROM scim_tokens")[0].bytes(0).unwrap();
    assert_eq!(hash, freehold_wire::hash(secret.as_bytes()));
}

fn several_tokens_live_at_once(world: &World) {
    let acme = world.organization("acme");
    let (old, old_secret) = create(world, acme, 1);
    let (_, new_secret) = create(world, acme, 90);
    assert!(authenticate(world, &old_secret).is_ok());
    assert!(authenticate(world, &new_secret).is_ok());
    revoke(world, acme, old).unwrap();
    assert!(authenticate(world, &old_secret).is_err());
    assert!(authenticate(world, &new_secret).is_ok());
}

fn a_token_dies_to_the_millisecond(world: &World) {
    let acme = world.organization("acme");
    let (_, secret) = create(world, acme, 366);
    world.pass(366 * DAY - Duration::from_millis(1));
    assert!(authenticate(world, &secret).is_ok());
    world.pass(Duration::from_millis(1));
    assert!(matches!(authenticate(world, &secret), Err(TokenRefusal::Expired(_))));
    assert!(TokenLife::from_days(0).is_err());
    assert!(TokenLife::from_days(367).is_err());
}

fn a_revoked_token_is_refused_at_the_next_request(world: &World) {
    let acme = world.organization("acme");
    let (id, secret) = create(world, acme, 1);
    assert!(authenticate(world, &secret).is_ok());
    revoke(world, acme, id).unwrap();
    assert!(matches!(authenticate(world, &secret), Err(TokenRefusal::Revoked(_))));
    revoke(world, acme, id).unwrap();
    assert_eq!(world.event_count(acme, EventKind::TokenRevoked), 1);
}

fn another_organization_cannot_revoke_a_token(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let (id, secret) = create(world, acme, 1);
    assert!(matches!(revoke(world, other, id), Err(TokenError::Unknown)));
    assert!(authenticate(world, &secret).is_ok());
}

fn scim_switched_off_refuses_good_tokens_and_keeps_them(world: &World) {
    let acme = world.organization("acme");
    let (_, secret) = create(world, acme, 1);
    let switch = |on| {
        let switched = world.run(move |store, now, rng| {
            organizations::set_scim(store, Mandate::operator(acme), on, now, rng)
        });
        switched.unwrap();
    };
    switch(false);
    assert!(matches!(authenticate(world, &secret), Err(TokenRefusal::ScimOff(_))));
    switch(true);
    assert!(authenticate(world, &secret).is_ok());
}

fn two_connections_make_the_name_of_one_necessary(world: &World) {
    let acme = world.organization("acme");
    let first = world.connection(acme, "first");
    let try_create = |name: Option<&'static str>| {
        let new = NewToken {
            connection: name.map(str::to_owned),
            description: "x".to_owned(),
            life: TokenLife::from_days(1).unwrap(),
        };
        let made = world.run(move |store, now, rng| tokens::create(store, acme, &new, now, rng));
        made.map(|(token, _)| token.connection)
    };
    assert_eq!(try_create(None).unwrap(), None);
    assert_eq!(try_create(Some("first")).unwrap(), Some(first));
    world.connection(acme, "second");
    match try_create(None) {
        Err(TokenError::ConnectionNeeded(names)) => assert_eq!(names, "first, second"),
        _ => panic!("a name is needed"),
    }
    assert_eq!(try_create(Some("first")).unwrap(), Some(first));
    assert!(matches!(try_create(Some("third")), Err(TokenError::UnknownConnection)));
}

fn the_last_use_is_written_once_a_minute(world: &World) {
    let acme = world.organization("acme");
    let (_, secret) = create(world, acme, 1);
    let principal = authenticate(world, &secret).unwrap();
    assert!(principal.touch_due(world.now()));
    world.done(move |store, now, _| {
        tokens::touch(store, &principal, "192.0.2.1", "Azure AD\u{1b}[0m", now)
    });
    let used_at = world.now();
    world.pass(Duration::from_millis(59_999));
    assert!(!authenticate(world, &secret).unwrap().touch_due(world.now()));
    world.pass(Duration::from_millis(1));
    assert!(authenticate(world, &secret).unwrap().touch_due(world.now()));
    let last = world.done(move |store, _, _| tokens::list(store, acme))[0].last_use.clone();
    let last = last.unwrap();
    assert_eq!((last.at, last.address.as_str()), (used_at, "192.0.2.1"));
    assert_eq!(last.client, "Azure AD[0m");
}

fn a_refusal_is_recorded_once_a_minute(world: &World) {
    let acme = world.organization("acme");
    let (id, secret) = create(world, acme, 1);
    revoke(world, acme, id).unwrap();
    let refuse = || {
        let refusal = authenticate(world, &secret).unwrap_err();
        let due = refusal.note_due(world.now());
        // Two requests may both find it due: the row decides.
        for refusal in [refusal.clone(), refusal] {
            world.done(move |store, now, rng| tokens::note_refusal(store, &refusal, now, rng));
        }
        due
    };
    assert!(refuse());
    assert!(!refuse());
    assert_eq!(world.event_count(acme, EventKind::TokenRefused), 1);
    world.pass(minutes(1));
    assert!(refuse());
    assert_eq!(world.event_count(acme, EventKind::TokenRefused), 2);
    assert!(!TokenRefusal::Unknown.note_due(world.now()));
}
