//! The JSON interface as an OpenAPI 3.1 document: at `/api/openapi.json`, by `freehold openapi`, and in
//! docs/openapi.json, which a test compares.

pub(crate) mod messages;

use std::sync::LazyLock;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::{
    Modify, OpenApi, ToResponse, ToSchema,
    openapi::{
        OpenApi as Document, RefOr, Schema,
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    admin, cookies, enter, items, keys, policy, resets, session, sessions, setup, unlock,
    wrong_method,
};

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
    modifiers(&Session, &Names, &Whole),
    components(responses(Refusal)),
    paths(
        enter::enter,
        session::show,
        session::sign_out,
        session::lock,
        sessions::list,
        sessions::end,
        sessions::end_others,
        setup::offer,
        setup::complete,
        unlock::offer,
        unlock::unlock,
        keys::list,
        keys::change_offer,
        keys::change,
        keys::renewal_offer,
        keys::renew,
        keys::name_passkey,
        items::list,
        items::reserve,
        items::put,
        items::delete,
        policy::show,
        policy::set,
        resets::show,
        resets::ask,
        resets::cancel,
        resets::list,
        resets::approve,
        resets::deny,
        admin::scim::show,
        admin::scim::set,
        admin::tokens::list,
        admin::tokens::create,
        admin::tokens::rotate,
        admin::tokens::revoke,
        admin::clients::list,
        admin::clients::create,
        admin::clients::revoke,
        admin::trial::carry_out,
        admin::users::list,
        admin::users::person::show,
        admin::users::sessions::list,
        admin::users::sessions::end,
        admin::users::sessions::end_all,
        admin::users::change::grant,
        admin::users::change::revoke,
        admin::users::change::restore,
        admin::groups::list,
        admin::groups::show,
        admin::groups::members,
        admin::groups::map,
        admin::groups::unmap,
        admin::log::list,
        admin::log::stream::events,
        admin::brake::show,
        admin::brake::set,
        admin::brake::held,
        admin::brake::release,
        admin::brake::confirm,
        admin::audit::list,
        admin::audit::verify,
        admin::audit::export,
        admin::connections::list,
        admin::connections::saml,
        admin::connections::oidc,
        admin::connections::show,
        admin::connections::remove,
        admin::connections::replace_secret,
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
    /// With `wrong-secret`.
    tries_left: Option<u32>,
    /// With 429 where it is known.
    retry_after_seconds: Option<u64>,
}

/// What an answer has, it always has: null says that there is nothing. These leave out instead.
const IN_PART: [&str; 5] = ["SetupOffer", "UnlockOffer", "ChangeOffer", "ItemRecord", "Refusal"];

/// Says so. Requests, which are closed, may leave out what is null.
struct Whole;

impl Modify for Whole {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        for (name, schema) in &mut components.schemas {
            if !IN_PART.contains(&name.as_str()) {
                make_whole(schema);
            }
        }
    }
}

fn make_whole(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) if object.additional_properties.is_none() => {
            object.required = object.properties.keys().cloned().collect();
        }
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(make_whole),
        _ => {}
    }
}

/// An operation is named by its method and path, which no other one has.
struct Names;

impl Modify for Names {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let name = path.trim_start_matches("/api/").replace('/', "-").replace(['{', '}'], "");
            for (method, operation) in [
                ("get", &mut item.get),
                ("put", &mut item.put),
                ("post", &mut item.post),
                ("delete", &mut item.delete),
            ] {
                if let Some(operation) = operation {
                    operation.operation_id = Some(format!("{method}-{name}"));
                }
            }
        }
    }
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

static TEXT: LazyLock<String> =
    LazyLock::new(|| Api::openapi().to_pretty_json().map(|text| text + "\n").unwrap_or_default());

/// The document as JSON.
#[must_use]
pub fn text() -> &'static str {
    &TEXT
}

async fn show() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text())
}
