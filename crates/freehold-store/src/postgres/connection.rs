//! A connection that is made when it is needed, and its prepared statements.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio_postgres::{Error, Statement};

use super::{
    Address,
    client::{Client, Waiting},
    error::{self, ConnectError},
    gathered::Gathered,
};
use crate::{
    StoreError,
    deadline::{Deadline, millis},
    recall::Recall,
};

/// Statements kept prepared; searches make texts of their own, so there is no natural end to them.
const CACHED_STATEMENTS: usize = 512;
/// How long nobody tries again to reach a server that takes connections and says nothing.
const PAUSE_MS: u64 = 1_000;
/// The oldest server whose behavior is relied on.
const OLDEST_SERVER: i64 = 130_000;

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Reads and writes, one at a time in effect.
    Write {
        /// How long to wait for a row or table lock.
        lock_timeout: Duration,
        /// How long a statement may take.
        allowed: Duration,
    },
    /// Reads only, from one snapshot.
    Read {
        /// How long a job may take.
        allowed: Duration,
    },
}

impl Purpose {
    /// The statement that begins a transaction.
    fn begin(self) -> &'static str {
        match self {
            Self::Write { .. } => "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
            Self::Read { .. } => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// How long a statement may take.
    fn allowed(self) -> Duration {
        match self {
            Self::Write { allowed, .. } | Self::Read { allowed } => allowed,
        }
    }

    fn settings(self) -> String {
        match self {
            // An answered write is on the disk, whatever the server's default is; a stricter
            // setting (a standby that must have it, too) stays.
            Self::Write { lock_timeout, allowed } => format!(
                "SET lock_timeout = {}; SET statement_timeout = {}; \
                 SET idle_in_transaction_session_timeout = '60s'; \
                 SELECT set_config('synchronous_commit', 'on', false) \
                     WHERE current_setting('synchronous_commit') IN ('off', 'local')",
                millis(lock_timeout),
                millis(allowed)
            ),
            Self::Read { allowed } => format!(
                "SET statement_timeout = {}; SET idle_in_transaction_session_timeout = '60s'",
                millis(allowed)
            ),
        }
    }
}

/// A connection to be.
pub(super) struct Connection {
    address: Arc<Address>,
    purpose: Purpose,
    open: Option<OpenConnection>,
    watch: Deadline,
    /// Until when nobody tries again, because the server said nothing at the last try.
    pause_ends_at: u64,
}

/// A connection that was open when last used.
pub(super) struct OpenConnection {
    pub(super) client: Client,
    pub(super) statements: Statements,
    /// Rows to be added before the end of the transaction.
    pub(super) gathered: Gathered,
    /// What was asked in the transaction.
    pub(super) recall: Recall,
    /// What the transaction hopes.
    pub(super) hope: Hope,
}

/// Whether jobs are told of their writes what is hoped, see [`crate::Tx`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hope {
    /// No: what is so.
    Never,
    /// Yes, and none of them has asked yet.
    Allowed,
    /// Some were.
    Held,
}

impl OpenConnection {
    fn new(client: Client) -> Self {
        Self {
            client,
            statements: Statements::default(),
            gathered: Gathered::default(),
            recall: Recall::default(),
            hope: Hope::Never,
        }
    }

    /// Begins a transaction, together with its first statement.
    pub(super) fn begin(&mut self, purpose: Purpose) {
        self.recall.clear();
        self.hope = Hope::Never;
        self.client.later(Waiting::Plain(purpose.begin()));
    }

    /// Commits, with all that was put off. An error of that is the error of the commit, which then was none.
    pub(super) fn commit(&mut self) -> Result<(), Error> {
        self.gathered.send(&mut self.client, &mut self.statements)?;
        self.client.batch("COMMIT")
    }

    /// Ends a transaction that has only read, together with the beginning of the next one.
    pub(super) fn end_later(&mut self) {
        self.client.later(Waiting::Plain("COMMIT"));
    }

    /// Undoes a transaction.
    pub(super) fn roll_back(&mut self) -> Result<(), Error> {
        self.gathered.clear();
        self.client.forget_waiting();
        self.client.batch("ROLLBACK")
    }
}

impl Connection {
    pub(super) fn new(address: Arc<Address>, purpose: Purpose) -> Self {
        let watch = Deadline::new(Duration::ZERO);
        Self { address, purpose, open: None, watch, pause_ends_at: 0 }
    }

    pub(super) fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The open connection, made now if there is none or if the last one is known to be dead.
    pub(super) fn open(&mut self) -> Result<&mut OpenConnection, StoreError> {
        let alive = self.open.take().filter(|open| !open.client.is_closed());
        let open = match alive {
            Some(open) => open,
            None => self.connect()?,
        };
        Ok(self.open.insert(open))
    }

    /// The connection of the transaction at hand: dead or alive, but never another one.
    pub(super) fn current(&mut self) -> Option<&mut OpenConnection> {
        self.open.as_mut()
    }

    /// Lets go of the connection, whatever state it is in.
    pub(super) fn drop_open(&mut self) {
        self.open = None;
    }

    fn connect(&mut self) -> Result<OpenConnection, StoreError> {
        // Those that wait for this connection do not wait for a try each.
        if self.watch.elapsed_ms() < self.pause_ends_at {
            return Err(error::unreachable(&self.address, &ConnectError::Silence));
        }
        let client =
            Client::connect(&self.address, self.purpose.allowed()).and_then(|mut client| {
                client.batch(&self.purpose.settings())?;
                Ok(client)
            });
        if matches!(client, Err(ConnectError::Silence)) {
            self.pause_ends_at = self.watch.elapsed_ms() + PAUSE_MS;
        }
        client.map(OpenConnection::new).map_err(|error| error::unreachable(&self.address, &error))
    }
}

/// Refuses a server that would store text otherwise, or is too old.
pub(super) fn check_server(client: &mut Client) -> Result<(), String> {
    let question = "SELECT current_setting('server_version_num')::bigint, \
         current_setting('server_encoding'), current_setting('fsync')";
    let row = client.query_text(question).map_err(|error| error::describe(&error))?;
    let (version, encoding, fsync): (i64, String, String) = (row.get(0), row.get(1), row.get(2));
    if version < OLDEST_SERVER {
        return Err(format!("it is version {}; version 13 or newer is needed", version / 10_000));
    }
    if encoding != "UTF8" {
        return Err(format!(
            "the database has the encoding {encoding}; make one with ENCODING 'UTF8' TEMPLATE template0"
        ));
    }
    if fsync == "off" {
        tracing::warn!(
            "the PostgreSQL server runs with fsync = off: a power cut destroys the database"
        );
    }
    Ok(())
}

/// Prepared statements by their text.
#[derive(Default)]
pub(super) struct Statements {
    by_text: HashMap<String, Statement>,
}

impl Statements {
    /// The prepared statement of a text.
    pub(super) fn prepare(&mut self, client: &mut Client, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.by_text.get(sql) {
            return Ok(statement.clone());
        }
        let statement = client.prepare(sql)?;
        if self.by_text.len() >= CACHED_STATEMENTS {
            self.forget();
        }
        self.by_text.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Forgets all, as after a change of the schema.
    pub(super) fn forget(&mut self) {
        self.by_text.clear();
    }
}
