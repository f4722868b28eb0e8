//! A provider that lies in every way, and what the relying party must refuse. One test a rule;
//! each fails when its check is removed.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy knows tests by their attribute only"
)]

mod callback;
mod discovery;
mod logout;
mod provider;
mod request;
mod secrets;
mod signature;
mod token;
mod transport;
mod world;
