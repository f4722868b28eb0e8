//! An open PostgreSQL transaction.

use tokio_postgres::{Error, Statement};

use super::{
    client::{Client, Waiting},
    connection::{Hope, OpenConnection},
    error::{is_collision, is_lost, is_stale_statement, translate},
    value::Column,
};
use crate::{Question, Row, StoreError, Tx, Value, deadline::Deadline, insertion::Insertion};

/// What an error means for the transaction, beside what it tells the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Run the job again: it collided with another one.
    Again,
    /// Prepare its statements anew and run it again.
    PrepareAnew,
    /// Connect anew and run it again.
    Reconnect,
    /// None; the error is the answer.
    Nothing,
}

impl Remedy {
    pub(super) fn of(error: &Error) -> Self {
        if is_collision(error) {
            Self::Again
        } else if is_stale_statement(error) {
            Self::PrepareAnew
        } else if is_lost(error) {
            Self::Reconnect
        } else {
            Self::Nothing
        }
    }
}

/// The first error of a transaction.
pub(super) struct Failure {
    pub(super) error: StoreError,
    pub(super) remedy: Remedy,
}

/// A transaction on a connection.
pub(super) struct PostgresTx<'c> {
    open: &'c mut OpenConnection,
    deadline: Option<&'c Deadline>,
    failure: Option<Failure>,
    wrote: bool,
}

/// What became of a transaction while a job used it.
pub(super) struct Outcome {
    /// The first error of a statement, if there was one.
    pub(super) failure: Option<Failure>,
    /// Whether a statement may have changed something.
    pub(super) wrote: bool,
}

impl Outcome {
    /// Whether a statement failed by what it says and not by what others did.
    pub(super) fn is_refused(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.remedy == Remedy::Nothing)
    }
}

impl<'c> PostgresTx<'c> {
    /// For a connection that is inside a transaction.
    pub(super) fn new(open: &'c mut OpenConnection, deadline: Option<&'c Deadline>) -> Self {
        Self { open, deadline, failure: None, wrote: false }
    }

    pub(super) fn into_outcome(self) -> Outcome {
        Outcome { failure: self.failure, wrote: self.wrote }
    }

    fn run<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        step: impl FnOnce(&mut Client, &Statement) -> Result<T, Error>,
    ) -> Result<T, StoreError> {
        let statement = self.ready(sql, values)?;
        step(&mut self.open.client, &statement).map_err(|error| self.fail_with(&error))
    }

    /// A statement that can be sent with these values; the rows that it might look for are on their way before it.
    fn ready(&mut self, sql: &str, values: &[Value]) -> Result<Statement, StoreError> {
        self.check(values)?;
        let OpenConnection { client, statements, .. } = &mut *self.open;
        let statement = statements.prepare(client, sql).map_err(|error| self.fail_with(&error))?;
        self.check_count(statement.params().len(), values)?;
        let OpenConnection { client, statements, gathered, .. } = &mut *self.open;
        let sent = gathered.send_before(sql, client, statements);
        sent.map(|()| statement).map_err(|error| self.fail_with(&error))
    }

    /// Has a statement travel with the next one.
    fn later(&mut self, sql: &str, values: &[Value]) -> Result<(), StoreError> {
        let statement = self.ready(sql, values)?;
        self.open.client.later(Waiting::Bound(statement, values.to_vec()));
        self.wrote = true;
        Ok(())
    }

    /// Whether the job is told what is hoped.
    fn hopes(&mut self) -> bool {
        if self.open.hope == Hope::Allowed {
            self.open.hope = Hope::Held;
        }
        self.open.hope == Hope::Held
    }

    /// Gathers a row, to which others may refer or none does.
    fn gather(
        &mut self,
        into: &'static Insertion,
        row: Vec<Value>,
        referred: bool,
    ) -> Result<(), StoreError> {
        self.check(&row)?;
        self.check_count(into.width(), &row)?;
        self.open.recall.note_write(into.one());
        self.open.gathered.push(into, row, referred);
        self.wrote = true;
        Ok(())
    }

    fn check(&mut self, values: &[Value]) -> Result<(), StoreError> {
        if let Some(failure) = &self.failure {
            return Err(failure.error.clone());
        }
        self.deadline
            .map_or(Ok(()), Deadline::check)
            .and_then(|()| values.iter().try_for_each(Value::check_portable))
            .map_err(|error| self.fail(error))
    }

    fn check_count(&mut self, wanted: usize, values: &[Value]) -> Result<(), StoreError> {
        if wanted == values.len() {
            return Ok(());
        }
        Err(self.fail(StoreError::Other(format!(
            "{wanted} parameters in the statement, {} values given",
            values.len()
        ))))
    }

    fn fail(&mut self, error: StoreError) -> StoreError {
        self.failure = Some(Failure { error: error.clone(), remedy: Remedy::Nothing });
        error
    }

    fn fail_with(&mut self, error: &Error) -> StoreError {
        let translated = translate(error);
        self.failure = Some(Failure { error: translated.clone(), remedy: Remedy::of(error) });
        translated
    }
}

