//! `/api/admin/groups`: the groups of the identity provider, and which of them make admins.

use actix_web::{HttpRequest, HttpResponse, web};
use freehold_directory::{
    GroupId, Timestamp,
    people::groups::{self, GroupPage, GroupSearch, ListedGroup, ListedMember},
    roles,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    super::{
        App,
        body::{self, JsonBytes},
        caller::{Failure, SessionCookie, unlocked_owner},
        openapi::Refusal,
        problem::Problem,
        wrong_method,
    },
    page::{self, Count},
};
use crate::system;

/// One short field.
const LIMIT: usize = 256;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/groups")
                .route(web::get().to(list))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/groups/{id}")
                .route(web::get().to(show))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/groups/{id}/members")
                .route(web::get().to(members))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/groups/{id}/role")
                .route(web::put().to(map))
                .route(web::delete().to(unmap))
                .default_service(web::to(wrong_method)),
        );
}

/// Which groups are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedGroups {
    /// `displayName` holds this, in any case; at most 200 characters.
    search: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 200; 50 without it.
    limit: Option<u32>,
}

/// A page of groups by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Groups {
    groups: Vec<GroupRow>,
    /// The cursor of the next page; null when this is the last.
    next: Option<String>,
}

/// A group.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupRow {
    id: String,
    name: String,
    /// Direct members, users and groups.
    members: Count,
    /// Since when its members are admins; null when they are none by it.
    mapped_at: Option<u64>,
}

impl From<&ListedGroup> for GroupRow {
    fn from(group: &ListedGroup) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name.clone(),
            members: Count::of(group.members),
            mapped_at: group.mapped_at.map(Timestamp::as_millis),
        }
    }
}

/// One group.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    #[serde(flatten)]
    row: GroupRow,
    external_id: Option<String>,
    created_at: u64,
    last_modified_at: u64,
    /// Direct members that are active users: those whom a mapping makes admins.
    people: u64,
    /// Direct members that are groups; a mapping does not reach into them.
    nested: u64,
}

/// A page of the direct members of a group.
#[derive(Serialize, ToSchema)]
pub(crate) struct Members {
    members: Vec<Member>,
    /// The cursor of the next page; null when this is the last.
    next: Option<String>,
}

/// A direct member.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    id: String,
    /// `user` or `group`.
    kind: &'static str,
    name: String,
    user_name: Option<String>,
    /// Of a user, whether it is active.
    active: bool,
}

impl From<&ListedMember> for Member {
    fn from(member: &ListedMember) -> Self {
        Self {
            id: member.id.clone(),
            kind: if member.is_group { "group" } else { "user" },
            name: member.name.clone(),
            user_name: member.user_name.clone(),
            active: member.active,
        }
    }
}

/// The role that a group gives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct GroupRole {
    role: Mapped,
}

/// The one role that a group can give: who manages the group at the identity provider gives it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Mapped {
    Admin,
}

/// What cannot be an id names nothing.
fn group(id: &str) -> Result<GroupId, Failure> {
    id.parse().map_err(|_| Problem::not_found().into())
}

/// Groups of the organization by name.
#[utoipa::path(
    get, path = "/api/admin/groups", tag = "people", params(WantedGroups),
    responses((status = 200, body = Groups), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let wanted: WantedGroups = page::parameters(request.query_string())?;
    let limit = page::limit(wanted.limit)?;
    let after = page::after("groups", wanted.cursor.as_deref())?;
    let search = GroupSearch::parse(wanted.search.as_deref().unwrap_or_default())
        .map_err(|_| Problem::long_search())?;
    let mut all = app
        .scan_as(cookie, move |store, session| {
            Ok(groups::list(
                store,
                session.admin()?,
                search.as_ref(),
                &after,
                u64::from(limit) + 1,
            )?)
        })
        .await?;
    let next = page::cut(&mut all, limit, |last| page::cursor("groups", &last.key));
    let groups = all.iter().map(GroupRow::from).collect();
    Ok(HttpResponse::Ok().json(Groups { groups, next }))
}

/// One group.
#[utoipa::path(
    get, path = "/api/admin/groups/{id}", tag = "people",
    params(("id" = String, Path, description = "The SCIM id")),
    responses((status = 200, body = Group), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let page = app
        .read_as(cookie, move |store, session| {
            let found = groups::find(store, session.admin()?, group(&id)?)?;
            Ok(found.ok_or_else(Problem::not_found)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(render(&page)))
}

fn render(page: &GroupPage) -> Group {
    Group {
        row: GroupRow::from(&page.listed),
        external_id: page.group.document.external_id().map(str::to_owned),
        created_at: page.group.created_at.as_millis(),
        last_modified_at: page.group.last_modified.as_millis(),
        people: page.people,
        nested: page.nested,
    }
}

/// Which members are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedMembers {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 200; 50 without it.
    limit: Option<u32>,
}

/// The direct members of a group, in the order in which their accounts were made.
#[utoipa::path(
    get, path = "/api/admin/groups/{id}/members", tag = "people",
    params(("id" = String, Path, description = "The SCIM id"), WantedMembers),
    responses((status = 200, body = Members), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn members(
    request: HttpRequest,
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let wanted: WantedMembers = page::parameters(request.query_string())?;
    let limit = page::limit(wanted.limit)?;
    let after = page::after("members", wanted.cursor.as_deref())?;
    let mut all = app
        .scan_as(cookie, move |store, session| {
            let found = groups::members(
                store,
                session.admin()?,
                group(&id)?,
                &after,
                u64::from(limit) + 1,
            )?;
            Ok(found.ok_or_else(Problem::not_found)?)
        })
        .await?;
    let next = page::cut(&mut all, limit, |last| page::cursor("members", &last.id));
    let members = all.iter().map(Member::from).collect();
    Ok(HttpResponse::Ok().json(Members { members, next }))
}

/// Makes every direct member of a group an admin, now and later, as long as he is one. For an unlocked owner.
#[utoipa::path(
    put, path = "/api/admin/groups/{id}/role", tag = "people", request_body = GroupRole,
    params(("id" = String, Path, description = "The SCIM id")),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn map(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let GroupRole { role: Mapped::Admin } = body::parse(&body.0)?;
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_owner(session)?.mandate();
        Ok(roles::map(store, mandate, group(&id)?, now, &mut system::random())?)
    })
    .await?;
    tracing::warn!("the members of a group are admins from now on");
    Ok(HttpResponse::NoContent().finish())
}

/// Ends that. For an unlocked owner; 404 when the group gives no role.
#[utoipa::path(
    delete, path = "/api/admin/groups/{id}/role", tag = "people",
    params(("id" = String, Path, description = "The SCIM id")),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn unmap(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_owner(session)?.mandate();
        Ok(roles::unmap(store, mandate, group(&id)?, now, &mut system::random())?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
