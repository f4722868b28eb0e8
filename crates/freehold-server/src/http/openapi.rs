//! The JSON interface as an OpenAPI 3.1 document: at `/api/openapi.json`, by `freehold openapi`, and in
//! docs/openapi.json, which a test compares.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::{
    Modify, OpenApi, ToResponse, ToSchema,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
    },
};

use super::{admin, cookies, wrong_method};

/// Adds the route.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/openapi.json")
            .route(web::get().to(show))
            .default_service(web::to(wrong_method)),
    );
}

/// The whole of it; routes stand in the order of the paths.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Freehold",
        description = "What the pages ask the server. Requests that change something carry the page's Origin. \
                       Refusals are problem documents (RFC 9457) with a stable code and a support id.",
    ),
    modifiers(&Session),
    components(responses(Refusal)),
    paths(
        admin::scim::show,
        admin::scim::set,
        admin::connections::list,
        admin::connections::saml,
        admin::connections::oidc,
        admin::connections::show,
        admin::connections::remove,
        admin::connections::refresh,
        admin::connections::trust,
        admin::connections::remove_certificate,
        admin::connections::last_test,
        admin::connections::begin_test,
        admin::domains::list,
        admin::domains::add,
        admin::domains::remove,
        admin::domains::verify,
        admin::organization::show,
        admin::organization::rename,
        admin::organization::first_steps,
    )
)]
struct Api;

/// A refusal.
#[derive(Serialize, ToSchema, ToResponse)]
#[serde(rename_all = "camelCase")]
#[response(description = "A refusal", content_type = "application/problem+json")]
#[allow(dead_code, reason = "describes what Problem writes")]
pub(crate) struct Refusal {
    /// `urn:freehold:problem:` and the code.
    r#type: String,
    title: String,
    status: u16,
    /// What happened, what became of the data, what to do.
    detail: String,
    /// Stable, for programs.
    code: String,
    /// What to tell the operator, whose log has it too.
    support_id: String,
}

/// The session cookie.
struct Session;

impl Modify for Session {
    fn modify(&self, document: &mut Document) {
        let cookie = ApiKey::Cookie(ApiKeyValue::new(cookies::SESSION));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        document.security = Some(vec![SecurityRequirement::new("session", [""; 0])]);
    }
}

/// The document as JSON.
#[must_use]
pub fn text() -> String {
    Api::openapi().to_pretty_json().map(|text| text + "\n").unwrap_or_default()
}

async fn show() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text())
}
