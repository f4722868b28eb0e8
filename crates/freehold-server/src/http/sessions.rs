//! `/api/sessions`: where else one is signed in, and an end to it.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    SessionId, SessionUser,
    sessions::{self, EndedBy, SessionOverview},
};
use serde_json::{Value, json};

use super::{App, caller::SessionCookie, cookies, problem::Problem, wrong_method};
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

async fn list(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let all: Vec<Value> = app
        .read_as(cookie, move |store, session| {
            let all = sessions::list(store, session.user(), now)?;
            Ok(all.iter().map(|one| render(one, session)).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(json!({ "sessions": all })))
}

fn render(one: &SessionOverview, current: &SessionUser) -> Value {
    json!({
        "id": one.id,
        "createdAt": one.created_at.as_millis(),
        "lastSeenAt": one.last_seen_at.as_millis(),
        "expiresAt": one.expires_at.as_millis(),
        "address": one.device.address,
        "client": one.device.client,
        "connection": one.connection,
        "current": one.id == current.id(),
    })
}

/// Another person's session looks like none.
async fn end(
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

async fn end_others(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let ended = app
        .write_as(cookie, move |store, session| {
            Ok(sessions::end_others(store, session, now, &mut system::random())?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(json!({ "ended": ended })))
}
