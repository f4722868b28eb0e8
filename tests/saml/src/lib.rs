//! A SAML identity provider for tests, without a server: keys with certificates, a signer that
//! signs any element of any text, responses in the shapes of real products, and a set of
//! [`documents`] that must be refused, each with its reason.

#![allow(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "this crate is a test"
)]

mod c14n;
pub mod documents;
mod key;
mod shapes;
mod sign;

pub use key::{Key, certificate};
pub use shapes::{
    ACS, ATTACKER, AUDIENCE, CONNECTION, ENTITY_ID, IDP, NOW_MS, OBJECT_ID, REQUEST, SSO, Says,
    Shape, TENANT, VICTIM,
};
pub use sign::{Signing, assertion_in, both, element, field, signature_in, swap};
