//! Who asks: every address under `/scim/v2` needs a live token, before anything else is looked at.

use actix_web::{
    Error, HttpMessage, HttpRequest, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web::Data,
};
use freehold_directory::{
    ScimPrincipal, Timestamp, TokenSecret,
    provisioning_log::LogEntry,
    tokens::{self, TokenRefusal},
};
use freehold_scim::ScimError;

use super::{
    call::{self, Call},
    problem::ScimProblem,
};
use crate::{
    http::{App, address::Client},
    system,
};

/// RFC 6750 §3: no token was sent.
const NO_TOKEN: &str = "Bearer realm=\"scim\"";

/// RFC 6750 §3.1: a token was sent and is not good. Why stands in the log only.
const BAD_TOKEN: &str = "Bearer realm=\"scim\", error=\"invalid_token\"";

/// Middleware of `/scim/v2`: puts a [`Call`] into the request, or refuses; writes down what came of it.
///
/// # Errors
/// Only what the services inside return.
pub(super) async fn with_token<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        let problem: ScimProblem = ScimError::new(500, None, "The server is not set up.").into();
        return Ok(request.into_response(problem.error_response()).map_into_right_body());
    };
    let principal = match authenticate(&request, &app).await {
        Ok(principal) => principal,
        Err(problem) => {
            return Ok(request.into_response(problem.error_response()).map_into_right_body());
        }
    };
    let call = Call::new(request.request(), principal, app.now());
    let organization = call.principal().organization();
    let Some(place) = app.gate.enter(organization, call.now()) else {
        let problem = ScimProblem::too_often();
        app.recorder.record(call.refusal(problem.error()));
        return Ok(request.into_response(problem.error_response()).map_into_right_body());
    };
    request.extensions_mut().insert(call.clone());
    let response = next.call(request).await?;
    drop(place);
    if !call.was_recorded() {
        app.recorder.record(entry_of(&call, &response));
    }
    Ok(response.map_into_left_body())
}

/// The row of the log for an answer that is no write.
fn entry_of<B>(call: &Call, response: &ServiceResponse<B>) -> LogEntry {
    match response.response().error().and_then(|error| error.as_error::<ScimProblem>()) {
        Some(problem) => call.refusal(problem.error()),
        None => call.entry(response.status().as_u16()),
    }
}

async fn authenticate(request: &ServiceRequest, app: &App) -> Result<ScimPrincipal, ScimProblem> {
    let client = Client::of(request.request(), &app.proxies);
    let Some(presented) = bearer(request) else {
        tracing::warn!(address = client.address, reason = "no bearer token", "SCIM refused");
        return Err(ScimProblem::unauthorized(NO_TOKEN));
    };
    let Some(presented) = TokenSecret::parse(presented) else {
        tracing::warn!(
            address = client.address,
            reason = "not the form of a token",
            "SCIM refused"
        );
        return Err(ScimProblem::unauthorized(BAD_TOKEN));
    };
    let now = app.now();
    let answer =
        app.database.read(move |store| tokens::authenticate(store, &presented, now)).await?;
    match answer {
        Ok(principal) => {
            tracing::debug!(
                token = %principal.token(),
                client = principal.client().map(|client| client.to_string()),
                organization = %principal.organization(),
                "authenticated"
            );
            note_use(app, &principal, client, now).await;
            Ok(principal)
        }
        Err(refusal) => Err(refuse(app, request.request(), refusal, &client, now).await),
    }
}

/// The token of `Authorization: Bearer ..`; the scheme in any case (RFC 9110 §11.1).
fn bearer(request: &ServiceRequest) -> Option<&str> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let only = headers.next().filter(|_| headers.next().is_none())?;
    let (scheme, token) = only.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Writes the last use down, at most once a minute. Provisioning does not stop because this fails.
async fn note_use(app: &App, principal: &ScimPrincipal, client: Client, now: Timestamp) {
    if !principal.touch_due(now) {
        return;
    }
    let principal = principal.clone();
    let written = app
        .database
        .write(move |store| tokens::touch(store, &principal, &client.address, &client.agent, now))
        .await;
    if let Err(error) = written {
        tracing::warn!(%error, "the last use of a token was not written down");
    }
}

async fn refuse(
    app: &App,
    request: &HttpRequest,
    refusal: TokenRefusal,
    client: &Client,
    now: Timestamp,
) -> ScimProblem {
    let token = refusal.refused().map(|refused| refused.token().to_string());
    let organization = refusal.refused().map(|refused| refused.organization().to_string());
    tracing::warn!(
        reason = %refusal,
        token,
        organization,
        address = client.address,
        "SCIM refused"
    );
    let problem = match refusal {
        TokenRefusal::ScimOff(_) => ScimError::forbidden(
            "SCIM is switched off for this organization. An operator switches it on with: \
             freehold scim enable --organization NAME",
        )
        .into(),
        _ => ScimProblem::unauthorized(BAD_TOKEN),
    };
    if let Some(refused) = refusal.refused() {
        let reason = refusal.to_string();
        app.recorder.record(call::turned_away(request, refused, &reason, problem.error(), now));
    }
    if refusal.note_due(now) {
        let noted = app
            .database
            .write(move |store| tokens::note_refusal(store, &refusal, now, &mut system::random()))
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the refusal of a token was not written down");
        }
    }
    problem
}
