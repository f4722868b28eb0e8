//! SCIM clients and the access tokens that they get for their secret.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::clients::{
    self, ACCESS_LIFE, ACCESS_MEMORY, ACCESS_TOKENS, ClientError, ClientRefusal, Credentials,
    LiveClient, NewClient,
};
use freehold_directory::events::{self, EventKind};
use freehold_directory::tokens::{self, ScimPrincipal, TokenLife, TokenRefusal};
use freehold_directory::{
    ClientId, OrganizationId, ScimClientSecret, TokenId, TokenSecret, housekeeping, organizations,
};
use serde_json::json;

use crate::support::{LOG_LIFE, World, in_parallel, minutes, on_both_engines, rng};

on_both_engines!(
    a_client_s_access_token_stands_for_its_organization_and_connection,
    the_database_holds_neither_secret_nor_access_token,
    an_access_token_lives_an_hour_to_the_millisecond,
    no_access_token_outlives_its_client,
    a_revoked_client_takes_its_access_tokens_along,
    a_client_revoked_between_proof_and_grant_gains_nothing,
    another_secret_is_wrong_whoever_s_it_is,
    another_organization_cannot_revoke_a_client,
    several_clients_live_at_once,
    a_hundred_clients_live_at_once_and_no_more,
    scim_switched_off_refuses_client_and_access_token,
    access_tokens_are_neither_listed_nor_revoked_as_tokens,
    of_too_many_access_tokens_the_oldest_go,
    a_clock_gone_back_costs_the_new_token_nothing,
    grants_at_once_all_count,
    expired_access_tokens_are_forgotten_after_a_day_and_nothing_else,
    two_connections_make_the_name_of_one_necessary,
    a_use_of_an_access_token_is_a_use_of_its_client,
    a_refusal_is_recorded_once_a_minute_and_only_for_who_knows_the_secret,
);

const DAY: Duration = Duration::from_secs(86_400);
const MOMENT: Duration = Duration::from_millis(1);

/// A client with its secret as an identity provider keeps it.
#[derive(Clone)]
struct Known {
    id: ClientId,
    secret: String,
}

fn create(world: &World, organization: OrganizationId, days: u16) -> Known {
    let new = NewClient {
        connection: None,
        description: " entra ".to_owned(),
        life: TokenLife::from_days(days).unwrap(),
    };
    let (client, secret) = world
        .run(move |store, now, rng| {
            clients::create(store, Mandate::operator(organization), &new, now, rng)
        })
        .unwrap();
    Known { id: client.id, secret: secret.reveal().to_owned() }
}

fn prove(world: &World, known: &Known) -> Result<LiveClient, ClientRefusal> {
    let secret = ScimClientSecret::parse(&known.secret).unwrap();
    let presented = Credentials { id: known.id, secret };
    world.done(move |store, now, _| clients::authenticate(store, &presented, now))
}

fn grant_to(world: &World, live: LiveClient) -> (TokenId, String, Duration) {
    // Ids sort by time: no two tokens of a test are made in one millisecond.
    world.pass(MOMENT);
    let granted = world.done(move |store, now, rng| {
        clients::grant(store, &live, "192.0.2.1", "Azure AD\u{1b}[0m", now, rng)
    });
    (granted.token, granted.secret.reveal().to_owned(), granted.life)
}

/// An access token.
fn access(world: &World, known: &Known) -> String {
    grant_to(world, prove(world, known).unwrap()).1
}

fn authenticate(world: &World, token: &str) -> Result<ScimPrincipal, TokenRefusal> {
    let secret = TokenSecret::parse(token).unwrap();
    world.done(move |store, now, _| tokens::authenticate(store, &secret.hash(), now))
}

fn revoke(
    world: &World,
    organization: OrganizationId,
    client: ClientId,
) -> Result<(), ClientError> {
    world.run(move |store, now, rng| {
        clients::revoke(store, Mandate::operator(organization), client, now, rng)
    })
}

fn switch_scim(world: &World, acme: OrganizationId, on: bool) {
    let switched = world.run(move |store, now, rng| {
        organizations::set_scim(store, Mandate::operator(acme), on, now, rng)
    });
    switched.unwrap();
}

