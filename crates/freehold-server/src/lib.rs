//! The server of Freehold and its command line.
//!
//! | module | what it decides |
//! | --- | --- |
//! | [`config`] | what the operator says: file, environment, defaults |
//! | [`cli`] | commands beside a running server |
//! | [`serve`] | start, run, stop |
//! | [`tls`] | the certificate that the listener shows, if it speaks TLS itself |
//! | [`http`] | who may ask what, and how answers look |
//! | [`telemetry`] | what is logged |
//! | [`system`] | the only place with the real clock and real randomness |
//!
//! The server holds ciphertext and public keys. It links no code that could open them: `cargo tree
//! -p freehold-server` shows neither `freehold-keys` nor a cipher of theirs.

pub mod cli;
pub mod config;
pub mod dns;
mod domain_checks;
mod housekeeping;
pub mod http;
mod identity_providers;
pub mod serve;
pub mod system;
pub mod telemetry;
pub mod tls;
