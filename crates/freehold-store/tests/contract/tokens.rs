//! SCIM tokens.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::events::EventKind;
use freehold_directory::tokens::{
    self, NewToken, Overlap, Rotated, ScimPrincipal, TokenError, TokenLife, TokenRefusal,
};
use freehold_directory::{OrganizationId, TokenId, TokenSecret};
use freehold_directory::{events, expiry, housekeeping, organizations};

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
    a_rotation_makes_a_new_token_and_lets_the_old_one_end_after_the_overlap,
    a_rotation_lengthens_no_life,
    only_a_live_token_of_the_organization_is_rotated,
    a_hundred_tokens_live_at_once_and_no_more,
    what_a_rotation_says_itself_is_not_warned_of,
    the_token_of_a_trial_only_reads_lives_a_minute_and_is_in_no_list,
);

const DAY: Duration = Duration::from_secs(86_400);

fn create(world: &World, organization: OrganizationId, days: u16) -> (TokenId, String) {
    let new = NewToken {
        connection: None,
        description: " entra ".to_owned(),
        life: TokenLife::from_days(days).unwrap(),
    };
    let (token, secret) = world
        .run(move |store, now, rng| {
            tokens::create(store, Mandate::operator(organization), &new, now, rng)
        })
        .unwrap();
    (token.id, secret.reveal().to_owned())
}

fn authenticate(world: &World, secret: &str) -> Result<ScimPrincipal, TokenRefusal> {
    let secret = TokenSecret::parse(secret).unwrap();
    world.done(move |store, now, _| tokens::authenticate(store, &secret.hash(), now))
}

