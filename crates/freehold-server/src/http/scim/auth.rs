//! Who asks: every address under `/scim/v2` needs a live token. The handler's own job looks at it before anything else;
//! nothing is cached, so a revocation is effective at the next request.

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::Data,
};
use freehold_directory::{
    ScimPrincipal, SecretHash, Timestamp, TokenSecret,
    tokens::{self, TokenRefusal},
};
use freehold_scim::ScimError;

use super::{
    call::Call,
    problem::{BAD_TOKEN, NO_TOKEN, ScimProblem},
};
use crate::{
    http::{App, address::Client, body},
    system,
};

/// Middleware of `/scim/v2`: lets requests in that carry what may be a token, sees to it that it was looked at before
/// they are answered, and writes down what came of them.
///
/// # Errors
/// Only what the services inside return.
pub(super) async fn with_token<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        let problem: ScimProblem = ScimError::new(500, None, "The server is not set up.").into();
        return Ok(turn_away(request, &problem));
    };
    let client = Client::of(request.request(), &app.proxies);
    let presented = match presented(&request, &client) {
        Ok(presented) => presented,
        Err(problem) => return Ok(turn_away(request, &problem)),
    };
    tracing::trace!("SCIM request arrived");
    let call = Call::new(request.request(), presented, app.now());
    let Ok(place) = app.gate.enter(presented, call.now()) else {
        let problem = ScimProblem::too_often();
        // Whose flood it is, is worth a look at the token, for as many rows as a person reads.
        if app.logged_refusals.admits(presented, call.now())
            && call.authenticate(&app).await.is_ok()
        {
            call.entry_of(&problem).into_iter().for_each(|it| app.recorder.record(it));
        }
        return Ok(turn_away(request, &problem));
    };
    if !place.is_of_known()
        && body::is_long(request.request())
        && let Err(problem) = call.authenticate(&app).await
    {
        note(&app, &call, client).await;
        return Ok(turn_away(request, &problem));
    }
    request.extensions_mut().insert(call.clone());
    // RFC 9110 §9.3.2: the answer to a GET, of which only the head is sent; actix keeps the body back.
    if *request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let response = next.call(request).await?;
    drop(place);
    if call.is_unasked()
        && let Err(problem) = call.authenticate(&app).await
    {
        note(&app, &call, client).await;
        let request = response.request().clone();
        return Ok(ServiceResponse::new(request, problem.error_response()).map_into_right_body());
    }
    record(&app, &call, &response);
    note(&app, &call, client).await;
    Ok(response.map_into_left_body())
}

fn turn_away<B>(request: ServiceRequest, problem: &ScimProblem) -> ServiceResponse<EitherBody<B>> {
    request.into_response(problem.error_response()).map_into_right_body()
}

/// The hash of what may be a token.
fn presented(request: &ServiceRequest, client: &Client) -> Result<SecretHash, ScimProblem> {
    let refuse = |reason, challenge| {
        tracing::warn!(address = client.address, reason, "SCIM refused");
        ScimProblem::unauthorized(challenge)
    };
    let text = bearer(request).ok_or_else(|| refuse("no bearer token", NO_TOKEN))?;
    let token = TokenSecret::parse(text);
    Ok(token.ok_or_else(|| refuse("not the form of a token", BAD_TOKEN))?.hash())
}

/// The token of `Authorization: Bearer ..`; the scheme in any case (RFC 9110 §11.1).
fn bearer(request: &ServiceRequest) -> Option<&str> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let only = headers.next().filter(|_| headers.next().is_none())?;
    let (scheme, token) = only.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Writes an answer into the provisioning log, unless its write has done so.
fn record<B>(app: &App, call: &Call, response: &ServiceResponse<B>) {
    let error = response.response().error().and_then(|error| error.as_error::<ScimProblem>());
    let entry = match error {
        Some(problem) => call.entry_of(problem),
        None => call.entry(response.status().as_u16()),
    };
    entry.into_iter().for_each(|entry| app.recorder.record(entry));
}

/// Notes what was found out about the token: that it was used, or why it was refused.
async fn note(app: &App, call: &Call, client: Client) {
    if let Some(refusal) = call.refusal() {
        note_refusal(app, call, refusal, &client).await;
    }
    if let Some(principal) = call.principal() {
        app.gate.remember(call.presented(), principal.organization());
        note_use(app, &principal, client, call.now()).await;
    }
}

/// Writes the last use down, at most once a minute. Provisioning does not stop because this fails.
async fn note_use(app: &App, principal: &ScimPrincipal, client: Client, now: Timestamp) {
    tracing::debug!(
        token = %principal.token(),
        client = principal.client().map(|client| client.to_string()),
        organization = %principal.organization(),
        "authenticated"
    );
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

async fn note_refusal(app: &App, call: &Call, refusal: TokenRefusal, client: &Client) {
    let token = refusal.refused().map(|refused| refused.token().to_string());
    let organization = refusal.refused().map(|refused| refused.organization().to_string());
    tracing::warn!(
        reason = %refusal,
        token,
        organization,
        address = client.address,
        "SCIM refused"
    );
    let now = call.now();
    if app.logged_refusals.admits(call.presented(), now) {
        let problem = ScimProblem::refused(&refusal);
        let entry = call.turned_away(&refusal, &problem);
        entry.into_iter().for_each(|entry| app.recorder.record(entry));
    }
    if !refusal.note_due(now) {
        return;
    }
    let noted = app
        .database
        .write(move |store| tokens::note_refusal(store, &refusal, now, &mut system::random()))
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the refusal of a token was not written down");
    }
}
