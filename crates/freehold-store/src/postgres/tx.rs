//! An open PostgreSQL transaction.

use postgres::{Client, Statement, types::ToSql};

use super::{
    connection::{OpenConnection, Statements},
    error::{is_collision, is_lost, is_stale_statement, translate},
    value::Column,
};
use crate::{Row, StoreError, Tx, Value, deadline::Deadline};

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
    pub(super) fn of(error: &postgres::Error) -> Self {
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

/// A transaction on a client.
pub(super) struct PostgresTx<'c> {
    client: &'c mut Client,
    statements: &'c mut Statements,
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

impl<'c> PostgresTx<'c> {
    /// For a connection that is inside a transaction.
    pub(super) fn new(open: &'c mut OpenConnection, deadline: Option<&'c Deadline>) -> Self {
        let OpenConnection { client, statements } = open;
        Self { client, statements, deadline, failure: None, wrote: false }
    }

    pub(super) fn into_outcome(self) -> Outcome {
        Outcome { failure: self.failure, wrote: self.wrote }
    }

    fn run<T>(
        &mut self,
        sql: &str,
        values: &[Value],
        step: impl FnOnce(&mut Client, &Statement, &[&(dyn ToSql + Sync)]) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        self.check(values)?;
        let statement = self.statements.prepare(self.client, sql);
        let statement = statement.map_err(|error| self.fail_with(&error))?;
        if statement.params().len() != values.len() {
            return Err(self.fail(StoreError::Other(format!(
                "{} parameters in the statement, {} values given",
                statement.params().len(),
                values.len()
            ))));
        }
        let parameters: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        step(self.client, &statement, &parameters).map_err(|error| self.fail_with(&error))
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

    fn fail(&mut self, error: StoreError) -> StoreError {
        self.failure = Some(Failure { error: error.clone(), remedy: Remedy::Nothing });
        error
    }

    fn fail_with(&mut self, error: &postgres::Error) -> StoreError {
        let translated = translate(error);
        self.failure = Some(Failure { error: translated.clone(), remedy: Remedy::of(error) });
        translated
    }
}

impl Tx for PostgresTx<'_> {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let step =
            |client: &mut Client, statement: &Statement, parameters: &[&(dyn ToSql + Sync)]| {
                client.execute(statement, parameters)
            };
        let rows = self.run(sql, values, step)?;
        self.wrote |= rows > 0;
        Ok(rows)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let rows: Vec<Row> = self.run(sql, values, |client, statement, parameters| {
            client.query(statement, parameters)?.iter().map(owned).collect()
        })?;
        // A write with RETURNING gives the rows that it changed.
        self.wrote |= !rows.is_empty() && !sql.starts_with("SELECT");
        Ok(rows)
    }
}

fn owned(row: &postgres::Row) -> Result<Row, postgres::Error> {
    let column = |index| row.try_get::<usize, Column>(index).map(|column| column.0);
    (0..row.len()).map(column).collect::<Result<_, _>>().map(Row::new)
}
