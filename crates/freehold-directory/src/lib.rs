//! The domain of Freehold: who exists, who may do what, and how an account lives.
//!
//! Commands are plain functions over [`Store`], the contract with storage; each is one use case and runs inside one
//! transaction that the caller has opened. Time and randomness come in as arguments. There is no SQL here and no HTTP.
//!
//! | a request | goes through |
//! | --- | --- |
//! | the operator's command | [`organizations`], [`connections`], [`domains`], [`tokens`], [`clients`], [`roles`], [`users::by_state`], [`deleted`] |
//! | an admin | [`authority`] says what a session may; [`people`], [`resets`], [`policy`] |
//! | the token endpoint | [`clients::authenticate`] gives a [`clients::LiveClient`], which [`clients::grant`] asks for |
//! | SCIM | [`tokens::authenticate`] gives a [`ScimPrincipal`], which the commands of [`users`] ask for |
//! | signing in | [`domains::realm`] and [`connections::for_login`] say where; [`login`] turns a `VerifiedAssertion` into a session, [`links`] a one-time link |
//! | an identity provider's logout | [`logout`] ends what a `VerifiedLogout` names |
//! | the pages | [`sessions::find`] gives a [`SessionUser`], which [`setup`], [`unlock`], [`change`] and [`renewal`] ask for; [`items`] ask for [`sessions::Unlocked`]; [`resets`] when everything is lost |
//! | a timer | [`housekeeping`], [`resets::destroy_old`], [`expiry`], [`domains::take_due`] |
//! | an auditor | [`audit`]: the chain of events and its verification |
//!
//! # Refusals that write
//! A job that answers an error leaves nothing behind. Where a refusal has to be remembered (a used-up challenge, an
//! event), a command answers `Result<Result<T, Refusal>, StoreError>`: keep the inner one as the job's answer, so that
//! the job commits, and look at it afterwards.

pub mod audit;
pub mod authority;
pub mod brake;
pub mod change;
pub mod clients;
pub mod connections;
mod declared;
pub mod deleted;
pub mod domains;
pub mod events;
pub mod expiry;
pub mod first_steps;
pub mod groups;
pub mod housekeeping;
mod identity;
pub mod items;
pub mod lifecycle;
pub mod links;
pub mod listing;
pub mod login;
pub mod logout;
pub mod organizations;
pub mod passkey_rule;
pub mod people;
pub mod policy;
pub mod provisioning_log;
pub mod renewal;
pub mod resets;
mod resource_error;
pub mod resources;
pub mod roles;
mod secret;
pub mod sessions;
pub mod setup;
mod store;
mod store_error;
#[cfg(test)]
mod test_support;
mod text;
pub mod tokens;
mod tries;
pub mod unlock;
pub mod users;

pub use clients::ClientId;
pub use freehold_wire::{
    Clock, ConnectionId, GroupId, ItemId, OrganizationId, ResourceId, SessionId, Timestamp,
    TokenId, UserId,
};
pub use identity::comparable;
pub use lifecycle::{KeyState, ShownState};
pub use resource_error::{ResourceError, Unique};
pub use roles::Role;
pub use secret::{
    AdminLinkSecret, HandOver, PreLoginSecret, ScimClientSecret, SecretHash, SessionSecret,
    TokenSecret,
};
pub use sessions::SessionUser;
pub use store::{
    AdminLinks, Brakes, Challenges, Clients, Connections, Domains, Events, Groups, Housekeeping,
    Identities, Items, KeyStore, Listings, Logins, Organizations, People, Policies,
    ProvisioningLog, Resets, Resources, Roles, Sessions, SignInTests, Store, StoreResult, Tokens,
    Users,
};
pub use store_error::StoreError;
pub use text::{Slug, TextError, is_unseen};
pub use tokens::ScimPrincipal;
