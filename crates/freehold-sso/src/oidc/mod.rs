//! The OpenID Connect authorization code flow, as a relying party.
//!
//! [`Providers::begin`] makes the address to send the browser to and the values to keep in the
//! pending row; [`CallbackParams::parse`] reads what the browser brings back; [`Providers::finish`]
//! redeems the code and verifies the ID token, or refuses with a [`Refusal`] for the admin's log.
//! The caller keeps the pending row single-use and bound to the browser; everything else that
//! OpenID Connect Core §3.1.3.7 and RFC 9700 ask of a relying party is checked here. A
//! [`LogoutToken`] that the provider posts is verified with the same keys.

mod begin;
mod callback;
mod claims;
mod connection;
mod error;
mod finish;
mod http;
mod logout;
mod provider;
mod reach;

pub use begin::Begun;
pub use callback::CallbackParams;
pub use connection::{ClientSecret, Connection, Pending, StateHash};
pub use error::{Refusal, SsoError};
pub use finish::Answer;
pub use http::Limits;
pub use logout::{LogoutRefusal, LogoutToken};
pub use provider::Providers;
pub use reach::Reach;
