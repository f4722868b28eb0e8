//! Every transition names the version it starts from. Jobs run as if one after another, so commands never see a rival
//! inside of one; these tests play the rival.

use freehold_directory::items::{QUOTA, StoredItem};
use freehold_directory::users::IndexedKeys;
use freehold_wire::{ItemId, MethodKind};

use crate::support::{World, on_both_engines, rng};

on_both_engines!(
    a_user_is_updated_from_its_version_only,
    a_user_is_deleted_from_its_version_only,
    tries_are_changed_from_their_version_only,
    an_item_is_written_from_the_version_before_only,
    a_rival_of_a_touched_row_starts_over,
);

fn a_user_is_updated_from_its_version_only(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let done = world.done(move |store, _, _| {
        let keys = IndexedKeys::of(&ann.document).expect("keys");
        Ok([store.update_user(&ann, &keys, &keys, 2)?, store.update_user(&ann, &keys, &keys, 1)?])
    });
    assert_eq!(done, [false, true]);
}

fn a_user_is_deleted_from_its_version_only(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let (organization, id) = (acme.organization, ann.id);
    let done = world.done(move |store, now, _| {
        Ok([2, 1, 1].map(|version| store.tombstone_user(organization, id, version, now)))
    });
    assert_eq!(done.map(Result::unwrap), [false, true, false]);
}

fn tries_are_changed_from_their_version_only(world: &World) {
    let acme = world.acme();
    let (ann, _) = world.ready(&acme, "ann");
    let done = world.done(move |store, _, _| {
        let kind = MethodKind::Password;
        let tries = store.tries(ann.id, kind)?.expect("the row is made at set-up");
        let first = store.put_tries(ann.id, kind, &tries, tries.version)?;
        let second = store.put_tries(ann.id, kind, &tries, tries.version)?;
        Ok([first, second])
    });
    assert_eq!(done, [true, false]);
}

fn an_item_is_written_from_the_version_before_only(world: &World) {
    let acme = world.acme();
    let (ann, _) = world.ready(&acme, "ann");
    let done = world.done(move |store, now, _| {
        let id = ItemId::make(now, &mut rng());
        store.reserve_item(ann.id, id, QUOTA, now)?;
        let at = |version| StoredItem {
            id,
            version,
            item_key: vec![1],
            content: vec![2],
            updated_at: now,
        };
        let first = store.put_item(ann.id, &at(1))?;
        let again = store.put_item(ann.id, &at(1))?;
        let skipped = store.put_item(ann.id, &at(3))?;
        let gone = [store.delete_item(ann.id, id, 2)?, store.delete_item(ann.id, id, 1)?];
        Ok([first, again, skipped, gone[0], gone[1]])
    });
    assert_eq!(done, [true, false, false, false, true]);
}

/// What the whole directory rests on: of two jobs that read one row and write it, one sees the other's work.
fn a_rival_of_a_touched_row_starts_over(world: &World) {
    let acme = world.acme();
    let (ann, _) = world.ready(&acme, "ann");
    crate::support::in_parallel(8, |_| {
        world.done(move |store, _, _| {
            let kind = MethodKind::Password;
            let mut tries = store.tries(ann.id, kind)?.expect("the row is made at set-up");
            let version = tries.version;
            tries.since_success += 1;
            assert!(store.put_tries(ann.id, kind, &tries, version)?);
            Ok(())
        });
    });
    assert_eq!(world.count("SELECT since_success FROM unlock_tries WHERE kind = 1"), 8);
}
