//! `/oidc/back-channel-logout`: an OpenID provider ends sessions without the browser (OpenID Connect
//! Back-Channel Logout 1.0).

use std::net::IpAddr;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::{self, Data},
};
use freehold_directory::{
    StoreError,
    connections::{self, Connection, Protocol},
    logout::{self, LogoutRefusal},
};
use freehold_sso::oidc::{self, LogoutToken};
use serde_json::json;

use super::oidc::for_verifier;
use crate::{
    http::{App, address, body, problem::log_store_error},
    system,
};

/// The longest form read.
const FORM_LIMIT: usize = 32 * 1024;

/// Adds the route.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/oidc/back-channel-logout")
            .route(web::post().to(take))
            .default_service(web::to(|| async { answer(StatusCode::METHOD_NOT_ALLOWED) })),
    );
}

/// Why nothing was ended.
#[derive(Debug, thiserror::Error)]
enum Refused {
    /// It is no form with one logout token.
    #[error("the request is no form with one logout_token")]
    Form,
    /// No connection has this provider and client.
    #[error("no connection has the issuer and audience of the logout token")]
    NoConnection,
    /// The token did not verify.
    #[error(transparent)]
    Token(#[from] oidc::LogoutRefusal),
    /// It verified and was not taken.
    #[error(transparent)]
    NotTaken(#[from] LogoutRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Every token counts against its address until it turns out to be a good one.
async fn take(request: HttpRequest, payload: web::Payload, app: Data<App>) -> HttpResponse {
    let address = address::client(&request, &app.proxies);
    if address.is_some_and(|address| !app.refused_logouts.admits(address, app.now())) {
        tracing::warn!(?address, "too many refused logouts");
        return answer(StatusCode::TOO_MANY_REQUESTS);
    }
    match log_out(&request, payload, &app).await {
        Ok(ended) => {
            address.into_iter().for_each(|address: IpAddr| app.refused_logouts.give_back(address));
            tracing::info!(ended, "an identity provider logged out");
            answer(StatusCode::OK)
        }
        Err(Refused::Store(error)) => {
            log_store_error(&error);
            answer(StatusCode::SERVICE_UNAVAILABLE)
        }
        Err(refused) => {
            tracing::warn!(reason = %refused, "logout of an identity provider refused");
            answer(StatusCode::BAD_REQUEST)
        }
    }
}

/// §2.8: 200, or 400 with an error; neither is kept by anybody. The reason stays in the log.
fn answer(status: StatusCode) -> HttpResponse {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CACHE_CONTROL, "no-store"));
    if status.is_success() {
        return answer.finish();
    }
    answer.json(json!({ "error": "invalid_request" }))
}

async fn log_out(request: &HttpRequest, payload: web::Payload, app: &App) -> Result<u64, Refused> {
    let token = LogoutToken::parse(&read_form(request, payload).await?)?;
    let mut ended = None;
    let mut refused = Refused::NoConnection;
    // Several organizations may share a provider and even a client of it.
    for connection in connections_for(app, &token).await? {
        match log_out_of(app, connection, &token).await {
            Ok(more) => *ended.get_or_insert(0) += more,
            Err(reason) => refused = reason,
        }
    }
    ended.ok_or(refused)
}

async fn read_form(request: &HttpRequest, payload: web::Payload) -> Result<String, Refused> {
    if !body::is_of_type(request, &["application/x-www-form-urlencoded"]) {
        return Err(Refused::Form);
    }
    let body = body::read(request, &mut payload.into_inner(), FORM_LIMIT)
        .await
        .map_err(|_| Refused::Form)?;
    let mut tokens = url::form_urlencoded::parse(&body).filter(|(name, _)| name == "logout_token");
    match (tokens.next(), tokens.next()) {
        (Some((_, token)), None) => Ok(token.into_owned()),
        _ => Err(Refused::Form),
    }
}

async fn connections_for(app: &App, token: &LogoutToken) -> Result<Vec<Connection>, Refused> {
    let (Some(issuer), Some(client)) = (token.claimed_issuer(), token.claimed_audience()) else {
        return Ok(Vec::new());
    };
    if issuer.contains('\0') || client.contains('\0') {
        return Ok(Vec::new());
    }
    let (issuer, client) = (issuer.to_owned(), client.to_owned());
    let found = app.database.read(move |store| connections::of_client(store, &issuer, &client));
    Ok(found.await?)
}

async fn log_out_of(
    app: &App,
    connection: Connection,
    token: &LogoutToken,
) -> Result<u64, Refused> {
    let Protocol::Oidc(settings) = &connection.protocol else { return Err(Refused::NoConnection) };
    let verifier = for_verifier(&connection, settings);
    let now = app.now();
    let verified = app.providers.verify_logout(&verifier, token, now.as_millis()).await?;
    let outcome = app
        .database
        .write(move |store| {
            logout::log_out(store, &connection, &verified, now, &mut system::random())
        })
        .await?;
    Ok(outcome?)
}
