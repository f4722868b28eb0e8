//! One open transaction, whichever engine holds it.
//!
//! # What a job may rely on, on both engines
//! - Jobs behave as if they ran one after another: one writer on SQLite, SERIALIZABLE with retries
//!   on PostgreSQL. A job may therefore run more than once; only its last run counts.
//! - A read job sees one moment of the database from its first statement to its last.
//! - After a failed statement the transaction is over: later statements are refused, and if the job
//!   answers `Ok` all the same, that becomes the statement's error. (PostgreSQL is so by nature;
//!   SQLite is held to it.) A conflict that is expected is written `ON CONFLICT DO NOTHING`.
//! - A job that answers `Err` leaves nothing behind. A refusal that has to write something is an `Ok`.
//!
//! # Portable SQL
//! - `$1`, `$2`, .. each used at least once, in any order, repeated at will.
//! - `execute` is for INSERT, UPDATE, DELETE; anything that gives rows goes through `query`.
//! - PostgreSQL infers the kind of `$n` from where it stands. Where nothing tells it, write
//!   `CAST($1 AS BIGINT)`. `sum(..)` of BIGINT is NUMERIC there: `CAST(sum(n) AS BIGINT)`.
//! - Text is compared byte by byte (`{collate}` in the migrations); fold case in Rust.
//!
//! # What is hoped
//! Some writes turn out as expected but for rare rivals: a new name is not taken, a version that was just read is
//! still there. For them PostgreSQL does not make the job wait ([`Tx::insert_hopefully`], [`Tx::execute_hopefully`]):
//! it answers what is hoped and carries the write out with those of other jobs. Where the hope was vain, nothing of
//! the transaction is kept and its jobs run again, each being told what is so. No answer leaves before that.

use crate::{FromValue, Insertion, StoreError, Value};

/// One open transaction. Statements are cached by their text.
pub trait Tx {
    /// Runs an INSERT, UPDATE or DELETE and answers how many rows it touched.
    ///
    /// # Errors
    /// Whatever the engine refuses, see [`StoreError`]; the transaction is then over.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError>;

    /// As [`Tx::execute`] with the statement of an [`Insertion`], in which `$1`, `$2`, .. appear in this order, each once.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    fn insert(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.execute(sql, values)
    }

    /// Runs a SELECT, or a write with RETURNING, and answers all its rows.
    ///
    /// # Errors
    /// Whatever the engine refuses, see [`StoreError`]; the transaction is then over.
    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Whether the job may go on, for one that works long between two statements.
    ///
    /// # Errors
    /// [`StoreError::TimedOut`] when it is over its time; the transaction is then over. A job that writes has no
    /// such time.
    fn on_time(&mut self) -> Result<(), StoreError>;

    /// As [`Tx::query`] with a SELECT, for what one job after another asks. Jobs that share a transaction share
    /// the answer, too, until one of them writes to a table that the statement names: the transaction sees one
    /// moment, so the database would say the same.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn recall(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.query(sql, values)
    }

    /// As [`Tx::query`] with a SELECT, when `next` will be the next question, asked by [`Tx::query_foreseen`].
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn query_foreseeing(
        &mut self,
        sql: &str,
        values: &[Value],
        _next: Question<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        self.query(sql, values)
    }

    /// As [`Tx::query`] with a SELECT that may have been foreseen.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn query_foreseen(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.query(sql, values)
    }

    /// Adds a row unless a value that has to be unique is taken, and answers whether it was added; see *What is hoped*.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    fn insert_hopefully(
        &mut self,
        into: &'static Insertion,
        row: Vec<Value>,
    ) -> Result<bool, StoreError> {
        self.insert(into.unless_taken(), &row).map(|rows| rows == 1)
    }

    /// Runs an UPDATE of one row and answers whether it was there; see *What is hoped*.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    fn execute_hopefully(&mut self, sql: &str, values: &[Value]) -> Result<bool, StoreError> {
        self.execute(sql, values).map(|rows| rows == 1)
    }

    /// Runs an UPDATE or DELETE of which nobody has to know how many rows it touches, before the next statement.
    ///
    /// # Errors
    /// As [`Tx::execute`], or none yet.
    fn execute_later(&mut self, sql: &str, values: &[Value]) -> Result<(), StoreError> {
        self.execute(sql, values).map(drop)
    }

    /// Adds a row, at the latest before the next statement that could tell whether it is there. A row that is
    /// refused is an error of the job, though perhaps only after its last statement; so there must be nothing
    /// to decide about that.
    ///
    /// # Errors
    /// As [`Tx::execute`], or none yet.
    fn insert_later(
        &mut self,
        into: &'static Insertion,
        row: Vec<Value>,
    ) -> Result<(), StoreError> {
        self.insert(into.one(), &row).map(drop)
    }

    /// As [`Tx::insert_later`] for many rows: their values, row by row.
    ///
    /// # Errors
    /// As [`Tx::insert_later`].
    fn insert_all_later(
        &mut self,
        into: &'static Insertion,
        values: Vec<Value>,
    ) -> Result<(), StoreError> {
        let chunks = values.chunks_exact(CHUNK * into.width());
        let rest = chunks.remainder();
        for chunk in chunks {
            self.insert(&into.sql(CHUNK), chunk)?;
        }
        rest.chunks(into.width()).try_for_each(|row| self.insert(into.one(), row).map(drop))
    }
}

