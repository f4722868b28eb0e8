//! Rows to be added, gathered over the jobs of a transaction so that one statement adds many.

use tokio_postgres::types::Type;

use super::{
    client::{Client, Waiting},
    connection::Statements,
};
use crate::{Value, insertion::Insertion};

/// Rows that no statement has added yet.
#[derive(Default)]
pub(super) struct Gathered {
    tables: Vec<Rows>,
}

struct Rows {
    into: &'static Insertion,
    values: Vec<Value>,
    /// Whether rows of other tables may refer to these.
    referred: bool,
}

impl Gathered {
    /// Takes a row. Where others may refer to it, they come after it.
    pub(super) fn push(&mut self, into: &'static Insertion, row: Vec<Value>, referred: bool) {
        if let Some(rows) = self.tables.iter_mut().find(|rows| std::ptr::eq(rows.into, into)) {
            return rows.values.extend(row);
        }
        let place = if referred { 0 } else { self.tables.len() };
        self.tables.insert(place, Rows { into, values: row, referred });
    }

    /// Has the rows travel with the next statement if it might look for some of them: it names their table, takes away
    /// what they refer to, or writes what may refer to them. All of them, because some refer to others.
    pub(super) fn send_before(
        &mut self,
        sql: &str,
        client: &mut Client,
        statements: &mut Statements,
    ) -> Result<(), tokio_postgres::Error> {
        let writes = !sql.starts_with("SELECT");
        let is_asked = |rows: &Rows| (rows.referred && writes) || sql.contains(rows.into.table());
        if sql.starts_with("DELETE") || self.tables.iter().any(is_asked) {
            return self.send(client, statements);
        }
        Ok(())
    }

    /// Has all rows travel with the next statement.
    pub(super) fn send(
        &mut self,
        client: &mut Client,
        statements: &mut Statements,
    ) -> Result<(), tokio_postgres::Error> {
        self.tables.drain(..).try_for_each(|rows| send(rows, client, statements))
    }

    /// Forgets the rows, with the transaction that they belong to.
    pub(super) fn clear(&mut self) {
        self.tables.clear();
    }
}

fn send(
    rows: Rows,
    client: &mut Client,
    statements: &mut Statements,
) -> Result<(), tokio_postgres::Error> {
    let Rows { into, values, .. } = rows;
    let one = statements.prepare(client, into.one())?;
    if values.len() == into.width() {
        client.later(Waiting::Bound(one, values));
        return Ok(());
    }
    let many = statements.prepare(client, &many(into, one.params()))?;
    client.later(Waiting::Columns(many, columns(values, into.width())));
    Ok(())
}

/// The statement that adds any number of rows: one text to prepare, and one value a column to bind.
fn many(into: &Insertion, types: &[Type]) -> String {
    let arrays: Vec<String> =
        types.iter().zip(1..).map(|(kind, place)| format!("${place}::{}[]", kind.name())).collect();
    format!("{} SELECT * FROM unnest({})", into.head(), arrays.join(", "))
}

/// The values of rows, column by column.
fn columns(values: Vec<Value>, width: usize) -> Vec<Vec<Value>> {
    let mut columns = vec![Vec::with_capacity(values.len() / width); width];
    for (value, place) in values.into_iter().zip((0..width).cycle()) {
        if let Some(column) = columns.get_mut(place) {
            column.push(value);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        let values = [1, 2, 3, 4, 5, 6].map(Value::Integer).to_vec();
        let expected = [[1, 3, 5], [2, 4, 6]].map(|column| column.map(Value::Integer).to_vec());
        assert_eq!(columns(values, 2), expected);
    }

    #[test]
    fn many_rows_are_added_by_one_text() {
        let into = Insertion::new("t", &["a", "b"]);
        assert_eq!(
            many(&into, &[Type::TEXT, Type::INT8]),
            "INSERT INTO t (a, b) SELECT * FROM unnest($1::text[], $2::int8[])"
        );
    }
}
