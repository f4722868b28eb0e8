//! `/api/admin/tokens`: the tokens with which identity providers provision.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    ConnectionId, Timestamp, TokenId,
    connections::{self, Connection},
    expiry,
    tokens::{self, LastUse, NewToken, Overlap, Token, TokenError, TokenLife},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    App,
    body::{self, JsonBytes},
    caller::{Failure, SessionCookie, unlocked_admin},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
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

/// Whether something that ends is accepted; the switch of the organization aside.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = CredentialState)]
pub(super) enum State {
    /// It is.
    Live,
    /// It is, and its end is near.
    Expiring,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

/// The life of a token or client.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CredentialLife)]
pub(super) struct Life {
    state: State,
    /// While it is expiring: it ends in so many days or earlier; 30, 14, 7 or 1.
    warn_days: Option<u16>,
    created_at: u64,
    expires_at: u64,
    revoked_at: Option<u64>,
    last_use: Option<Use>,
}

/// When, from where and by what something was last used, exact to the minute.
#[derive(Serialize, ToSchema)]
#[schema(as = LastUse)]
pub(super) struct Use {
    at: u64,
    /// The address that the request came from; may be empty.
    address: String,
    /// What the program calls itself; may be empty.
    client: String,
}

impl Life {
    /// A life from its beginning, its end, a revocation and the last use.
    pub(super) fn new(
        (created_at, expires_at): (Timestamp, Timestamp),
        revoked_at: Option<Timestamp>,
        last: Option<&LastUse>,
        now: Timestamp,
    ) -> Self {
        let warn_days =
            expiry::reached_threshold(created_at, expires_at, now).filter(|_| revoked_at.is_none());
        let state = match warn_days {
            _ if revoked_at.is_some() => State::Revoked,
            _ if expires_at <= now => State::Expired,
            Some(_) => State::Expiring,
            None => State::Live,
        };
        Self {
            state,
            warn_days,
            created_at: created_at.as_millis(),
            expires_at: expires_at.as_millis(),
            revoked_at: revoked_at.map(Timestamp::as_millis),
            last_use: last.map(|last| Use {
                at: last.at.as_millis(),
                address: last.address.clone(),
                client: last.client.clone(),
            }),
        }
    }
}

/// A token. Its secret is in no answer but the one that made it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownToken {
    id: String,
    description: String,
    /// The name of the connection that the people it creates sign in over.
    connection: Option<String>,
    #[serde(flatten)]
    life: Life,
}

impl ShownToken {
    fn new(token: &Token, connections: &[Connection], now: Timestamp) -> Self {
        let times = (token.created_at, token.expires_at);
        Self {
            id: token.id.to_string(),
            description: token.description.clone(),
            connection: name_of(connections, token.connection),
            life: Life::new(times, token.revoked_at, token.last_use.as_ref(), now),
        }
    }
}

/// The name of a connection, removed ones aside.
pub(super) fn name_of(connections: &[Connection], id: Option<ConnectionId>) -> Option<String> {
    let known = connections.iter().find(|known| Some(known.id) == id);
    known.map(|known| known.name.to_string())
}

/// The names to choose from, where a choice has to be made.
pub(super) fn choice(connections: &[Connection]) -> Vec<String> {
    if connections.len() < 2 {
        return Vec::new();
    }
    connections.iter().map(|known| known.name.to_string()).collect()
}

/// The tokens of the organization, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenList {
    tokens: Vec<ShownToken>,
    /// The names of the connections, of which a new token needs one; empty where there is nothing to choose.
    connections: Vec<String>,
}

/// A token or client that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedToken {
    /// What to call it: 1 to 200 bytes.
    pub(super) description: String,
    /// How long it lives: 1 to 366.
    pub(super) days: u16,
    /// The name of a connection; needed once there are two.
    pub(super) connection: Option<String>,
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
    token: ShownToken,
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
            let shown = all.iter().rev().map(|token| ShownToken::new(token, &connections, now));
            Ok(TokenList { tokens: shown.collect(), connections: choice(&connections) })
        })
        .await?;
    Ok(HttpResponse::Ok().json(list))
}

/// Makes a token. For an unlocked admin.
#[utoipa::path(
    post, path = "/api/admin/tokens", tag = "provisioning",
    request_body = WantedToken,
    responses((status = 201, body = NewSecret<'_>), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn create(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let WantedToken { description, days, connection } = body::parse(&body.0)?;
    let life = TokenLife::from_days(days).map_err(|rule| Problem::bad_text(&rule))?;
    let new = NewToken { connection, description, life };
    let now = app.now();
    let (token, secret) = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_admin(session)?.mandate();
            let (token, secret) = tokens::create(store, mandate, &new, now, &mut system::random())?;
            let connections = connections::list(store, mandate.organization())?;
            Ok((ShownToken::new(&token, &connections, now), secret))
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
            Ok((ShownToken::new(&rotated.token, &connections, now), rotated.secret))
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
