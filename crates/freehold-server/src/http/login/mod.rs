//! Signing in at the organization's identity provider: `/login` leads there, `/oidc/callback` or
//! `/saml/acs` leads back. Two protocols verify; one door leads in ([`door`]). Where several
//! organizations sign in, `/login` asks first whose people come.
//!
//! People see one of a few fixed pages when it fails. Why stands in the log, under the support id,
//! and in the audit trail.

mod begin;
mod door;
mod logout;
mod oidc;
mod pages;
mod realm;
mod saml;

use actix_web::web;
use freehold_directory::{
    ConnectionId, StoreError,
    connections::{self, Connection, ConnectionError},
};

pub use self::oidc::for_verifier as oidc_connection;
pub(super) use self::{
    begin::{NoWay, begin_test},
    door::device,
};
use super::{App, page};

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/login")
                .route(web::get().to(begin::begin))
                .route(web::post().to(realm::find))
                .default_service(web::to(|| async { page::method_not_allowed() })),
        )
        .service(
            web::resource("/oidc/callback")
                .route(web::get().to(oidc::callback))
                .default_service(web::to(|| async { page::method_not_allowed() })),
        )
        .configure(saml::configure)
        .configure(logout::configure);
}

/// A connection as it is now, if it is still there.
async fn connection_of(app: &App, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
    app.database
        .read(move |store| match connections::get(store, id) {
            Ok(connection) => Ok(Some(connection)),
            Err(ConnectionError::Store(error)) => Err(error),
            Err(_unknown) => Ok(None),
        })
        .await
}
