//! `/api/admin/organization`: its name. `/api/admin/first-steps`: how far it is set up.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    first_steps,
    organizations::{self, OrganizationName},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    App,
    body::{self, JsonBytes},
    caller::{SessionCookie, unlocked_owner},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
};
use crate::system;

/// One short field.
const LIMIT: usize = 2 * 1024;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/organization")
                .route(web::get().to(show))
                .route(web::put().to(rename))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/first-steps")
                .route(web::get().to(first_steps))
                .default_service(web::to(wrong_method)),
        );
}

/// The organization.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrganizationShown {
    /// Its name in addresses and on command lines.
    short_name: String,
    /// Its name for people.
    name: String,
}

/// Another name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewName {
    /// 1 to 200 bytes on one line.
    name: String,
}

/// How far the organization is: what is there, whoever made it and wherever.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FirstSteps {
    organization: OrganizationShown,
    /// It has a name of its own, not only a short one.
    named: bool,
    /// A SCIM token or client lives.
    token: bool,
    /// A SCIM request came in.
    scim_request: bool,
    /// There is a connection.
    connection: bool,
    /// A person of an identity provider came, in a test or to stay.
    sign_in: bool,
    /// There is a user who is no owner.
    person: bool,
    /// Such a user has keys.
    ready: bool,
    /// A domain is verified.
    domain: bool,
    /// Active owners.
    owners: u64,
}

/// The organization's names.
#[utoipa::path(
    get, path = "/api/admin/organization", tag = "organization",
    responses((status = 200, body = OrganizationShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let shown = app
        .read_as(cookie, |store, session| {
            let found = organizations::get(store, session.admin()?.organization())?;
            let (short_name, name) = (found.slug.to_string(), found.name.as_str().to_owned());
            Ok(OrganizationShown { short_name, name })
        })
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}

/// Gives the organization another name for people; the short name stays. For an unlocked owner.
#[utoipa::path(
    put, path = "/api/admin/organization", tag = "organization", request_body = NewName,
    responses((status = 200, body = OrganizationShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn rename(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let NewName { name } = body::parse(&body.0)?;
    let name = OrganizationName::parse(&name).map_err(|error| match error.is_of_unseen() {
        true => Problem::unseen(),
        false => Problem::unusable("name-malformed", format!("{error}.")),
    })?;
    let now = app.now();
    let shown = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_owner(session)?.mandate();
            organizations::rename(store, mandate, &name, now, &mut system::random())?;
            let short_name = session.organization_names().0.to_owned();
            Ok(OrganizationShown { short_name, name: name.as_str().to_owned() })
        })
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}

/// How far the organization is.
#[utoipa::path(
    get, path = "/api/admin/first-steps", tag = "organization",
    responses((status = 200, body = FirstSteps), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn first_steps(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let steps = app
        .read_as(cookie, move |store, session| {
            Ok(first_steps::of(store, session.admin()?.organization(), now)?)
        })
        .await?;
    let found = steps.found;
    Ok(HttpResponse::Ok().json(FirstSteps {
        organization: OrganizationShown {
            short_name: steps.organization.slug.to_string(),
            name: steps.organization.name.as_str().to_owned(),
        },
        named: steps.named,
        token: found.provisioner,
        scim_request: found.scim_request,
        connection: found.connection,
        sign_in: found.sign_in,
        person: found.person,
        ready: found.ready,
        domain: found.domain,
        owners: found.owners,
    }))
}
