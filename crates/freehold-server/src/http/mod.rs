//! HTTP: who may ask what, and how answers look. A handler is four moves: parse, authorise, call
//! the directory, render.

pub mod address;
mod admin;
mod around;
pub mod assets;
pub mod body;
mod caller;
mod chunks;
pub mod cookies;
mod enter;
mod forwarded;
pub mod headers;
mod health;
mod items;
mod keys;
mod language;
mod login;
mod oauth;
pub mod openapi;
mod page;
mod policy;
pub mod problem;
mod resets;
mod same_origin;
pub mod scim;
mod session;
mod sessions;
mod setup;
pub mod support;
mod texts;
pub mod throttle;
pub mod turns;
mod unlock;
mod unread;

use std::{sync::Arc, time::Duration};

use actix_web::{HttpResponse, ResponseError, middleware::from_fn, web};
use freehold_directory::{Clock, ConnectionId, OrganizationId, SecretHash, Timestamp, UserId};
use freehold_store::Database;

pub use admin::{LiveLog, audit_work, outward};
pub use around::around;
pub use items::item_lists;
pub use keys::key_changes;
pub(crate) use login::oidc_connection;

use self::{problem::Problem, throttle::Throttle, turns::Turns};
use crate::{
    config::{Networks, Site},
    dns::Dns,
};

/// What handlers share.
pub struct App {
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The public origin.
    pub site: Site,
    /// Discovery documents and keys of OpenID providers, cached.
    pub providers: freehold_sso::oidc::Providers,
    /// How often an address may begin to sign in.
    pub sign_ins: Throttle,
    /// How often an address may post answers of SAML identity providers.
    pub answers: Throttle,
    /// How many refused sign-ins over a connection stand in the audit log.
    pub recorded_refusals: Throttle<ConnectionId>,
    /// How often an address may post logout tokens that are refused.
    pub refused_logouts: Throttle,
    /// The types of SCIM resources.
    pub catalog: freehold_scim::schema::Catalog,
    /// How much SCIM an organization may ask.
    pub gate: Arc<scim::Gate>,
    /// Rows of the provisioning log that are written after the answer.
    pub recorder: scim::Recorder,
    /// How many refusals of a token stand in the provisioning log: of one that is dead, and of one that asks too often.
    pub logged_refusals: Throttle<SecretHash>,
    /// New entries of the provisioning log, for admins who look at it.
    pub live_log: LiveLog,
    /// Whose audit log is being worked through.
    pub audit_work: Arc<Turns<OrganizationId>>,
    /// Whose lists of items are on their way.
    pub item_lists: Arc<Turns<UserId>>,
    /// How often an address may fail to get an access token.
    pub token_failures: Throttle,
    /// How often a person may change keys.
    pub key_changes: Throttle<UserId>,
    /// How often an organization may have this server ask others.
    pub outward: Throttle<OrganizationId>,
    /// The trials of the connection for SCIM, organization by organization.
    pub trials: Arc<admin::trial::Trials>,
    /// How long the keys of deleted users, and those that a reset put aside, are kept.
    pub retention: Duration,
    /// Reverse proxies whose word on client addresses counts.
    pub proxies: Networks,
    /// Who is asked about domains.
    pub dns: Dns,
}

impl App {
    /// The origins at which the pages are served, as key messages name them.
    #[must_use]
    pub fn origins(&self) -> Vec<String> {
        vec![self.site.origin().to_owned()]
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Adds every route.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        // What machines ask, and most often; the address is compared with one after another.
        .configure(scim::configure)
        .configure(health::configure)
        .configure(login::configure)
        .configure(assets::configure)
        .configure(oauth::configure)
        .service(
            web::scope("/api")
                .wrap(from_fn(same_origin::only_our_pages))
                .configure(enter::configure)
                .configure(session::configure)
                .configure(sessions::configure)
                .configure(setup::configure)
                .configure(unlock::configure)
                .configure(keys::configure)
                .configure(items::configure)
                .configure(resets::configure)
                .configure(policy::configure)
                .configure(admin::configure)
                .configure(openapi::configure)
                .default_service(web::to(nothing_here)),
        )
        .default_service(web::to(|| async { page::not_found() }));
}

async fn nothing_here() -> HttpResponse {
    Problem::not_found().error_response()
}

/// For the routes of `/api`: a method that the address does not take.
async fn wrong_method() -> HttpResponse {
    Problem::method_not_allowed().error_response()
}
