//! The real server over HTTP, and the real command line beside it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test whose surroundings break ends there"
)]

mod support;

mod admin_audit;
mod admin_brake;
mod admin_connections;
mod admin_domains;
mod admin_first_steps;
mod admin_log;
mod admin_people;
mod admin_tests;
mod admin_tokens;
mod admin_trial;
mod assets;
mod audit;
mod boundaries;
mod cli;
mod domains;
mod headers;
mod hostile;
mod housekeeping;
mod keys;
mod languages;
mod links;
mod logout;
mod oauth;
mod passkeys;
mod policies;
mod proxies;
mod resets;
mod roles;
mod same_origin;
mod saml;
mod saml_hostile;
mod schemathesis;
mod scim_clients;
mod scim_hostile;
mod scim_operations;
mod scim_protocol;
mod scim_races;
mod scim_schemas;
mod sessions;
mod several_nodes;
mod sign_in;
mod start;
mod tls;
mod tokens;
mod trouble;
