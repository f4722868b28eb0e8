//! `/api/keys`: what an account is unlocked by, and how that changes.
//!
//! - `GET /api/keys`: the methods, without secrets or envelopes.
//! - `GET, POST /api/keys/change`: an offer; the next account state with the methods that are new in it.
//! - `GET, POST /api/keys/renewal`: an offer; a new epoch with every item's key under it.
//! - `PUT /api/keys/passkey`: what the person calls a passkey.
//!
//! All of it is for sessions that proved a secret. A session that used a recovery code is locked to
//! everything else until the change that replaces password and code is stored.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use freehold_directory::UserId;
use freehold_directory::change::{self, ChangeError, ChangeStep};
use freehold_directory::renewal::{self, RenewalStep};
use freehold_directory::unlock::{self, StoredMethod};
use freehold_wire::{
    ChangeRefusal, ChangeRequest, MAX_PARAMETERS_BYTES, RenewalRequest, decode_base64url,
    encode_base64url,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    body::{self, CHANGE_LIMIT, JsonBytes, KEYS_LIMIT, RENEWAL_LIMIT},
    caller::{Failure, SessionCookie},
    openapi::{Refusal, messages},
    problem::Problem,
    throttle::Throttle,
    wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/keys")
                .route(web::get().to(list))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/keys/change")
                .route(web::get().to(change_offer))
                .route(web::post().to(change))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/keys/renewal")
                .route(web::get().to(renewal_offer))
                .route(web::post().to(renew))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/keys/passkey")
                .route(web::put().to(name_passkey))
                .default_service(web::to(wrong_method)),
        );
}

/// The ways to unlock.
#[derive(Serialize, ToSchema)]
pub(crate) struct Methods {
    methods: Vec<Method>,
}

/// A way to unlock.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Method {
    /// 1 a passphrase, 2 the recovery code, 3 a passkey.
    r#type: u8,
    /// Base64url.
    parameters: String,
    /// What the person calls a passkey.
    name: Option<String>,
    /// In milliseconds since 1970.
    created_at: u64,
}

/// The ways to unlock, without secrets or envelopes.
#[utoipa::path(
    get, path = "/api/keys", tag = "keys",
    responses((status = 200, body = Methods), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let methods =
        app.read_as(cookie, |store, session| Ok(unlock::methods(store, session)?)).await?;
    let methods = methods.iter().map(render).collect();
    Ok(HttpResponse::Ok().json(Methods { methods }))
}

fn render(method: &StoredMethod) -> Method {
    Method {
        r#type: method.kind.number(),
        parameters: encode_base64url(&method.parameters),
        name: method.name.clone(),
        created_at: method.created_at.as_millis(),
    }
}

