//! An open SQLite transaction.

use rusqlite::{
    Connection, Statement, ToSql,
    types::{ToSqlOutput, ValueRef},
};

use super::{conflict::constraint_name, error::translate};
use crate::{Row, StoreError, Tx, Value, deadline::Deadline, recall::Recall};

/// A transaction (or a savepoint within the writer's) on a connection.
pub(super) struct SqliteTx<'c> {
    connection: &'c Connection,
    deadline: Option<&'c Deadline>,
    /// The first error; PostgreSQL allows no statement after it, so neither does this.
    failure: Option<StoreError>,
    recall: &'c mut Recall,
}

impl<'c> SqliteTx<'c> {
    /// For a connection that is inside a transaction.
    pub(super) fn new(
        connection: &'c Connection,
        deadline: Option<&'c Deadline>,
        recall: &'c mut Recall,
    ) -> Self {
        Self { connection, deadline, failure: None, recall }
    }

    /// The first error of a statement, if there was one.
    pub(super) fn into_failure(self) -> Option<StoreError> {
        self.failure
    }

    fn run<T>(
        &mut self,
        sql: &str,
        bind: impl FnOnce(&mut Statement<'_>) -> Result<(), StoreError>,
        step: impl FnOnce(&Connection, &mut Statement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let outcome = self.check().and_then(|()| {
            let mut statement =
                self.connection.prepare_cached(sql).map_err(|error| self.translate(&error))?;
            bind(&mut statement)?;
            step(self.connection, &mut statement).map_err(|error| self.translate(&error))
        });
        self.noting(outcome)
    }

    /// Remembers the first error.
    fn noting<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &outcome {
            self.failure.get_or_insert_with(|| error.clone());
        }
        outcome
    }

    /// Runs a write; answers how many rows it touched.
    fn write(
        &mut self,
        sql: &str,
        bind: impl FnOnce(&mut Statement<'_>) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        self.recall.note_write(sql);
        self.run(sql, bind, |connection, statement| {
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(connection.changes())
        })
    }

    fn check(&self) -> Result<(), StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        // SQLite undoes the whole transaction on some errors (a full disk, for one) and would then
        // write each further statement by itself, outside of any transaction.
        if self.connection.is_autocommit() {
            return Err(StoreError::Other("the transaction is over".to_owned()));
        }
        self.deadline.map_or(Ok(()), Deadline::check)
    }

    fn translate(&self, error: &rusqlite::Error) -> StoreError {
        match translate(error) {
            StoreError::Conflict { constraint: words } => {
                StoreError::Conflict { constraint: constraint_name(self.connection, &words) }
            }
            other => other,
        }
    }
}

impl Tx for SqliteTx<'_> {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.write(sql, |statement| bind(statement, values))
    }

    fn insert(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.write(sql, |statement| bind_in_order(statement, values))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        if !sql.starts_with("SELECT") {
            self.recall.note_write(sql);
        }
        self.run(sql, |statement| bind(statement, values), |_, statement| all_rows(statement))
    }

    fn on_time(&mut self) -> Result<(), StoreError> {
        let outcome = self.check();
        self.noting(outcome)
    }

    fn recall(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        if self.check().is_ok()
            && let Some(rows) = self.recall.get(sql, values)
        {
            return Ok(rows);
        }
        let rows = self.query(sql, values)?;
        self.recall.keep(sql, values, &rows);
        Ok(rows)
    }
}

fn all_rows(statement: &mut Statement<'_>) -> rusqlite::Result<Vec<Row>> {
    let columns = statement.column_count();
    let mut found = Vec::new();
    // To the last row: a write with RETURNING is complete only then.
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let values: rusqlite::Result<_> =
            (0..columns).map(|index| row.get_ref(index).and_then(owned)).collect();
        found.push(Row::new(values?));
    }
    Ok(found)
}

/// Binds by the number in the name. To SQLite `$2` is a name like any other and the place it first
/// appears at decides its position: `.. $2 .. $1` bound in order would swap the two.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), StoreError> {
    check_count(statement, values)?;
    for position in 1..=values.len() {
        let value = statement
            .parameter_name(position)
            .and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok()?.checked_sub(1))
            .and_then(|index| values.get(index))
            .ok_or_else(|| {
                StoreError::Other("parameters must be $1, $2, .. without gaps".to_owned())
            })?;
        bind_one(statement, position, value)?;
    }
    Ok(())
}

/// Binds to a statement in which `$1`, `$2`, .. appear in this order, each once.
fn bind_in_order(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), StoreError> {
    check_count(statement, values)?;
    values.iter().enumerate().try_for_each(|(index, value)| bind_one(statement, index + 1, value))
}

fn check_count(statement: &Statement<'_>, values: &[Value]) -> Result<(), StoreError> {
    let (wanted, given) = (statement.parameter_count(), values.len());
    if wanted == given {
        return Ok(());
    }
    Err(StoreError::Other(format!("{wanted} parameters in the statement, {given} values given")))
}

fn bind_one(
    statement: &mut Statement<'_>,
    position: usize,
    value: &Value,
) -> Result<(), StoreError> {
    value.check_portable()?;
    statement.raw_bind_parameter(position, value).map_err(|error| translate(&error))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn owned(value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(std::str::from_utf8(text)?.to_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    })
}
