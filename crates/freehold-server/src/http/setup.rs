//! `/api/setup`: a pending person's browser makes keys and sends what the server may have.

use actix_web::{HttpResponse, web};
use freehold_directory::setup::{self, SetupDone, SetupError, SetupStep};
use freehold_wire::{SetupRefusal, SetupRequest};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    body::{JsonBytes, KEYS_LIMIT},
    caller::{Failure, SessionCookie},
    openapi::{Refusal, messages},
    problem::Problem,
    session, wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/setup")
            .route(web::get().to(offer))
            .route(web::post().to(complete))
            .default_service(web::to(wrong_method)),
    );
}

/// What became of the account.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetUp {
    /// `READY`.
    state: &'static str,
}

/// What a pending person's browser needs to make keys. 409 for an account that has keys.
#[utoipa::path(
    get, path = "/api/setup", tag = "keys",
    responses((status = 200, body = messages::SetupOffer), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn offer(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let origins = app.origins();
    let offer = app
        .write_as(cookie, move |store, session| {
            Ok(setup::offer(store, session, &origins, now, &mut system::random())?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(offer))
}

/// Takes the first keys of an account. 200 for the same request again.
#[utoipa::path(
    post, path = "/api/setup", tag = "keys", request_body = messages::SetupRequest,
    responses((status = 201, body = SetUp), (status = 200, body = SetUp), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn complete(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<KEYS_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let request = SetupRequest::from_json(&body.0).map_err(|error| {
        tracing::info!(%error, "a set-up that cannot be read");
        Problem::invalid_setup()
    })?;
    let now = app.now();
    let (hash, origins) = (request.hash(), app.origins());
    let step = app
        .write_as(cookie, move |store, session| {
            Ok(setup::answer(store, session, &hash, &origins, now, &mut system::random())?)
        })
        .await?;
    let turn = match step {
        SetupStep::Again(done) => return Ok(ready(HttpResponse::Ok(), &done)),
        SetupStep::Verify(turn) => turn,
    };
    // Signatures are checked outside of any transaction.
    let proven = turn.verify(&request).map_err(|refusal| {
        tracing::warn!(%refusal, "a set-up that does not verify");
        match refusal {
            SetupRefusal::Floor => Problem::below_policy(),
            _ => Problem::invalid_setup(),
        }
    })?;
    let done = app
        .database
        .write(move |store| {
            Ok::<_, Failure>(setup::complete(store, &proven, now, &mut system::random())?)
        })
        .await?;
    tracing::info!("keys were set up");
    Ok(ready(HttpResponse::Created(), &done))
}

fn ready(mut response: actix_web::HttpResponseBuilder, done: &SetupDone) -> HttpResponse {
    response.insert_header(session::cookie_of(&done.session)).json(SetUp { state: "READY" })
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::AlreadySetUp => Problem::already_set_up().into(),
            SetupError::ChallengeGone => Problem::challenge_gone().into(),
            SetupError::Inactive => Problem::suspended().into(),
            SetupError::BelowPolicy(_) => Problem::below_policy().into(),
            SetupError::Store(error) => error.into(),
            other => {
                tracing::error!(error = %other, "a refusal without a mapping");
                Problem::internal().into()
            }
        }
    }
}
