//! `/api/admin/users`: who works here, how far they have come, and what an admin does about it.

pub(crate) mod change;
pub(crate) mod person;
pub(crate) mod sessions;

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use freehold_directory::{
    ConnectionId, OrganizationId, ShownState, Store, Timestamp, UserId,
    people::{self, ListError, Listed, Query, Refusal, Search, Whom},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    super::{
        App,
        caller::{Failure, SessionCookie},
        openapi::Refusal as Refused,
        problem::Problem,
        wrong_method,
    },
    page::{self, Count},
};

const DAY: Duration = Duration::from_secs(86_400);

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/users")
                .route(web::get().to(list))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/users/{id}")
                .route(web::get().to(person::show))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/users/{id}/sessions")
                .route(web::get().to(sessions::list))
                .route(web::delete().to(sessions::end_all))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/users/{id}/sessions/{session}")
                .route(web::delete().to(sessions::end))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/users/{id}/roles/{role}")
                .route(web::put().to(change::grant))
                .route(web::delete().to(change::revoke))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/users/{id}/restore")
                .route(web::post().to(change::restore))
                .default_service(web::to(wrong_method)),
        );
}

/// Which people are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The beginning of `userName`, of `displayName` or a later word of it, or of an e-mail address, all in any case, or of
    /// `externalId`, as it is typed or in small letters; at most 200 characters.
    search: Option<String>,
    /// `PENDING`, `READY`, `SUSPENDED` or `DELETED`; without it everybody who is not deleted.
    state: Option<String>,
    /// Only those who are PENDING for so many days or longer.
    stuck_days: Option<u32>,
    /// Only those who carry this connection, by its name.
    connection: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 200; 50 without it.
    limit: Option<u32>,
}

/// A page of people. Where something is searched for, those whose `userName` begins with it come first, then those whose
/// `displayName` does, and so on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Users {
    users: Vec<UserRow>,
    /// The cursor of the next page; null when this is the last.
    next: Option<String>,
    /// Of the first page: how many there are.
    count: Option<Count>,
    /// Of the first page: the names of the organization's connections.
    connections: Option<Vec<String>>,
}

/// Somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserRow {
    id: String,
    user_name: String,
    display_name: Option<String>,
    external_id: Option<String>,
    /// The name of the connection that the account carries.
    connection: Option<String>,
    /// `PENDING`, `READY`, `SUSPENDED` or `DELETED`.
    state: &'static str,
    /// Since when.
    since: u64,
    /// Where a PENDING person stands.
    step: Option<Step>,
    /// The last sign-in that was refused, unless the person has signed in since.
    refusal: Option<RefusedSignIn>,
    /// The last sign-in.
    signed_in_at: Option<u64>,
    /// `member`, `admin` or `owner`.
    role: &'static str,
    /// Of a deleted person: until when it can be restored.
    kept_until: Option<u64>,
}

/// Where a PENDING person stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    /// `provisioned` (never signed in), `reset` (not signed in since the keys were reset), `signed-in` (has not begun to set
    /// up), `setup-begun` (did not finish).
    name: &'static str,
    /// Since when.
    at: u64,
}

/// A sign-in that was refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefusedSignIn {
    at: u64,
    /// Why, by a stable name such as `no-user` or `other-connection`.
    code: String,
}

impl From<&Refusal> for RefusedSignIn {
    fn from(refusal: &Refusal) -> Self {
        Self { at: refusal.at.as_millis(), code: refusal.code.clone() }
    }
}

