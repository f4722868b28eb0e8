//! `/oauth/token`: a SCIM client shows its secret and gets an access token for an hour (OAuth 2.0
//! client credentials, RFC 6749 §4.4).

mod credentials;
mod form;
mod problem;

use std::net::IpAddr;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::header::{CACHE_CONTROL, PRAGMA},
    web::{self, Data},
};
use freehold_directory::{
    Timestamp,
    clients::{self, ClientRefusal, Credentials, Granted, LiveClient},
};
use serde_json::json;

use self::{form::Form, problem::OauthProblem};
use super::{App, address, address::Client, body};
use crate::system;

/// Bodies: id and secret of a client, encoded, and a few words.
const LIMIT: usize = 8 * 1024;

/// Adds the route.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(web::resource("/oauth/token").route(web::post().to(token)).default_service(
        web::to(|| async { OauthProblem::method_not_allowed().error_response() }),
    ));
}

/// Every try counts against its address until it turns out to be a good one: so do many at once.
async fn token(
    request: HttpRequest,
    payload: web::Payload,
    app: Data<App>,
) -> Result<HttpResponse, OauthProblem> {
    let address = address::client(&request, &app.proxies);
    let now = app.now();
    if address.is_some_and(|address| !app.token_failures.admits(address, now)) {
        tracing::warn!(?address, reason = "too many failures", "no access token given");
        return Err(OauthProblem::too_many());
    }
    let answer = exchange(&request, payload.into_inner(), &app, now).await;
    if answer.as_ref().map_or_else(OauthProblem::is_ours, |_| true) {
        address.into_iter().for_each(|address: IpAddr| app.token_failures.give_back(address));
    }
    answer
}

async fn exchange(
    request: &HttpRequest,
    payload: Payload,
    app: &App,
    now: Timestamp,
) -> Result<HttpResponse, OauthProblem> {
    let client = Client::of(request, &app.proxies);
    let credentials = read(request, payload).await.inspect_err(|problem| {
        tracing::warn!(address = client.address, reason = %problem, "no access token given");
    })?;
    let live = authenticate(app, credentials, &client, now).await?;
    let granted = grant(app, &live, &client, now).await?;
    tracing::info!(
        client = %live.id(),
        organization = %live.organization(),
        token = %granted.token,
        address = client.address,
        "access token given"
    );
    Ok(render(&granted))
}

/// Parses the request: who, with what secret, and that it is this grant that is wanted.
async fn read(request: &HttpRequest, mut payload: Payload) -> Result<Credentials, OauthProblem> {
    // RFC 6749 §2.3.1: parameters MUST NOT be included in the request URI, where logs keep them.
    if !request.query_string().is_empty() {
        return Err(OauthProblem::invalid_request(
            "Send parameters in the body, never in the address; a secret that was in an address \
             should be replaced.",
        ));
    }
    if !body::is_of_type(request, &["application/x-www-form-urlencoded"]) {
        return Err(OauthProblem::invalid_request("Send application/x-www-form-urlencoded."));
    }
    let body = body::read(request, &mut payload, LIMIT).await?;
    let form = Form::parse(&body)?;
    let credentials = credentials::parse(request, &form)?;
    match form.get("grant_type") {
        Some("client_credentials") => Ok(credentials),
        Some(_) => Err(OauthProblem::unsupported_grant_type()),
        None => Err(OauthProblem::invalid_request("The parameter grant_type is missing.")),
    }
}

async fn authenticate(
    app: &App,
    credentials: Credentials,
    client: &Client,
    now: Timestamp,
) -> Result<LiveClient, OauthProblem> {
    let id = credentials.id;
    let answer =
        app.database.read(move |store| clients::authenticate(store, &credentials, now)).await?;
    let refusal = match answer {
        Ok(live) => return Ok(live),
        Err(refusal) => refusal,
    };
    tracing::warn!(
        reason = %refusal,
        client = %id,
        organization = refusal.refused().map(|refused| refused.organization().to_string()),
        address = client.address,
        "no access token given"
    );
    let problem = match refusal {
        ClientRefusal::ScimOff(_) => OauthProblem::scim_off(),
        // Unknown, wrong, revoked, expired: they look alike.
        _ => OauthProblem::invalid_client(),
    };
    note_refusal(app, refusal, now).await;
    Err(problem)
}

/// Writes the refusal down, at most once a minute.
async fn note_refusal(app: &App, refusal: ClientRefusal, now: Timestamp) {
    if !refusal.note_due(now) {
        return;
    }
    let noted = app
        .database
        .write(move |store| clients::note_refusal(store, &refusal, now, &mut system::random()))
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the refusal of a client was not written down");
    }
}

async fn grant(
    app: &App,
    live: &LiveClient,
    client: &Client,
    now: Timestamp,
) -> Result<Granted, OauthProblem> {
    let (live, client) = (live.clone(), client.clone());
    let granted = app.database.write(move |store| {
        let (address, agent) = (&client.address, &client.agent);
        clients::grant(store, &live, address, agent, now, &mut system::random())
    });
    Ok(granted.await?)
}

/// RFC 6749 §5.1. There is one right here, and every `scope` that a client may ask for is a name of
/// it: as it is granted, it is left out of the answer. Some libraries (oauthlib) fail when another
/// one comes back.
fn render(granted: &Granted) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"))
        .json(json!({
            "access_token": granted.secret.reveal(),
            "token_type": "Bearer",
            "expires_in": granted.life.as_secs(),
        }))
}
