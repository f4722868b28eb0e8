//! SCIM 2.0 under `/scim/v2` (RFC 7644): an identity provider creates, changes and removes
//! accounts. Every answer, refusals of unknown addresses and methods too, is a SCIM document.

mod auth;
mod bulk;
mod call;
mod command;
mod discovery;
mod gate;
mod lists;
mod problem;
mod recorder;
mod resources;
mod root;

use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header},
    middleware::{NormalizePath, from_fn},
    web,
};
use freehold_scim::{ScimError, json};
use serde_json::Value;

use self::problem::{SCIM_JSON, ScimProblem};
pub(super) use self::{
    call::ONLY_READS,
    discovery::text as configuration,
    problem::{NO_TOKEN, OFF},
};
pub use self::{
    gate::Gate,
    recorder::{Recorder, Rows},
};
use super::body;

/// Where SCIM begins.
pub(super) const BASE: &str = "/scim/v2";
/// The largest body of a `/.search`.
const SEARCH_LIMIT: usize = 64 * 1024;
/// A body of at most so many bytes is read before the token is looked at: one job does both then.
const READ_UNSEEN: usize = 32 * 1024;
/// The largest body of all: a group of 100,000 members.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// Adds the scope. Some clients end addresses with a slash, and some have a base URL that ends with one and begin the
/// rest with another: such an address means what it means without.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope(BASE)
            .wrap(NormalizePath::trim())
            .wrap(from_fn(auth::with_token))
            .configure(discovery::configure)
            .service(
                web::resource("/Bulk")
                    .route(web::post().to(bulk::carry_out))
                    .default_service(only("POST")),
            )
            .service(
                web::resource("/.search")
                    .route(web::post().to(root::search))
                    .default_service(only("POST")),
            )
            .service(
                web::resource("")
                    .route(web::get().to(root::list))
                    .default_service(only("GET, HEAD")),
            )
            .service(web::resource("/Me").to(not_implemented))
            // Before the other patterns: what is asked most is found first.
            .service(
                web::resource("/{kind}")
                    .route(web::get().to(lists::list))
                    .route(web::post().to(resources::create))
                    .default_service(web::to(no_collection)),
            )
            .service(web::resource("/Me/{rest:.*}").to(not_implemented))
            .service(
                web::resource("/{kind}/.search")
                    .route(web::post().to(lists::search))
                    .default_service(only("POST")),
            )
            .service(
                web::resource("/{kind}/{id}")
                    .route(web::get().to(resources::get))
                    .route(web::put().to(resources::replace))
                    .route(web::patch().to(resources::patch))
                    .route(web::delete().to(resources::delete))
                    .default_service(web::to(no_resource)),
            )
            .default_service(web::to(nothing_here)),
    );
}

/// A method that a collection does not take, if there is such a collection.
async fn no_collection(
    request: HttpRequest,
    app: web::Data<super::App>,
) -> Result<HttpResponse, ScimProblem> {
    wrong_method(&request, &app, "GET, HEAD, POST")
}

/// A method that a resource does not take.
async fn no_resource(
    request: HttpRequest,
    app: web::Data<super::App>,
) -> Result<HttpResponse, ScimProblem> {
    wrong_method(&request, &app, "GET, HEAD, PUT, PATCH, DELETE")
}

fn wrong_method(
    request: &HttpRequest,
    app: &super::App,
    allow: &'static str,
) -> Result<HttpResponse, ScimProblem> {
    call::kind(request, app)?;
    Err(ScimProblem::method_not_allowed(allow))
}

/// RFC 7644 §3.11: a server without `/Me` says 501. A token is an identity provider's and stands for no user.
async fn not_implemented() -> Result<HttpResponse, ScimProblem> {
    Err(ScimError::not_implemented("This server does not offer this endpoint.").into())
}

async fn nothing_here() -> Result<HttpResponse, ScimProblem> {
    Err(ScimError::not_found().into())
}

/// The answer to a method that an address does not take.
fn only(allow: &'static str) -> actix_web::Route {
    web::to(move || async move { Err::<HttpResponse, _>(ScimProblem::method_not_allowed(allow)) })
}

/// Reads a body that says it is SCIM or JSON.
async fn read_body(
    request: &HttpRequest,
    payload: web::Payload,
    limit: usize,
    app: &super::App,
) -> Result<web::Bytes, ScimProblem> {
    let call = call::Call::of(request)?;
    if !body::is_of_type(request, &[SCIM_JSON, "application/json"]) {
        return Err(ScimProblem::unsupported_media_type());
    }
    if body::announced(request).is_none_or(|length| length > READ_UNSEEN) {
        call.authenticate(app).await?;
    }
    let mut payload: Payload = payload.into_inner();
    let body = body::read(request, &mut payload, limit.min(LARGEST_BODY)).await?;
    call.saw_body(&body);
    Ok(body)
}

/// A SCIM document.
fn document(status: StatusCode, value: &Value) -> HttpResponse {
    HttpResponse::build(status).content_type(SCIM_JSON).body(json::text(value))
}

/// A SCIM document that has an address of its own: the header says what its `meta` says (RFC 7643 §3.1).
fn described(value: &Value) -> HttpResponse {
    let mut answer = document(StatusCode::OK, value);
    let location = value.pointer("/meta/location").and_then(Value::as_str);
    if let Some(location) = location.and_then(|it| header::HeaderValue::from_str(it).ok()) {
        answer.headers_mut().insert(header::CONTENT_LOCATION, location);
    }
    answer
}

/// A resource with its version and address in the headers, as they stand in its `meta`.
fn resource(status: StatusCode, value: &Value, version: &str, location: &str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(SCIM_JSON)
        .insert_header((header::ETAG, version))
        .insert_header((header::LOCATION, location))
        .insert_header((header::CONTENT_LOCATION, location))
        .body(json::text(value))
}
