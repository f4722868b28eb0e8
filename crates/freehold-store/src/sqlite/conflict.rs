//! Which unique index a conflict is about.
//!
//! PostgreSQL names the index; SQLite names the columns ("UNIQUE constraint failed: users.a,
//! users.b"), except for indexes over expressions. Here the columns are looked up in the schema, so
//! that the domain sees one name on both engines. Two unique indexes of one table over the same
//! columns could not be told apart; a test of the migrations keeps them out.

use rusqlite::{Connection, params};

const PREFIX: &str = "UNIQUE constraint failed: ";

/// The name of the index that SQLite's words are about, spelled as PostgreSQL would.
pub(super) fn constraint_name(connection: &Connection, words: &str) -> String {
    let failed = words.strip_prefix(PREFIX).unwrap_or(words);
    if let Some(name) = failed.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return name.to_owned();
    }
    let Some((table, columns)) = table_and_columns(failed) else { return failed.to_owned() };
    find_index(connection, table, &columns).unwrap_or_else(|_| failed.to_owned())
}

fn table_and_columns(failed: &str) -> Option<(&str, Vec<&str>)> {
    let mut table = None;
    let mut columns = Vec::new();
    for column in failed.split(", ") {
        let (its_table, column) = column.split_once('.')?;
        table = Some(its_table);
        columns.push(column);
    }
    table.map(|table| (table, columns))
}

fn find_index(connection: &Connection, table: &str, columns: &[&str]) -> rusqlite::Result<String> {
    let mut indexes = connection
        .prepare_cached("SELECT name, origin FROM pragma_index_list($1) WHERE \"unique\" = 1")?;
    let mut rows = indexes.query(params![table])?;
    while let Some(row) = rows.next()? {
        let (name, origin): (String, String) = (row.get(0)?, row.get(1)?);
        if columns_of(connection, &name)? == columns {
            return Ok(spelled_as_postgres(name, &origin, table, columns));
        }
    }
    // An INTEGER PRIMARY KEY has no index of its own.
    Ok(format!("{table}_pkey"))
}

fn columns_of(connection: &Connection, index: &str) -> rusqlite::Result<Vec<String>> {
    let mut columns =
        connection.prepare_cached("SELECT name FROM pragma_index_info($1) ORDER BY seqno")?;
    let names = columns.query_map(params![index], |row| row.get::<_, Option<String>>(0))?;
    names.map(|name| name.map(Option::unwrap_or_default)).collect()
}

/// Constraints written inside CREATE TABLE have no name of their own on SQLite
/// (`sqlite_autoindex_..`); PostgreSQL calls them so.
fn spelled_as_postgres(name: String, origin: &str, table: &str, columns: &[&str]) -> String {
    match origin {
        "pk" => format!("{table}_pkey"),
        "u" => format!("{table}_{}_key", columns.join("_")),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_after(setup: &str, violation: &str) -> String {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(setup).unwrap();
        match connection.execute_batch(violation).unwrap_err() {
            rusqlite::Error::SqliteFailure(_, Some(words)) => constraint_name(&connection, &words),
            other => other.to_string(),
        }
    }

    #[test]
    fn a_partial_index_is_found_by_its_columns() {
        let setup = "CREATE TABLE t (a TEXT, b TEXT, gone BIGINT);
            CREATE UNIQUE INDEX t_a ON t (a) WHERE gone IS NULL;
            CREATE UNIQUE INDEX t_a_b ON t (a, b) WHERE gone IS NULL;
            INSERT INTO t VALUES ('1', '1', 0), ('1', '1', NULL);";
        assert_eq!(name_after(setup, "INSERT INTO t VALUES ('1', '2', NULL)"), "t_a");
        let other = "DROP INDEX t_a; INSERT INTO t VALUES ('1', '1', NULL)";
        assert_eq!(name_after(setup, other), "t_a_b");
    }

    #[test]
    fn keys_inside_create_table_are_named_as_postgres_names_them() {
        let setup = "CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY, b TEXT, c TEXT, UNIQUE (b, c));
            INSERT INTO t VALUES ('1', '1', '1');";
        assert_eq!(name_after(setup, "INSERT INTO t VALUES ('1', '2', '2')"), "t_pkey");
        assert_eq!(name_after(setup, "INSERT INTO t VALUES ('2', '1', '1')"), "t_b_c_key");
    }

    #[test]
    fn an_index_over_an_expression_is_named_by_sqlite_itself() {
        let setup = "CREATE TABLE t (a TEXT); CREATE UNIQUE INDEX t_short ON t (substr(a, 1, 1));
            INSERT INTO t VALUES ('ab');";
        assert_eq!(name_after(setup, "INSERT INTO t VALUES ('ac')"), "t_short");
    }
}
