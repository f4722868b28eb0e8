//! The schema itself.

use freehold_directory::StoreError;
use freehold_store::sql::tables::{OF_EPOCH, OF_USER, RECORDS};

use crate::support::{World, on_both_engines};

on_both_engines!(
    text_compares_byte_by_byte,
    no_table_has_two_unique_indexes_over_the_same_columns,
    an_index_has_the_last_word_on_a_name,
    what_is_destroyed_with_keys_is_every_table_that_has_some,
);

fn text_compares_byte_by_byte(world: &World) {
    let acme = world.acme();
    for name in ["b", "a", "é", "z", "\u{1F511}"] {
        world.person(&acme.principal, name, name);
    }
    let rows = world.rows("SELECT user_name_key FROM users ORDER BY user_name_key");
    let names: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(names, ["a", "b", "z", "é", "\u{1F511}"]);
}

fn no_table_has_two_unique_indexes_over_the_same_columns(world: &World) {
    if !world.is_sqlite() {
        // SQLite names columns where PostgreSQL names the index; the engine looks the name up.
        return;
    }
    let rows = world.rows(
        "SELECT m.name || ': ' || (SELECT group_concat(i.name) FROM pragma_index_info(l.name) i) \
         FROM sqlite_schema m JOIN pragma_index_list(m.name) l \
         WHERE m.type = 'table' AND l.\"unique\" = 1",
    );
    let mut indexes: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    let all = indexes.len();
    indexes.sort();
    indexes.dedup();
    assert!(all > 10);
    assert_eq!(indexes.len(), all);
}

fn an_index_has_the_last_word_on_a_name(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    let renamed: Result<u64, StoreError> = world.database.write_tx_blocking(|tx| {
        tx.execute("UPDATE users SET user_name_key = 'ann' WHERE user_name = 'bob'", &[])
    });
    match renamed {
        Err(StoreError::Conflict { constraint }) => assert_eq!(constraint, "users_user_name"),
        other => panic!("{other:?}"),
    }
    let moved: Result<u64, StoreError> = world.database.write_tx_blocking(|tx| {
        tx.execute("UPDATE users SET external_key = '1' WHERE user_name = 'bob'", &[])
    });
    match moved {
        Err(StoreError::Conflict { constraint }) => {
            assert_eq!(constraint, "users_external_id");
        }
        other => panic!("{other:?}"),
    }
}

/// Tables that name a person and hold neither keys nor contents: they end or are emptied when a user is deleted, or tell
/// of what has been.
const NO_KEYS: &[&str] = &[
    "admin_links",
    "challenges",
    "events",
    "role_grants",
    "sessions",
    "user_emails",
    "user_words",
];

fn tables_with(world: &World, column: &'static str) -> Vec<String> {
    let sql = if world.is_sqlite() {
        format!(
            "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.name = '{column}' ORDER BY m.name"
        )
    } else {
        format!(
            "SELECT CAST(table_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = '{column}' ORDER BY 1"
        )
    };
    let rows = world.rows(Box::leak(sql.into_boxed_str()));
    rows.iter().map(|row| row.text(0).unwrap()).collect()
}

fn what_is_destroyed_with_keys_is_every_table_that_has_some(world: &World) {
    let mut known = [RECORDS, OF_EPOCH, OF_USER, NO_KEYS].concat();
    known.sort_unstable();
    assert_eq!(tables_with(world, "user_id"), known);
    let mut of_epochs = [RECORDS, OF_EPOCH].concat();
    of_epochs.push("resets"); // itself what says that an epoch was destroyed
    of_epochs.sort_unstable();
    assert_eq!(tables_with(world, "epoch"), of_epochs);
}
