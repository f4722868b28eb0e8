//! `/Users`: RFC 7644 §3.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, IF_MATCH, IF_NONE_MATCH},
    },
    web,
};
use freehold_directory::{
    ScimPrincipal, Store, UserId,
    users::{self, ListRequest, User, UserError},
};
use freehold_scim::{
    ScimError,
    etag::{self, Condition},
    list::{ListQuery, list_response},
    patch::PatchRequest,
    projection::Projection,
    schema::USER,
    user::UserDocument,
};

use super::{document, only, principal, problem::ScimProblem, read_body, resource};
use crate::{http::App, system};

/// Adds the routes. Some clients end the address of the collection with a slash.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(["/Users", "/Users/"])
                .route(web::get().to(list))
                .route(web::post().to(create))
                .default_service(only("GET, POST")),
        )
        .service(
            web::resource("/Users/{id}")
                .route(web::get().to(get))
                .route(web::put().to(replace))
                .route(web::patch().to(patch))
                .route(web::delete().to(delete))
                .default_service(only("GET, PUT, PATCH, DELETE")),
        );
}

/// RFC 7644 §3.3.
async fn create(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let principal = principal(&request)?;
    let projection = Projection::from_query(request.query_string(), &USER)?;
    let user = UserDocument::parse(&read_body(&request, payload).await?)?;
    let now = app.now();
    let user = app
        .database
        .write(move |store| users::create(store, &principal, &user, now, &mut system::random()))
        .await?;
    tracing::info!(user = %user.id, "user created");
    Ok(render(StatusCode::CREATED, &user, &projection, &app))
}

/// RFC 7644 §3.4.1.
async fn get(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, ScimProblem> {
    let (principal, id) = (principal(&request)?, user_id(&request)?);
    let projection = Projection::from_query(request.query_string(), &USER)?;
    let user = app.database.read(move |store| users::get(store, &principal, id)).await?;
    if condition(&request, &IF_NONE_MATCH).is_some_and(|known| known.matches(user.version)) {
        let tag = etag::render(user.version);
        return Ok(HttpResponse::NotModified().insert_header(("ETag", tag)).finish());
    }
    Ok(render(StatusCode::OK, &user, &projection, &app))
}

/// RFC 7644 §3.4.2.
async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, ScimProblem> {
    let principal = principal(&request)?;
    let ListQuery { filter, start_index, count, projection, .. } =
        ListQuery::parse(request.query_string(), &USER)?;
    let base_url = app.site.scim_url();
    let page = app
        .database
        .scan(move |store| {
            let wanted =
                ListRequest { filter: filter.as_ref(), start_index, count, base_url: &base_url };
            users::list(store, &principal, wanted)
        })
        .await?;
    let base_url = app.site.scim_url();
    let resources = page.users.iter().map(|user| {
        let mut value = user.render(&base_url);
        projection.apply(&mut value);
        value
    });
    let list = list_response(resources.collect(), page.total, start_index);
    Ok(document(StatusCode::OK, &list))
}

/// RFC 7644 §3.5.1.
async fn replace(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let (principal, id) = (principal(&request)?, user_id(&request)?);
    let projection = Projection::from_query(request.query_string(), &USER)?;
    let user = UserDocument::parse(&read_body(&request, payload).await?)?;
    let (now, expected) = (app.now(), condition(&request, &IF_MATCH));
    let user = app
        .database
        .write(move |store| {
            let guard = guard(store, &principal, id, expected.as_ref())?;
            users::replace(store, &principal, id, &user, guard, now, &mut system::random())
        })
        .await?;
    Ok(render(StatusCode::OK, &user, &projection, &app))
}

/// RFC 7644 §3.5.2; answers with the resource, as Entra and Okta expect.
async fn patch(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let (principal, id) = (principal(&request)?, user_id(&request)?);
    let projection = Projection::from_query(request.query_string(), &USER)?;
    let changes = PatchRequest::parse(&read_body(&request, payload).await?, &USER)?;
    let (now, expected) = (app.now(), condition(&request, &IF_MATCH));
    let user = app
        .database
        .write(move |store| {
            let guard = guard(store, &principal, id, expected.as_ref())?;
            users::patch(store, &principal, id, &changes, guard, now, &mut system::random())
        })
        .await?;
    Ok(render(StatusCode::OK, &user, &projection, &app))
}

/// RFC 7644 §3.6.
async fn delete(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, ScimProblem> {
    let (principal, id) = (principal(&request)?, user_id(&request)?);
    let (now, expected) = (app.now(), condition(&request, &IF_MATCH));
    app.database
        .write(move |store| {
            let guard = guard(store, &principal, id, expected.as_ref())?;
            users::delete(store, &principal, id, guard, now, &mut system::random())
        })
        .await?;
    tracing::info!(user = %id, "user deleted");
    Ok(HttpResponse::NoContent().finish())
}

fn render(status: StatusCode, user: &User, projection: &Projection, app: &App) -> HttpResponse {
    let base_url = app.site.scim_url();
    let mut value = user.render(&base_url);
    projection.apply(&mut value);
    let location = format!("{base_url}/Users/{}", user.id);
    resource(status, &value, &etag::render(user.version), &location)
}

/// An id that is no id of ours is the id of no user.
fn user_id(request: &HttpRequest) -> Result<UserId, ScimProblem> {
    let text = request.match_info().get("id").unwrap_or_default();
    text.parse().map_err(|_| ScimError::not_found().into())
}

/// A precondition, if the request has one (RFC 7644 §3.14). Several headers are one list.
fn condition(request: &HttpRequest, name: &HeaderName) -> Option<Condition> {
    let values: Vec<&str> =
        request.headers().get_all(name).map(|value| value.to_str().unwrap_or_default()).collect();
    if values.is_empty() { None } else { Some(Condition::parse(&values.join(","))) }
}

/// The version that a write must find, when `If-Match` names any: the current one, if it is among
/// those named.
fn guard(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: UserId,
    expected: Option<&Condition>,
) -> Result<Option<u64>, UserError> {
    let Some(expected) = expected else { return Ok(None) };
    let current = users::get(store, principal, id)?.version;
    if expected.matches(current) { Ok(Some(current)) } else { Err(UserError::VersionMismatch) }
}