impl UserRow {
    fn of(listed: &Listed, retention: Duration) -> Self {
        let state = match listed.deleted_at {
            Some(_) => "DELETED",
            None => listed.state().as_str(),
        };
        let stuck = listed.stuck_at().filter(|_| listed.deleted_at.is_none());
        Self {
            id: listed.id.to_string(),
            user_name: listed.user_name.clone(),
            display_name: listed.display_name.clone(),
            external_id: listed.external_id.clone(),
            connection: listed.connection.clone(),
            state,
            since: listed.deleted_at.unwrap_or_else(|| listed.since()).as_millis(),
            step: stuck.map(|(step, at)| Step { name: step.as_str(), at: at.as_millis() }),
            refusal: listed.steps.refusal().map(RefusedSignIn::from),
            signed_in_at: listed.steps.signed_in_at.map(Timestamp::as_millis),
            role: listed.role.as_str(),
            kept_until: listed.deleted_at.map(|at| at.plus(retention).as_millis()),
        }
    }
}

/// People of the organization. 400 `bad-request` for an unknown parameter or state, a search that is too long, and a cursor
/// of another list.
#[utoipa::path(
    get, path = "/api/admin/users", tag = "people", params(Wanted),
    responses((status = 200, body = Users), (status = "4XX", response = Refused)),
)]
pub(crate) async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let wanted: Wanted = page::parameters(request.query_string())?;
    let (now, retention) = (app.now(), app.retention);
    let limit = page::limit(wanted.limit)?;
    let whom = whom(&wanted, now, retention)?;
    let search = search(wanted.search.as_deref())?;
    let users = app
        .scan_as(cookie, move |store, session| {
            let admin = session.admin()?;
            let connection = connection(store, admin.organization(), wanted.connection.as_deref())?;
            let query = Query { whom, search: search.clone(), connection };
            let page = people::list(store, admin, &query, wanted.cursor.as_deref(), limit.into())?;
            let connections = match wanted.cursor {
                None => Some(names(store, admin.organization())?),
                Some(_) => None,
            };
            Ok(Users {
                users: page.people.iter().map(|one| UserRow::of(one, retention)).collect(),
                next: page.next,
                count: page.count.map(Count::of),
                connections,
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(users))
}

fn whom(wanted: &Wanted, now: Timestamp, retention: Duration) -> Result<Whom, Problem> {
    let whom = match (wanted.state.as_deref(), wanted.stuck_days) {
        (None | Some("PENDING"), Some(days)) => Whom::PendingSince(now.minus(DAY * days)),
        (Some(_), Some(_)) => {
            return Err(Problem::bad_request("Only PENDING people wait for something."));
        }
        (None, None) => Whom::Everybody,
        (Some("DELETED"), None) => Whom::DeletedAfter(now.minus(retention)),
        (Some("PENDING"), None) => Whom::In(ShownState::Pending),
        (Some("READY"), None) => Whom::In(ShownState::Ready),
        (Some("SUSPENDED"), None) => Whom::In(ShownState::Suspended),
        (Some(_), None) => {
            return Err(Problem::bad_request("The state is PENDING, READY, SUSPENDED or DELETED."));
        }
    };
    Ok(whom)
}

fn search(text: Option<&str>) -> Result<Option<Search>, Problem> {
    Search::parse(text.unwrap_or_default()).map_err(|_| Problem::long_search())
}

/// The connection of this name; one of another organization is unknown.
fn connection(
    store: &mut dyn Store,
    organization: OrganizationId,
    name: Option<&str>,
) -> Result<Option<ConnectionId>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let all = store.connections(organization)?;
    let found = all.iter().find(|connection| connection.name.as_str() == name);
    found.map(|connection| Some(connection.id)).ok_or_else(|| Problem::not_found().into())
}

fn names(store: &mut dyn Store, organization: OrganizationId) -> Result<Vec<String>, Failure> {
    let all = store.connections(organization)?;
    Ok(all.into_iter().map(|connection| connection.name.as_str().to_owned()).collect())
}

/// What cannot be an id names nothing.
fn user(id: &str) -> Result<UserId, Failure> {
    id.parse().map_err(|_| Problem::not_found().into())
}

impl From<ListError> for Failure {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Store(error) => error.into(),
            _ => page::bad_cursor().into(),
        }
    }
}
