//! Lists: RFC 7644 §3.4.2 and §3.4.3, RFC 9865.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use freehold_directory::listing::{self, ListPage, ListRequest, Members, With};
use freehold_scim::{
    list::{ListQuery, Page, cursor_response, list_response},
    schema::ResourceType,
};

use super::{
    call::{self, Call},
    document,
    problem::ScimProblem,
    read_body,
};
use crate::http::App;

/// `GET /Users?filter=..`
pub(super) async fn list(
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let (call, kind) = (Call::of(&request)?, call::kind(&request, &app)?);
    let query = ListQuery::parse(request.query_string(), kind, call.now().as_millis())?;
    answer(&app, &call, kind, query).await
}

/// `POST /Users/.search`
pub(super) async fn search(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let (call, kind) = (Call::of(&request)?, call::kind(&request, &app)?);
    let body = read_body(&request, payload, super::SEARCH_LIMIT).await?;
    call.saw_body(&body);
    let query = ListQuery::parse_search(&body, kind, call.now().as_millis())?;
    answer(&app, &call, kind, query).await
}

async fn answer(
    app: &App,
    call: &Call,
    kind: &'static ResourceType,
    query: ListQuery,
) -> Result<HttpResponse, ScimProblem> {
    let ListQuery { filter, page, count, sort, projection, fingerprint } = query;
    let with = With {
        groups: projection.shows("groups"),
        members: Members::all_if(projection.shows("members")),
    };
    let (principal, now, base_url) = (call.principal().clone(), call.now(), app.site.scim_url());
    let asked = page.clone();
    let found: ListPage = app
        .database
        .scan(move |store| {
            let filter = filter.as_ref();
            let (page, base_url) = (&asked, base_url.as_str());
            let wanted = ListRequest { kind, filter, sort, page, count, with, base_url };
            listing::list(store, &principal, &wanted, now)
        })
        .await?;
    let base_url = app.site.scim_url();
    let resources = found.resources.iter().map(|shown| {
        let mut value = shown.render(kind, &base_url);
        projection.apply(&mut value);
        value
    });
    let resources = resources.collect();
    let list = match page {
        Page::Index { start_index } => list_response(resources, found.total, start_index),
        Page::Cursor(_) => {
            let next = found.next.map(|cursor| cursor.render(fingerprint));
            cursor_response(resources, Some(found.total), next.as_deref())
        }
    };
    Ok(document(StatusCode::OK, &list))
}
