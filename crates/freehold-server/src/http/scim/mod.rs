//! SCIM 2.0 under `/scim/v2` (RFC 7644): an identity provider creates, changes and removes
//! accounts. Every answer, refusals of unknown addresses and methods too, is a SCIM document.

mod auth;
mod discovery;
mod problem;
mod users;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, ResponseError,
    dev::Payload,
    http::{StatusCode, header},
    middleware::from_fn,
    web,
};
use freehold_directory::ScimPrincipal;
use freehold_scim::ScimError;
use serde_json::Value;

use self::problem::{SCIM_JSON, ScimProblem};
use super::body::{self, SCIM_LIMIT};

/// Adds the scope.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/scim/v2")
            .wrap(from_fn(auth::with_token))
            .configure(discovery::configure)
            .configure(users::configure)
            .service(web::resource(["/Bulk", "/Me"]).to(not_implemented))
            .default_service(web::to(nothing_here)),
    );
}

/// RFC 7644 §3.11: a server without `/Me` says 501; the same for `/Bulk`.
async fn not_implemented() -> HttpResponse {
    let problem: ScimProblem =
        ScimError::not_implemented("This server does not offer this endpoint.").into();
    problem.error_response()
}

async fn nothing_here() -> HttpResponse {
    ScimProblem::from(ScimError::not_found()).error_response()
}

/// The answer to a method that an address does not take.
fn only(allow: &'static str) -> actix_web::Route {
    web::to(move || async move { ScimProblem::method_not_allowed(allow).error_response() })
}

/// The proof that [`auth::with_token`] left in the request.
fn principal(request: &HttpRequest) -> Result<ScimPrincipal, ScimProblem> {
    request
        .extensions()
        .get::<ScimPrincipal>()
        .cloned()
        .ok_or_else(|| ScimProblem::from(ScimError::unauthorized()))
}

/// Reads a body that says it is SCIM or JSON.
async fn read_body(
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<web::Bytes, ScimProblem> {
    if !body::is_of_type(request, &[SCIM_JSON, "application/json"]) {
        return Err(ScimProblem::unsupported_media_type());
    }
    let mut payload: Payload = payload.into_inner();
    Ok(body::read(request, &mut payload, SCIM_LIMIT).await?)
}

/// A SCIM document.
fn document(status: StatusCode, value: &Value) -> HttpResponse {
    HttpResponse::build(status).content_type(SCIM_JSON).body(value.to_string())
}

/// A resource with its version and address in the headers, as they stand in its `meta`.
fn resource(status: StatusCode, value: &Value, version: &str, location: &str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(SCIM_JSON)
        .insert_header((header::ETAG, version))
        .insert_header((header::LOCATION, location))
        .body(value.to_string())
}
