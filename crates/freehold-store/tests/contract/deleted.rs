//! A deleted user comes back within the retention window, as the same account, or not at all.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::deleted::{self, RestoreError};
use freehold_directory::events::EventKind;
use freehold_directory::housekeeping::{self, RETENTION};
use freehold_directory::listing::{self, Shown, Stored, With};
use freehold_directory::users::User;
use freehold_directory::{KeyState, ResourceError, Role, Unique, UserId, roles};
use freehold_scim::schema::{USER, urn};
use serde_json::{Value as Json, json};

use crate::support::{Acme, World, on_both_engines};

on_both_engines!(
    a_deleted_user_comes_back_with_id_keys_and_person,
    neither_sessions_nor_roles_come_back,
    a_suspended_user_comes_back_suspended,
    a_name_that_is_taken_meanwhile_is_said,
    an_external_id_that_is_taken_meanwhile_is_said,
    a_person_who_has_another_account_meanwhile_is_said,
    after_the_window_nobody_comes_back,
    of_several_of_one_name_one_is_named_by_id,
    the_living_the_unknown_and_those_of_others_are_not_restored,
    a_deleted_manager_is_not_shown_and_a_restored_one_is_again,
);

fn restore(world: &World, acme: &Acme, name_or_id: &str) -> Result<User, RestoreError> {
    let (organization, named) = (acme.organization, name_or_id.to_owned());
    world.run(move |store, now, rng| {
        deleted::restore(store, Mandate::operator(organization), &USER, &named, RETENTION, now, rng)
    })
}

fn names(world: &World, acme: &Acme) -> Vec<String> {
    let organization = acme.organization;
    let all = world.done(move |store, _, _| deleted::list(store, organization));
    all.iter().map(|it| it.user.document.user_name().to_owned()).collect()
}

/// A READY person who is deleted.
fn gone(world: &World) -> (Acme, UserId) {
    let acme = world.acme();
    let (ann, _) = world.ready(&acme, "ann");
    world.delete(&acme.principal, ann.id).unwrap();
    (acme, ann.id)
}

fn a_deleted_user_comes_back_with_id_keys_and_person(world: &World) {
    let acme = world.acme();
    let ann = world.create(
        &acme.principal,
        json!({ "userName": "Ann", "externalId": "1", "emails": [{ "value": "ann@acme.example" }] }),
    );
    let cookie = world.sign_in(&acme, "1");
    world.set_up(&cookie);
    world.delete(&acme.principal, ann.id).unwrap();
    assert_eq!(names(world, &acme), ["Ann"]);
    world.pass(RETENTION - Duration::from_millis(1));
    let back = restore(world, &acme, "aNN").unwrap();
    assert_eq!((back.id, back.version), (ann.id, ann.version + 1));
    let seen = world.get(&acme.principal, ann.id).unwrap();
    assert_eq!(seen.document.as_value(), ann.document.as_value());
    assert!(matches!(&seen.key_state, KeyState::Ready(ready) if ready.epoch == 1));
    assert_eq!(world.count("SELECT count(*) FROM user_emails"), 1);
    let again = world.sign_in(&acme, "1");
    assert_eq!(world.session(&again).unwrap().user(), ann.id, "the person finds the account");
    assert!(names(world, &acme).is_empty());
    assert_eq!(world.event_count(acme.organization, EventKind::UserUndeleted), 1);
    world.pass(RETENTION * 2);
    let purged = world.done(|store, now, rng| housekeeping::purge(store, RETENTION, now, rng));
    assert!(purged.is_empty());
    // The next deletion is one like the first.
    world.delete(&acme.principal, ann.id).unwrap();
    assert_eq!(restore(world, &acme, &ann.id.to_string()).unwrap().id, ann.id);
}

fn neither_sessions_nor_roles_come_back(world: &World) {
    let acme = world.acme();
    let (ann, keys) = world.ready(&acme, "ann");
    let organization = acme.organization;
    world
        .run(move |store, now, rng| {
            roles::grant_admin(store, Mandate::operator(organization), ann.id, now, rng)
        })
        .unwrap();
    world.delete(&acme.principal, ann.id).unwrap();
    restore(world, &acme, "ann").unwrap();
    assert!(world.session(&keys.cookie).is_none());
    assert_eq!(world.done(move |store, _, _| roles::of(store, ann.id)), Role::Member);
}

fn a_suspended_user_comes_back_suspended(world: &World) {
    let acme = world.acme();
    let (ann, _) = world.ready(&acme, "ann");
    world.set_active(&acme.principal, ann.id, false);
    world.delete(&acme.principal, ann.id).unwrap();
    restore(world, &acme, "ann").unwrap();
    assert!(!world.get(&acme.principal, ann.id).unwrap().document.active());
    assert!(world.try_sign_in(acme.connection, "idp", "ann").is_err());
}

