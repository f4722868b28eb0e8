//! Tools for reviewers, with nothing of the server in them.
//!
//! - [`account`]: everything that a server stores of an account's keys, and what can be checked of
//!   it without any secret.
//! - [`database`]: reads that from a copy of an SQLite database.
//! - [`page`]: compares what a server serves with a published list of hashes.
//!
//! What needs a secret (does this passphrase open that account?) is the business of the second
//! implementation, `tests/interop`.

pub mod account;
pub mod database;
pub mod page;
