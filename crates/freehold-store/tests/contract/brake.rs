//! The brake: what a sync that goes wrong is held back from, and what it is never held back from.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::brake::{self, Brake, Braked, Gauge, Held, Limit};
use freehold_directory::events::EventKind;
use freehold_directory::{OrganizationId, ResourceError, ScimPrincipal, UserId, groups, users};
use freehold_scim::etag::Guard;
use freehold_scim::schema::{GROUP, USER};
use serde_json::json;

use crate::groups::group_document;
use crate::support::{Acme, World, document, in_parallel, minutes, on_both_engines};

on_both_engines!(
    deletes_are_held_back_beyond_fifty_an_hour_in_a_small_organization,
    deletes_are_held_back_beyond_a_fifth_of_a_large_organization,
    users_and_groups_are_counted_together,
    creates_are_free_until_the_first_cycle_is_confirmed,
    what_was_made_within_the_window_is_deleted_freely_until_the_first_cycle_is_confirmed,
    what_is_held_back_stays_so_until_it_is_released,
    the_window_passes,
    deactivations_are_never_held_back_and_raise_one_alarm_a_window,
    a_restored_user_counts_for_no_alarm,
    a_gauge_shows_what_is_counted_and_what_a_window_admits,
    organizations_are_counted_apart,
    limits_are_kept_as_they_were_set,
    nothing_held_back_leaves_a_trace_but_the_alarm,
    parallel_deletes_never_pass_the_limit,
);

/// Users with the names `prefix0`, `prefix1`, .. who were there before the window.
fn crowd(world: &World, principal: &ScimPrincipal, prefix: &str, count: usize) -> Vec<UserId> {
    let made = newcomers(world, principal, prefix, count);
    world.pass(minutes(60));
    made
}

/// Users who are made now, in one transaction.
fn newcomers(world: &World, principal: &ScimPrincipal, prefix: &str, count: usize) -> Vec<UserId> {
    let (principal, prefix) = (principal.clone(), prefix.to_owned());
    let made: Result<_, ResourceError> = world.run(move |store, now, rng| {
        (0..count)
            .map(|n| {
                let document = document(json!({ "userName": format!("{prefix}{n}") }));
                Ok(users::create(store, &principal, &USER, &document, now, rng)?.id)
            })
            .collect()
    });
    made.expect("a crowd")
}

/// Deletes as the server does: past the brake, in one transaction.
fn delete(world: &World, principal: &ScimPrincipal, id: UserId) -> Result<(), Held> {
    let principal = principal.clone();
    let done: Result<_, ResourceError> = world.run(move |store, now, rng| {
        let passed = brake::pass(store, principal.organization(), Braked::Deletes, now, rng)?;
        if passed.is_ok() {
            users::delete(store, &principal, id, &Guard::default(), now, rng)?;
        }
        Ok(passed)
    });
    done.expect("a user that is there")
}

/// Creates as the server does.
fn create(world: &World, principal: &ScimPrincipal, name: &str) -> Result<(), Held> {
    let (principal, document) = (principal.clone(), document(json!({ "userName": name })));
    world.pass(Duration::from_millis(1));
    let done: Result<_, ResourceError> = world.run(move |store, now, rng| {
        let passed = brake::pass(store, principal.organization(), Braked::Creates, now, rng)?;
        if passed.is_ok() {
            users::create(store, &principal, &USER, &document, now, rng)?;
        }
        Ok(passed)
    });
    done.expect("a name that is free")
}

fn operator(organization: OrganizationId) -> Mandate {
    Mandate::operator(organization)
}

fn status(world: &World, organization: OrganizationId) -> Brake {
    world.done(move |store, _, _| brake::status(store, organization))
}

fn release(world: &World, organization: OrganizationId) {
    world.done(move |store, now, rng| brake::release(store, operator(organization), now, rng));
}

fn confirm(world: &World, organization: OrganizationId) {
    world.done(move |store, now, rng| brake::confirm(store, operator(organization), now, rng));
}

/// So many of everything, and no share of the organization.
fn limit_all(world: &World, organization: OrganizationId, count: u64) {
    let limit = Limit { count, percent: 0 };
    world.done(move |store, now, rng| {
        let set = |brake: &mut Brake| {
            brake.creates = limit;
            brake.deletes = limit;
            brake.deactivations = limit;
        };
        brake::configure(store, operator(organization), set, now, rng)
    });
}

/// Counts what passes until something is held back.
fn passing(results: impl IntoIterator<Item = Result<(), Held>>) -> usize {
    results.into_iter().take_while(Result::is_ok).count()
}

fn engaged(world: &World, acme: &Acme) -> usize {
    world.event_count(acme.organization, EventKind::BrakeEngaged)
}

