//! The real program on one of the two databases, with an organization for whoever asks.

use freehold_testing::{Program, Settings, fresh_postgres};

/// Where the program keeps its data.
#[derive(Clone, Copy)]
pub enum Database {
    /// SQLite in a fresh folder.
    Sqlite,
    /// A fresh database in the tests' PostgreSQL cluster.
    Postgresql,
}

/// A running program.
pub struct Service {
    pub program: Program,
}

/// An organization of a running program, as its identity provider knows it.
pub struct Organization {
    pub token: String,
}

impl Service {
    pub fn start(database: Database) -> Self {
        let settings = match database {
            Database::Sqlite => Settings::new(),
            Database::Postgresql => Settings::new().database(fresh_postgres()),
        };
        Self { program: settings.start() }
    }

    /// A new organization that nobody else uses.
    pub fn organization(&self, name: &str) -> Organization {
        self.program.make_organization(name, name);
        Organization { token: self.program.make_token(name) }
    }

    /// The address that an administrator enters at the identity provider.
    pub fn scim_url(&self) -> String {
        format!("{}/scim/v2", self.program.url())
    }
}
