//! `/api/admin/tokens`: the tokens with which identity providers provision.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    TokenId, connections,
    tokens::{self, NewToken, Overlap, TokenError, TokenLife},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        App,
        body::{self, JsonBytes},
        caller::{Failure, SessionCookie, unlocked_admin},
        openapi::Refusal,
        problem::Problem,
        wrong_method,
    },
    credentials::{Credential, WantedCredential, choice},
};
use crate::system;

/// A description, a name and a few numbers.
const LIMIT: usize = 4 * 1024;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/tokens")
                .route(web::get().to(list))
                .route(web::post().to(create))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/tokens/{id}")
                .route(web::delete().to(revoke))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/tokens/{id}/rotate")
                .route(web::post().to(rotate))
                .default_service(web::to(wrong_method)),
        );
}

/// The tokens of the organization, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenList {
    tokens: Vec<Credential>,
    /// The names of the connections, of which a new token needs one; empty where there is nothing to choose.
    connections: Vec<String>,
}

/// How a token is to be replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct WantedRotation {
    /// How long the new one lives: 1 to 366.
    days: u16,
    /// How long the old one stays good: 1 to 168, 24 unless given.
    overlap_hours: Option<u16>,
}

/// A new token with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewSecret<'a> {
    token: Credential,
    /// To be pasted into the identity provider.
    secret: &'a str,
}

/// The tokens of the organization, ended ones too, newest first; access tokens of clients are not among them.
#[utoipa::path(
    get, path = "/api/admin/tokens", tag = "provisioning",
    responses((status = 200, body = TokenList), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let list = app
        .read_as(cookie, move |store, session| {
            let organization = session.admin()?.organization();
            let connections = connections::list(store, organization)?;
            let all = tokens::list(store, organization)?;
            let shown = all.iter().rev().map(|token| Credential::of(token, &connections, now));
            Ok(TokenList { tokens: shown.collect(), connections: choice(&connections) })
        })
        .await?;
    Ok(HttpResponse::Ok().json(list))
}

/// Makes a token. For an unlocked admin.
#[utoipa::path(
    post, path = "/api/admin/tokens", tag = "provisioning",
    request_body = WantedCredential,
    responses((status = 201, body = NewSecret<'_>), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn create(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let WantedCredential { description, days, connection } = body::parse(&body.0)?;
    let life = TokenLife::from_days(days).map_err(|rule| Problem::bad_text(&rule))?;
    let new = NewToken { connection, description, life };
    let now = app.now();
    let (token, secret) = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_admin(session)?.mandate();
            let (token, secret) = tokens::create(store, mandate, &new, now, &mut system::random())?;
            let connections = connections::list(store, mandate.organization())?;
            Ok((Credential::of(&token, &connections, now), secret))
        })
        .await?;
    tracing::info!(token = token.id, "a SCIM token was made");
    Ok(HttpResponse::Created().json(NewSecret { token, secret: secret.reveal() }))
}

/// Replaces a live token by a new one of the same description and connection. The old one stays good for the overlap, so
/// that provisioning never stops. 409 `token-over` when it has ended. For an unlocked admin.
#[utoipa::path(
    post, path = "/api/admin/tokens/{id}/rotate", tag = "provisioning",
    params(("id" = String, Path, description = "The token that is replaced")),
    request_body = WantedRotation,
    responses((status = 201, body = NewSecret<'_>), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn rotate(
    app: web::Data<App>,
    cookie: SessionCookie,
    id: web::Path<String>,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let WantedRotation { days, overlap_hours } = body::parse(&body.0)?;
    let life = TokenLife::from_days(days).map_err(|rule| Problem::bad_text(&rule))?;
    let overlap = overlap_hours.map(Overlap::from_hours).transpose();
    let overlap = overlap.map_err(|rule| Problem::bad_text(&rule))?.unwrap_or_default();
    let old: TokenId = id.parse().map_err(|_| Problem::not_found())?;
    let now = app.now();
    let (token, secret) = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_admin(session)?.mandate();
            let terms = (life, overlap);
            let rotated = tokens::rotate(store, mandate, old, terms, now, &mut system::random())?;
            let connections = connections::list(store, mandate.organization())?;
            Ok((Credential::of(&rotated.token, &connections, now), rotated.secret))
        })
        .await?;
    tracing::info!(%old, token = token.id, "a SCIM token was replaced");
    Ok(HttpResponse::Created().json(NewSecret { token, secret: secret.reveal() }))
}

/// Revokes a token: it is refused from the next request on. For an unlocked admin.
#[utoipa::path(
    delete, path = "/api/admin/tokens/{id}", tag = "provisioning",
    params(("id" = String, Path, description = "The token")),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn revoke(
    app: web::Data<App>,
    cookie: SessionCookie,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let token: TokenId = id.parse().map_err(|_| Problem::not_found())?;
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_admin(session)?.mandate();
        Ok(tokens::revoke(store, mandate, token, now, &mut system::random())?)
    })
    .await?;
    tracing::info!(%token, "a SCIM token was revoked");
    Ok(HttpResponse::NoContent().finish())
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Store(error) => error.into(),
            TokenError::Unknown => Problem::not_found().into(),
            TokenError::TooMany => Problem::too_many(tokens::MOST_LIVE).into(),
            TokenError::Over => Problem::token_over().into(),
            TokenError::ConnectionNeeded(_) => Problem::connection_needed().into(),
            TokenError::UnknownConnection => Problem::unknown_connection().into(),
            TokenError::Text(rule) => Problem::bad_text(&rule).into(),
            other => {
                tracing::error!(error = %other, "a refusal without a mapping");
                Problem::internal().into()
            }
        }
    }
}
