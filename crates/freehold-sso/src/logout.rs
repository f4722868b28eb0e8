//! The proof that an identity provider ended sessions of its own.

/// A logout of one connection's identity provider, just now. It exists only after a completed verification.
#[derive(Debug)]
pub struct VerifiedLogout {
    connection: String,
    of: LoggedOut,
    id: String,
    forget_at_ms: u64,
}

/// Whom a logout is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoggedOut {
    /// Everybody who signed in within this session of the identity provider.
    Session(String),
    /// The person with this subject.
    Person(String),
}

impl VerifiedLogout {
    #[cfg(any(feature = "oidc", feature = "testing"))]
    pub(crate) fn new(connection: String, of: LoggedOut, id: String, forget_at_ms: u64) -> Self {
        Self { connection, of, id, forget_at_ms }
    }

    /// A logout that nobody verified, for the tests of other crates.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn for_tests(connection: &str, of: LoggedOut, id: &str, forget_at_ms: u64) -> Self {
        Self::new(connection.to_owned(), of, id.to_owned(), forget_at_ms)
    }

    /// The connection whose keys verified it, as UUID text.
    #[must_use]
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// Whom it is about.
    #[must_use]
    pub fn of(&self) -> &LoggedOut {
        &self.of
    }

    /// Its id, which the caller must not have seen before; at most 255 characters.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// From then on it is refused by its own dates, in milliseconds since 1970.
    #[must_use]
    pub fn forget_at_ms(&self) -> u64 {
        self.forget_at_ms
    }
}