fn revoke(world: &World, organization: OrganizationId, token: TokenId) -> Result<(), TokenError> {
    world.run(move |store, now, rng| {
        tokens::revoke(store, Mandate::operator(organization), token, now, rng)
    })
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
        let made = world.run(move |store, now, rng| {
            tokens::create(store, Mandate::operator(acme), &new, now, rng)
        });
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

fn rotate(
    world: &World,
    organization: OrganizationId,
    token: TokenId,
    days: u16,
    overlap: Overlap,
) -> Result<Rotated, TokenError> {
    let terms = (TokenLife::from_days(days).unwrap(), overlap);
    let mandate = Mandate::operator(organization);
    world.run(move |store, now, rng| tokens::rotate(store, mandate, token, terms, now, rng))
}

fn hours(hours: u16) -> Overlap {
    Overlap::from_hours(hours).unwrap()
}

fn a_rotation_makes_a_new_token_and_lets_the_old_one_end_after_the_overlap(world: &World) {
    let acme = world.organization("acme");
    let first = world.connection(acme, "first");
    let new = NewToken {
        connection: Some("first".to_owned()),
        description: "entra".to_owned(),
        life: TokenLife::from_days(90).unwrap(),
    };
    let (old, old_secret) = world
        .run(move |store, now, rng| tokens::create(store, Mandate::operator(acme), &new, now, rng))
        .unwrap();
    let old_secret = old_secret.reveal().to_owned();
    world.pass(30 * DAY);
    let rotated = rotate(world, acme, old.id, 366, Overlap::default()).unwrap();
    assert_eq!(
        (rotated.token.description.as_str(), rotated.token.connection),
        ("entra", Some(first))
    );
    assert_eq!(rotated.token.expires_at, world.now().plus(366 * DAY));
    assert_eq!(rotated.old_expires_at, world.now().plus(DAY));
    let new_secret = rotated.secret.reveal().to_owned();
    world.pass(DAY - Duration::from_millis(1));
    assert_eq!(authenticate(world, &old_secret).unwrap().token(), old.id);
    let principal = authenticate(world, &new_secret).unwrap();
    assert_eq!((principal.token(), principal.connection()), (rotated.token.id, Some(first)));
    world.pass(Duration::from_millis(1));
    assert!(matches!(authenticate(world, &old_secret), Err(TokenRefusal::Expired(_))));
    assert!(authenticate(world, &new_secret).is_ok());
    let all = world.done(move |store, _, _| events::list(store, acme, None, 100));
    let of = |kind| all.iter().find(|it| it.event.kind == kind).map(|it| it.event.clone());
    let told = of(EventKind::TokenRotated).unwrap();
    assert_eq!(told.token, Some(old.id));
    assert_eq!(told.detail, Some(format!("replaced by {}", rotated.token.id)));
    assert_eq!(world.event_count(acme, EventKind::TokenCreated), 2);
}

fn a_rotation_lengthens_no_life(world: &World) {
    let acme = world.organization("acme");
    let (old, secret) = create(world, acme, 1);
    let end = world.now().plus(DAY);
    world.pass(DAY / 2);
    let rotated = rotate(world, acme, old, 90, hours(168)).unwrap();
    assert_eq!(rotated.old_expires_at, end);
    // A second one may let it end earlier, and never later.
    assert_eq!(
        rotate(world, acme, old, 90, hours(1)).unwrap().old_expires_at,
        world.now().plus(minutes(60))
    );
    assert_eq!(
        rotate(world, acme, old, 90, hours(2)).unwrap().old_expires_at,
        world.now().plus(minutes(60))
    );
    world.pass(minutes(60));
    assert!(matches!(authenticate(world, &secret), Err(TokenRefusal::Expired(_))));
    assert!(Overlap::from_hours(0).is_err() && Overlap::from_hours(169).is_err());
}

fn only_a_live_token_of_the_organization_is_rotated(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let (short, _) = create(world, acme, 1);
    let (revoked, _) = create(world, acme, 9);
    revoke(world, acme, revoked).unwrap();
    assert!(matches!(rotate(world, other, short, 90, hours(1)), Err(TokenError::Unknown)));
    assert!(matches!(rotate(world, acme, revoked, 90, hours(1)), Err(TokenError::Over)));
    world.pass(DAY);
    assert!(matches!(rotate(world, acme, short, 90, hours(1)), Err(TokenError::Over)));
    assert_eq!(world.done(move |store, _, _| tokens::list(store, acme)).len(), 2);
    assert_eq!(world.event_count(acme, EventKind::TokenRotated), 0);
}

fn a_hundred_tokens_live_at_once_and_no_more(world: &World) {
    let acme = world.organization("acme");
    let (first, _) = create(world, acme, 1);
    for _ in 1..tokens::MOST_LIVE {
        create(world, acme, 2);
    }
    let new = NewToken {
        connection: None,
        description: "one more".to_owned(),
        life: TokenLife::from_days(1).unwrap(),
    };
    let more = || {
        let new = new.clone();
        world.run(move |store, now, rng| {
            tokens::create(store, Mandate::operator(acme), &new, now, rng).map(drop)
        })
    };
    assert!(matches!(more(), Err(TokenError::TooMany)));
    let rotated = rotate(world, acme, first, 1, Overlap::default()).map(drop);
    assert!(matches!(rotated, Err(TokenError::TooMany)));
    create(world, world.organization("other"), 1);
    revoke(world, acme, first).unwrap();
    more().unwrap();
    assert!(more().is_err());
    world.pass(DAY);
    more().unwrap();
}

fn what_a_rotation_says_itself_is_not_warned_of(world: &World) {
    let acme = world.organization("acme");
    let (day, _) = create(world, acme, 90);
    let (days, _) = create(world, acme, 90);
    rotate(world, acme, day, 90, hours(24)).unwrap();
    rotate(world, acme, days, 90, hours(48)).unwrap();
    let told = || {
        let warnings = world.done(expiry::warn);
        warnings.into_iter().map(|it| (it.of, it.days)).collect::<Vec<_>>()
    };
    assert_eq!(told(), []);
    world.pass(DAY);
    assert_eq!(told(), [(expiry::Expiring::Token(days), 1)]);
}

fn the_token_of_a_trial_only_reads_lives_a_minute_and_is_in_no_list(world: &World) {
    let acme = world.organization("acme");
    let mandate = Mandate::operator(acme);
    let begin = || {
        let (id, secret) =
            world.done(move |store, now, rng| tokens::begin_trial(store, mandate, now, rng));
        (id, secret.reveal().to_owned())
    };
    let (ended, secret) = begin();
    let (_, forgotten) = begin();
    let (real, real_secret) = create(world, acme, 1);
    assert!(authenticate(world, &secret).unwrap().is_trial());
    assert!(!authenticate(world, &real_secret).unwrap().is_trial());
    let listed = world.done(move |store, _, _| tokens::list(store, acme));
    assert_eq!(listed.iter().map(|token| token.id).collect::<Vec<_>>(), [real]);
    assert!(matches!(revoke(world, acme, ended), Err(TokenError::Unknown)));
    world.done(move |store, _, _| tokens::end_trial(store, ended));
    assert!(matches!(authenticate(world, &secret), Err(TokenRefusal::Unknown)));
    world.done(move |store, _, _| tokens::end_trial(store, real));
    assert!(authenticate(world, &real_secret).is_ok(), "it is not a trial's");
    world.pass(tokens::TRIAL_LIFE);
    assert!(matches!(authenticate(world, &forgotten), Err(TokenRefusal::Expired(_))));
    assert_eq!(world.event_count(acme, EventKind::ScimTried), 2);
    world.pass(DAY);
    world.done(|store, now, _| housekeeping::collect(store, DAY, now).map(drop));
    assert!(matches!(authenticate(world, &forgotten), Err(TokenRefusal::Unknown)));
}
