//! `/api/admin`: what the console of an organization asks.
//!
//! Reading takes an admin. Changing something takes an admin in an unlocked session, and what decides
//! who may sign in, and as what, takes an owner in one: whoever holds the identity provider alone can sign
//! in as anybody, and still changes nothing here. 403 `not-allowed`, 403 `locked`. The organization is always
//! the session's.
//!
//! Times are milliseconds since 1970; ids of another organization are unknown ones.

pub(super) mod audit;
pub(super) mod brake;
pub(super) mod clients;
pub(super) mod connections;
mod credentials;
pub(super) mod domains;
#[allow(unused_qualifications, reason = "the macro for parameters writes them")]
pub(super) mod groups;
pub(super) mod log;
pub(super) mod organization;
mod outward;
mod page;
pub(super) mod scim;
pub(super) mod tokens;
pub(super) mod trial;
#[allow(unused_qualifications, reason = "the macro for parameters writes them")]
pub(super) mod users;

use actix_web::web;

pub use audit::audit_work;
pub use log::LiveLog;
pub use outward::outward;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/admin")
            .configure(scim::configure)
            .configure(tokens::configure)
            .configure(clients::configure)
            .configure(trial::configure)
            .configure(users::configure)
            .configure(groups::configure)
            .configure(log::configure)
            .configure(brake::configure)
            .configure(audit::configure)
            .configure(connections::configure)
            .configure(domains::configure)
            .configure(organization::configure),
    );
}
