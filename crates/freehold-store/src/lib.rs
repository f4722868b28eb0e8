//! The SQL of Freehold: one text for SQLite and PostgreSQL.
//!
//! - [`Tx`] is one open transaction on either engine, [`Value`] and [`Row`] what goes in and out.
//! - [`Database`] runs jobs: on a writer thread with group commit and reader threads (SQLite), or on
//!   threads with a client each (PostgreSQL). It is the only asynchronous edge of the store.
//! - [`sql`] is the store itself: plain synchronous functions over `&mut dyn Tx`, one use case each.
//! - `migrate` brings the schema up to date, `sqlite` and `postgres` hold every engine difference.
//!
//! ```text
//!   handler ── database.write(job) ──▶ queue ──▶ engine thread: BEGIN, job(&mut dyn Tx), COMMIT ──▶ answer
//! ```

mod config;
mod database;
mod deadline;
mod error;
mod insertion;
mod job;
mod migrate;
mod migrations;
mod postgres;
mod queue;
mod recall;
pub mod sql;
mod sqlite;
mod store;
mod tx;
mod value;

pub use config::DatabaseConfig;
pub use database::Database;
pub use error::OpenError;
pub use freehold_directory::StoreError;
pub use insertion::Insertion;
pub use migrate::Migration;
pub use tx::{Question, Row, Tx};
pub use value::{FromValue, UnexpectedKind, Value};
