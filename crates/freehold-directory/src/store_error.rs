//! What can go wrong below the directory, in words that every engine shares.

/// A failure of the database, already reduced to what the caller can act on.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The queue of waiting jobs is full, or a rival kept winning: try again a little later.
    #[error("the database has too much to do right now")]
    Busy,
    /// The database cannot be reached or has refused the connection.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// A unique constraint or index was violated.
    #[error("a unique constraint refused the write: {constraint}")]
    Conflict {
        /// The name of the unique index, on both engines.
        constraint: String,
    },
    /// A row names another one that does not exist.
    #[error("a row names another one that does not exist")]
    MissingReference,
    /// The read took longer than it may.
    #[error("the database took longer than allowed; narrow the search or try again")]
    TimedOut,
    /// The database, or its file, does not accept writes.
    #[error("the database is read-only")]
    ReadOnly,
    /// No space is left where the database lives.
    #[error("no space is left for the database")]
    DiskFull,
    /// What was read is not what was once written.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// Anything else, with the engine's own words.
    #[error("the database failed: {0}")]
    Other(String),
}