fn a_client_s_access_token_stands_for_its_organization_and_connection(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let connection = world.connection(acme, "idp");
    let new = NewClient {
        connection: Some("idp".to_owned()),
        description: " entra ".to_owned(),
        life: TokenLife::from_days(1).unwrap(),
    };
    let made = world.run(move |store, now, rng| {
        clients::create(store, Mandate::operator(acme), &new, now, rng)
    });
    let (client, secret) = made.unwrap();
    create(world, other, 1);
    let known = Known { id: client.id, secret: secret.reveal().to_owned() };
    let (token, text, life) = grant_to(world, prove(world, &known).unwrap());
    assert_eq!(life, ACCESS_LIFE);
    let principal = authenticate(world, &text).unwrap();
    assert_eq!((principal.organization(), principal.token()), (acme, token));
    assert_eq!((principal.connection(), principal.client()), (Some(connection), Some(known.id)));
    let ann = world.create(&principal, json!({ "userName": "ann" }));
    assert_eq!(ann.connection, Some(connection));
    let all = world.done(move |store, _, _| clients::list(store, acme));
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].description, "entra");
    let recorded = world.done(move |store, _, _| events::list(store, acme, None, 100));
    let made = recorded.iter().filter(|it| it.event.kind == EventKind::ClientCreated);
    assert_eq!(made.map(|it| it.event.client).collect::<Vec<_>>(), [Some(known.id)]);
}

fn the_database_holds_neither_secret_nor_access_token(world: &World) {
    let acme = world.organization("acme");
    let known = create(world, acme, 1);
    let token = access(world, &known);
    for table in ["SELECT * FROM scim_clients", "SELECT * FROM scim_tokens", "SELECT * FROM events"]
    {
        for row in world.rows(table) {
            for value in (0..).map_while(|index| row.value(index).ok()) {
                if let freehold_store::Value::Text(text) = value {
                    assert!(!text.contains(&known.secret[4..]) && !text.contains(&token[4..]));
                }
            }
        }
    }
    let stored = |sql| world.rows(sql)[0].bytes(0).unwrap();
    let hash = freehold_wire::hash;
    assert_eq!(stored("SELECT hash FROM scim_clients"), hash(known.secret.as_bytes()));
    assert_eq!(stored("SELECT hash FROM scim_tokens"), hash(token.as_bytes()));
}

fn an_access_token_lives_an_hour_to_the_millisecond(world: &World) {
    let known = create(world, world.organization("acme"), 1);
    let token = access(world, &known);
    world.pass(ACCESS_LIFE - MOMENT);
    assert!(authenticate(world, &token).is_ok());
    world.pass(MOMENT);
    assert!(matches!(authenticate(world, &token), Err(TokenRefusal::Expired(_))));
    assert!(authenticate(world, &access(world, &known)).is_ok());
}

fn no_access_token_outlives_its_client(world: &World) {
    let known = create(world, world.organization("acme"), 1);
    world.pass(DAY - minutes(10));
    let (_, token, life) = grant_to(world, prove(world, &known).unwrap());
    assert_eq!(life, minutes(10) - MOMENT);
    world.pass(minutes(10) - 2 * MOMENT);
    assert!(authenticate(world, &token).is_ok());
    assert!(prove(world, &known).is_ok());
    world.pass(MOMENT);
    assert!(matches!(authenticate(world, &token), Err(TokenRefusal::Expired(_))));
    assert!(matches!(prove(world, &known), Err(ClientRefusal::Expired(_))));
    // A token that would live on all the same, past the directory.
    world.force("UPDATE scim_tokens SET expires_at = expires_at + 3600000", vec![]);
    assert!(matches!(authenticate(world, &token), Err(TokenRefusal::ClientExpired(_))));
}

fn a_revoked_client_takes_its_access_tokens_along(world: &World) {
    let acme = world.organization("acme");
    let (known, other) = (create(world, acme, 1), create(world, acme, 1));
    let (token, others) = (access(world, &known), access(world, &other));
    revoke(world, acme, known.id).unwrap();
    assert!(matches!(authenticate(world, &token), Err(TokenRefusal::ClientRevoked(_))));
    assert!(matches!(prove(world, &known), Err(ClientRefusal::Revoked(_))));
    assert!(authenticate(world, &others).is_ok());
    revoke(world, acme, known.id).unwrap();
    assert_eq!(world.event_count(acme, EventKind::ClientRevoked), 1);
}

fn a_client_revoked_between_proof_and_grant_gains_nothing(world: &World) {
    let acme = world.organization("acme");
    let known = create(world, acme, 1);
    let live = prove(world, &known).unwrap();
    revoke(world, acme, known.id).unwrap();
    let (_, token, _) = grant_to(world, live);
    assert!(matches!(authenticate(world, &token), Err(TokenRefusal::ClientRevoked(_))));
}