impl Tx for PostgresTx<'_> {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.open.recall.note_write(sql);
        let rows = self.run(sql, values, |client, statement| client.execute(statement, values))?;
        self.wrote |= rows > 0;
        Ok(rows)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let reads = sql.starts_with("SELECT");
        if !reads {
            self.open.recall.note_write(sql);
        }
        let rows: Vec<Row> = self
            .run(sql, values, |client, statement| all_owned(&client.query(statement, values)?))?;
        // A write with RETURNING gives the rows that it changed.
        self.wrote |= !rows.is_empty() && !reads;
        Ok(rows)
    }

    fn on_time(&mut self) -> Result<(), StoreError> {
        self.check(&[])
    }

    fn recall(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.check(values)?;
        if let Some(rows) = self.open.recall.get(sql, values) {
            return Ok(rows);
        }
        let rows = self.query(sql, values)?;
        self.open.recall.keep(sql, values, &rows);
        Ok(rows)
    }

    fn query_foreseeing(
        &mut self,
        sql: &str,
        values: &[Value],
        next: Question<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let foreseen = self.ready(next.sql, next.values)?;
        let (rows, others) = self.run(sql, values, |client, statement| {
            let (rows, others) =
                client.query_both((statement, values), (&foreseen, next.values))?;
            Ok((all_owned(&rows)?, all_owned(&others)?))
        })?;
        self.open.recall.foresee(next.sql, next.values, others);
        Ok(rows)
    }

    fn query_foreseen(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.check(values)?;
        match self.open.recall.take_foreseen(sql, values) {
            Some(rows) => Ok(rows),
            None => self.query(sql, values),
        }
    }

    fn insert_hopefully(
        &mut self,
        into: &'static Insertion,
        row: Vec<Value>,
    ) -> Result<bool, StoreError> {
        if self.hopes() {
            return self.gather(into, row, true).map(|()| true);
        }
        self.execute(into.unless_taken(), &row).map(|rows| rows == 1)
    }

    fn execute_hopefully(&mut self, sql: &str, values: &[Value]) -> Result<bool, StoreError> {
        if self.hopes() {
            self.open.recall.note_write(sql);
            return self.later(&or_fail(sql), values).map(|()| true);
        }
        self.execute(sql, values).map(|rows| rows == 1)
    }

    fn execute_later(&mut self, sql: &str, values: &[Value]) -> Result<(), StoreError> {
        self.open.recall.note_write(sql);
        self.later(sql, values)
    }

    fn insert_later(
        &mut self,
        into: &'static Insertion,
        row: Vec<Value>,
    ) -> Result<(), StoreError> {
        self.gather(into, row, false)
    }

    fn insert_all_later(
        &mut self,
        into: &'static Insertion,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        values.chunks(into.width()).try_for_each(|row| self.gather(into, row.to_vec(), false))
    }
}

/// The same UPDATE, which fails where it touches no row. The server divides by zero then, so that whatever was sent
/// behind it, the COMMIT too, comes to nothing without anybody waiting for the count.
fn or_fail(sql: &str) -> String {
    format!("WITH done AS ({sql} RETURNING 1) SELECT 1 / count(*) FROM done")
}

fn all_owned(rows: &[tokio_postgres::Row]) -> Result<Vec<Row>, Error> {
    rows.iter().map(owned).collect()
}

fn owned(row: &tokio_postgres::Row) -> Result<Row, Error> {
    let column = |index| row.try_get::<usize, Column>(index).map(|column| column.0);
    (0..row.len()).map(column).collect::<Result<_, _>>().map(Row::new)
}
