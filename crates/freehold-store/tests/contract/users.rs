//! SCIM users as records: unique, versioned, apart from other organizations.

use std::time::Duration;

use freehold_directory::events::EventKind;
use freehold_directory::{ResourceError, Unique, users};
use freehold_directory::{ScimPrincipal, ShownState, StoreError, UserId};
use freehold_scim::schema::USER;
use serde_json::json;

use crate::support::{World, if_match, on_both_engines};

on_both_engines!(
    a_new_user_is_pending_and_carries_the_connection_of_the_token,
    a_document_reads_back_as_it_was_sent,
    a_user_name_is_unique_under_case_folding,
    a_user_name_is_free_in_another_organization_and_after_delete,
    an_external_id_is_unique_for_its_connection,
    an_account_without_keys_that_becomes_another_person_s_is_in_the_audit_log,
    renaming_to_a_taken_name_changes_nothing,
    a_user_may_change_the_case_of_its_own_name,
    a_foreign_user_looks_like_an_unknown_one,
    a_patch_without_effect_leaves_version_and_time_alone,
    every_change_counts_the_version_up,
    a_guard_of_another_version_is_refused,
    a_put_without_active_leaves_it_as_it_is,
    a_deleted_user_is_gone_and_a_new_one_inherits_nothing,
    values_that_no_index_holds_are_refused,
    admins_see_the_state_and_since_when,
);

fn a_new_user_is_pending_and_carries_the_connection_of_the_token(world: &World) {
    let acme = world.acme();
    let plain = world.person(&acme.principal, "ann", "1");
    assert_eq!((plain.version, plain.connection), (1, None));
    assert_eq!(plain.shown_state(), ShownState::Pending);
    let bound = world.principal(acme.organization, Some("idp"));
    let user = world.person(&bound, "bob", "2");
    assert_eq!(user.connection, Some(acme.connection));
    let found = world.get(&acme.principal, user.id).unwrap();
    assert_eq!(found.connection, Some(acme.connection));
    assert_eq!(world.event_count(acme.organization, EventKind::UserProvisioned), 2);
}

fn a_document_reads_back_as_it_was_sent(world: &World) {
    let acme = world.acme();
    let body = json!({
        "userName": "Änne", "externalId": "X", "displayName": "Änne Öz\u{1F511}", "active": true,
        "name": { "familyName": "Öz" },
        "emails": [{ "value": "A@x.test", "type": "work", "primary": true }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "R&D" },
    });
    let user = world.create(&acme.principal, body.clone());
    let found = world.get(&acme.principal, user.id).unwrap();
    assert_eq!(found.document.as_value(), &body);
    assert_eq!(found.render(&USER, &[], "b")["id"], user.id.to_string());
}

fn taken(result: Result<users::User, ResourceError>) -> Option<Unique> {
    match result {
        Err(ResourceError::Taken(attribute)) => Some(attribute),
        Ok(_) => None,
        Err(other) => panic!("{other}"),
    }
}

fn a_user_name_is_unique_under_case_folding(world: &World) {
    let acme = world.acme();
    for (name, same) in [
        ("Ann@x.test", "ANN@X.TEST"),
        ("ÄNNE", "a\u{308}nne"),
        ("STRASSE", "straße"),
        ("Ｂｏｂ", "bob"),
    ] {
        world.create(&acme.principal, json!({ "userName": name }));
        let again = world.try_create(&acme.principal, json!({ "userName": same }));
        assert_eq!(taken(again), Some(Unique::UserName), "{name} {same}");
    }
    // The dot of a capital I with dot stays.
    world.create(&acme.principal, json!({ "userName": "İ" }));
    world.create(&acme.principal, json!({ "userName": "i" }));
}

fn a_user_name_is_free_in_another_organization_and_after_delete(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let other = world.principal(other, None);
    let ann = world.person(&acme.principal, "ann", "1");
    world.person(&other, "ann", "1");
    world.delete(&acme.principal, ann.id).unwrap();
    let again = world.person(&acme.principal, "ann", "1");
    assert_ne!(again.id, ann.id);
}

fn an_external_id_is_unique_for_its_connection(world: &World) {
    let organization = world.organization("acme");
    world.connection(organization, "one");
    world.connection(organization, "two");
    let one = world.principal(organization, Some("one"));
    let two = world.principal(organization, Some("two"));
    let guid = "AAAAAAAA-0000-4000-8000-000000000001";
    world.person(&one, "ann", guid);
    let again =
        world.try_create(&one, json!({ "userName": "bob", "externalId": guid.to_lowercase() }));
    assert_eq!(taken(again), Some(Unique::ExternalId));
    world.person(&two, "bob", guid);
    // What is no GUID is compared byte by byte, and no externalId is not a value.
    world.person(&one, "c", "x");
    world.person(&one, "d", "X");
    world.create(&one, json!({ "userName": "e" }));
    let e = world.create(&one, json!({ "userName": "f" }));
    let patch = json!([{ "op": "add", "path": "externalId", "value": "x" }]);
    assert_eq!(taken(world.patch(&one, e.id, patch)), Some(Unique::ExternalId));
}

