//! `/api/session`: who is signed in. `/api/sign-out`, `/api/lock`.

use std::time::Duration;

use actix_web::{HttpResponse, http::header::HeaderName, web};
use freehold_directory::{
    SessionSecret, SessionUser, Timestamp,
    sessions::{self, ABSOLUTE_LIFE, EndedBy, IDLE_LIFE, Locked},
};
use serde_json::{Value, json};

use super::{
    App,
    caller::{Failure, SessionCookie},
    cookies,
    problem::Problem,
    wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/session")
                .route(web::get().to(show))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/sign-out")
                .route(web::post().to(sign_out))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/lock")
                .route(web::post().to(lock))
                .default_service(web::to(wrong_method)),
        );
}

async fn show(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let document = app.read_as(cookie, move |_store, session| Ok(render(session, now))).await?;
    Ok(HttpResponse::Ok().json(document))
}

fn render(session: &SessionUser, now: Timestamp) -> Value {
    let (slug, name) = session.organization_names();
    json!({
        "userId": session.user(),
        "userName": session.user_name(),
        "externalId": session.external_id(),
        "displayName": session.display_name(),
        "state": session.key_state().as_str(),
        "role": session.role().as_str(),
        "unlocked": session.unlocked().is_ok(),
        // Lengths, not times: clocks differ.
        "endsInMs": millis(session.expires_at().since(now)),
        "idleMs": millis(IDLE_LIFE),
        "organization": {
            "id": session.organization(),
            "slug": slug,
            "name": name,
        },
    })
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What the browser drops at a sign-out beside the session: its copies of what it was shown.
///
/// Not `"storage"`: there the pages remember how far the signed history of an account had come,
/// which stops a server from showing an older one. Not `"cookies"`: that would end the cookies of the
/// whole registrable domain, other applications' too (Clear Site Data §4.2.4); ours ends by its name.
const DROPPED: (&str, &str) = ("clear-site-data", "\"cache\"");

/// Signing out always succeeds: whoever has no session is signed out.
async fn sign_out(
    app: web::Data<App>,
    cookie: Result<SessionCookie, Problem>,
) -> Result<HttpResponse, Problem> {
    if let Ok(SessionCookie(secret)) = cookie {
        let now = app.now();
        app.database
            .write(move |store| {
                sessions::end(store, &secret, EndedBy::Person, now, &mut system::random())
            })
            .await?;
    }
    Ok(HttpResponse::NoContent()
        .insert_header(cookies::end(cookies::SESSION))
        .insert_header(DROPPED)
        .finish())
}

async fn lock(app: web::Data<App>, cookie: SessionCookie) -> Result<HttpResponse, Problem> {
    app.write_as(cookie, |store, session| Ok(sessions::lock(store, session)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<Locked> for Failure {
    fn from(_locked: Locked) -> Self {
        Problem::locked().into()
    }
}

/// The header that gives the browser a new session.
pub(super) fn cookie_of(secret: &SessionSecret) -> (HeaderName, String) {
    cookies::make(cookies::SESSION, secret.reveal(), ABSOLUTE_LIFE)
}
