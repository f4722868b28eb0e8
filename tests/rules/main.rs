//! Rules of the house that no compiler checks: licences, and who may depend on whom.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code: a surprise ends the test"
)]

mod dependencies;
mod described;
mod licences;
mod links;
mod mappings;
mod metadata;
mod named;
mod styles;
