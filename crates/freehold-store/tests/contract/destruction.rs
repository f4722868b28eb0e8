//! What is destroyed is in no file any more: not in the database, not in its log, not in a backup made later.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::housekeeping::{self, RETENTION};
use freehold_directory::items::{self, ItemWrite};
use freehold_directory::{ItemId, StoreError, resets, roles};
use rand_core::Rng as _;
use rusqlite::Connection;

use crate::support::{Keys, TestRng, World, rng};

/// So many bytes in a row of an envelope are no accident.
const PIECE: usize = 16;

/// Pieces of envelopes, each long enough to be told from everything else.
#[derive(Default)]
struct Needles(HashSet<[u8; PIECE]>);

impl Needles {
    fn take(&mut self, envelope: &[u8]) {
        // The first bytes of every envelope are the same.
        let pieces = envelope.get(56..).unwrap_or_default().chunks_exact(PIECE);
        self.0.extend(pieces.filter_map(|piece| <[u8; PIECE]>::try_from(piece).ok()));
    }

    fn found_in(&self, bytes: &[u8]) -> usize {
        let seen: HashSet<&[u8]> =
            bytes.windows(PIECE).filter(|window| self.0.contains(*window)).collect();
        seen.len()
    }

    /// How many pieces are in a file; none where there is no file.
    fn found_at(&self, path: &Path) -> usize {
        std::fs::read(path).map_or(0, |bytes| self.found_in(&bytes))
    }
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rng().fill_bytes(&mut bytes);
    bytes
}

/// Writes a version of an item; its envelopes go to the needles, if there are any.
fn put(world: &World, keys: &Keys, id: ItemId, version: u64, length: usize, needles: &mut Needles) {
    let record = keys.account.seal_item(id, version, &random(length), &mut rng()).unwrap();
    needles.take(&record.item_key);
    needles.take(&record.content);
    world
        .with_session(&keys.cookie, move |store, session, now, _| {
            let write = ItemWrite::parse(record.clone()).unwrap();
            let admitted = items::admit(store, session).expect("an unlocked session");
            items::put(store, &admitted, &write, now)
        })
        .unwrap();
}

fn reserve(world: &World, keys: &Keys) -> ItemId {
    world.pass(Duration::from_millis(1));
    world
        .with_session(&keys.cookie, |store, session, now, rng| {
            let admitted = items::admit(store, session).expect("an unlocked session");
            items::reserve(store, &admitted, now, rng)
        })
        .unwrap()
}

/// Two people keep secrets of many sizes side by side, change and delete them, so that pages split and rows move.
/// Answers what is to be destroyed, of Ann.
fn busy(world: &World, ann: &Keys, bob: &Keys) -> Needles {
    let (mut needles, mut others) = (Needles::default(), Needles::default());
    needles.take(&ann.attempt.request().keyring);
    for method in &ann.attempt.request().methods {
        needles.take(&method.envelope);
    }
    let mut chance = TestRng::seeded(7);
    let mut draw = |below: usize| chance.next_u32() as usize % below;
    // Whose, which and in which version.
    let mut kept: Vec<(bool, ItemId, u64)> = Vec::new();
    for _ in 0..120 {
        let length = [30, 200, 500, 1_300, 4_500][draw(5)];
        let place = match draw(10) {
            0..5 => {
                let of_ann = draw(2) == 0;
                kept.push((of_ann, reserve(world, if of_ann { ann } else { bob }), 0));
                kept.len() - 1
            }
            _ if kept.is_empty() => continue,
            9 => {
                let (of_ann, id, version) = kept.swap_remove(draw(kept.len()));
                remove(world, if of_ann { ann } else { bob }, id, version);
                continue;
            }
            _ => draw(kept.len()),
        };
        let (of_ann, id, version) = &mut kept[place];
        *version += 1;
        let (keys, found) = if *of_ann { (ann, &mut needles) } else { (bob, &mut others) };
        put(world, keys, *id, *version, length, found);
    }
    needles
}

fn remove(world: &World, keys: &Keys, id: ItemId, version: u64) {
    world
        .with_session(&keys.cookie, move |store, session, _, _| {
            let admitted = items::admit(store, session).expect("an unlocked session");
            items::delete(store, &admitted, id, version)
        })
        .unwrap();
}

fn scrub(world: &World) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(world.database.scrub()).unwrap();
}

/// Looks into the files, and into a backup by SQL. A backup page by page is the file itself.
fn nothing_is_left(world: &World, needles: &Needles) {
    let file = world.file();
    let backup = file.with_extension("backup");
    let connection = Connection::open(&file).unwrap();
    connection.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    for (path, least) in [(&file, 50_000), (&backup, 50_000), (&file.with_extension("db-wal"), 0)] {
        assert!(std::fs::metadata(path).unwrap().len() >= least);
        assert_eq!(needles.found_at(path), 0, "{}", path.display());
    }
}

fn is_there(world: &World, needles: &Needles) {
    let file = world.file();
    let found = needles.found_at(&file) + needles.found_at(&file.with_extension("db-wal"));
    // What was replaced by a newer version has been overwritten in part, and some pieces are cut in two by the end of a
    // page.
    assert!(found * 2 > needles.0.len(), "{found} of {}", needles.0.len());
}

#[test]
fn envelopes_of_a_purged_user_are_in_no_file_and_no_later_backup() {
    let world = World::on_sqlite();
    let acme = world.acme();
    let (user, ann) = world.ready(&acme, "ann");
    let (_, bob) = world.ready(&acme, "bob");
    let needles = busy(&world, &ann, &bob);
    is_there(&world, &needles);
    world.delete(&acme.principal, user.id).unwrap();
    world.pass(RETENTION);
    let purged = world.done(|store, now, rng| housekeeping::purge(store, RETENTION, now, rng));
    assert_eq!(purged, [user.id]);
    scrub(&world);
    nothing_is_left(&world, &needles);
}

#[test]
fn envelopes_that_a_reset_put_aside_are_in_no_file_once_they_are_destroyed() {
    let world = World::on_sqlite();
    let acme = world.acme();
    let (user, ann) = world.ready(&acme, "ann");
    let (admin, bob) = world.ready(&acme, "bob");
    let needles = busy(&world, &ann, &bob);
    let organization = acme.organization;
    world
        .run(move |store, now, rng| {
            roles::grant_admin(store, Mandate::operator(organization), admin.id, now, rng)
        })
        .unwrap();
    let asking = world.sign_in(&acme, "ann");
    world.with_session(&asking, resets::ask).unwrap();
    world
        .run(move |store, now, rng| {
            resets::approve_by_operator(store, organization, user.id, true, now, rng)
        })
        .unwrap();
    is_there(&world, &needles);
    world.pass(RETENTION);
    let destroyed = world.done(|store, now, rng| resets::destroy_old(store, RETENTION, now, rng));
    assert_eq!(destroyed, [user.id]);
    scrub(&world);
    nothing_is_left(&world, &needles);
}

#[test]
fn a_reader_in_the_way_delays_the_scrubbing_and_no_writer_for_long() {
    let world = World::on_sqlite();
    let reader = Connection::open(world.file()).unwrap();
    world.acme();
    reader.execute_batch("BEGIN; SELECT count(*) FROM organizations;").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    world.organization("second");
    let refused = runtime.block_on(world.database.scrub());
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    world.organization("third");
    reader.execute_batch("COMMIT").unwrap();
    scrub(&world);
    let log = world.file().with_extension("db-wal");
    assert_eq!(std::fs::metadata(log).unwrap().len(), 0);
}
