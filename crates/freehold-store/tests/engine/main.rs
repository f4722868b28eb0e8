//! The engine's promises, each as a test; those that concern both engines run on both.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

mod conflicts;
mod durability;
mod isolation;
mod jobs;
mod migrations;
mod postgres_only;
mod sharing;
mod silent;
mod sqlite_only;
mod support;
mod tls;
mod values;
