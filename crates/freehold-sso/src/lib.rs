//! Verification of single sign-on answers.
//!
//! What comes back from an identity provider is untrusted until [`VerifiedAssertion`] exists; that
//! value has private fields and is made only by a completed verification. Nothing behind it looks
//! at e-mail addresses: a person is the pair of connection and subject.
//!
//! Without features this crate is types only, so that the domain can name the proof without
//! carrying a protocol. Feature `oidc` adds the OpenID Connect code flow, feature `saml` the SAML 2.0
//! browser profile. Feature `testing` lets the tests of other crates make an assertion.

mod assertion;
mod guid;
mod issuer;
mod logout;
#[cfg(any(feature = "oidc", feature = "saml"))]
mod naming;
mod subject_claim;

#[cfg(feature = "oidc")]
pub mod oidc;
#[cfg(feature = "saml")]
pub mod saml;

pub use assertion::VerifiedAssertion;
pub use guid::is_guid;
pub use issuer::{Issuer, IssuerError};
pub use logout::{LoggedOut, VerifiedLogout};
pub use subject_claim::{SubjectClaim, UnknownSubjectClaim};
