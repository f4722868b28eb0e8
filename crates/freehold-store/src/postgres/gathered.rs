//! Rows to be added, gathered over the jobs of a transaction so that one statement adds many.

use super::{
    client::{Client, Waiting},
    connection::Statements,
};
use crate::{Value, insertion::Insertion};

/// Rows in one statement at most.
const MOST: usize = 64;

/// Rows that no statement has added yet.
#[derive(Default)]
pub(super) struct Gathered {
    tables: Vec<Rows>,
}

struct Rows {
    into: &'static Insertion,
    values: Vec<Value>,
}

impl Gathered {
    /// Takes a row.
    pub(super) fn push(&mut self, into: &'static Insertion, row: Vec<Value>) {
        match self.tables.iter_mut().find(|rows| std::ptr::eq(rows.into, into)) {
            Some(rows) => rows.values.extend(row),
            None => self.tables.push(Rows { into, values: row }),
        }
    }

    /// Has the rows travel with the next statement if it might look for them: it names their table, or takes
    /// away what they refer to.
    pub(super) fn send_before(
        &mut self,
        sql: &str,
        client: &mut Client,
        statements: &mut Statements,
    ) -> Result<(), tokio_postgres::Error> {
        let asked = |rows: &mut Rows| sql.starts_with("DELETE") || sql.contains(rows.into.table());
        self.tables.extract_if(.., asked).try_for_each(|rows| send(rows, client, statements))
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

/// Powers of two, so that few texts have to be prepared.
fn send(
    Rows { into, mut values }: Rows,
    client: &mut Client,
    statements: &mut Statements,
) -> Result<(), tokio_postgres::Error> {
    while !values.is_empty() {
        let rows = values.len() / into.width();
        let some = MOST.min(1 << rows.ilog2());
        let rest = values.split_off(some * into.width());
        let statement = statements.prepare(client, &into.sql(some))?;
        client.later(Waiting::Bound(statement, values));
        values = rest;
    }
    Ok(())
}
