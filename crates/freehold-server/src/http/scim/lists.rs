//! Lists: RFC 7644 §3.4.2 and §3.4.3, RFC 9865.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use freehold_directory::{
    ScimPrincipal, Store,
    listing::{self, ListPage, ListRequest, Members, With},
};
use freehold_scim::{
    filter::{Filter, Literal, Operator},
    list::{ListQuery, Page, cursor_response, list_response},
    schema::{AttributeRef, ResourceType},
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
    let body = read_body(&request, payload, super::SEARCH_LIMIT, &app).await?;
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
    let (now, base_url) = (call.now(), app.site.scim_url());
    let short = filter.as_ref().is_some_and(is_look_up);
    let asked = page.clone();
    let job = move |store: &mut dyn Store, principal: &ScimPrincipal| {
        let filter = filter.as_ref();
        let (page, base_url) = (&asked, base_url.as_str());
        let wanted = ListRequest { kind, filter, sort, page, count, with, base_url };
        listing::list(store, principal, &wanted, now)
    };
    let found: ListPage =
        if short { call.read(app, job).await? } else { call.scan(app, job).await? };
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

/// Whether an index finds the few resources that a filter means: such a read does not wait behind long ones.
fn is_look_up(filter: &Filter) -> bool {
    const KEYS: [&str; 5] = ["userName", "externalId", "id", "displayName", "emails.value"];
    let is_key = |attribute: &AttributeRef| KEYS.iter().any(|key| attribute.is_core(key));
    match filter {
        Filter::And(all) => all.iter().any(is_look_up),
        Filter::Compare { attribute, operator: Operator::Eq, value: Literal::Text(_) } => {
            is_key(attribute)
        }
        _ => false,
    }
}
