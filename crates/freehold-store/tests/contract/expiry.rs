//! Warnings before tokens and clients end.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::clients::{self, Credentials, NewClient};
use freehold_directory::events::{self, EventKind};
use freehold_directory::expiry::{self, Expiring};
use freehold_directory::tokens::{self, NewToken, TokenLife};
use freehold_directory::{ClientId, OrganizationId, TokenId};

use crate::support::{World, in_parallel, on_both_engines};

on_both_engines!(
    each_threshold_is_told_once,
    after_a_pause_only_the_nearest_threshold_is_told,
    what_is_made_inside_a_threshold_is_told_at_the_next,
    revoked_and_expired_ones_are_not_told,
    access_tokens_are_not_told,
    a_clock_gone_back_tells_nothing_again,
    many_at_once_are_told_in_turns,
    two_servers_tell_once,
);

const DAY: Duration = Duration::from_secs(86_400);
const MOMENT: Duration = Duration::from_millis(1);

fn token(world: &World, organization: OrganizationId, days: u16) -> TokenId {
    let life = TokenLife::from_days(days).unwrap();
    let new = NewToken { connection: None, description: "entra".to_owned(), life };
    let made = world.run(move |store, now, rng| {
        tokens::create(store, Mandate::operator(organization), &new, now, rng)
    });
    made.unwrap().0.id
}

fn client(world: &World, organization: OrganizationId, days: u16) -> (ClientId, Credentials) {
    let life = TokenLife::from_days(days).unwrap();
    let new = NewClient { connection: None, description: "entra".to_owned(), life };
    let made = world.run(move |store, now, rng| {
        clients::create(store, Mandate::operator(organization), &new, now, rng)
    });
    let (client, secret) = made.unwrap();
    (client.id, Credentials { id: client.id, secret })
}

/// What is told now, as of whom and how near.
fn told(world: &World) -> Vec<(Expiring, u16)> {
    let mut told: Vec<_> =
        world.done(expiry::warn).into_iter().map(|warning| (warning.of, warning.days)).collect();
    told.sort();
    told
}

fn details(world: &World, organization: OrganizationId, kind: EventKind) -> Vec<String> {
    let all = world.done(move |store, _, _| events::list(store, organization, None, 1_000));
    let of_kind = all.into_iter().filter(|recorded| recorded.event.kind == kind);
    of_kind.map(|recorded| recorded.event.detail.unwrap()).collect()
}

fn each_threshold_is_told_once(world: &World) {
    let acme = world.organization("acme");
    let (token, (client, _)) = (token(world, acme, 40), client(world, acme, 40));
    let both = |days| vec![(Expiring::Token(token), days), (Expiring::Client(client), days)];
    world.pass(10 * DAY - MOMENT);
    assert_eq!(told(world), []);
    for (days, until_next) in [(30, 16), (14, 7), (7, 6), (1, 1)] {
        world.pass(MOMENT);
        assert_eq!(told(world), both(days));
        assert_eq!(told(world), []);
        world.pass(until_next * DAY - MOMENT);
        assert_eq!(told(world), []);
    }
    let all = ["30 days", "14 days", "7 days", "1 day"];
    assert_eq!(details(world, acme, EventKind::TokenExpiring), all);
    assert_eq!(details(world, acme, EventKind::ClientExpiring), all);
    let recorded = world.done(move |store, _, _| events::list(store, acme, None, 100));
    let of = |kind| recorded.iter().find(|it| it.event.kind == kind).unwrap();
    assert_eq!(of(EventKind::TokenExpiring).event.token, Some(token));
    assert_eq!(of(EventKind::ClientExpiring).event.client, Some(client));
}

fn after_a_pause_only_the_nearest_threshold_is_told(world: &World) {
    let token = Expiring::Token(token(world, world.organization("acme"), 90));
    world.pass(85 * DAY);
    assert_eq!(told(world), [(token, 7)]);
    world.pass(5 * DAY - MOMENT);
    assert_eq!(told(world), [(token, 1)]);
    assert_eq!(told(world), []);
}

fn what_is_made_inside_a_threshold_is_told_at_the_next(world: &World) {
    let acme = world.organization("acme");
    let ten = Expiring::Token(token(world, acme, 10));
    let seven = Expiring::Client(client(world, acme, 7).0);
    token(world, acme, 1);
    assert_eq!(told(world), []);
    world.pass(3 * DAY);
    assert_eq!(told(world), [(ten, 7)]);
    world.pass(3 * DAY);
    assert_eq!(told(world), [(seven, 1)]);
}

fn revoked_and_expired_ones_are_not_told(world: &World) {
    let acme = world.organization("acme");
    let (token, (client, _)) = (token(world, acme, 31), client(world, acme, 31));
    self::token(world, acme, 2);
    world
        .run(move |store, now, rng| tokens::revoke(store, Mandate::operator(acme), token, now, rng))
        .unwrap();
    world
        .run(move |store, now, rng| {
            clients::revoke(store, Mandate::operator(acme), client, now, rng)
        })
        .unwrap();
    world.pass(2 * DAY);
    assert_eq!(told(world), []);
}

fn access_tokens_are_not_told(world: &World) {
    let acme = world.organization("acme");
    let (_, credentials) = client(world, acme, 366);
    world.done(move |store, now, rng| {
        let live = clients::authenticate(store, &credentials, now)?.expect("a live client");
        clients::grant(store, &live, "", "", now, rng)
    });
    // Were it no access token, it would be told.
    world.force("UPDATE scim_tokens SET created_at = created_at - 8640000000", vec![]);
    assert_eq!(told(world), []);
}

fn a_clock_gone_back_tells_nothing_again(world: &World) {
    let acme = world.organization("acme");
    let token = Expiring::Token(token(world, acme, 90));
    world.pass(84 * DAY);
    assert_eq!(told(world), [(token, 7)]);
    // Ten days back, as seen by the token.
    world.force("UPDATE scim_tokens SET expires_at = expires_at + 864000000", vec![]);
    assert_eq!(told(world), []);
    world.pass(10 * DAY);
    assert_eq!(told(world), []);
    world.pass(5 * DAY);
    assert_eq!(told(world), [(token, 1)]);
}

fn many_at_once_are_told_in_turns(world: &World) {
    let both = ["acme", "other"].map(|name| world.organization(name));
    for organization in both {
        for _ in 0..65 {
            token(world, organization, 40);
        }
    }
    world.pass(39 * DAY);
    let mut all = Vec::new();
    while let some @ [_, ..] = told(world).as_slice() {
        assert!(some.len() <= 100);
        all.extend_from_slice(some);
    }
    assert!(all.iter().all(|(_, days)| *days == 1));
    let recorded = both.map(|it| details(world, it, EventKind::TokenExpiring).len());
    assert_eq!((all.len(), recorded), (130, [65, 65]));
}

fn two_servers_tell_once(world: &World) {
    let acme = world.organization("acme");
    for _ in 0..5 {
        token(world, acme, 40);
    }
    world.pass(20 * DAY);
    in_parallel(4, |_| told(world));
    assert_eq!(details(world, acme, EventKind::TokenExpiring).len(), 5);
}
