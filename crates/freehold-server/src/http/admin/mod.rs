//! `/api/admin`: what the console of an organization asks.
//!
//! Reading takes an admin. Changing something takes an admin in an unlocked session, and what decides
//! who may sign in, and as what, takes an owner in one: whoever holds the identity provider alone can sign
//! in as anybody, and still changes nothing here. 403 `not-allowed`, 403 `locked`. The organization is always
//! the session's.
//!
//! Times are milliseconds since 1970; ids of another organization are unknown ones.

pub(super) mod connections;
pub(super) mod domains;
pub(super) mod organization;
pub(super) mod scim;

use actix_web::web;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/admin")
            .configure(scim::configure)
            .configure(connections::configure)
            .configure(domains::configure)
            .configure(organization::configure),
    );
}
