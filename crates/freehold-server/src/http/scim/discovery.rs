//! What this server can do: RFC 7644 §4.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::USER_AGENT},
    web,
};
use freehold_scim::{
    ScimError,
    discovery::{self, Bulk, Features},
    limits,
};

use super::{described, document, only, problem::ScimProblem};
use crate::http::App;

/// What this server does.
///
/// Entity tags are sent and `If-Match` is honored, but not advertised; `Features::default` says why.
fn features() -> Features {
    let bulk = Bulk {
        max_operations: limits::BULK_OPERATIONS as u64,
        max_payload_size: limits::BULK_BYTES as u64,
    };
    Features { sort: true, bulk: Some(bulk), ..Features::default() }
}

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/ServiceProviderConfig")
                .route(web::get().to(service_provider_config))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/ResourceTypes")
                .route(web::get().to(resource_types))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/ResourceTypes/{id}")
                .route(web::get().to(resource_type))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/Schemas")
                .route(web::get().to(schemas))
                .default_service(only("GET, HEAD")),
        )
        .service(
            web::resource("/Schemas/{id}")
                .route(web::get().to(schema))
                .default_service(only("GET, HEAD")),
        );
}

/// The ServiceProviderConfig as it is sent.
pub(in crate::http) fn text(app: &App) -> String {
    discovery::service_provider_config(&features(), &app.site.scim_url()).to_string()
}

async fn service_provider_config(request: HttpRequest, app: web::Data<App>) -> HttpResponse {
    let mut config = discovery::service_provider_config(&features(), &app.site.scim_url());
    if let Some(map) = config.as_object_mut().filter(|_| is_older_scim2_client(&request)) {
        map.remove("pagination");
    }
    described(&config)
}

/// scim2-client 0.8, which Canaille 0.3.6 needs, refuses a ServiceProviderConfig with an attribute that RFC 7643 did
/// not have, and provisions nobody. Of itself it says no more than its HTTP library, which newer ones have left.
fn is_older_scim2_client(request: &HttpRequest) -> bool {
    let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.is_some_and(|agent| agent.starts_with("python-httpx/"))
}

async fn resource_types(
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    refuse_filter(&request)?;
    let list = discovery::resource_types(&app.catalog, &app.site.scim_url());
    Ok(document(StatusCode::OK, &list))
}

async fn resource_type(
    id: web::Path<String>,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let found = discovery::resource_type(&app.catalog, &app.site.scim_url(), &id);
    Ok(described(&found.ok_or_else(ScimError::not_found)?))
}

async fn schemas(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, ScimProblem> {
    refuse_filter(&request)?;
    let list = discovery::schemas(&app.catalog, &app.site.scim_url());
    Ok(document(StatusCode::OK, &list))
}

async fn schema(id: web::Path<String>, app: web::Data<App>) -> Result<HttpResponse, ScimProblem> {
    let found = discovery::schema(&app.catalog, &app.site.scim_url(), &id);
    Ok(described(&found.ok_or_else(ScimError::not_found)?))
}

/// RFC 7644 §4: query parameters are ignored here, except that a filter is 403, so that no client
/// believes what it reads to be filtered.
fn refuse_filter(request: &HttpRequest) -> Result<(), ScimProblem> {
    let asked = url::form_urlencoded::parse(request.query_string().as_bytes())
        .any(|(name, _)| name.eq_ignore_ascii_case("filter"));
    if asked {
        return Err(ScimError::forbidden("Discovery documents cannot be filtered.").into());
    }
    Ok(())
}
