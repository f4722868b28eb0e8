//! `/api/admin/users/{id}/sessions`: where a person is signed in, and an end to it.

use actix_web::{HttpResponse, web};
use freehold_directory::{SessionId, SessionUser, people, sessions::SessionOverview};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::super::{
        App,
        caller::{SessionCookie, unlocked_admin},
        openapi::Refusal,
        problem::Problem,
    },
    user,
};
use crate::system;

/// The browsers in which a person is signed in, last begun first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    sessions: Vec<SessionRow>,
}

/// One browser.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionRow {
    id: String,
    created_at: u64,
    /// Exact to the minute.
    last_seen_at: u64,
    expires_at: u64,
    /// Its network address; may be empty.
    address: String,
    /// What it calls itself; may be empty.
    client: String,
    /// The name of the connection that was signed in over; null with a one-time link.
    connection: Option<String>,
    /// Whether it is the very session that asks.
    current: bool,
}

/// How many were ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ended {
    ended: u64,
}

fn render(one: &SessionOverview, asking: &SessionUser) -> SessionRow {
    SessionRow {
        id: one.id.to_string(),
        created_at: one.created_at.as_millis(),
        last_seen_at: one.last_seen_at.as_millis(),
        expires_at: one.expires_at.as_millis(),
        address: one.device.address.clone(),
        client: one.device.client.clone(),
        connection: one.connection.clone(),
        current: one.id == asking.id(),
    }
}

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