fn an_account_without_keys_that_becomes_another_person_s_is_in_the_audit_log(world: &World) {
    let acme = world.acme();
    let reassigned = || world.event_count(acme.organization, EventKind::UserReassigned);
    let subject = |user: UserId, subject: &str| {
        let patch = json!([{ "op": "replace", "path": "externalId", "value": subject }]);
        world.patch(&acme.principal, user, patch).unwrap();
    };
    let nobodys = world.create(&acme.principal, json!({ "userName": "bob" }));
    subject(nobodys.id, "1");
    assert_eq!(reassigned(), 0, "it was nobody's before");
    subject(nobodys.id, "2");
    assert_eq!(reassigned(), 1);
    let removal = json!([{ "op": "remove", "path": "externalId" }]);
    world.patch(&acme.principal, nobodys.id, removal).unwrap();
    assert_eq!(reassigned(), 2);

    let (ann, _) = world.ready(&acme, "ann");
    subject(ann.id, "3");
    assert_eq!(reassigned(), 2, "with keys, it decides nothing");
}

fn renaming_to_a_taken_name_changes_nothing(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let bob = world.person(&acme.principal, "bob", "2");
    let patch = json!([
        { "op": "replace", "path": "displayName", "value": "B" },
        { "op": "replace", "path": "userName", "value": "ANN" },
    ]);
    assert_eq!(taken(world.patch(&acme.principal, bob.id, patch)), Some(Unique::UserName));
    let put = world.replace(&acme.principal, bob.id, json!({ "userName": "Ann" }));
    assert_eq!(taken(put), Some(Unique::UserName));
    let found = world.get(&acme.principal, bob.id).unwrap();
    assert_eq!(found.document, bob.document);
    assert_eq!(found.version, 1);
}

fn a_user_may_change_the_case_of_its_own_name(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let body = json!({ "userName": "ANN", "externalId": "1" });
    let renamed = world.replace(&acme.principal, ann.id, body).unwrap();
    assert_eq!(renamed.document.user_name(), "ANN");
}

fn not_found<T>(result: Result<T, ResourceError>) -> bool {
    matches!(result, Err(ResourceError::NotFound))
}

fn a_foreign_user_looks_like_an_unknown_one(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let other = world.organization("other");
    let other = world.principal(other, None);
    let unknown: UserId = "01890000-0000-7000-8000-000000000000".parse().unwrap();
    for id in [ann.id, unknown] {
        let patch = json!([{ "op": "replace", "path": "displayName", "value": "B" }]);
        assert!(not_found(world.get(&other, id)));
        assert!(not_found(world.patch(&other, id, patch)));
        assert!(not_found(world.replace(&other, id, json!({ "userName": "x" }))));
        assert!(not_found(world.delete(&other, id)));
    }
    assert_eq!(world.get(&acme.principal, ann.id).unwrap().version, 1);
}

fn a_patch_without_effect_leaves_version_and_time_alone(world: &World) {
    let acme = world.acme();
    let body = json!({ "userName": "ann", "displayName": "Ann", "active": true });
    let ann = world.create(&acme.principal, body.clone());
    world.pass(Duration::from_secs(60));
    for operations in [
        json!([{ "op": "replace", "path": "displayName", "value": "Ann" }]),
        json!([{ "op": "Replace", "path": "active", "value": "True" }]),
        json!([]),
    ] {
        let same = world.patch(&acme.principal, ann.id, operations).unwrap();
        assert_eq!((same.version, same.last_modified), (1, ann.last_modified));
    }
    let same = world.replace(&acme.principal, ann.id, body).unwrap();
    assert_eq!((same.version, same.last_modified), (1, ann.last_modified));
    let found = world.get(&acme.principal, ann.id).unwrap();
    assert_eq!((found.version, found.last_modified), (1, ann.last_modified));
}

fn every_change_counts_the_version_up(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.pass(Duration::from_secs(60));
    let patch = json!([{ "op": "replace", "path": "displayName", "value": "A" }]);
    let changed = world.patch(&acme.principal, ann.id, patch).unwrap();
    assert_eq!((changed.version, changed.last_modified), (2, world.now()));
    let changed = world.replace(&acme.principal, ann.id, json!({ "userName": "ann" })).unwrap();
    assert_eq!((changed.version, changed.created_at), (3, ann.created_at));
    assert_eq!(changed.document.external_id(), None);
    assert_eq!(world.get(&acme.principal, ann.id).unwrap().version, 3);
}

