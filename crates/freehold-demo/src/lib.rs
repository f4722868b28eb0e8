//! The demonstration: an OpenID provider where five invented people sign in without a password,
//! an Entra-shaped provisioning cycle that creates them by SCIM, and a command that starts
//! everything together.
//!
//! For looking around and for tests; nothing of the product depends on it, and it is never part
//! of `freehold serve`.

pub mod idp;
pub mod people;
pub mod provision;
pub mod run;
mod surroundings;

pub use surroundings::Surroundings;