fn another_secret_is_wrong_whoever_s_it_is(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let (known, foreign) = (create(world, acme, 1), create(world, other, 1));
    let made_up = ScimClientSecret::make(&mut rng()).reveal().to_owned();
    let token = access(world, &known);
    for secret in [foreign.secret.clone(), made_up, token] {
        let presented = Known { id: known.id, secret };
        assert!(matches!(prove(world, &presented), Err(ClientRefusal::WrongSecret)));
    }
    let nobody = ClientId::parse(&format!("fhc_{}", "0".repeat(32))).unwrap();
    let presented = Known { id: nobody, secret: known.secret.clone() };
    assert!(matches!(prove(world, &presented), Err(ClientRefusal::Unknown)));
    // The secret is no token.
    assert!(matches!(authenticate(world, &known.secret), Err(TokenRefusal::Unknown)));
}

fn another_organization_cannot_revoke_a_client(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let known = create(world, acme, 1);
    assert!(matches!(revoke(world, other, known.id), Err(ClientError::Unknown)));
    assert!(prove(world, &known).is_ok());
    assert!(world.done(move |store, _, _| clients::list(store, other)).is_empty());
}

fn several_clients_live_at_once(world: &World) {
    let acme = world.organization("acme");
    let (old, new) = (create(world, acme, 1), create(world, acme, 90));
    assert!(prove(world, &old).is_ok() && prove(world, &new).is_ok());
    revoke(world, acme, old.id).unwrap();
    assert!(prove(world, &old).is_err() && prove(world, &new).is_ok());
}

fn a_hundred_clients_live_at_once_and_no_more(world: &World) {
    let acme = world.organization("acme");
    let first = create(world, acme, 1);
    for _ in 1..clients::MOST_LIVE {
        create(world, acme, 2);
    }
    let more = || {
        let new = NewClient {
            connection: None,
            description: "one more".to_owned(),
            life: TokenLife::from_days(1).unwrap(),
        };
        world.run(move |store, now, rng| {
            clients::create(store, Mandate::operator(acme), &new, now, rng).map(drop)
        })
    };
    assert!(matches!(more(), Err(ClientError::TooMany)));
    create(world, world.organization("other"), 1);
    world
        .run(move |store, now, rng| {
            clients::revoke(store, Mandate::operator(acme), first.id, now, rng)
        })
        .unwrap();
    more().unwrap();
    assert!(more().is_err());
}

fn scim_switched_off_refuses_client_and_access_token(world: &World) {
    let acme = world.organization("acme");
    let known = create(world, acme, 1);
    let token = access(world, &known);
    switch_scim(world, acme, false);
    assert!(matches!(authenticate(world, &token), Err(TokenRefusal::ScimOff(_))));
    assert!(matches!(prove(world, &known), Err(ClientRefusal::ScimOff(_))));
    switch_scim(world, acme, true);
    assert!(authenticate(world, &token).is_ok() && prove(world, &known).is_ok());
}

fn access_tokens_are_neither_listed_nor_revoked_as_tokens(world: &World) {
    let acme = world.organization("acme");
    world.token(acme, None);
    let known = create(world, acme, 1);
    let (token, text, _) = grant_to(world, prove(world, &known).unwrap());
    let listed = world.done(move |store, _, _| tokens::list(store, acme));
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].client, None);
    let revoked = world.run(move |store, now, rng| {
        tokens::revoke(store, Mandate::operator(acme), token, now, rng)
    });
    assert!(matches!(revoked, Err(tokens::TokenError::Unknown)));
    assert!(authenticate(world, &text).is_ok());
}

fn of_too_many_access_tokens_the_oldest_go(world: &World) {
    let acme = world.organization("acme");
    let lasting = world.token(acme, None).reveal().to_owned();
    let (known, other) = (create(world, acme, 1), create(world, acme, 1));
    let others = access(world, &other);
    let tokens: Vec<String> = (0..=ACCESS_TOKENS).map(|_| access(world, &known)).collect();
    assert!(matches!(authenticate(world, &tokens[0]), Err(TokenRefusal::Unknown)));
    for token in &tokens[1..] {
        assert!(authenticate(world, token).is_ok());
    }
    assert!(authenticate(world, &others).is_ok() && authenticate(world, &lasting).is_ok());
}

fn a_clock_gone_back_costs_the_new_token_nothing(world: &World) {
    let known = create(world, world.organization("acme"), 30);
    for _ in 0..ACCESS_TOKENS {
        access(world, &known);
    }
    // The past as it looks after the clock went back: all made an hour later.
    let later =
        "UPDATE scim_tokens SET id = '1' || substr(id, 2), created_at = created_at + 3600000";
    world.force(later, vec![]);
    let token = access(world, &known);
    assert!(authenticate(world, &token).is_ok());
    assert_eq!(world.count("SELECT count(*) FROM scim_tokens"), i64::from(ACCESS_TOKENS));
}

