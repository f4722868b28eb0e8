//! What the directory asks of storage: one trait a topic, one method a use, all inside the transaction of the caller.
//!
//! Methods that decide (insert, compare-and-set) answer whether they did it; the directory says what that means.

mod access;
mod clients;
mod keys;
mod organizations;
mod people;
mod provisioning;
mod records;
mod resources;
mod sign_in;

pub use access::{AdminLinks, Roles, Sessions};
pub use clients::{Clients, Tokens};
pub use keys::{Challenges, Items, KeyStore, Resets};
pub use organizations::{Organizations, Policies};
pub use people::People;
pub use provisioning::{Brakes, ProvisioningLog};
pub use records::{Events, Housekeeping};
pub use resources::{Groups, Listings, Resources, Users};
pub use sign_in::{Connections, Domains, Identities, Logins, SignInTests};

use crate::store_error::StoreError;

/// What every method answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// Everything the directory asks of storage, inside one open transaction.
pub trait Store:
    Organizations
    + Policies
    + Connections
    + Domains
    + Identities
    + SignInTests
    + Logins
    + Tokens
    + Clients
    + Users
    + Groups
    + Resources
    + Listings
    + Brakes
    + ProvisioningLog
    + Roles
    + AdminLinks
    + Sessions
    + Challenges
    + KeyStore
    + Resets
    + Items
    + People
    + Events
    + Housekeeping
{
}

impl<T> Store for T where
    T: Organizations
        + Policies
        + Connections
        + Domains
        + Identities
        + SignInTests
        + Logins
        + Tokens
        + Clients
        + Users
        + Groups
        + Resources
        + Listings
        + Brakes
        + ProvisioningLog
        + Roles
        + AdminLinks
        + Sessions
        + Challenges
        + KeyStore
        + Resets
        + Items
        + People
        + Events
        + Housekeeping
        + ?Sized
{
}
