//! What only SQLite can get wrong.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    time::Duration,
};

use freehold_store::{Database, DatabaseConfig, OpenError, StoreError, Tx};
use rusqlite::Connection;

use crate::support::{Occupied, Place, SCHEMA, insert, look_up, names, put, set_number, wait};

fn fill(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let sql = "INSERT INTO things (name, bytes) VALUES ('big', $1)";
    tx.execute(sql, &[vec![1; 4 << 20].into()]).map(drop)
}

/// Leaves room for about forty pages more.
fn limit_size(database: &Database) {
    let limit = |tx: &mut dyn Tx| {
        let pages = tx.query_one("PRAGMA page_count", &[])?.integer(0)?;
        tx.query(&format!("PRAGMA max_page_count = {}", pages + 40), &[]).map(drop)
    };
    let outcome: Result<(), StoreError> = database.write_tx_blocking(limit);
    outcome.unwrap();
}

#[test]
fn a_full_disk_refuses_the_job_that_met_it_and_keeps_its_neighbors() {
    let place = Place::sqlite();
    let database = place.open();
    limit_size(&database);
    let occupied = Occupied::writer(&database);
    let before = database.write_tx(|tx: &mut dyn Tx| insert(tx, "before", 1));
    let full = database.write_tx(|tx: &mut dyn Tx| {
        insert(tx, "half", 1)?;
        fill(tx)
    });
    let after = database.write_tx(|tx: &mut dyn Tx| insert(tx, "after", 1));
    occupied.release();
    assert!(matches!(wait(full), Err(StoreError::DiskFull)));
    assert!(wait(before).is_ok() && wait(after).is_ok());
    assert_eq!(names(&database), ["after", "before"]);
}

#[test]
fn after_a_full_disk_a_job_cannot_go_on_outside_of_its_transaction() {
    let place = Place::sqlite();
    let database = place.open();
    limit_size(&database);
    let outcome = database.write_tx_blocking(|tx: &mut dyn Tx| {
        let _ = fill(tx);
        let _ = insert(tx, "stray", 1);
        Ok::<_, StoreError>(())
    });
    assert!(matches!(outcome, Err(StoreError::DiskFull)), "{outcome:?}");
    assert!(names(&database).is_empty());
    assert!(put(&database, "small", 1).is_ok());
}

#[test]
fn a_job_that_ends_the_transaction_by_itself_is_refused_and_its_neighbors_are_kept() {
    let place = Place::sqlite();
    let database = place.open();
    let occupied = Occupied::writer(&database);
    let before = database.write_tx(|tx: &mut dyn Tx| insert(tx, "before", 1));
    let ending = database.write_tx(|tx: &mut dyn Tx| {
        tx.execute("ROLLBACK", &[])?;
        // Outside of any transaction by now: this would stand by itself.
        insert(tx, "stray", 1)
    });
    occupied.release();
    assert!(wait(ending).is_err());
    assert!(wait(before).is_ok());
    assert_eq!(names(&database), ["before"]);
}

/// A hundred commits of one page are a hundred pages in the log; one commit of a hundred jobs is one.
#[test]
fn jobs_that_wait_together_are_committed_together() {
    let place = Place::sqlite();
    let database = place.open();
    put(&database, "counter", 0).unwrap();
    let log = place.file().with_extension("db-wal");
    let size = || fs::metadata(&log).unwrap().len();
    let occupied = Occupied::writer(&database);
    let before = size();
    let waiting: Vec<_> = (0..100)
        .map(|number| database.write_tx(move |tx: &mut dyn Tx| set_number(tx, "counter", number)))
        .collect();
    occupied.release();
    for job in waiting {
        wait(job).unwrap();
    }
    let pages = (size() - before) / 4096;
    assert!((1..10).contains(&pages), "{pages} pages");
    assert_eq!(look_up(&database, "counter"), Some(99));
}

/// Overwrites the same MiB each time; pages that stay as they are would not be written.
fn put_a_mebibyte(database: &Database, filling: u8) {
    let sql = "INSERT INTO things (name, number, bytes) VALUES ('big', 1, $1)
               ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes";
    let bytes = vec![filling; 1 << 20];
    let job = move |tx: &mut dyn Tx| tx.execute(sql, &[bytes.clone().into()]);
    assert_eq!(database.write_tx_blocking(job).unwrap(), 1);
}

/// The log is copied beside the writer; were it never copied whole, it would never start over.
#[test]
fn the_log_starts_over_under_steady_writes_and_reads() {
    let place = Place::sqlite();
    let database = place.open();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                look_up(&database, "big");
            }
        });
        for filling in 0..250 {
            put_a_mebibyte(&database, filling);
        }
        done.store(true, Ordering::Relaxed);
    });
    let log = fs::metadata(place.file().with_extension("db-wal")).unwrap().len() >> 20;
    assert!(log < 125, "{log} MiB after 250 MiB were written");
}

