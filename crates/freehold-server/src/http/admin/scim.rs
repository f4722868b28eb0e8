//! `/api/admin/scim`: whether identity providers may provision, and where.

use actix_web::{HttpResponse, web};
use freehold_directory::organizations::{self, OrganizationError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    App,
    body::{self, JsonBytes},
    caller::{Failure, SessionCookie, unlocked_admin},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
};
use crate::system;

/// One short field.
const LIMIT: usize = 256;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/scim")
            .route(web::get().to(show))
            .route(web::put().to(set))
            .default_service(web::to(wrong_method)),
    );
}

/// Provisioning of the organization.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scim {
    /// Whether requests are taken; otherwise they are answered with 403 and tokens are kept.
    enabled: bool,
    /// The base URL for the identity provider.
    url: String,
}

/// Whether provisioning is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Switch {
    enabled: bool,
}

/// Whether SCIM is on, and its URL.
#[utoipa::path(
    get, path = "/api/admin/scim", tag = "provisioning",
    responses((status = 200, body = Scim), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let enabled = app
        .read_as(cookie, |store, session| {
            Ok(organizations::get(store, session.admin()?.organization())?.scim_enabled)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Scim { enabled, url: app.site.scim_url() }))
}

/// Switches SCIM on or off; tokens and data stay. For an unlocked admin.
#[utoipa::path(
    put, path = "/api/admin/scim", tag = "provisioning", request_body = Switch,
    responses((status = 200, body = Scim), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn set(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let Switch { enabled } = body::parse(&body.0)?;
    let now = app.now();
    let changed = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_admin(session)?.mandate();
            Ok(organizations::set_scim(store, mandate, enabled, now, &mut system::random())?)
        })
        .await?;
    tracing::info!(enabled, changed, "SCIM was switched");
    Ok(HttpResponse::Ok().json(Scim { enabled, url: app.site.scim_url() }))
}

impl From<OrganizationError> for Failure {
    fn from(error: OrganizationError) -> Self {
        match error {
            OrganizationError::Store(error) => error.into(),
            _ => Problem::not_found().into(),
        }
    }
}
