//! A database of its own for each test.

use std::{future::Future, path::PathBuf, sync::mpsc, time::Duration};

use freehold_store::{Database, DatabaseConfig, Migration, StoreError, Tx};
use postgres::{Client, NoTls};
use tempfile::TempDir;

/// A table of each kind of column, one with every kind of unique constraint, and one that refers.
pub const SCHEMA: &[Migration] = &[Migration {
    version: 1,
    name: "tables_for_tests",
    sql: "CREATE TABLE things (
              name TEXT {collate} NOT NULL PRIMARY KEY,
              number BIGINT,
              ratio DOUBLE PRECISION,
              bytes BYTEA
          );
          CREATE TABLE people (
              id TEXT {collate} NOT NULL PRIMARY KEY,
              organization TEXT NOT NULL,
              user_name TEXT {collate} NOT NULL,
              external_id TEXT {collate},
              badge TEXT,
              deleted_at BIGINT,
              UNIQUE (organization, badge)
          );
          CREATE UNIQUE INDEX people_user_name ON people (organization, user_name)
              WHERE deleted_at IS NULL;
          CREATE UNIQUE INDEX people_external_id ON people (organization, external_id)
              WHERE deleted_at IS NULL;
          CREATE TABLE badges (person TEXT NOT NULL REFERENCES people (id));",
}];

/// Which engine a test runs on, and where.
pub struct Place {
    pub config: DatabaseConfig,
    keeper: Keeper,
}

enum Keeper {
    Folder { _folder: TempDir },
    Server,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = config(&format!("sqlite://{}", folder.path().join("test.db").display()));
        Self { config, keeper: Keeper::Folder { _folder: folder } }
    }

    pub fn postgres() -> Self {
        Self { config: config(&freehold_testing::fresh_postgres()), keeper: Keeper::Server }
    }

    /// Opens the database with the tables above.
    pub fn open(&self) -> Database {
        self.open_with(|_| {})
    }

    /// As [`Place::open`], with other settings.
    pub fn open_with(&self, change: impl FnOnce(&mut DatabaseConfig)) -> Database {
        let mut config = self.config.clone();
        change(&mut config);
        Database::open_with(&config, SCHEMA).expect("the database opens")
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.config.url.trim_start_matches("sqlite://"))
    }

    /// A connection past the engine, to look and to disturb.
    pub fn client(&self) -> Client {
        connect(&self.config.url)
    }

    /// A connection to the server's own database.
    pub fn admin(&self) -> Client {
        connect(&std::env::var("TEST_DATABASE_URL").expect("the place is on a server"))
    }

    /// The name of the database on the server.
    pub fn database_name(&self) -> String {
        let (_, name) = self.config.url.rsplit_once('/').expect("the URL ends in a database");
        name.to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if matches!(self.keeper, Keeper::Server) {
            let sql = format!("DROP DATABASE {} WITH (FORCE)", self.database_name());
            // What is left over would only take space on a server that is thrown away.
            let _ = self.admin().batch_execute(&sql);
        }
    }
}

fn config(url: &str) -> DatabaseConfig {
    DatabaseConfig { writers: 2, readers: 2, scanners: 1, ..DatabaseConfig::for_url(url) }
}

fn connect(url: &str) -> Client {
    Client::connect(url, NoTls).expect("the PostgreSQL server answers")
}

/// Runs each named function once on SQLite and once on PostgreSQL.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { super::$name(&$crate::support::Place::sqlite()); })*
        }
        mod on_postgres {
            $(#[test] fn $name() { super::$name(&$crate::support::Place::postgres()); })*
        }
    };
}
pub(crate) use on_both_engines;

/// Waits for a future.
pub fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

/// Stores a thing.
pub fn put(database: &Database, name: &str, number: i64) -> Result<(), StoreError> {
    let name = name.to_owned();
    database.write_tx_blocking(move |tx| insert(tx, &name, number))
}

/// Stores a thing, inside a job.
pub fn insert(tx: &mut dyn Tx, name: &str, number: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO things (name, number) VALUES ($1, $2)";
    tx.execute(sql, &[name.into(), number.into()]).map(drop)
}

/// The number of a thing, inside a job.
pub fn number_of(tx: &mut dyn Tx, name: &str) -> Result<Option<i64>, StoreError> {
    let found = tx.query_optional("SELECT number FROM things WHERE name = $1", &[name.into()])?;
    found.map(|row| row.integer(0)).transpose()
}

/// Sets the number of a thing, inside a job.
pub fn set_number(tx: &mut dyn Tx, name: &str, number: i64) -> Result<(), StoreError> {
    let sql = "UPDATE things SET number = $1 WHERE name = $2";
    tx.execute(sql, &[number.into(), name.into()]).map(drop)
}

/// The number of a thing.
pub fn look_up(database: &Database, name: &str) -> Option<i64> {
    let name = name.to_owned();
    database.read_tx_blocking(move |tx| number_of(tx, &name)).expect("a read")
}

/// The names of all things, in the order of the database.
pub fn names(database: &Database) -> Vec<String> {
    let all = |tx: &mut dyn Tx| {
        let rows = tx.query("SELECT name FROM things ORDER BY name", &[])?;
        rows.iter().map(|row| row.text(0)).collect()
    };
    let names: Result<_, StoreError> = database.read_tx_blocking(all);
    names.expect("a read")
}

/// A write that occupies its thread until told to go on.
pub struct Occupied {
    go_on: mpsc::Sender<()>,
}

impl Occupied {
    /// Occupies the only writer of a database opened with `writers: 1`.
    pub fn writer(database: &Database) -> Self {
        let (go_on, wait_for) = mpsc::channel();
        let (started, has_started) = mpsc::channel();
        drop(database.write_tx(move |_| {
            started.send(()).expect("the test waits");
            let _ = wait_for.recv_timeout(Duration::from_secs(30));
            Ok::<(), StoreError>(())
        }));
        has_started.recv().expect("the job starts");
        Self { go_on }
    }

    /// Lets the job end.
    pub fn release(self) {
        self.go_on.send(()).expect("the job waits");
    }
}
