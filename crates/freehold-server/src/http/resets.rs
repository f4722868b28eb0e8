//! `/api/reset`: a person who lost everything asks for new keys. `/api/resets`: an admin decides.
//!
//! | route | who | answers |
//! | --- | --- | --- |
//! | `GET /api/reset` | anybody signed in | the person's last request, and who can approve one |
//! | `POST /api/reset` | signed in, not unlocked, READY | 201 and the request: nothing changes |
//! | `DELETE /api/reset` | anybody signed in | 204: the request that waits is cancelled |
//! | `GET /api/resets` | an admin | the requests of the organization that wait |
//! | `POST /api/resets/{id}/approve` | an unlocked admin, appointed | 204: the keys are put aside |
//! | `POST /api/resets/{id}/deny` | an unlocked admin | 204: everything stays as it is |
//!
//! The person and the admins see the same `id`, so that both can tell that they mean the same request. An
//! appointed admin is one whom the operator made an admin or owner himself, not by a group.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use freehold_directory::{
    Timestamp, UserId,
    resets::{self, OpenReset, Reset, ResetError, ResetId, ResetState},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    caller::{Failure, SessionCookie, unlocked_admin},
    openapi::{Refusal, messages},
    problem::Problem,
    wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/reset")
                .route(web::get().to(show))
                .route(web::post().to(ask))
                .route(web::delete().to(cancel))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/resets")
                .route(web::get().to(list))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/resets/{id}/approve")
                .route(web::post().to(approve))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/resets/{id}/deny")
                .route(web::post().to(deny))
                .default_service(web::to(wrong_method)),
        );
}

/// How it stands with a person's request.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResetStatus {
    #[schema(value_type = messages::KeyState)]
    state: &'static str,
    #[schema(value_type = messages::Approval)]
    approval: &'static str,
    /// The last one.
    request: Option<ResetRequest>,
}

/// A request for new keys; times in milliseconds since 1970.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResetRequest {
    /// The person and the admins see the same one.
    id: String,
    #[schema(value_type = messages::ResetState)]
    state: &'static str,
    asked_at: u64,
    expires_at: u64,
    settled_at: Option<u64>,
    /// Of an approved one: when what was put aside is destroyed; null when it has been.
    kept_until: Option<u64>,
}

/// The requests of an organization that wait, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaitingResets {
    resets: Vec<WaitingReset>,
}

/// A request that waits.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WaitingReset {
    id: String,
    user_id: String,
    user_name: String,
    display_name: Option<String>,
    asked_at: u64,
    expires_at: u64,
    /// The admin's own request, on which somebody else decides.
    own: bool,
}

