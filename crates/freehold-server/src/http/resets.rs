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
//! Times are milliseconds since 1970. A request is
//! `{ id, state, askedAt, expiresAt, settledAt, keptUntil }`: `state` is one of `requested`,
//! `approved`, `denied`, `cancelled`, `expired`, `undone`; `keptUntil`, of an approved one, is when
//! what was put aside is destroyed, and null when it has been. The person and the admins see the same
//! `id`, so that both can tell that they mean the same request. An appointed admin is one whom the
//! operator made an admin or owner himself, not by a group.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use freehold_directory::{
    Timestamp, UserId,
    resets::{self, OpenReset, Reset, ResetError, ResetId, ResetState},
};
use serde_json::{Value, json};

use super::{
    App,
    caller::{Failure, SessionCookie, unlocked_admin},
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

/// `{ state, approval, request }`: how far the person's keys are; `approval` is `admin` when somebody
/// else can approve a request in the pages and `operator` when it takes the server's command line;
/// `request` is the last one, or null.
async fn show(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
    let (now, retention) = (app.now(), app.retention);
    let document = app
        .read_as(cookie, move |store, session| {
            let others = resets::approvers(store, session.organization(), session.user())?;
            let last = resets::last_of(store, session.user())?;
            Ok(json!({
                "state": session.key_state().as_str(),
                "approval": if others.is_empty() { "operator" } else { "admin" },
                "request": last.map(|reset| render(&reset, retention, now)),
            }))
        })
        .await?;
    Ok(HttpResponse::Ok().json(document))
}

fn render(reset: &Reset, retention: Duration, now: Timestamp) -> Value {
    let kept_until = match (reset.state, reset.destroyed_at) {
        (ResetState::Approved, None) => reset.settled_at.map(|at| at.plus(retention).as_millis()),
        _ => None,
    };
    json!({
        "id": reset.id.to_string(),
        "state": reset.state_at(now).as_str(),
        "askedAt": reset.asked_at.as_millis(),
        "expiresAt": reset.expires_at.as_millis(),
        "settledAt": reset.settled_at.map(Timestamp::as_millis),
        "keptUntil": kept_until,
    })
}

/// Asks. 409 `not-pending` without keys, `unlocked` when nothing is lost, `reset-open` while a
/// request waits; 429
/// `reset-too-often` after three in a day.
async fn ask(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
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
async fn cancel(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
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

/// `{ resets: [{ id, userId, userName, displayName, askedAt, expiresAt, own }] }`, oldest first;
/// `own` is the admin's own request, on which somebody else decides. 403 `not-allowed` for a member.
async fn list(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let all: Vec<Value> = app
        .read_as(cookie, move |store, session| {
            let all = resets::list(store, session.admin()?, now)?;
            Ok(all.iter().map(|open| render_open(open, session.user())).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(json!({ "resets": all })))
}

fn render_open(open: &OpenReset, admin: UserId) -> Value {
    json!({
        "id": open.reset.id.to_string(),
        "userId": open.reset.user,
        "userName": open.user_name,
        "displayName": open.display_name,
        "askedAt": open.reset.asked_at.as_millis(),
        "expiresAt": open.reset.expires_at.as_millis(),
        "own": open.reset.user == admin,
    })
}

/// Approves. 403 `not-allowed` for a member, `locked`, `not-appointed` for an admin by group alone,
/// `own-reset`; 404 for an unknown request and one of another organization; 409 `reset-settled`
/// when it does not wait any more.
async fn approve(
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

/// Denies. Refused as [`approve`] is, but for `not-appointed`.
async fn deny(
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
            _ => Problem::internal(),
        }
        .into()
    }
}
