//! `/api/policy`: what the organization demands of keys.
//!
//! A policy is `{ profileFloor, passkeyRequired, recoveryCodeRequired }`: the number of the lowest
//! profile of a passphrase (1 or 2) and two booleans. Anybody signed in may `GET` it. `PUT` is for
//! an owner in an unlocked session: 403 `not-allowed` or `locked`, 400 for a floor that no policy can
//! name. It can raise what every build demands, and be taken back down to that.

use actix_web::{HttpResponse, web};
use freehold_directory::policy::{self, Policy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    body::{self, JsonBytes},
    caller::{SessionCookie, unlocked_owner},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
};
use crate::system;

/// Three short fields.
const LIMIT: usize = 1024;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/policy")
            .route(web::get().to(show))
            .route(web::put().to(set))
            .default_service(web::to(wrong_method)),
    );
}

/// What the organization demands of keys.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = Policy)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Spoken {
    /// The lowest profile of a passphrase: 1 (64 MiB) or 2 (256 MiB).
    profile_floor: u64,
    /// Whether everybody has to have a passkey.
    passkey_required: bool,
    /// Whether everybody has to have a recovery code.
    recovery_code_required: bool,
}

impl From<Policy> for Spoken {
    fn from(policy: Policy) -> Self {
        Self {
            profile_floor: policy.profile_floor.number().into(),
            passkey_required: policy.passkey_required,
            recovery_code_required: policy.recovery_code_required,
        }
    }
}

impl Spoken {
    fn parse(&self) -> Result<Policy, Problem> {
        let floor = Policy::floor(self.profile_floor)
            .map_err(|error| Problem::bad_request(format!("The policy is refused: {error}.")))?;
        Ok(Policy {
            profile_floor: floor,
            passkey_required: self.passkey_required,
            recovery_code_required: self.recovery_code_required,
        })
    }
}

/// What the organization demands of keys.
#[utoipa::path(
    get, path = "/api/policy", tag = "policy",
    responses((status = 200, body = Spoken), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let policy = app
        .read_as(cookie, |store, session| Ok(policy::of(store, session.organization())?))
        .await?;
    Ok(HttpResponse::Ok().json(Spoken::from(policy)))
}

/// Sets what the organization demands of keys. For an unlocked owner.
#[utoipa::path(
    put, path = "/api/policy", tag = "policy", request_body = Spoken,
    responses((status = 200, body = Spoken), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn set(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let wanted = body::parse::<Spoken>(&body.0)?.parse()?;
    let now = app.now();
    let changed = app
        .write_as(cookie, move |store, session| {
            let owner = unlocked_owner(session)?;
            Ok(policy::set(store, owner, &wanted, now, &mut system::random())?)
        })
        .await?;
    tracing::info!(changed, "a policy was set");
    Ok(HttpResponse::Ok().json(Spoken::from(wanted)))
}
