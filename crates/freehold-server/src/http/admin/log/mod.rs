//! `/api/admin/log`: what identity providers asked for, and what came of it.

mod live;
pub(in crate::http) mod stream;

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use freehold_directory::{
    OrganizationId, Store, StoreError,
    provisioning_log::{self, LoggedEntry},
    tokens,
};
use freehold_wire::TokenId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::{App, caller::SessionCookie, openapi::Refusal, problem::Problem, wrong_method},
    page,
};
pub use live::LiveLog;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/log").route(web::get().to(list)).default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/log/events")
                .route(web::get().to(stream::events))
                .default_service(web::to(wrong_method)),
        );
}

/// Which entries are wanted.
#[derive(Clone, Copy, Default, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Wanted {
    /// All of them.
    #[default]
    All,
    /// Refusals alone.
    Refused,
}

/// What came of a request.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// It was done.
    Done,
    /// It was refused; `detail` says why, `fix` what to change and where.
    Refused,
    /// This is no request: so many were not written down, as `detail` says.
    Lost,
}

/// A SCIM token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenShown {
    #[schema(value_type = String)]
    id: TokenId,
    /// What the admin called it, or the client that has it.
    description: Option<String>,
}

/// One SCIM request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogItem {
    /// Ids sort by the time of writing.
    id: String,
    /// When the request arrived.
    at: u64,
    method: String,
    /// Below the SCIM URL; values of filters are masked.
    target: String,
    /// The id of the resource.
    resource: Option<String>,
    /// The HTTP status.
    status: u16,
    outcome: Outcome,
    /// Why it was refused, or what was passed over.
    detail: Option<String>,
    /// What to change, and on which screen of the identity provider.
    fix: Option<String>,
    duration_ms: u64,
    token: Option<TokenShown>,
    /// The body with its values masked; a text where it is no JSON.
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
}

/// A page of the log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogPage {
    entries: Vec<LogItem>,
    /// The cursor of the next page; null when this is the last.
    next: Option<String>,
}

/// Which part of the log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct LogPart {
    #[serde(default)]
    outcome: Wanted,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The log, newest first.
#[utoipa::path(
    get, path = "/api/admin/log", tag = "provisioning",
    params(
        ("outcome" = Option<Wanted>, Query, description = "All unless given"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 200; 50 without it"),
    ),
    responses((status = 200, body = LogPage), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let part: LogPart = page::parameters(request.query_string())?;
    let before = page::entry(part.cursor.as_deref())?;
    let limit = page::limit(part.limit)?;
    let refused = part.outcome == Wanted::Refused;
    let log = app
        .read_as(cookie, move |store, session| {
            let organization = session.admin()?.organization();
            let mut entries = provisioning_log::page_before(
                store,
                organization,
                before.as_deref(),
                refused,
                limit + 1,
            )?;
            let next = page::cut(&mut entries, limit, |last| last.id.clone());
            Ok(LogPage { entries: items(store, organization, entries)?, next })
        })
        .await?;
    Ok(HttpResponse::Ok().json(log))
}

/// Entries as they are spoken.
fn items(
    store: &mut dyn Store,
    organization: OrganizationId,
    entries: Vec<LoggedEntry>,
) -> Result<Vec<LogItem>, StoreError> {
    let named = entries.iter().filter_map(|logged| logged.entry.token);
    let names = tokens::descriptions(store, organization, named)?;
    Ok(entries.into_iter().map(|logged| item(logged, &names)).collect())
}

fn item(logged: LoggedEntry, names: &BTreeMap<TokenId, String>) -> LogItem {
    let LoggedEntry { id, entry } = logged;
    let outcome = match entry.status {
        0 => Outcome::Lost,
        _ if entry.is_refusal() => Outcome::Refused,
        _ => Outcome::Done,
    };
    let token = entry.token.map(|id| TokenShown { id, description: names.get(&id).cloned() });
    let body = entry.body.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text)));
    LogItem {
        id,
        at: entry.at.as_millis(),
        method: entry.method,
        target: entry.target,
        resource: entry.resource,
        status: entry.status,
        outcome,
        detail: entry.detail,
        fix: entry.fix,
        duration_ms: entry.duration_ms,
        token,
        body,
    }
}
