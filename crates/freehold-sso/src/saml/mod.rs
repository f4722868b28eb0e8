//! The SAML 2.0 browser profile, as a service provider.
//!
//! [`begin`] makes the address to send the browser to and the values to keep in the pending row;
//! [`verify`] takes the form field `SAMLResponse` that the browser posts back and returns an
//! [`Answer`], or refuses with a [`Refusal`] for the admin's log. The caller keeps the pending row
//! single-use and bound to the browser, and refuses a [`ReplayId`] that it has seen.
//!
//! What is posted passes three readers. A scan of its bytes bounds it; the gate reads it by a
//! closed grammar and checks everything that can be checked without a key; then `saml-rs` verifies
//! the signatures with the trusted certificates and reads it again, with other parsers. A document
//! that the readers understand differently is refused.
//!
//! Left out, and refused or never sent: encryption, unsolicited answers, signed requests, single
//! logout, artifact and SOAP bindings. [`peek_sender`] lets the caller turn an unsolicited answer
//! into a fresh sign-in.

mod begin;
mod certificate;
mod connection;
mod gate;
mod grammar;
mod instant;
mod library;
mod metadata;
mod person;
mod refusal;
#[cfg(feature = "testing")]
pub mod testing;
mod verify;
mod xml;

pub use begin::{Begun, begin};
pub use certificate::{Certificate, CertificateError};
pub use connection::{Connection, Pending, ServiceProvider, SubjectSource, UnknownSubjectSource};
pub use metadata::render_metadata;
pub use metadata::{Metadata, MetadataError, parse_entity_id, parse_sso_url, read_metadata};
pub use refusal::Refusal;
pub use verify::{Answer, ReplayId, Sender, peek_sender, verify};
