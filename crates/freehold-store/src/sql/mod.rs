//! The store: one use case, one method, inside the transaction of the caller.
//!
//! One file a topic, each the SQL behind one trait of `freehold_directory`. The texts run on both engines as they stand;
//! see [`crate::Tx`] for what is portable.

mod admin_links;
mod brakes;
mod clients;
mod connections;
mod deleted;
mod domains;
mod events;
mod filter;
mod groups;
mod housekeeping;
mod identities;
mod items;
mod keys;
mod listings;
mod logins;
mod organizations;
mod people;
mod policies;
mod provisioning_log;
mod resets;
mod resources;
mod roles;
mod row;
mod sessions;
mod shelves;
mod sign_in_tests;
pub mod tables;
mod tokens;
mod tries;
mod users;

use crate::Tx;

/// The directory's store over one open transaction of either engine.
pub struct SqlStore<'a>(pub &'a mut (dyn Tx + 'a));
