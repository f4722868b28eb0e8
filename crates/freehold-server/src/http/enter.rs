//! `/api/enter`: a one-time link signs its person in. Opening the page consumes nothing, so that previews of links and
//! mail scanners do no harm; only this request does.

use actix_web::{HttpRequest, HttpResponse, web};
use freehold_directory::{
    AdminLinkSecret, StoreError,
    lifecycle::KeyState,
    links::{self, LinkRefusal},
    sessions::{self, Visit},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App, address,
    body::{self, JsonBytes},
    caller::SessionCookie,
    login,
    openapi::Refusal,
    problem::Problem,
    session, wrong_method,
};
use crate::system;

/// A secret of 47 characters in JSON.
const LIMIT: usize = 1024;

/// Adds the route.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/enter").route(web::post().to(enter)).default_service(web::to(wrong_method)),
    );
}

/// The secret of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Presented {
    secret: String,
}

/// What comes next.
#[derive(Serialize, ToSchema)]
pub(crate) struct Entered {
    /// A page of ours.
    next: &'static str,
}

/// Signs in by a one-time link, which is used up.
#[utoipa::path(
    post, path = "/api/enter", tag = "session", request_body = Presented,
    security(()),
    responses((status = 200, body = Entered), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn enter(
    request: HttpRequest,
    app: web::Data<App>,
    before: Result<SessionCookie, Problem>,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let address = address::client(&request, &app.proxies);
    if address.is_some_and(|address| !app.sign_ins.admits(address, now)) {
        tracing::warn!(?address, "too many one-time links presented");
        return Err(Problem::too_often());
    }
    let Presented { secret } = body::parse(&body.0)?;
    let secret = AdminLinkSecret::parse(&secret).ok_or_else(|| refused(LinkRefusal::Gone))?;
    let visit = Visit { device: login::device(&request, &app), ..Visit::default() };
    let before = before.ok();
    let outcome = app
        .database
        .write(move |store| {
            let before = before.as_ref().map(|cookie| &cookie.0);
            let rng = &mut system::random();
            let entered = match links::enter(store, &secret, &visit, before, now, rng)? {
                Ok(entered) => entered,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let session = sessions::find(store, &entered.session, now)?;
            Ok::<_, StoreError>(Ok((entered, session)))
        })
        .await?;
    let (entered, session) = outcome.map_err(refused)?;
    tracing::info!(
        user = %entered.user,
        organization = %entered.organization,
        "signed in by a one-time link"
    );
    let pending = session.is_some_and(|it| matches!(it.key_state(), KeyState::Pending(_)));
    let next = if pending { "/setup/" } else { "/unlock/" };
    Ok(HttpResponse::Ok()
        .insert_header(session::cookie_of(&entered.session))
        .json(Entered { next }))
}

fn refused(reason: LinkRefusal) -> Problem {
    tracing::warn!(%reason, "a one-time link was refused");
    Problem::link_refused()
}