fn a_name_that_is_taken_meanwhile_is_said(world: &World) {
    let (acme, ann) = gone(world);
    let other = world.person(&acme.principal, "ANN", "2");
    let refused = restore(world, &acme, "ann");
    assert!(matches!(refused, Err(RestoreError::Taken(Unique::UserName))), "{refused:?}");
    assert!(world.get(&acme.principal, ann).is_err());
    world.patch(&acme.principal, other.id, rename("anna")).unwrap();
    assert!(restore(world, &acme, "ann").is_ok());
}

fn rename(name: &str) -> serde_json::Value {
    json!([{ "op": "replace", "path": "userName", "value": name }])
}

fn an_external_id_that_is_taken_meanwhile_is_said(world: &World) {
    let (acme, _) = gone(world);
    world.person(&acme.principal, "anna", "ann");
    let refused = restore(world, &acme, "ann");
    assert!(matches!(refused, Err(RestoreError::Taken(Unique::ExternalId))), "{refused:?}");
}

fn a_person_who_has_another_account_meanwhile_is_said(world: &World) {
    let (acme, ann) = gone(world);
    let second = world.person(&acme.principal, "anna", "ann");
    world.sign_in(&acme, "ann");
    let away = json!([{ "op": "replace", "path": "externalId", "value": "other" }]);
    world.patch(&acme.principal, second.id, away).unwrap();
    let refused = restore(world, &acme, "ann");
    assert!(matches!(refused, Err(RestoreError::PersonTaken)), "{refused:?}");
    assert!(world.get(&acme.principal, ann).is_err(), "nothing of it was done");
    assert_eq!(names(world, &acme), ["ann"]);
}

fn after_the_window_nobody_comes_back(world: &World) {
    let (acme, ann) = gone(world);
    world.pass(RETENTION);
    // Nothing has to run for the window to be over.
    assert!(matches!(restore(world, &acme, "ann"), Err(RestoreError::TooLate)));
    world.done(|store, now, rng| housekeeping::purge(store, RETENTION, now, rng));
    let refused = restore(world, &acme, &ann.to_string());
    assert!(matches!(refused, Err(RestoreError::TooLate)), "{refused:?}");
    assert!(matches!(restore(world, &acme, "ann"), Err(RestoreError::Unknown)));
}

fn of_several_of_one_name_one_is_named_by_id(world: &World) {
    let (acme, first) = gone(world);
    let second = world.person(&acme.principal, "ann", "2");
    world.delete(&acme.principal, second.id).unwrap();
    let Err(RestoreError::Several(ids)) = restore(world, &acme, "ann") else {
        panic!("two had the name");
    };
    assert!(ids.len() == 2 && ids.contains(&first) && ids.contains(&second.id));
    assert_eq!(restore(world, &acme, &second.id.to_string()).unwrap().id, second.id);
}

fn the_living_the_unknown_and_those_of_others_are_not_restored(world: &World) {
    let (acme, ann) = gone(world);
    let living = world.person(&acme.principal, "bob", "2");
    let other = world.organization("other");
    let stranger = Acme { organization: other, ..acme.clone() };
    for (of, named) in [
        (&acme, living.id.to_string()),
        (&acme, "bob".to_owned()),
        (&acme, "nobody\0".to_owned()),
        (&stranger, ann.to_string()),
        (&stranger, "ann".to_owned()),
    ] {
        let refused = restore(world, of, &named);
        assert!(matches!(refused, Err(RestoreError::Unknown)), "{named:?}: {refused:?}");
    }
}

fn a_deleted_manager_is_not_shown_and_a_restored_one_is_again(world: &World) {
    let acme = world.acme();
    let boss = world.create(&acme.principal, json!({ "userName": "boss" }));
    let managed = |name: &str, employer: Json| {
        world.create(&acme.principal, json!({ "userName": name, urn::ENTERPRISE_USER: employer }))
    };
    let manager = json!({ "value": boss.id.to_string() });
    let ann = managed("ann", json!({ "manager": manager, "department": "R&D" }));
    let bob = managed("bob", json!({ "manager": manager }));
    let eve = managed("eve", json!({ "manager": { "value": "not yet there" } }));
    let shown = || {
        let stored = [&ann, &bob, &eve].map(|user| Stored::User(user.clone())).to_vec();
        let shown: Result<Vec<Shown>, ResourceError> = world
            .run(move |store, _, _| listing::accompany(store, stored.clone(), With::default()));
        shown.unwrap().iter().map(|it| it.render(&USER, "")[urn::ENTERPRISE_USER].clone()).collect()
    };
    let (both, alone) =
        (json!({ "manager": manager, "department": "R&D" }), json!({ "manager": manager }));
    let unknown = json!({ "manager": { "value": "not yet there" } });
    let before: Vec<Json> = shown();
    assert_eq!(before, [both.clone(), alone.clone(), unknown.clone()]);
    world.delete(&acme.principal, boss.id).unwrap();
    let without: Vec<Json> = shown();
    assert_eq!(without, [json!({ "department": "R&D" }), Json::Null, unknown.clone()]);
    restore(world, &acme, "boss").unwrap();
    let after: Vec<Json> = shown();
    assert_eq!(after, [both, alone, unknown]);
}
