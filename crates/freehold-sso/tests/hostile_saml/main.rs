//! A provider and users that lie in every way, and what the service provider must refuse. The
//! documents are in `tests/saml`, each with its reason.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy knows tests by their attribute only"
)]

mod answers;
mod certificates;
mod documents;
mod metadata;
mod mutations;
mod requests;
mod world;