#[test]
fn a_log_that_grew_under_a_long_read_is_cut_back_afterwards() {
    let place = Place::sqlite();
    let database = place.open();
    let log = || fs::metadata(place.file().with_extension("db-wal")).unwrap().len() >> 20;
    let long_read = Connection::open(place.file()).unwrap();
    long_read.execute_batch("BEGIN; SELECT * FROM things").unwrap();
    for filling in 0..150 {
        put_a_mebibyte(&database, filling);
    }
    assert!(log() >= 150, "{} MiB", log());
    long_read.execute_batch("ROLLBACK").unwrap();
    for filling in 0..50 {
        put_a_mebibyte(&database, filling);
    }
    assert!(log() <= 96, "{} MiB", log());
}

#[test]
fn the_settings_that_durability_rests_on_are_in_force() {
    let place = Place::sqlite();
    let database = place.open();
    let setting = |name: &'static str| {
        let job = move |tx: &mut dyn Tx| tx.query_one(&format!("PRAGMA {name}"), &[]);
        database.write_tx_blocking(job).unwrap()
    };
    assert_eq!(setting("journal_mode").text(0).unwrap(), "wal");
    assert_eq!(setting("synchronous").integer(0).unwrap(), 2, "FULL");
    assert_eq!(setting("foreign_keys").integer(0).unwrap(), 1);
    // A reader held open lets the log grow; it is cut back afterwards.
    assert_eq!(setting("journal_size_limit").integer(0).unwrap(), 96 << 20);
}

/// The counting of memory takes one lock for all threads; `.cargo/config.toml` leaves it out.
#[test]
fn sqlite_is_compiled_as_the_workspace_says() {
    let place = Place::sqlite();
    let database = place.open();
    let all = |tx: &mut dyn Tx| tx.query("PRAGMA compile_options", &[]);
    let rows = database.read_tx_blocking(all).unwrap();
    let options: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    assert!(options.contains(&"DEFAULT_MEMSTATUS=0".to_owned()), "{options:?}");
    assert!(!options.contains(&"ENABLE_STAT4".to_owned()), "{options:?}");
}

#[test]
fn a_name_in_double_quotes_is_never_taken_for_a_text() {
    let place = Place::sqlite();
    let database = place.open();
    let outcome = database
        .read_tx_blocking(|tx: &mut dyn Tx| tx.query("SELECT \"no such column\" FROM things", &[]));
    assert!(matches!(outcome, Err(StoreError::Other(_))), "{outcome:?}");
}

#[test]
fn a_lock_that_another_program_keeps_is_an_error_after_a_while_and_not_for_ever() {
    let place = Place::sqlite();
    let database = place.open_with(|config| config.lock_timeout = Duration::from_millis(50));
    let other = Connection::open(place.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = put(&database, "a", 1);
    assert!(
        matches!(&refused, Err(StoreError::Unavailable(words)) if words.contains("another program")),
        "{refused:?}"
    );
    assert!(wait(database.ready()).is_err());
    assert_eq!(look_up(&database, "a"), None, "reads go on");
    other.execute_batch("ROLLBACK").unwrap();
    put(&database, "b", 1).unwrap();
    assert!(wait(database.ready()).is_ok());
}

/// SQLite itself does not wait while it switches a new file to the write-ahead log.
#[test]
fn a_program_that_starts_while_another_makes_the_file_waits_for_it() {
    let place = Place::sqlite();
    let other = Connection::open(place.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let (opened, has_opened) = mpsc::channel();
        let place = &place;
        scope.spawn(move || opened.send(Database::open_with(&place.config, SCHEMA).err()));
        let early = has_opened.recv_timeout(Duration::from_millis(100));
        assert!(matches!(early, Err(RecvTimeoutError::Timeout)), "{early:?}");
        other.execute_batch("ROLLBACK").unwrap();
        let refusal = has_opened.recv().unwrap();
        assert!(refusal.is_none(), "{refusal:?}");
    });
}

#[test]
fn a_command_gets_its_turn_beside_a_busy_server() {
    let place = Place::sqlite();
    let (server, command) = (place.open(), place.open());
    put(&server, "counter", 0).unwrap();
    let done = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (server, done) = (&server, Arc::clone(&done));
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let waiting: Vec<_> = (0..8)
                        .map(|n| {
                            server.write_tx(move |tx: &mut dyn Tx| set_number(tx, "counter", n))
                        })
                        .collect();
                    for job in waiting {
                        wait(job).unwrap();
                    }
                }
            });
        }
        let outcomes: Vec<_> =
            (0..5).map(|number| put(&command, &format!("command {number}"), 1)).collect();
        done.store(true, Ordering::Relaxed);
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    });
}