/// How it stands with the person's own request.
#[utoipa::path(
    get, path = "/api/reset", tag = "resets",
    responses((status = 200, body = ResetStatus), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, retention) = (app.now(), app.retention);
    let document = app
        .read_as(cookie, move |store, session| {
            let others = resets::approvers(store, session.organization(), session.user())?;
            let last = resets::last_of(store, session.user())?;
            Ok(ResetStatus {
                state: session.key_state().as_str(),
                approval: if others.is_empty() { "operator" } else { "admin" },
                request: last.map(|reset| render(&reset, retention, now)),
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(document))
}

fn render(reset: &Reset, retention: Duration, now: Timestamp) -> ResetRequest {
    let kept_until = match (reset.state, reset.destroyed_at) {
        (ResetState::Approved, None) => reset.settled_at.map(|at| at.plus(retention).as_millis()),
        _ => None,
    };
    ResetRequest {
        id: reset.id.to_string(),
        state: reset.state_at(now).as_str(),
        asked_at: reset.asked_at.as_millis(),
        expires_at: reset.expires_at.as_millis(),
        settled_at: reset.settled_at.map(Timestamp::as_millis),
        kept_until,
    }
}

/// Asks. 409 `not-pending` without keys, `unlocked` when nothing is lost, `reset-open` while a
/// request waits; 429 `reset-too-often` after three in a day.
#[utoipa::path(
    post, path = "/api/reset", tag = "resets",
    responses((status = 201, body = ResetRequest), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn ask(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, retention) = (app.now(), app.retention);
    let reset = app
        .write_as(cookie, move |store, session| {
            Ok(resets::ask(store, session, now, &mut system::random())?)
        })
        .await?;
    tracing::info!(user = %reset.user, reset = %reset.id, "new keys were asked for");
    Ok(HttpResponse::Created().json(render(&reset, retention, now)))
}

/// Cancels. 404 when no request waits.
#[utoipa::path(
    delete, path = "/api/reset", tag = "resets",
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn cancel(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        match resets::cancel(store, session, now, &mut system::random())? {
            true => Ok(()),
            false => Err(Problem::not_found().into()),
        }
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The requests that wait. 403 `not-allowed` for a member.
#[utoipa::path(
    get, path = "/api/resets", tag = "resets",
    responses((status = 200, body = WaitingResets), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let resets: Vec<WaitingReset> = app
        .read_as(cookie, move |store, session| {
            let all = resets::list(store, session.admin()?, now)?;
            Ok(all.iter().map(|open| render_open(open, session.user())).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(WaitingResets { resets }))
}

fn render_open(open: &OpenReset, admin: UserId) -> WaitingReset {
    WaitingReset {
        id: open.reset.id.to_string(),
        user_id: open.reset.user.to_string(),
        user_name: open.user_name.clone(),
        display_name: open.display_name.clone(),
        asked_at: open.reset.asked_at.as_millis(),
        expires_at: open.reset.expires_at.as_millis(),
        own: open.reset.user == admin,
    }
}

/// Approves. 403 `not-allowed` for a member and for an admin whom an owner asked, `locked`,
/// `not-appointed` for an admin by group alone, `own-reset`; 404 for an unknown request and one of another organization; 409 `reset-settled`
/// when it does not wait any more.
#[utoipa::path(
    post, path = "/api/resets/{id}/approve", tag = "resets",
    params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn approve(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let (approval, admin) = app
        .write_as(cookie, move |store, session| {
            let admin = unlocked_admin(session)?;
            let id = parse(&id)?;
            let approval = resets::approve(store, admin, id, now, &mut system::random())?;
            Ok((approval, admin.user()))
        })
        .await?;
    tracing::warn!(user = %approval.user, %admin, "a reset was approved; old keys are put aside");
    Ok(HttpResponse::NoContent().finish())
}

/// Denies. Refused as an approval is, but for `not-appointed`.
#[utoipa::path(
    post, path = "/api/resets/{id}/deny", tag = "resets",
    params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn deny(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let admin = unlocked_admin(session)?;
        Ok(resets::deny(store, admin, parse(&id)?, now, &mut system::random())?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What cannot be an id names nothing.
fn parse(id: &str) -> Result<ResetId, Failure> {
    id.parse().map_err(|_| Problem::not_found().into())
}

impl From<ResetError> for Failure {
    fn from(error: ResetError) -> Self {
        if let ResetError::Store(error) = error {
            return error.into();
        }
        tracing::info!(%error, "a reset was refused");
        match error {
            ResetError::NotReady => {
                Problem::not_pending("This account has no keys yet, so none are lost. Set it up.")
            }
            ResetError::Unlocked => Problem::unlocked(),
            ResetError::Open => Problem::reset_open(),
            ResetError::TooOften { retry_after } => {
                Problem::reset_too_often(retry_after.as_millis().div_ceil(1000) as u64)
            }
            ResetError::NotFound => Problem::not_found(),
            ResetError::Settled => Problem::reset_settled(),
            ResetError::Own => Problem::own_reset(),
            ResetError::NotAppointed => Problem::not_appointed(),
            ResetError::OwnersOnly => Problem::not_allowed(),
            _ => Problem::internal(),
        }
        .into()
    }
}
