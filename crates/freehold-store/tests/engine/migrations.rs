//! The schema is brought up to date once, whole, and never backwards.

use freehold_store::{Database, Migration, OpenError, StoreError, Tx};

use crate::support::{Place, on_both_engines};

on_both_engines! {
    steps_are_taken_once_and_in_order,
    two_programs_that_start_at_once_share_the_work,
    a_newer_schema_is_refused,
    a_step_that_fails_is_undone_and_the_earlier_ones_stand,
    the_schema_of_this_program_can_be_made,
    what_the_first_schema_held_is_kept,
    no_two_unique_indexes_of_a_table_cover_the_same_columns,
}

const STEPS: &[Migration] = &[
    Migration {
        version: 1,
        name: "one",
        sql: "CREATE TABLE one (a TEXT); INSERT INTO one VALUES ('x');",
    },
    Migration {
        version: 2,
        name: "two",
        sql: "ALTER TABLE one ADD COLUMN b BIGINT NOT NULL DEFAULT 7;",
    },
    Migration { version: 3, name: "three", sql: "INSERT INTO one VALUES ('y', 8);" },
];

fn open(place: &Place, steps: &[Migration]) -> Result<Database, OpenError> {
    Database::open_with(&place.config, steps)
}

fn rows(database: &Database) -> Vec<(String, i64)> {
    let all = |tx: &mut dyn Tx| {
        let rows = tx.query("SELECT a, b FROM one ORDER BY a", &[])?;
        rows.iter().map(|row| Ok((row.text(0)?, row.integer(1)?))).collect()
    };
    let rows: Result<_, StoreError> = database.read_tx_blocking(all);
    rows.unwrap()
}

fn expected() -> [(String, i64); 2] {
    [("x".to_owned(), 7), ("y".to_owned(), 8)]
}

fn steps_are_taken_once_and_in_order(place: &Place) {
    drop(open(place, &STEPS[..1]).unwrap());
    drop(open(place, STEPS).unwrap());
    assert_eq!(rows(&open(place, STEPS).unwrap()), expected());
}

fn two_programs_that_start_at_once_share_the_work(place: &Place) {
    // Many small steps, so that the programs meet at each of them.
    let mut steps = STEPS.to_vec();
    let more = |version| Migration { version, name: "more", sql: "UPDATE one SET b = b + 1;" };
    steps.extend((4..20).map(more));
    std::thread::scope(|scope| {
        let programs: Vec<_> = (0..4).map(|_| scope.spawn(|| open(place, &steps))).collect();
        for program in programs {
            let rows = rows(&program.join().unwrap().unwrap());
            assert_eq!(rows, [("x".to_owned(), 7 + 16), ("y".to_owned(), 8 + 16)]);
        }
    });
}

fn a_newer_schema_is_refused(place: &Place) {
    drop(open(place, STEPS).unwrap());
    let refusal = open(place, &STEPS[..2]).err();
    assert!(matches!(refusal, Some(OpenError::NewerSchema { found: 3, known: 2 })), "{refusal:?}");
}

fn a_step_that_fails_is_undone_and_the_earlier_ones_stand(place: &Place) {
    let broken = "INSERT INTO one VALUES ('z', 9); INSERT INTO nowhere VALUES (1);";
    let steps = [STEPS[0], STEPS[1], Migration { version: 3, name: "broken", sql: broken }];
    let refusal = open(place, &steps).err();
    assert!(matches!(refusal, Some(OpenError::Migration { version: 3, .. })), "{refusal:?}");
    assert_eq!(rows(&open(place, STEPS).unwrap()), expected());
}

fn the_schema_of_this_program_can_be_made(place: &Place) {
    drop(Database::open(&place.config).unwrap());
    drop(Database::open(&place.config).unwrap());
}

const FIRST: Migration =
    Migration { version: 1, name: "first", sql: include_str!("../../migrations/0001_first.sql") };

fn what_the_first_schema_held_is_kept(place: &Place) {
    let old = open(place, &[FIRST]).unwrap();
    let filled: Result<_, StoreError> = old.write_tx_blocking(|tx| {
        tx.execute("INSERT INTO organizations VALUES ('o', 'acme', 'Acme', 1, 1)", &[])?;
        tx.execute(
            "INSERT INTO scim_tokens (id, organization_id, description, hash, created_at, \
             expires_at) VALUES ('t', 'o', 'entra', $1, 1, 2)",
            &[vec![7].into()],
        )?;
        let event = "INSERT INTO events (id, organization_id, at, kind) VALUES ('e', 'o', 1, 'x')";
        tx.execute(event, &[])
    });
    filled.unwrap();
    drop(old);
    let new = Database::open(&place.config).unwrap();
    let kept: Result<_, StoreError> = new.read_tx_blocking(|tx| {
        let sql = "SELECT count(*) FROM scim_tokens t JOIN organizations o \
                   ON o.id = t.organization_id JOIN events e ON e.organization_id = o.id \
                   WHERE t.client_id IS NULL AND t.warned_days IS NULL AND e.client_id IS NULL \
                   AND e.seq IS NULL AND e.hash IS NULL";
        tx.query_one(sql, &[])?.integer(0)
    });
    assert_eq!(kept.unwrap(), 1);
}

/// SQLite names the columns of a conflict and not its index, so they have to tell it.
fn no_two_unique_indexes_of_a_table_cover_the_same_columns(place: &Place) {
    drop(Database::open(&place.config).unwrap());
    if !place.config.url.starts_with("sqlite:") {
        return;
    }
    let file = rusqlite::Connection::open(place.file()).unwrap();
    let sql = "SELECT t.name || ' (' || (SELECT group_concat(name) FROM pragma_index_info(i.name)) || ')'
        FROM sqlite_schema t, pragma_index_list(t.name) i
        WHERE t.type = 'table' AND i.\"unique\" = 1 AND EXISTS (SELECT 1 FROM pragma_index_info(i.name) WHERE name IS NOT NULL)
        GROUP BY 1 HAVING count(*) > 1";
    let mut ambiguous = file.prepare(sql).unwrap();
    let found: Vec<String> =
        ambiguous.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(found.is_empty(), "{found:?}");
}