#[test]
fn a_file_that_was_moved_away_is_noticed() {
    let place = Place::sqlite();
    let database = place.open();
    fs::rename(place.file(), place.file().with_extension("moved")).unwrap();
    let unready = wait(database.ready());
    assert!(
        matches!(&unready, Err(StoreError::Unavailable(words)) if words.contains("moved")),
        "{unready:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_new_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::sqlite();
    let database = place.open();
    put(&database, "a", 1).unwrap();
    for file in [place.file(), place.file().with_extension("db-wal")] {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

fn refusal_at(path: &str) -> String {
    match Database::open_with(&DatabaseConfig::for_url(&format!("sqlite://{path}")), SCHEMA) {
        Err(refusal @ OpenError::File { .. }) => refusal.to_string(),
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("{path} was opened"),
    }
}

#[test]
fn a_path_that_cannot_be_used_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    assert!(refusal_at(&at("missing/f.db")).contains("create it or correct the path"));
    assert!(refusal_at(&at("")).contains("it is a folder"));

    fs::write(at("text.db"), "this is not a database, and longer than a header".repeat(50))
        .unwrap();
    assert!(refusal_at(&at("text.db")).contains("not an SQLite database"));
    assert!(refusal_at(&at("text.db/f.db")).contains("correct the path"));

    let other = Connection::open(at("other.db")).unwrap();
    other.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    assert!(refusal_at(&at("other.db")).contains("another program"));
    let tables: i64 =
        other.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1, "nothing was planted in it");
}

#[test]
fn a_path_spelled_like_an_address_is_still_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file:odd%20name#x.db");
    let url = format!("sqlite://{}", path.display());
    let database = Database::open_with(&DatabaseConfig::for_url(&url), SCHEMA).unwrap();
    put(&database, "a", 1).unwrap();
    assert!(path.exists());
}

/// Rows of many sizes of two kinds side by side, which are changed and deleted, so that pages split
/// and rows move. Answers pieces of every content of the first kind.
fn churn(database: &Database) -> HashSet<[u8; 16]> {
    let job = |tx: &mut dyn Tx| {
        let mut seed = 7_u64;
        let mut draw = move || {
            // SplitMix64.
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        };
        let mut pieces = HashSet::new();
        for round in 0..2_000_u64 {
            let length = [18, 27, 52, 100, 320][draw() as usize % 5];
            let words: Vec<[u8; 16]> = (0..length)
                .map(|_| (u128::from(draw()) << 64 | u128::from(draw())).to_be_bytes())
                .collect();
            let name = if draw() % 2 == 0 { round } else { draw() % (round + 1) };
            let kind = i64::from(name % 3 == 0);
            let sql = "INSERT INTO things (name, number, bytes) VALUES ($1, $2, $3)
                       ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes";
            tx.execute(sql, &[name.to_string().into(), kind.into(), words.concat().into()])?;
            if kind == 1 {
                pieces.extend(words);
            }
            if draw() % 10 == 0 {
                let gone = (draw() % (round + 1)).to_string();
                tx.execute("DELETE FROM things WHERE name = $1", &[gone.into()])?;
            }
        }
        Ok::<_, StoreError>(pieces)
    };
    database.write_tx_blocking(job).unwrap()
}

fn found(pieces: &HashSet<[u8; 16]>, file: &Path) -> usize {
    let bytes = fs::read(file).unwrap();
    bytes.windows(16).filter(|window| pieces.contains(*window)).count()
}

/// `secure_delete` overwrites a row, not the copy of it that stayed behind when it moved to another page.
#[test]
fn copies_that_moved_rows_left_behind_are_gone_after_scrubbing() {
    let place = Place::sqlite();
    let database = place.open();
    let pieces = churn(&database);
    let delete = |tx: &mut dyn Tx| tx.execute("DELETE FROM things WHERE number = 1", &[]);
    let log = place.file().with_extension("db-wal");
    assert!(found(&pieces, &log) > 0);
    database.write_tx_blocking(delete).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(database.scrub()).unwrap();
    assert_eq!((found(&pieces, &place.file()), found(&pieces, &log)), (0, 0));
    assert!(names(&database).len() > 100);
}

#[test]
fn a_deleted_row_is_overwritten_in_a_file_of_any_length() {
    let place = Place::sqlite();
    let database = place.open();
    let content: Vec<u8> = (0..600_u32).flat_map(|n| (n * 7_919).to_be_bytes()).collect();
    let pieces = content.chunks_exact(16).map(|piece| piece.try_into().unwrap()).collect();
    let insert = move |tx: &mut dyn Tx| {
        let sql = "INSERT INTO things (name, number, bytes) VALUES ('gone', 1, $1)";
        tx.execute(sql, &[content.clone().into()])
    };
    database.write_tx_blocking(insert).unwrap();
    // Copies the log and writes nothing anew, as for a long file.
    let fold = || {
        let connection = Connection::open(place.file()).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    };
    fold();
    assert!(found(&pieces, &place.file()) > 100);
    let delete = |tx: &mut dyn Tx| tx.execute("DELETE FROM things WHERE name = 'gone'", &[]);
    database.write_tx_blocking(delete).unwrap();
    fold();
    assert_eq!(found(&pieces, &place.file()), 0);
}