/// Rows in one statement where values are bound one by one.
const CHUNK: usize = 40;

/// A SELECT with its values.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// Its text.
    pub sql: &'q str,
    /// Its values.
    pub values: &'q [Value],
}

impl dyn Tx + '_ {
    /// The only row of a query that finds one or none.
    ///
    /// # Errors
    /// As [`Tx::query`]; more than one row is an error too, because the caller's assumption is wrong.
    pub fn query_optional(
        &mut self,
        sql: &str,
        values: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        self.query(sql, values).and_then(|rows| one_or_none(rows, sql))
    }

    /// The same for what one job after another asks, see [`Tx::recall`].
    ///
    /// # Errors
    /// As [`Tx::query`]; more than one row is an error too.
    pub fn recall_optional(
        &mut self,
        sql: &str,
        values: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        self.recall(sql, values).and_then(|rows| one_or_none(rows, sql))
    }

    /// The only row of a query that must find exactly one, such as a count.
    ///
    /// # Errors
    /// As [`Tx::query`]; any other number of rows is an error.
    pub fn query_one(&mut self, sql: &str, values: &[Value]) -> Result<Row, StoreError> {
        self.query_optional(sql, values)?
            .ok_or_else(|| StoreError::Other(format!("no row where one was expected: {sql}")))
    }
}

pub(crate) fn one_or_none(mut rows: Vec<Row>, sql: &str) -> Result<Option<Row>, StoreError> {
    match rows.len() {
        0 | 1 => Ok(rows.pop()),
        n => Err(StoreError::Other(format!("{n} rows where one was expected: {sql}"))),
    }
}

/// One row of an answer; columns are read by their place in the SELECT, from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    values: Vec<Value>,
}

impl Row {
    /// A row of these columns.
    #[must_use]
    pub fn new(values: Vec<Value>) -> Self {
        Self { values }
    }

    /// The column at `index`, as the type asked for; `Option<T>` where it may be NULL.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when there is no such column or it holds another kind.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, StoreError> {
        let value = self.value(index)?;
        T::from_value(value).map_err(|kind| {
            StoreError::Corrupt(format!(
                "column {index} holds {}, expected {}",
                kind.found, kind.wanted
            ))
        })
    }

    /// The column at `index` as it stands.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when there is no such column.
    pub fn value(&self, index: usize) -> Result<&Value, StoreError> {
        self.values.get(index).ok_or_else(|| {
            StoreError::Corrupt(format!(
                "a row of {} columns has no column {index}",
                self.values.len()
            ))
        })
    }

    /// A text column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn text(&self, index: usize) -> Result<String, StoreError> {
        self.get(index)
    }

    /// An integer column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn integer(&self, index: usize) -> Result<i64, StoreError> {
        self.get(index)
    }

    /// A real column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn real(&self, index: usize) -> Result<f64, StoreError> {
        self.get(index)
    }

    /// A bytes column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn bytes(&self, index: usize) -> Result<Vec<u8>, StoreError> {
        self.get(index)
    }

    /// A flag column (0 or 1).
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn flag(&self, index: usize) -> Result<bool, StoreError> {
        self.get(index)
    }
}
