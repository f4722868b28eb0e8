//! `/api/unlock`: a signed challenge proves the secret; only then an envelope leaves the server.

use actix_web::{HttpResponse, web};
use freehold_directory::unlock::{self, UnlockError};
use freehold_wire::UnlockRequest;

use super::{
    App,
    body::{JsonBytes, KEYS_LIMIT},
    caller::SessionCookie,
    openapi::{Refusal, messages},
    problem::Problem,
    wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/unlock")
            .route(web::get().to(offer))
            .route(web::post().to(unlock))
            .default_service(web::to(wrong_method)),
    );
}

/// The parameters of the ways to unlock, and a challenge.
#[utoipa::path(
    get, path = "/api/unlock", tag = "keys",
    responses((status = 200, body = messages::UnlockOffer), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn offer(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let origins = app.origins();
    let offer = app
        .write_as(cookie, move |store, session| {
            Ok(unlock::offer(store, session, &origins, now, &mut system::random())?)
        })
        .await??;
    Ok(HttpResponse::Ok().json(offer))
}

/// Proves a secret; only then an envelope is given.
#[utoipa::path(
    post, path = "/api/unlock", tag = "keys", request_body = messages::UnlockRequest,
    responses((status = 200, body = messages::UnlockAnswer), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn unlock(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<KEYS_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let request = UnlockRequest::from_json(&body.0).map_err(|error| {
        tracing::info!(%error, "an unlock that cannot be read");
        Problem::bad_request("The body is not an unlock request.")
    })?;
    let now = app.now();
    let (kind, parameters) = (request.kind, request.parameters.clone());
    let origins = app.origins();
    // The try is charged, and stays charged, before anything is looked at. The inner refusal is
    // the answer of the job, so that the used-up challenge is committed.
    let turn = app
        .write_as(cookie, move |store, session| {
            let asked = (kind, &*parameters);
            Ok(unlock::charge(store, session, asked, &origins, now, &mut system::random())?)
        })
        .await??;
    let proven = turn.verify(&request).map_err(|wrong| {
        tracing::info!(tries_left = wrong.tries_left, "unlock refused");
        Problem::wrong_secret(wrong.tries_left)
    })?;
    let answer = app
        .database
        .write(move |store| unlock::settle(store, &proven, now, &mut system::random()))
        .await??;
    tracing::info!(method = kind.number(), "unlocked");
    Ok(HttpResponse::Ok().json(answer))
}

impl From<UnlockError> for Problem {
    fn from(error: UnlockError) -> Self {
        tracing::info!(%error, "unlock refused");
        match error {
            UnlockError::NotReady => Self::not_pending(
                "This account has no keys that could be unlocked in this way. Set it up first.",
            ),
            UnlockError::ChallengeGone => Self::challenge_gone(),
            UnlockError::TriesUsedUp { retry_after } => {
                Self::tries_used_up(retry_after.map(|wait| wait.as_millis().div_ceil(1000) as u64))
            }
            UnlockError::SignedOut => Self::signed_out(),
            _ => Self::internal(),
        }
    }
}
