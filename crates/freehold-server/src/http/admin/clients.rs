//! `/api/admin/clients`: the OAuth clients with which identity providers get access tokens for SCIM.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    ClientId,
    clients::{self, ClientError, NewClient},
    connections,
    tokens::TokenLife,
};
use serde::Serialize;
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

/// A description, a name and a number.
const LIMIT: usize = 4 * 1024;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/clients")
                .route(web::get().to(list))
                .route(web::post().to(create))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/clients/{id}")
                .route(web::delete().to(revoke))
                .default_service(web::to(wrong_method)),
        );
}

/// The clients of the organization, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientList {
    clients: Vec<Credential>,
    /// The names of the connections, of which a new client needs one; empty where there is nothing to choose.
    connections: Vec<String>,
    /// Where the identity provider gets access tokens.
    token_url: String,
}

/// A new client with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewClientSecret<'a> {
    client: Credential,
    /// To be pasted into the identity provider.
    secret: &'a str,
}

/// The clients of the organization, ended ones too, newest first.
#[utoipa::path(
    get, path = "/api/admin/clients", tag = "provisioning",
    responses((status = 200, body = ClientList), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, token_url) = (app.now(), app.site.token_url());
    let list = app
        .read_as(cookie, move |store, session| {
            let organization = session.admin()?.organization();
            let connections = connections::list(store, organization)?;
            let all = clients::list(store, organization)?;
            let shown = all.iter().rev().map(|client| Credential::of(client, &connections, now));
            Ok(ClientList {
                clients: shown.collect(),
                connections: choice(&connections),
                token_url: token_url.clone(),
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(list))
}

/// Makes a client. For an unlocked admin.
#[utoipa::path(
    post, path = "/api/admin/clients", tag = "provisioning",
    request_body = WantedCredential,
    responses((status = 201, body = NewClientSecret<'_>), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn create(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let WantedCredential { description, days, connection } = body::parse(&body.0)?;
    let life = TokenLife::from_days(days).map_err(|rule| Problem::bad_text(&rule))?;
    let new = NewClient { connection, description, life };
    let now = app.now();
    let (client, secret) = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_admin(session)?.mandate();
            let (client, secret) =
                clients::create(store, mandate, &new, now, &mut system::random())?;
            let connections = connections::list(store, mandate.organization())?;
            Ok((Credential::of(&client, &connections, now), secret))
        })
        .await?;
    tracing::info!(client = client.id, "a SCIM client was made");
    Ok(HttpResponse::Created().json(NewClientSecret { client, secret: secret.reveal() }))
}

/// Revokes a client: it and its access tokens are refused from the next request on. For an unlocked admin.
#[utoipa::path(
    delete, path = "/api/admin/clients/{id}", tag = "provisioning",
    params(("id" = String, Path, description = "The client")),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn revoke(
    app: web::Data<App>,
    cookie: SessionCookie,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let client = ClientId::parse(&id).ok_or_else(Problem::not_found)?;
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_admin(session)?.mandate();
        Ok(clients::revoke(store, mandate, client, now, &mut system::random())?)
    })
    .await?;
    tracing::info!(%client, "a SCIM client was revoked");
    Ok(HttpResponse::NoContent().finish())
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Store(error) => error.into(),
            ClientError::Unknown => Problem::not_found().into(),
            ClientError::TooMany => Problem::too_many(clients::MOST_LIVE).into(),
            ClientError::ConnectionNeeded(_) => Problem::connection_needed().into(),
            ClientError::UnknownConnection => Problem::unknown_connection().into(),
            ClientError::Text(rule) => Problem::bad_text(&rule).into(),
            other => {
                tracing::error!(error = %other, "a refusal without a mapping");
                Problem::internal().into()
            }
        }
    }
}
