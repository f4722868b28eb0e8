//! Vault items: ciphertext for unlocked sessions, one version after the other, under a quota.

use freehold_directory::items::{self, ItemError, ItemWrite, QUOTA};
use freehold_directory::sessions;
use freehold_directory::{ItemId, StoreError};
use freehold_wire::ItemRecord;

use crate::support::{Cookie, Keys, World, in_parallel, on_both_engines, rng};

on_both_engines!(
    an_item_reads_back_as_it_was_sealed,
    a_locked_session_reads_and_writes_nothing,
    versions_follow_one_another,
    of_two_writers_of_one_version_one_succeeds,
    an_id_that_was_not_reserved_is_unknown,
    another_users_item_looks_like_an_unknown_one,
    a_reserved_item_is_not_listed,
    the_number_of_items_has_a_limit_and_deleting_makes_room,
    the_size_of_all_items_has_a_limit_and_shrinking_is_free,
    envelopes_of_a_wrong_form_are_refused,
);

/// Runs a command of an unlocked session.
macro_rules! unlocked {
    ($world:expr, $cookie:expr, |$store:ident, $session:ident, $now:ident, $rng:ident| $command:expr) => {
        $world.with_session($cookie, move |$store, session, $now, $rng| {
            let $session = &items::admit($store, session).expect("an unlocked session");
            let _ = (&$now, &$rng);
            $command
        })
    };
}

fn ann(world: &World) -> Keys {
    let acme = world.acme();
    world.ready(&acme, "ann").1
}

fn reserve(world: &World, cookie: &Cookie) -> Result<ItemId, ItemError> {
    unlocked!(world, cookie, |store, session, now, rng| items::reserve(store, session, now, rng))
}

fn seal(keys: &Keys, item: ItemId, version: u64, content: &[u8]) -> ItemRecord {
    keys.account.seal_item(item, version, content, &mut rng()).unwrap()
}

fn put(world: &World, cookie: &Cookie, record: ItemRecord) -> Result<(), ItemError> {
    let write = ItemWrite::parse(record).unwrap();
    unlocked!(world, cookie, |store, session, now, rng| items::put(store, session, &write, now))
}

fn list(world: &World, cookie: &Cookie) -> Vec<ItemRecord> {
    let all: Result<_, StoreError> =
        unlocked!(world, cookie, |store, session, now, rng| items::list(store, session));
    all.unwrap()
}

fn delete(world: &World, cookie: &Cookie, item: ItemId, version: u64) -> Result<(), ItemError> {
    unlocked!(world, cookie, |store, session, now, rng| items::delete(
        store, session, item, version
    ))
}

fn an_item_reads_back_as_it_was_sealed(world: &World) {
    let keys = ann(world);
    let item = reserve(world, &keys.cookie).unwrap();
    put(world, &keys.cookie, seal(&keys, item, 1, b"the secret")).unwrap();
    let all = list(world, &keys.cookie);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, all[0].version, all[0].updated_at), (item, 1, Some(world.now())));
    assert_eq!(&*keys.account.open_item(item, 1, &all[0]).unwrap(), b"the secret");
    delete(world, &keys.cookie, item, 1).unwrap();
    assert!(list(world, &keys.cookie).is_empty());
}

fn a_locked_session_reads_and_writes_nothing(world: &World) {
    let keys = ann(world);
    world
        .with_session(&keys.cookie, |store, session, _, _| sessions::lock(store, session))
        .unwrap();
    // Every command asks for the proof that this refuses to give.
    let refused = world.with_session(&keys.cookie, |store, session, _, _| {
        Ok::<_, StoreError>(items::admit(store, session).map(drop))
    });
    assert!(matches!(refused, Ok(Err(ItemError::Locked(_)))));
}

fn versions_follow_one_another(world: &World) {
    let keys = ann(world);
    let item = reserve(world, &keys.cookie).unwrap();
    let at = |version| put(world, &keys.cookie, seal(&keys, item, version, b"x"));
    assert!(matches!(at(2), Err(ItemError::StaleVersion)));
    at(1).unwrap();
    assert!(matches!(at(1), Err(ItemError::StaleVersion)));
    assert!(matches!(at(3), Err(ItemError::StaleVersion)));
    at(2).unwrap();
    assert!(matches!(delete(world, &keys.cookie, item, 1), Err(ItemError::StaleVersion)));
    delete(world, &keys.cookie, item, 2).unwrap();
    assert!(matches!(at(3), Err(ItemError::NotFound)));
}

