//! SCIM as it is spoken: recorded exchanges of identity providers, sentences of the RFCs, the
//! public suites and a client library, against the real program on both databases.
//!
//! `cargo xtask test --only conformance`; a word behind it plays only the tests with that name.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code: a surprise ends the test"
)]

mod clauses;
mod day;
mod guides;
mod limits;
mod manners;
mod matching;
mod player;
mod python;
mod recorded;
mod service;
mod story;
mod suites;
mod tenants;
