//! What tests share: the real program, real browsers, real identity providers and real databases,
//! each started for a test and stopped after it.
//!
//! Nothing here stands in for a part of the product. A value that owns a process stops it when
//! dropped; what is left when a test program ends in another way is stopped by its [`keeper`].
//!
//! Failures of the surroundings panic where they are noticed: a test cannot go on without its
//! browser, and the message says what to install or to build. What a story finds on a page comes
//! back as a [`Failure`], so that the demonstration can tell it without a backtrace.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test support: a broken surrounding ends the test, and its waits use the real clock"
)]

pub mod authenticator;
pub mod browser;
pub mod canaille;
mod certificate;
pub mod dns;
mod failure;
mod heap;
pub mod http;
pub mod keeper;
pub mod pages;
pub mod panva;
mod postgres;
mod process;
mod program;
pub mod relay;
#[cfg(target_os = "linux")]
mod renderer;
pub mod samlp;
pub mod scim;
pub mod simplesaml;
mod site;
pub mod story;

pub use authenticator::{Ability, Authenticator};
pub use browser::Browser;
pub use canaille::Canaille;
pub use failure::{Failure, Outcome};
pub use panva::Panva;
pub use postgres::{filled_postgres, fresh_postgres};
pub use process::{checkout, free_port, target_folder};
pub use program::{Client, Program, Settings};
pub use relay::Relay;
pub use samlp::Samlp;
pub use simplesaml::{Signed, SimpleSaml};
pub use site::Site;
