//! `/api/session`: who is signed in. `/api/sign-out`, `/api/lock`.

use std::time::Duration;

use actix_web::{HttpResponse, http::header::HeaderName, web};
use freehold_directory::{
    SessionSecret, SessionUser, Timestamp,
    sessions::{self, ABSOLUTE_LIFE, EndedBy, IDLE_LIFE, Locked},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    caller::{Failure, SessionCookie},
    cookies,
    openapi::{Refusal, messages},
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

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    user_id: String,
    user_name: String,
    external_id: Option<String>,
    display_name: Option<String>,
    #[schema(value_type = messages::KeyState)]
    state: &'static str,
    #[schema(value_type = messages::Role)]
    role: &'static str,
    /// Whether a passphrase or passkey has been proved in this session.
    unlocked: bool,
    /// How long the session may last. Lengths, not times: clocks differ.
    ends_in_ms: u64,
    /// After how long without a request it ends before that.
    idle_ms: u64,
    organization: Organization,
}

/// The organization of a session.
#[derive(Serialize, ToSchema)]
pub(crate) struct Organization {
    id: String,
    slug: String,
    name: String,
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/api/session", tag = "session",
    responses((status = 200, body = Session), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let document = app.read_as(cookie, move |_store, session| Ok(render(session, now))).await?;
    Ok(HttpResponse::Ok().json(document))
}

fn render(session: &SessionUser, now: Timestamp) -> Session {
    let (slug, name) = session.organization_names();
    Session {
        user_id: session.user().to_string(),
        user_name: session.user_name().to_owned(),
        external_id: session.external_id().map(str::to_owned),
        display_name: session.display_name().map(str::to_owned),
        state: session.key_state().as_str(),
        role: session.role().as_str(),
        unlocked: session.unlocked().is_ok(),
        ends_in_ms: millis(session.expires_at().since(now)),
        idle_ms: millis(IDLE_LIFE),
        organization: Organization {
            id: session.organization().to_string(),
            slug: slug.to_owned(),
            name: name.to_owned(),
        },
    }
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
#[utoipa::path(
    post, path = "/api/sign-out", tag = "session",
    security(()),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn sign_out(
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

/// Locks the session: secrets take a passphrase again.
#[utoipa::path(
    post, path = "/api/lock", tag = "session",
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn lock(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
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