fn grants_at_once_all_count(world: &World) {
    let known = create(world, world.organization("acme"), 1);
    let tokens = in_parallel(8, |_| (0..5).map(|_| access(world, &known)).collect::<Vec<_>>());
    for token in tokens.iter().flatten() {
        assert!(authenticate(world, token).is_ok());
    }
    assert_eq!(world.count("SELECT count(*) FROM scim_tokens"), 40);
}

fn expired_access_tokens_are_forgotten_after_a_day_and_nothing_else(world: &World) {
    let acme = world.organization("acme");
    world.token(acme, None);
    let known = create(world, acme, 366);
    let old = access(world, &known);
    let collect =
        || world.done(|store, now, _| housekeeping::collect(store, LOG_LIFE, now)).access_tokens;
    world.pass(ACCESS_LIFE + ACCESS_MEMORY - MOMENT);
    let new = access(world, &known);
    assert_eq!(collect(), 1);
    assert!(matches!(authenticate(world, &old), Err(TokenRefusal::Unknown)));
    assert!(authenticate(world, &new).is_ok());
    world.pass(90 * DAY);
    assert_eq!((collect(), collect()), (1, 0));
    // The admin's own token has expired too; it stays in the list.
    assert_eq!(world.done(move |store, _, _| tokens::list(store, acme)).len(), 1);
}

fn two_connections_make_the_name_of_one_necessary(world: &World) {
    let acme = world.organization("acme");
    let try_create = |name: Option<&'static str>| {
        let new = NewClient {
            connection: name.map(str::to_owned),
            description: "x".to_owned(),
            life: TokenLife::from_days(1).unwrap(),
        };
        let made = world.run(move |store, now, rng| {
            clients::create(store, Mandate::operator(acme), &new, now, rng)
        });
        made.map(|(client, _)| client.connection)
    };
    world.connection(acme, "first");
    assert_eq!(try_create(None).unwrap(), None);
    let second = world.connection(acme, "second");
    match try_create(None) {
        Err(ClientError::ConnectionNeeded(names)) => assert_eq!(names, "first, second"),
        _ => panic!("a name is needed"),
    }
    assert_eq!(try_create(Some("second")).unwrap(), Some(second));
    assert!(matches!(try_create(Some("third")), Err(ClientError::UnknownConnection)));
}

fn a_use_of_an_access_token_is_a_use_of_its_client(world: &World) {
    let acme = world.organization("acme");
    let known = create(world, acme, 1);
    let last = || world.done(move |store, _, _| clients::list(store, acme))[0].last_use.clone();
    assert_eq!(last(), None);
    let token = access(world, &known);
    let (at, shown) = (world.now(), last().unwrap());
    assert_eq!((shown.at, shown.address.as_str()), (at, "192.0.2.1"));
    assert_eq!(shown.client, "Azure AD[0m");
    world.pass(minutes(5));
    let principal = authenticate(world, &token).unwrap();
    assert!(principal.touch_due(world.now()));
    world.done(move |store, now, _| tokens::touch(store, &principal, "192.0.2.2", "Entra", now));
    let (at, shown) = (world.now(), last().unwrap());
    assert_eq!(
        (shown.at, shown.address.as_str(), shown.client.as_str()),
        (at, "192.0.2.2", "Entra")
    );
}

fn a_refusal_is_recorded_once_a_minute_and_only_for_who_knows_the_secret(world: &World) {
    let acme = world.organization("acme");
    let known = create(world, acme, 1);
    revoke(world, acme, known.id).unwrap();
    let refuse = |known: &Known| {
        let refusal = prove(world, known).unwrap_err();
        let due = refusal.note_due(world.now());
        // Two requests may both find it due: the row decides.
        for refusal in [refusal.clone(), refusal] {
            world.done(move |store, now, rng| clients::note_refusal(store, &refusal, now, rng));
        }
        due
    };
    let secret = ScimClientSecret::make(&mut rng()).reveal().to_owned();
    assert!(!refuse(&Known { secret, ..known }));
    assert_eq!(world.event_count(acme, EventKind::ClientRefused), 0);
    assert!(refuse(&known) && !refuse(&known));
    assert_eq!(world.event_count(acme, EventKind::ClientRefused), 1);
    world.pass(minutes(1));
    assert!(refuse(&known));
    assert_eq!(world.event_count(acme, EventKind::ClientRefused), 2);
}
