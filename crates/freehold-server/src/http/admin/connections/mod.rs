//! `/api/admin/connections`: where the organization's people sign in.
//!
//! | route | who | answers |
//! | --- | --- | --- |
//! | `GET /connections` | an admin | all, and what to enter at any identity provider |
//! | `GET /connections/{id}` | an admin | one |
//! | `POST /connections/saml`, `/oidc` | an unlocked owner | 201 and the connection, once the identity provider was understood |
//! | `DELETE /connections/{id}?force=true` | an unlocked owner | how much ended with it; 409 `still-provisioning` without `force` |
//! | `PUT /connections/{id}/secret` | an unlocked owner | 204; 400 where the connection speaks SAML |
//! | `POST /connections/{id}/refresh` | an unlocked owner | the connection with the certificates that its metadata have now, as proposed |
//! | `GET /connections/{id}/test`, `POST` | an admin; an unlocked one | how the last test ended; where the browser goes for one |
//! | `POST .../certificates/{fingerprint}/trust`, `DELETE .../certificates/{fingerprint}` | an unlocked owner | the connection; 409 `last-certificate` |
//!
//! A client secret goes in and never comes out. Metadata and issuers are fetched before anything is stored: 422 with a
//! code of its own for each way in which they are of no use. 429 `asked-too-often` where the server would ask others once
//! more, and was made to do so often.

mod add;
mod certificates;
mod refusal;
mod secret;
mod shown;
mod test;

use actix_web::{HttpResponse, web};
use freehold_directory::{ConnectionId, connections};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::shown::{ConnectionShown, Connections};
pub(crate) use self::{
    add::{__path_oidc, __path_saml},
    certificates::{__path_refresh, __path_remove_certificate, __path_trust},
    secret::__path_replace_secret,
    test::{__path_begin_test, __path_last_test},
};
use super::super::{
    App,
    caller::{Failure, SessionCookie, unlocked_owner},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    let wrong = || web::to(wrong_method);
    let certificate = "/connections/{id}/certificates/{fingerprint}";
    config
        .service(web::resource("/connections").route(web::get().to(list)).default_service(wrong()))
        .service(
            web::resource("/connections/saml")
                .route(web::post().to(add::saml))
                .default_service(wrong()),
        )
        .service(
            web::resource("/connections/oidc")
                .route(web::post().to(add::oidc))
                .default_service(wrong()),
        )
        .service(
            web::resource("/connections/{id}")
                .route(web::get().to(show))
                .route(web::delete().to(remove))
                .default_service(wrong()),
        )
        .service(
            web::resource("/connections/{id}/secret")
                .route(web::put().to(secret::replace_secret))
                .default_service(wrong()),
        )
        .service(
            web::resource("/connections/{id}/refresh")
                .route(web::post().to(certificates::refresh))
                .default_service(wrong()),
        )
        .service(
            web::resource("/connections/{id}/test")
                .route(web::get().to(test::last_test))
                .route(web::post().to(test::begin_test))
                .default_service(wrong()),
        )
        .service(
            web::resource(certificate)
                .route(web::delete().to(certificates::remove_certificate))
                .default_service(wrong()),
        )
        .service(
            web::resource(format!("{certificate}/trust"))
                .route(web::post().to(certificates::trust))
                .default_service(wrong()),
        );
}

/// What cannot be an id names nothing.
fn parse(id: &str) -> Result<ConnectionId, Failure> {
    id.parse().map_err(|_| Problem::not_found().into())
}

/// All connections by name, and what to enter at identity providers.
#[utoipa::path(
    get, path = "/api/admin/connections", tag = "sign-in",
    responses((status = 200, body = Connections), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let site = app.site.clone();
    let all = app
        .read_as(cookie, move |store, session| {
            let organization = session.admin()?.organization();
            let all = connections::list(store, organization)?;
            Ok(Connections::of(&all, &site, session.organization_names().0))
        })
        .await?;
    Ok(HttpResponse::Ok().json(all))
}

/// One connection.
#[utoipa::path(
    get, path = "/api/admin/connections/{id}", tag = "sign-in",
    params(("id" = String, Path)),
    responses((status = 200, body = ConnectionShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let shown = app
        .read_as(cookie, move |store, session| {
            let organization = session.admin()?.organization();
            let connection = connections::of(store, organization, parse(&id)?)?;
            Ok(ConnectionShown::of(&connection))
        })
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}

/// How a connection is removed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Removal {
    /// Also while SCIM tokens or clients provision people for it.
    #[serde(default)]
    force: bool,
}

/// What ended with a connection.
#[derive(Serialize, ToSchema)]
pub(crate) struct Removed {
    /// Sessions of people who signed in over it.
    sessions: u64,
    /// Sign-ins under way.
    logins: u64,
}

/// Removes a connection, with the sessions and begun sign-ins over it. For an unlocked owner.
#[utoipa::path(
    delete, path = "/api/admin/connections/{id}", tag = "sign-in",
    params(
        ("id" = String, Path),
        ("force" = Option<bool>, Query, description = "Also while tokens or clients provision people for it"),
    ),
    responses((status = 200, body = Removed), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn remove(
    id: web::Path<String>,
    query: web::Query<Removal>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, force) = (app.now(), query.force);
    let (removed, gone) = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_owner(session)?.mandate();
            let (id, rng) = (parse(&id)?, &mut system::random());
            Ok((connections::remove(store, mandate, id, force, now, rng)?, id))
        })
        .await?;
    app.providers.forget(&gone.to_string());
    tracing::warn!(sessions = removed.sessions, "a connection was removed");
    Ok(HttpResponse::Ok().json(Removed { sessions: removed.sessions, logins: removed.logins }))
}