fn deletes_are_held_back_beyond_fifty_an_hour_in_a_small_organization(world: &World) {
    let acme = world.acme();
    let crowd = crowd(world, &acme.principal, "u", 60);
    assert_eq!(passing(crowd.iter().map(|id| delete(world, &acme.principal, *id))), 50);
    assert_eq!(delete(world, &acme.principal, crowd[51]), Err(Held { kind: Braked::Deletes }));
    assert_eq!(engaged(world, &acme), 1, "one alarm, however many are held back");
    assert_eq!(status(world, acme.organization).deletes_held_at, Some(world.now()));
}

fn deletes_are_held_back_beyond_a_fifth_of_a_large_organization(world: &World) {
    let acme = world.acme();
    let crowd = crowd(world, &acme.principal, "u", 305);
    // A fifth of those that there were, not of those that are left.
    assert_eq!(passing(crowd.iter().map(|id| delete(world, &acme.principal, *id))), 61);
}

fn users_and_groups_are_counted_together(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 2);
    let group = world.group(&acme.principal, "Staff", &[]);
    let people = crowd(world, &acme.principal, "u", 2);
    world.delete_group(&acme.principal, group.id).unwrap();
    assert_eq!(passing(people.iter().map(|id| delete(world, &acme.principal, *id))), 1);
    confirm(world, acme.organization);
    let (principal, (document, _)) = (acme.principal, group_document(json!({"displayName": "G"})));
    world.pass(Duration::from_millis(1));
    world
        .run(move |store, now, rng| {
            groups::create(store, &principal, &GROUP, &document, &[], now, rng).map(drop)
        })
        .unwrap();
    let principal = world.principal(acme.organization, None);
    assert_eq!(passing(["a", "b"].map(|name| create(world, &principal, name))), 1);
}

fn creates_are_free_until_the_first_cycle_is_confirmed(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 3);
    let names: Vec<String> = (0..10).map(|n| format!("u{n}")).collect();
    assert_eq!(passing(names.iter().map(|name| create(world, &acme.principal, name))), 10);
    confirm(world, acme.organization);
    assert_eq!(world.event_count(acme.organization, EventKind::BrakeConfirmed), 1);
    // What came before the confirmation is not counted.
    let names: Vec<String> = (0..10).map(|n| format!("v{n}")).collect();
    assert_eq!(passing(names.iter().map(|name| create(world, &acme.principal, name))), 3);
    assert_eq!(engaged(world, &acme), 1);
}

fn what_was_made_within_the_window_is_deleted_freely_until_the_first_cycle_is_confirmed(
    world: &World,
) {
    let acme = world.acme();
    limit_all(world, acme.organization, 2);
    let old = crowd(world, &acme.principal, "old", 3);
    let new = newcomers(world, &acme.principal, "new", 10);
    let group = world.group(&acme.principal, "Trial", &[]);
    assert_eq!(passing(new.iter().map(|id| delete(world, &acme.principal, *id))), 10);
    world.delete_group(&acme.principal, group.id).unwrap();
    assert_eq!(passing(old.iter().map(|id| delete(world, &acme.principal, *id))), 2);
    confirm(world, acme.organization);
    world.pass(Duration::from_millis(1));
    let new = newcomers(world, &acme.principal, "newer", 3);
    release(world, acme.organization);
    world.pass(Duration::from_millis(1));
    assert_eq!(passing(new.iter().map(|id| delete(world, &acme.principal, *id))), 2);
}

fn what_is_held_back_stays_so_until_it_is_released(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 2);
    confirm(world, acme.organization);
    let people = crowd(world, &acme.principal, "u", 6);
    world.pass(minutes(61));
    assert_eq!(passing(people.iter().map(|id| delete(world, &acme.principal, *id))), 2);
    world.pass(minutes(24 * 60));
    assert!(delete(world, &acme.principal, people[2]).is_err(), "time alone releases nothing");
    assert_eq!(engaged(world, &acme), 1);
    // Each kind by itself: creates still pass.
    assert_eq!(create(world, &acme.principal, "new"), Ok(()));
    release(world, acme.organization);
    let released = status(world, acme.organization);
    assert_eq!((released.deletes_held_at, released.released_at), (None, Some(world.now())));
    world.pass(Duration::from_millis(1));
    assert_eq!(passing(people[2..].iter().map(|id| delete(world, &acme.principal, *id))), 2);
    assert_eq!(engaged(world, &acme), 2);
    assert_eq!(world.event_count(acme.organization, EventKind::BrakeReleased), 1);
}

fn the_window_passes(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 2);
    let people = crowd(world, &acme.principal, "u", 6);
    for pair in people.chunks(2) {
        assert_eq!(passing(pair.iter().map(|id| delete(world, &acme.principal, *id))), 2);
        world.pass(minutes(60));
    }
    assert_eq!(engaged(world, &acme), 0);
}