/// A challenge for the next account state.
#[utoipa::path(
    get, path = "/api/keys/change", tag = "keys",
    responses((status = 200, body = messages::ChangeOffer), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn change_offer(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, origins) = (app.now(), app.origins());
    let offer = app
        .write_as(cookie, move |store, session| {
            Ok(change::offer(store, session, &origins, now, &mut system::random())?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(offer))
}

/// Stores the next account state with the methods that are new in it.
#[utoipa::path(
    post, path = "/api/keys/change", tag = "keys", request_body = messages::ChangeRequest,
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn change(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<CHANGE_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let request = ChangeRequest::from_json(&body.0).map_err(|error| {
        tracing::info!(%error, "a change that cannot be read");
        Problem::invalid_change()
    })?;
    let (now, origins, asked) = (app.now(), app.origins(), request.clone());
    let step = app
        .write_as(cookie, move |store, session| {
            Ok(change::answer(store, session, &asked, &origins, now)?)
        })
        .await?;
    let turn = match step {
        ChangeStep::Again => return Ok(HttpResponse::NoContent().finish()),
        ChangeStep::Verify(turn) => turn,
    };
    // Signatures are checked outside of any transaction.
    let proven = turn.verify(&request).map_err(|refusal| {
        tracing::warn!(%refusal, "a change that does not verify");
        match refusal {
            ChangeRefusal::StateNotNext => Problem::keys_changed(),
            ChangeRefusal::Floor => Problem::below_policy(),
            _ => Problem::invalid_change(),
        }
    })?;
    app.once_more(proven.user())?;
    app.database
        .write(move |store| {
            Ok::<_, Failure>(change::complete(store, &proven, now, &mut system::random())?)
        })
        .await?;
    tracing::info!("key records were changed");
    Ok(HttpResponse::NoContent().finish())
}

/// Changes of their keys that a person may make one after the other.
const CHANGES: u32 = 30;
/// Until one more may.
const EACH: Duration = Duration::from_secs(600);

/// People who change their keys: every state that they sign is kept, and the audit log tells of it.
#[must_use]
pub fn key_changes() -> Throttle<UserId> {
    Throttle::new(CHANGES, EACH)
}

impl App {
    /// To be asked before a proven change is stored.
    fn once_more(&self, user: UserId) -> Result<(), Problem> {
        self.key_changes.take(user, self.now()).map_err(|wait| {
            tracing::warn!(%user, "a person changed keys too often");
            Problem::changed_too_often(wait)
        })
    }
}

/// What it takes to make the keys of the next epoch.
#[utoipa::path(
    get, path = "/api/keys/renewal", tag = "keys",
    responses((status = 200, body = messages::SetupOffer), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn renewal_offer(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, origins) = (app.now(), app.origins());
    let offer = app
        .write_as(cookie, move |store, session| {
            Ok(renewal::offer(store, session, &origins, now, &mut system::random())?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(offer))
}

/// Puts a new epoch in place of the present one, every item's key under it.
#[utoipa::path(
    post, path = "/api/keys/renewal", tag = "keys", request_body = messages::RenewalRequest,
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn renew(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<RENEWAL_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let request = RenewalRequest::from_json(&body.0).map_err(|error| {
        tracing::info!(%error, "a renewal that cannot be read");
        Problem::invalid_change()
    })?;
    let (now, origins, asked) = (app.now(), app.origins(), request.clone());
    let step = app
        .write_as(cookie, move |store, session| {
            Ok(renewal::answer(store, session, &asked, &origins, now)?)
        })
        .await?;
    let turn = match step {
        RenewalStep::Again => return Ok(HttpResponse::NoContent().finish()),
        RenewalStep::Verify(turn) => turn,
    };
    let proven = turn.verify(&request).map_err(|refusal| {
        tracing::warn!(%refusal, "a renewal that does not verify");
        Problem::invalid_change()
    })?;
    app.once_more(proven.user())?;
    app.database
        .write(move |store| {
            Ok::<_, Failure>(renewal::complete(store, &proven, now, &mut system::random())?)
        })
        .await?;
    tracing::info!("keys were renewed");
    Ok(HttpResponse::NoContent().finish())
}

/// A name of 1 to 64 characters for the passkey with these parameters.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyName {
    parameters: String,
    name: String,
}

/// Names a passkey.
#[utoipa::path(
    put, path = "/api/keys/passkey", tag = "keys", request_body = PasskeyName,
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn name_passkey(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<KEYS_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let PasskeyName { parameters, name } = body::parse(&body.0)?;
    let parameters = decode_base64url(&parameters, MAX_PARAMETERS_BYTES)
        .ok_or_else(|| Problem::bad_request("The parameters are not those of a passkey."))?;
    let name = unlock::PasskeyName::parse(&name).map_err(|rule| Problem::bad_text(&rule))?;
    let found = app
        .write_as(cookie, move |store, session| {
            Ok(unlock::name_passkey(store, session, &parameters, &name)?)
        })
        .await?;
    if found { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found()) }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Locked(_) => Problem::locked().into(),
            ChangeError::ChallengeGone => Problem::challenge_gone().into(),
            ChangeError::Changed => Problem::keys_changed().into(),
            ChangeError::PasskeyMissing(_) => Problem::passkey_required().into(),
            ChangeError::Inactive => Problem::signed_out().into(),
            ChangeError::Store(error) => error.into(),
            other => {
                tracing::error!(error = %other, "a refusal without a mapping");
                Problem::internal().into()
            }
        }
    }
}
