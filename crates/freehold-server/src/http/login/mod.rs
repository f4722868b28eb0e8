//! Signing in at the organization's identity provider: `/login` leads there, `/oidc/callback`
//! leads back. Where several organizations sign in, `/login` asks first whose people come.
//!
//! People see one of a few fixed pages when it fails. Why stands in the log, under the support id.

mod begin;
mod finish;
mod pages;
mod realm;

use actix_web::web;
use freehold_directory::connections::{Connection, Protocol};
use freehold_sso::oidc;

pub(super) use finish::device;

use super::page;

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
                .route(web::get().to(finish::finish))
                .default_service(web::to(|| async { page::method_not_allowed() })),
        );
}

/// An OpenID connection in the form that the verifier takes.
fn for_verifier(connection: &Connection) -> Option<oidc::Connection> {
    let Protocol::Oidc(settings) = &connection.protocol else { return None };
    Some(oidc::Connection {
        id: connection.id.to_string(),
        issuer: settings.issuer.clone(),
        client_id: settings.client_id.clone(),
        client_secret: oidc::ClientSecret::new(settings.client_secret.reveal().to_owned()),
        tenant: connection.tenant.clone(),
        subject_claim: settings.subject_claim,
    })
}