fn deactivations_are_never_held_back_and_raise_one_alarm_a_window(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 3);
    let people = crowd(world, &acme.principal, "u", 12);
    let alarms = |world: &World| world.event_count(acme.organization, EventKind::BrakeAlarm);
    for id in &people[..3] {
        world.set_active(&acme.principal, *id, false);
    }
    assert_eq!((alarms(world), status(world, acme.organization).alarmed_at), (0, None));
    for id in &people[3..8] {
        world.set_active(&acme.principal, *id, false);
    }
    assert_eq!(alarms(world), 1);
    assert_eq!(status(world, acme.organization).alarmed_at, Some(world.now()));
    world.pass(minutes(60));
    for id in &people[8..] {
        assert!(!world.set_active(&acme.principal, *id, false).document.active());
    }
    assert_eq!(alarms(world), 2);
    assert_eq!(engaged(world, &acme), 0);
}

fn a_restored_user_counts_for_no_alarm(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 1);
    let ann = crowd(world, &acme.principal, "u", 1)[0];
    for _ in 0..5 {
        world.set_active(&acme.principal, ann, false);
        world.set_active(&acme.principal, ann, true);
    }
    assert_eq!(world.event_count(acme.organization, EventKind::BrakeAlarm), 0);
}

fn a_gauge_shows_what_is_counted_and_what_a_window_admits(world: &World) {
    let acme = world.acme();
    let crowd = crowd(world, &acme.principal, "u", 10);
    let half = Limit { count: 2, percent: 50 };
    world.done(move |store, now, rng| {
        let set = |brake: &mut Brake| brake.deletes = half;
        brake::configure(store, operator(acme.organization), set, now, rng)
    });
    let gauge = || {
        let organization = acme.organization;
        world.done(move |store, now, _| {
            let brake = brake::status(store, organization)?;
            brake::gauge(store, organization, &brake, Braked::Deletes, now)
        })
    };
    assert_eq!(gauge(), Gauge { counted: 0, admitted: 5 });
    assert_eq!(passing(crowd.iter().map(|id| delete(world, &acme.principal, *id))), 5);
    // The share is of those that there were.
    assert_eq!(gauge(), Gauge { counted: 5, admitted: 5 });
    release(world, acme.organization);
    assert_eq!(gauge(), Gauge { counted: 0, admitted: 2 });
}

fn organizations_are_counted_apart(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let stranger = world.principal(other, None);
    for organization in [acme.organization, other] {
        limit_all(world, organization, 1);
    }
    let (own, theirs) = (crowd(world, &acme.principal, "u", 2), crowd(world, &stranger, "u", 2));
    assert_eq!(passing(own.iter().map(|id| delete(world, &acme.principal, *id))), 1);
    assert_eq!(delete(world, &stranger, theirs[0]), Ok(()));
    release(world, other);
    assert!(delete(world, &acme.principal, own[1]).is_err());
    assert_eq!(status(world, other).deletes_held_at, None);
}

fn limits_are_kept_as_they_were_set(world: &World) {
    let acme = world.acme();
    assert_eq!(status(world, acme.organization), Brake::default());
    let organization = acme.organization;
    let set = world.done(move |store, now, rng| {
        let change = |brake: &mut Brake| {
            brake.creates = Limit { count: 1, percent: 2 };
            brake.deletes = Limit { count: 3, percent: 4 };
            brake.deactivations = Limit { count: 5, percent: 6 };
            brake.window = Duration::from_secs(60);
        };
        brake::configure(store, operator(organization), change, now, rng)
    });
    assert_eq!(status(world, organization), set);
    confirm(world, organization);
    let confirmed = status(world, organization);
    assert_eq!((confirmed.creates, confirmed.window), (set.creates, set.window));
    assert_eq!(confirmed.confirmed_at, Some(world.now()));
    assert_eq!(world.event_count(organization, EventKind::BrakeConfigured), 1);
    let told = "SELECT count(*) FROM events WHERE kind = 'brake.configured' AND detail = \
                'creates 1 or 2%, deletes 3 or 4%, deactivations 5 or 6%, within 60 s'";
    assert_eq!(world.count(told), 1);
}

fn nothing_held_back_leaves_a_trace_but_the_alarm(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 0);
    let ann = crowd(world, &acme.principal, "u", 1)[0];
    assert!(delete(world, &acme.principal, ann).is_err());
    assert_eq!(world.get(&acme.principal, ann).unwrap().version, 1);
    assert_eq!(world.event_count(acme.organization, EventKind::UserDeleted), 0);
}

fn parallel_deletes_never_pass_the_limit(world: &World) {
    let acme = world.acme();
    limit_all(world, acme.organization, 5);
    let people = crowd(world, &acme.principal, "u", 12);
    let done = in_parallel(12, |n| delete(world, &acme.principal, people[n]));
    assert_eq!(done.iter().filter(|it| it.is_ok()).count(), 5);
    assert_eq!(world.count("SELECT count(*) FROM users WHERE deleted_at IS NOT NULL"), 5);
    assert_eq!(engaged(world, &acme), 1);
}
