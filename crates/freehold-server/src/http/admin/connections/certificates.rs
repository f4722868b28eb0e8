//! What a SAML identity provider signs with: proposed by its metadata, trusted by an owner.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    ConnectionId, Store,
    authority::Mandate,
    connections::{self, ConnectionError},
};

use super::{
    super::super::{
        App,
        caller::{SessionCookie, unlocked_owner},
        openapi::Refusal,
        problem::Problem,
    },
    parse,
    shown::ConnectionShown,
};
use crate::{
    identity_providers::{self, plain_fingerprint},
    system,
};

/// Trusts a proposed certificate. For an unlocked owner.
#[utoipa::path(
    post, path = "/api/admin/connections/{id}/certificates/{fingerprint}/trust", tag = "sign-in",
    params(("id" = String, Path), ("fingerprint" = String, Path, description = "SHA-256, hexadecimal")),
    responses((status = 200, body = ConnectionShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn trust(
    path: web::Path<(String, String)>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (id, fingerprint) = path.into_inner();
    let now = app.now();
    change(&app, cookie, id, move |store, mandate, id| {
        let fingerprint = plain_fingerprint(&fingerprint);
        let rng = &mut system::random();
        connections::trust_certificate(store, mandate, id, &fingerprint, now, rng)
    })
    .await
}

/// Removes a certificate, trusted or proposed. For an unlocked owner.
#[utoipa::path(
    delete, path = "/api/admin/connections/{id}/certificates/{fingerprint}", tag = "sign-in",
    params(("id" = String, Path), ("fingerprint" = String, Path, description = "SHA-256, hexadecimal")),
    responses((status = 200, body = ConnectionShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn remove_certificate(
    path: web::Path<(String, String)>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (id, fingerprint) = path.into_inner();
    let now = app.now();
    change(&app, cookie, id, move |store, mandate, id| {
        let fingerprint = plain_fingerprint(&fingerprint);
        let rng = &mut system::random();
        connections::remove_certificate(store, mandate, id, &fingerprint, now, rng)
    })
    .await
}

/// Asks for the metadata now; what is new in them is proposed. For an unlocked owner.
#[utoipa::path(
    post, path = "/api/admin/connections/{id}/refresh", tag = "sign-in",
    params(("id" = String, Path)),
    responses((status = 200, body = ConnectionShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn refresh(
    id: web::Path<String>,
    app: web::Data<App>,
    asker: SessionCookie,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let wanted = id.clone();
    let (organization, connection) = app
        .read_as(asker, move |store, session| {
            let organization = unlocked_owner(session)?.organization();
            Ok((organization, connections::of(store, organization, parse(&wanted)?)?))
        })
        .await?;
    app.go_out(organization)?;
    let found = identity_providers::fetch_certificates(&app.providers, &connection).await?;
    let now = app.now();
    change(&app, cookie, id, move |store, mandate, id| {
        let rng = &mut system::random();
        connections::propose(store, Some(mandate), id, &found, now, rng).map(drop)
    })
    .await
}

async fn change(
    app: &App,
    cookie: SessionCookie,
    id: String,
    act: impl Fn(&mut dyn Store, Mandate, ConnectionId) -> Result<(), ConnectionError> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let shown = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_owner(session)?.mandate();
            let id = parse(&id)?;
            act(store, mandate, id)?;
            let connection = connections::of(store, mandate.organization(), id)?;
            Ok(ConnectionShown::of(&connection))
        })
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}
