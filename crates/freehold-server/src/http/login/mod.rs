//! Signing in at the organization's identity provider: `/login` leads there, `/oidc/callback`
//! leads back. Where several organizations sign in, `/login` asks first whose people come.
//!
//! People see one of a few fixed pages when it fails. Why stands in the log, under the support id.

mod begin;
mod finish;
mod pages;
mod realm;

use actix_web::web;
use freehold_directory::connections::Connection;
use freehold_sso::oidc;

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

/// The connection in the form that the verifier takes; `None` if its issuer would be refused
/// today.
fn for_verifier(connection: &Connection) -> Option<oidc::Connection> {
    use freehold_directory::connections::SubjectClaim as Stored;
    Some(oidc::Connection {
        id: connection.id.to_string(),
        issuer: freehold_sso::Issuer::parse(connection.issuer.as_str()).ok()?,
        client_id: connection.client_id.clone(),
        client_secret: oidc::ClientSecret::new(connection.client_secret.reveal().to_owned()),
        tenant: connection.tenant.clone(),
        subject_claim: match connection.subject_claim {
            Stored::Sub => freehold_sso::SubjectClaim::Sub,
            Stored::Oid => freehold_sso::SubjectClaim::Oid,
        },
    })
}
