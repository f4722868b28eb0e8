//! Roles of a person, and the way back of a deleted one: both decide who may do what here, so they take an owner.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    UserId,
    deleted::{self, RestoreError},
    roles::{self, Grant, LastOwner, RoleError},
};

use super::{
    super::super::{
        App,
        caller::{Failure, SessionCookie, unlocked_owner},
        openapi::Refusal,
        problem::Problem,
    },
    user,
};
use crate::system;

/// The roles that are given; what cannot be one names nothing.
fn grant_named(role: &str) -> Result<Grant, Failure> {
    match role {
        "admin" => Ok(Grant::Admin),
        "owner" => Ok(Grant::Owner),
        _ => Err(Problem::not_found().into()),
    }
}

/// Makes a person an admin. For an unlocked owner. An owner is made by a one-time link of the command line alone: 409
/// `owner-by-link`.
#[utoipa::path(
    put, path = "/api/admin/users/{id}/roles/{role}", tag = "people",
    params(
        ("id" = String, Path, description = "The SCIM id"),
        ("role" = String, Path, description = "`admin`"),
    ),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn grant(
    path: web::Path<(String, String)>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, (id, role)) = (app.now(), path.into_inner());
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_owner(session)?.mandate();
        let user = user(&id)?;
        match grant_named(&role)? {
            Grant::Owner => Err(Problem::owner_by_link().into()),
            Grant::Admin => {
                Ok(roles::grant_admin(store, mandate, user, now, &mut system::random())?)
            }
        }
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a given role away; a group may still make the person an admin. For an unlocked owner. 409 `last-owner`.
#[utoipa::path(
    delete, path = "/api/admin/users/{id}/roles/{role}", tag = "people",
    params(
        ("id" = String, Path, description = "The SCIM id"),
        ("role" = String, Path, description = "`admin` or `owner`"),
    ),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn revoke(
    path: web::Path<(String, String)>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, (id, role)) = (app.now(), path.into_inner());
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_owner(session)?.mandate();
        let (user, grant) = (user(&id)?, grant_named(&role)?);
        let rng = &mut system::random();
        Ok(roles::revoke(store, mandate, user, grant, LastOwner::Keep, now, rng)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Brings a deleted person back, with id, keys and secrets; roles, groups and sessions are gone. For an unlocked owner. 409
/// `restore-taken` when somebody else has a unique value by now, `restore-person` when the person has another account by
/// now, `restore-late` when the time is over.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/restore", tag = "people",
    params(("id" = String, Path, description = "The SCIM id")),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn restore(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, retention, kind) = (app.now(), app.retention, app.catalog.user);
    let restored: UserId = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_owner(session)?.mandate();
            let id = user(&id)?.to_string();
            let rng = &mut system::random();
            Ok(deleted::restore(store, mandate, kind, &id, retention, now, rng)?.id)
        })
        .await?;
    tracing::warn!(user = %restored, "a deleted user was restored");
    Ok(HttpResponse::NoContent().finish())
}

impl From<RoleError> for Failure {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::Store(error) => error.into(),
            RoleError::LastOwner => Problem::last_owner().into(),
            _ => Problem::not_found().into(),
        }
    }
}

impl From<RestoreError> for Failure {
    fn from(error: RestoreError) -> Self {
        match error {
            RestoreError::Store(error) => error.into(),
            RestoreError::TooLate => Problem::restore_late().into(),
            RestoreError::Taken(unique) => Problem::restore_taken(unique.as_str()).into(),
            RestoreError::PersonTaken => Problem::restore_person().into(),
            _ => Problem::not_found().into(),
        }
    }
}
