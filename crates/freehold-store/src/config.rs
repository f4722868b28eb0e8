//! Which database, and how much of it to use.

use std::{path::PathBuf, time::Duration};

use crate::{OpenError, postgres::Address};

/// Which database to open and how.
///
/// Without `Debug`, because the address may hold a password.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// `sqlite://PATH` (what follows the two slashes is the path as it stands, so an absolute one
    /// has three) or `postgres://user:password@host:port/database`.
    ///
    /// PostgreSQL takes `sslmode=disable` and `sslmode=verify-full` (`require` and `verify-ca` are
    /// read as `verify-full`: encryption to an unknown peer protects from nobody). Without it, a
    /// server on this machine is reached in the clear and any other by verified TLS.
    pub url: String,
    /// PEM file of the authorities that may have signed the PostgreSQL server's certificate;
    /// without it (and without `sslrootcert=` in the address) the public web authorities.
    pub root_certificate: Option<PathBuf>,
    /// Threads for writes, each with a connection. PostgreSQL only: SQLite has one writer. More than one
    /// collide with each other, and a job that collided runs again.
    pub writers: usize,
    /// Threads for short reads, each with a connection.
    pub readers: usize,
    /// Threads for lists and scans, each with a connection, so that they never hold up short reads.
    pub scanners: usize,
    /// How many jobs may wait in each of the three lanes before the next gets
    /// [`StoreError::Busy`](crate::StoreError::Busy).
    pub queue: usize,
    /// How long a short read may take.
    pub read_deadline: Duration,
    /// How long a list or scan may take.
    pub scan_deadline: Duration,
    /// How long a statement of a write may take. PostgreSQL only.
    pub write_deadline: Duration,
    /// How long a PostgreSQL server may be silent beyond that; then its connection is given up.
    pub patience: Duration,
    /// How long to wait for a lock that another program holds.
    pub lock_timeout: Duration,
    /// How long to wait for a PostgreSQL server to answer the first time.
    pub connect_timeout: Duration,
    /// Shown by PostgreSQL in `pg_stat_activity`.
    pub application_name: String,
}

impl DatabaseConfig {
    /// The settings of a server for the database at `url`.
    #[must_use]
    pub fn for_url(url: &str) -> Self {
        // A read from the file keeps a core busy, and one thread serves all that wait at once; a read from a
        // server waits for the network most of the time.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let readers = if url.starts_with("sqlite:") { (cores / 2).clamp(1, 4) } else { 4 };
        Self {
            url: url.to_owned(),
            root_certificate: None,
            writers: 1,
            readers,
            scanners: 2,
            queue: 1024,
            read_deadline: Duration::from_secs(5),
            scan_deadline: Duration::from_secs(30),
            write_deadline: Duration::from_secs(60),
            patience: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            application_name: "freehold".to_owned(),
        }
    }

    /// The settings of a program that does one thing and ends, beside a server or without one.
    #[must_use]
    pub fn for_command_line(url: &str) -> Self {
        Self {
            writers: 1,
            readers: 1,
            scanners: 1,
            lock_timeout: Duration::from_secs(10),
            application_name: "freehold-command".to_owned(),
            ..Self::for_url(url)
        }
    }

    pub(crate) fn target(&self) -> Result<Target, OpenError> {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            return sqlite_path(path.strip_prefix("//").unwrap_or(path)).map(Target::Sqlite);
        }
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            return Address::parse(self).map(|address| Target::Postgres(Box::new(address)));
        }
        Err(OpenError::Address(
            "it must begin with sqlite:// or postgres://, for example \
             sqlite:///var/lib/freehold/freehold.db or postgres://freehold@localhost/freehold"
                .to_owned(),
        ))
    }
}

/// The database an address names.
pub(crate) enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(Box<Address>),
}

fn sqlite_path(path: &str) -> Result<PathBuf, OpenError> {
    let refusal = match path {
        "" => "sqlite:// must be followed by the path of a file",
        ":memory:" => "a database in memory is lost at the end of the program; name a file",
        _ if path.contains('?') => "sqlite:// takes no parameters; remove what follows the ?",
        _ if path.contains('\0') => "the path holds the character U+0000",
        // Absolute, so that messages are clear and a later change of folder does not matter.
        _ => return absolute(path),
    };
    Err(OpenError::Address(refusal.to_owned()))
}

fn absolute(path: &str) -> Result<PathBuf, OpenError> {
    std::path::absolute(path).map_err(|error| OpenError::File {
        path: PathBuf::from(path),
        reason: format!(
            "the current folder is unknown ({error}); name the file with its full path"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path_of(url: &str) -> Option<PathBuf> {
        match DatabaseConfig::for_url(url).target() {
            Ok(Target::Sqlite(path)) => Some(path),
            _ => None,
        }
    }

    #[test]
    fn an_sqlite_address_is_a_path_as_it_stands() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(path_of("sqlite:///var/lib/f.db"), Some(PathBuf::from("/var/lib/f.db")));
        assert_eq!(path_of("sqlite://data/a b%20.db"), Some(here.join("data/a b%20.db")));
        // Never a URI with parameters of its own, which SQLite would make of a leading "file:".
        assert_eq!(path_of("sqlite:file:f.db"), Some(here.join("file:f.db")));
    }

    #[test]
    fn a_database_in_memory_a_parameter_and_an_unknown_scheme_are_refused() {
        for url in ["sqlite::memory:", "sqlite://", "sqlite://f.db?mode=ro", "mysql://host/db", ""]
        {
            assert!(path_of(url).is_none(), "{url}");
        }
    }
}
