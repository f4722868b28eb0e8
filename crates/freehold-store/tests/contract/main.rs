//! What storage promises the directory, as one suite that runs on SQLite and on PostgreSQL.
//!
//! Every test drives the directory's commands the way the server does, over a database of its own.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where its world is not as it says"
)]

mod access;
mod audit;
mod brake;
mod changes;
mod claims;
mod clients;
mod compare_and_set;
mod connections;
mod deleted;
mod destruction;
mod domains;
mod expiry;
mod filters;
mod first_steps;
mod groups;
mod housekeeping;
mod items;
mod links;
mod lists;
mod lockstep;
mod logins;
mod logouts;
mod organizations;
mod people;
mod policies;
mod posted;
mod provisioning_log;
mod races;
mod resets;
mod resources;
mod roles;
mod schema;
mod sessions;
mod setups;
mod sign_in_tests;
mod support;
mod tokens;
mod unlocks;
mod user_names;
mod users;