fn of_two_writers_of_one_version_one_succeeds(world: &World) {
    let keys = ann(world);
    let item = reserve(world, &keys.cookie).unwrap();
    let records: Vec<_> = (0..6).map(|n| seal(&keys, item, 1, &[n])).collect();
    let results = in_parallel(6, |n| put(world, &keys.cookie, records[n].clone()));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let stale = |result: &Result<(), ItemError>| matches!(result, Err(ItemError::StaleVersion));
    assert_eq!(results.iter().filter(|result| stale(result)).count(), 5);
    let bytes = records[0].item_key.len() + records[0].content.len();
    assert_eq!(world.count("SELECT bytes FROM item_usage"), bytes as i64);
}

fn an_id_that_was_not_reserved_is_unknown(world: &World) {
    let keys = ann(world);
    let item = ItemId::make(world.now(), &mut rng());
    let made = put(world, &keys.cookie, seal(&keys, item, 1, b"x"));
    assert!(matches!(made, Err(ItemError::NotFound)));
}

fn another_users_item_looks_like_an_unknown_one(world: &World) {
    let acme = world.acme();
    let (_, ann) = world.ready(&acme, "ann");
    let (_, bob) = world.ready(&acme, "bob");
    let item = reserve(world, &ann.cookie).unwrap();
    put(world, &ann.cookie, seal(&ann, item, 1, b"x")).unwrap();
    assert!(list(world, &bob.cookie).is_empty());
    let taken = put(world, &bob.cookie, seal(&bob, item, 2, b"y"));
    assert!(matches!(taken, Err(ItemError::NotFound)));
    assert!(matches!(delete(world, &bob.cookie, item, 1), Err(ItemError::NotFound)));
    assert_eq!(list(world, &ann.cookie).len(), 1);
}

fn a_reserved_item_is_not_listed(world: &World) {
    let keys = ann(world);
    reserve(world, &keys.cookie).unwrap();
    assert!(list(world, &keys.cookie).is_empty());
}

fn the_number_of_items_has_a_limit_and_deleting_makes_room(world: &World) {
    let keys = ann(world);
    let item = reserve(world, &keys.cookie).unwrap();
    put(world, &keys.cookie, seal(&keys, item, 1, b"x")).unwrap();
    world.force("UPDATE item_usage SET items = $1", vec![(QUOTA.items as i64 - 1).into()]);
    let results = in_parallel(5, |_| reserve(world, &keys.cookie));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(matches!(reserve(world, &keys.cookie), Err(ItemError::Full)));
    delete(world, &keys.cookie, item, 1).unwrap();
    assert!(reserve(world, &keys.cookie).is_ok());
}

fn the_size_of_all_items_has_a_limit_and_shrinking_is_free(world: &World) {
    let keys = ann(world);
    let item = reserve(world, &keys.cookie).unwrap();
    put(world, &keys.cookie, seal(&keys, item, 1, &[1; 500])).unwrap();
    world.force("UPDATE item_usage SET bytes = $1", vec![(QUOTA.bytes as i64).into()]);
    let larger = put(world, &keys.cookie, seal(&keys, item, 2, &[1; 5_000]));
    assert!(matches!(larger, Err(ItemError::Full)));
    put(world, &keys.cookie, seal(&keys, item, 2, &[1; 10])).unwrap();
    let other = reserve(world, &keys.cookie).unwrap();
    let freed = world.count("SELECT bytes FROM item_usage");
    assert!(freed < QUOTA.bytes as i64);
    let too_much = put(world, &keys.cookie, seal(&keys, other, 1, &[1; 5_000]));
    assert!(matches!(too_much, Err(ItemError::Full)));
    assert_eq!(world.count("SELECT bytes FROM item_usage"), freed);
}

fn envelopes_of_a_wrong_form_are_refused(world: &World) {
    let keys = ann(world);
    let item = reserve(world, &keys.cookie).unwrap();
    let good = seal(&keys, item, 1, b"x");
    let swapped = ItemRecord {
        item_key: freehold_wire::AtMost::new(good.content.to_vec()[..140].to_vec()).unwrap(),
        ..good.clone()
    };
    assert!(ItemWrite::parse(swapped).is_err());
    assert!(ItemWrite::parse(good).is_ok());
}
