//! What happens when many do the same at once.

use freehold_directory::{ResourceError, Unique};
use serde_json::json;

use crate::support::{World, in_parallel, on_both_engines};

on_both_engines!(
    of_twenty_creates_of_one_name_one_succeeds,
    of_ten_renames_to_one_name_one_succeeds,
    of_ten_creates_of_one_external_id_one_succeeds,
    no_change_is_lost_under_guards,
);

fn tell(results: Vec<Result<(), ResourceError>>, attribute: Unique) -> usize {
    let mut succeeded = 0;
    for result in results {
        match result {
            Ok(()) => succeeded += 1,
            Err(ResourceError::Taken(taken)) => assert_eq!(taken, attribute),
            Err(other) => panic!("{other}"),
        }
    }
    succeeded
}

fn of_twenty_creates_of_one_name_one_succeeds(world: &World) {
    let acme = world.acme();
    let results = in_parallel(20, |n| {
        let name = if n % 2 == 0 { "Straße" } else { "STRASSE" };
        world.try_create(&acme.principal, json!({ "userName": name })).map(drop)
    });
    assert_eq!(tell(results, Unique::UserName), 1);
    assert_eq!(world.count("SELECT count(*) FROM users"), 1);
}

fn of_ten_renames_to_one_name_one_succeeds(world: &World) {
    let acme = world.acme();
    let people: Vec<_> = (0..10)
        .map(|n| world.create(&acme.principal, json!({ "userName": format!("u{n}") })))
        .collect();
    let results = in_parallel(10, |n| {
        let patch = json!([{ "op": "replace", "path": "userName", "value": "chief" }]);
        world.patch(&acme.principal, people[n].id, patch).map(drop)
    });
    assert_eq!(tell(results, Unique::UserName), 1);
}

fn of_ten_creates_of_one_external_id_one_succeeds(world: &World) {
    let acme = world.acme();
    let results = in_parallel(10, |n| {
        let body = json!({ "userName": format!("u{n}"), "externalId": "same" });
        world.try_create(&acme.principal, body).map(drop)
    });
    assert_eq!(tell(results, Unique::ExternalId), 1);
}

fn no_change_is_lost_under_guards(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let changed: usize = in_parallel(8, |n| {
        let mut changed = 0;
        for round in 0..5 {
            let seen = world.get(&acme.principal, ann.id).unwrap().version;
            let value = format!("{n} {round}");
            let patch = json!([{ "op": "replace", "path": "displayName", "value": value }]);
            match world.patch_guarded(&acme.principal, ann.id, Some(seen), patch) {
                Ok(user) => {
                    assert_eq!(user.version, seen + 1);
                    changed += 1;
                }
                Err(ResourceError::VersionMismatch) => {}
                Err(other) => panic!("{other}"),
            }
        }
        changed
    })
    .into_iter()
    .sum();
    let last = world.get(&acme.principal, ann.id).unwrap();
    assert_eq!(last.version, 1 + changed as u64);
}
