//! `/api/sessions`: where else one is signed in, and an end to it.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    SessionId, SessionUser,
    sessions::{self, EndedBy, SessionOverview},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App, caller::SessionCookie, cookies, openapi::Refusal, problem::Problem, wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/sessions")
                .route(web::get().to(list))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/sessions/end-others")
                .route(web::post().to(end_others))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/sessions/{id}")
                .route(web::delete().to(end))
                .default_service(web::to(wrong_method)),
        );
}

/// Where a person is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    pub(super) sessions: Vec<SignedIn>,
}

/// A browser that is signed in; times in milliseconds since 1970.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedIn {
    id: String,
    created_at: u64,
    /// Exact to the minute.
    last_seen_at: u64,
    expires_at: u64,
    /// May be empty.
    address: String,
    /// What the browser calls itself; may be empty.
    client: String,
    /// The name of the connection that was signed in over; null with a one-time link.
    connection: Option<String>,
    /// Whether it is the session that asks.
    current: bool,
}

/// How many were ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ended {
    pub(super) ended: u64,
}

/// Where the person is signed in.
#[utoipa::path(
    get, path = "/api/sessions", tag = "session",
    responses((status = 200, body = Sessions), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let sessions: Vec<SignedIn> = app
        .read_as(cookie, move |store, session| {
            let all = sessions::list(store, session.user(), now)?;
            Ok(all.iter().map(|one| render(one, session)).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(Sessions { sessions }))
}

pub(super) fn render(one: &SessionOverview, current: &SessionUser) -> SignedIn {
    SignedIn {
        id: one.id.to_string(),
        created_at: one.created_at.as_millis(),
        last_seen_at: one.last_seen_at.as_millis(),
        expires_at: one.expires_at.as_millis(),
        address: one.device.address.clone(),
        client: one.device.client.clone(),
        connection: one.connection.clone(),
        current: one.id == current.id(),
    }
}

/// Ends a session; another person's looks like none.
#[utoipa::path(
    delete, path = "/api/sessions/{id}", tag = "session",
    params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn end(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let id: SessionId = id.parse().map_err(|_| Problem::not_found())?;
    let now = app.now();
    let current = app
        .write_as(cookie, move |store, session| {
            let whose = (session.organization(), session.user());
            let rng = &mut system::random();
            if sessions::end_named(store, whose, id, EndedBy::Person, now, rng)? {
                Ok(id == session.id())
            } else {
                Err(Problem::not_found().into())
            }
        })
        .await?;
    let mut response = HttpResponse::NoContent();
    if current {
        response.insert_header(cookies::end(cookies::SESSION));
    }
    Ok(response.finish())
}

/// Ends all but this one.
#[utoipa::path(
    post, path = "/api/sessions/end-others", tag = "session",
    responses((status = 200, body = Ended), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn end_others(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let ended = app
        .write_as(cookie, move |store, session| {
            Ok(sessions::end_others(store, session, now, &mut system::random())?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Ended { ended }))
}