fn a_guard_of_another_version_is_refused(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let patch = || json!([{ "op": "replace", "path": "displayName", "value": "A" }]);
    let stale = world.patch_guarded(&acme.principal, ann.id, Some(2), patch());
    assert!(matches!(stale, Err(ResourceError::VersionMismatch)));
    assert_eq!(world.patch_guarded(&acme.principal, ann.id, Some(1), patch()).unwrap().version, 2);
    let principal = acme.principal.clone();
    let stale = world.run(move |store, now, rng| {
        users::delete(store, &principal, ann.id, &if_match(Some(1)), now, rng)
    });
    assert!(matches!(stale, Err(ResourceError::VersionMismatch)));
}

fn a_put_without_active_leaves_it_as_it_is(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.set_active(&acme.principal, ann.id, false);
    let put = world.replace(&acme.principal, ann.id, json!({ "userName": "ann2" })).unwrap();
    assert!(!put.document.active());
}

fn a_deleted_user_is_gone_and_a_new_one_inherits_nothing(world: &World) {
    let acme = world.acme();
    let (ann, keys) = world.ready(&acme, "ann");
    world.delete(&acme.principal, ann.id).unwrap();
    assert!(not_found(world.get(&acme.principal, ann.id)));
    assert!(not_found(world.delete(&acme.principal, ann.id)));
    assert!(world.session(&keys.cookie).is_none());
    let again = world.person(&acme.principal, "ann", "ann");
    assert_eq!(again.shown_state(), ShownState::Pending);
    // The old link is over: the same person claims the new account and finds no keys.
    let claimed = world.try_sign_in(acme.connection, "idp", "ann").unwrap();
    assert_eq!((claimed.user, claimed.first), (again.id, true));
    assert_eq!(world.event_count(acme.organization, EventKind::UserDeleted), 1);
}

fn values_that_no_index_holds_are_refused(world: &World) {
    let acme = world.acme();
    let long = "x".repeat(3_000);
    for body in [
        json!({ "userName": "ann", "displayName": long.as_str() }),
        json!({ "userName": "ann", "displayName": "a\u{0}b" }),
    ] {
        let Ok(document) = freehold_scim::user::UserDocument::from_value(body, &USER) else {
            continue;
        };
        let principal = acme.principal.clone();
        let made = world.run(move |store, now, rng| {
            users::create(store, &principal, &USER, &document, now, rng)
        });
        assert!(matches!(made, Err(ResourceError::Invalid { .. })));
    }
}

fn overview(world: &World, principal: &ScimPrincipal) -> Vec<(String, ShownState, bool)> {
    let organization = principal.organization();
    let all = world.done(move |store, _, _| users::by_state(store, organization, None, None, 100));
    all.into_iter().map(|user| (user.user_name, user.state, user.claimed)).collect()
}

fn admins_see_the_state_and_since_when(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "pending", "1");
    let (ready, _) = world.ready(&acme, "ready");
    let ready_since = world.now();
    world.pass(Duration::from_secs(60));
    let frozen = world.person(&acme.principal, "frozen", "3");
    world.pass(Duration::from_secs(60));
    world.set_active(&acme.principal, frozen.id, false);
    assert_eq!(
        overview(world, &acme.principal),
        [
            ("pending".to_owned(), ShownState::Pending, false),
            ("ready".to_owned(), ShownState::Ready, true),
            ("frozen".to_owned(), ShownState::Suspended, false),
        ]
    );
    let organization = acme.organization;
    let of = move |state| {
        world
            .done(move |store, _, _| users::by_state(store, organization, Some(state), None, 100))
            .into_iter()
            .map(|user| (user.id, user.since))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(ShownState::Ready), [(ready.id, ready_since)]);
    assert_eq!(of(ShownState::Suspended), [(frozen.id, world.now())]);
    // Frozen and back: READY since it was READY, not since it came back.
    world.set_active(&acme.principal, ready.id, false);
    assert_eq!(of(ShownState::Ready), []);
    world.set_active(&acme.principal, ready.id, true);
    assert_eq!(of(ShownState::Ready), [(ready.id, ready_since)]);
    let page: Result<_, StoreError> =
        world.run(move |store, _, _| users::by_state(store, organization, None, Some(ready.id), 1));
    assert_eq!(page.unwrap()[0].id, frozen.id);
}
