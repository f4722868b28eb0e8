//! `active=false` and DELETE end access before SCIM has its answer.

use freehold_directory::events::EventKind;
use freehold_directory::sessions;
use freehold_directory::unlock;
use freehold_directory::users;
use freehold_directory::{Store, StoreError};
use freehold_scim::etag::Guard;
use freehold_scim::schema::USER;
use serde_json::json;

use crate::support::{Acme, Cookie, World, document, on_both_engines, origins};

on_both_engines!(
    deactivation_by_patch_ends_sessions_and_challenges,
    deactivation_by_put_ends_sessions_and_challenges,
    delete_ends_sessions_and_challenges,
    a_session_does_not_come_back_with_the_user,
    the_lookup_alone_refuses_inactive_and_deleted_users,
    access_ends_in_the_transaction_of_the_change,
    keys_outlive_a_suspension,
);

/// A READY person with an unlocked session that waits for an answer to its challenge.
fn waiting(world: &World, acme: &Acme) -> (users::User, Cookie) {
    let (user, keys) = world.ready(acme, "ann");
    let offer = world.with_session(&keys.cookie, |store, session, now, rng| {
        unlock::offer(store, session, &origins(), now, rng)
    });
    offer.unwrap().unwrap();
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 1);
    (user, keys.cookie)
}

fn nothing_is_left(world: &World, cookie: &Cookie) {
    assert!(world.session(cookie).is_none());
    assert_eq!(world.count("SELECT count(*) FROM sessions"), 0);
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 0);
}

fn deactivation_by_patch_ends_sessions_and_challenges(world: &World) {
    let acme = world.acme();
    let (user, cookie) = waiting(world, &acme);
    let patch = json!([{ "op": "Replace", "path": "active", "value": "False" }]);
    world.patch(&acme.principal, user.id, patch).unwrap();
    nothing_is_left(world, &cookie);
    assert_eq!(world.event_count(acme.organization, EventKind::UserSuspended), 1);
}

fn deactivation_by_put_ends_sessions_and_challenges(world: &World) {
    let acme = world.acme();
    let (user, cookie) = waiting(world, &acme);
    let body = json!({ "userName": "ann", "externalId": "ann", "active": false });
    world.replace(&acme.principal, user.id, body).unwrap();
    nothing_is_left(world, &cookie);
}

fn delete_ends_sessions_and_challenges(world: &World) {
    let acme = world.acme();
    let (user, cookie) = waiting(world, &acme);
    world.delete(&acme.principal, user.id).unwrap();
    nothing_is_left(world, &cookie);
}

fn a_session_does_not_come_back_with_the_user(world: &World) {
    let acme = world.acme();
    let (user, cookie) = waiting(world, &acme);
    world.set_active(&acme.principal, user.id, false);
    world.set_active(&acme.principal, user.id, true);
    nothing_is_left(world, &cookie);
    assert_eq!(world.event_count(acme.organization, EventKind::UserRestored), 1);
}

fn the_lookup_alone_refuses_inactive_and_deleted_users(world: &World) {
    // A second lock on the same door: even a session that outlived its user opens nothing.
    let acme = world.acme();
    let (_, cookie) = waiting(world, &acme);
    world.force("UPDATE users SET active = 0", vec![]);
    assert!(world.session(&cookie).is_none());
    world.force("UPDATE users SET active = 1", vec![]);
    assert!(world.session(&cookie).is_some());
    world.force("UPDATE users SET deleted_at = 1", vec![]);
    assert!(world.session(&cookie).is_none());
}

fn access_ends_in_the_transaction_of_the_change(world: &World) {
    let acme = world.acme();
    let (user, cookie) = waiting(world, &acme);
    let (principal, secret) = (acme.principal.clone(), cookie.secret());
    let inside = world.done(move |store: &mut dyn Store, now, rng| {
        let body = json!({ "userName": "ann", "externalId": "ann", "active": false });
        users::replace(
            store,
            &principal,
            &USER,
            user.id,
            &document(body),
            &Guard::default(),
            now,
            rng,
        )
        .map_err(|error| StoreError::Other(error.to_string()))?;
        sessions::find(store, &secret, now)
    });
    assert!(inside.is_none());
}

fn keys_outlive_a_suspension(world: &World) {
    let acme = world.acme();
    let (user, _) = waiting(world, &acme);
    world.set_active(&acme.principal, user.id, false);
    assert_eq!(world.count("SELECT count(*) FROM key_methods"), 2);
    world.set_active(&acme.principal, user.id, true);
    let cookie = world.sign_in(&acme, "ann");
    let offer = world
        .with_session(&cookie, |store, session, now, rng| {
            unlock::offer(store, session, &origins(), now, rng)
        })
        .unwrap()
        .unwrap();
    assert_eq!(offer.methods.len(), 2);
}
