//! `/api/admin/users/{id}/sessions`: where a person is signed in, and an end to it.

use actix_web::{HttpResponse, web};
use freehold_directory::{SessionId, people};

use super::{
    super::super::{
        App,
        caller::{SessionCookie, unlocked_admin},
        openapi::Refusal,
        problem::Problem,
        sessions::{Ended, Sessions, render},
    },
    user,
};
use crate::system;

/// Where a person is signed in.
#[utoipa::path(
    get, path = "/api/admin/users/{id}/sessions", tag = "people",
    params(("id" = String, Path, description = "The SCIM id")),
    responses((status = 200, body = Sessions), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let sessions = app
        .read_as(cookie, move |store, session| {
            let all = people::sessions(store, session.admin()?, user(&id)?, now)?;
            let all = all.ok_or_else(Problem::not_found)?;
            Ok(all.iter().map(|one| render(one, session)).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(Sessions { sessions }))
}

/// Ends one session: that browser is out at its next request. For an unlocked admin.
#[utoipa::path(
    delete, path = "/api/admin/users/{id}/sessions/{session}", tag = "people",
    params(
        ("id" = String, Path, description = "The SCIM id"),
        ("session" = String, Path, description = "The id of the session"),
    ),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn end(
    path: web::Path<(String, String)>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, (id, ended)) = (app.now(), path.into_inner());
    app.write_as(cookie, move |store, session| {
        let admin = unlocked_admin(session)?;
        let ended: SessionId = ended.parse().map_err(|_| Problem::not_found())?;
        let rng = &mut system::random();
        match people::end_session(store, admin, user(&id)?, ended, now, rng)? {
            true => Ok(()),
            false => Err(Problem::not_found().into()),
        }
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends all sessions of a person. For an unlocked admin.
#[utoipa::path(
    delete, path = "/api/admin/users/{id}/sessions", tag = "people",
    params(("id" = String, Path, description = "The SCIM id")),
    responses((status = 200, body = Ended), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn end_all(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let ended = app
        .write_as(cookie, move |store, session| {
            let admin = unlocked_admin(session)?;
            let rng = &mut system::random();
            let ended = people::end_sessions(store, admin, user(&id)?, now, rng)?;
            Ok(ended.ok_or_else(Problem::not_found)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Ended { ended }))
}
