//! `/api/items`: a person's secrets, as ciphertext, for a session that proved the passphrase.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    ItemId,
    items::{self, ItemError, ItemWrite},
};
use freehold_wire::ItemRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    body::{ITEM_LIMIT, JsonBytes},
    caller::{Failure, SessionCookie},
    openapi::{Refusal, messages},
    problem::Problem,
    wrong_method,
};
use crate::system;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/items")
                .route(web::get().to(list))
                .route(web::post().to(reserve))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/items/{id}")
                .route(web::put().to(put))
                .route(web::delete().to(delete))
                .default_service(web::to(wrong_method)),
        );
}

/// A person's secrets, encrypted.
#[derive(Serialize, ToSchema)]
pub(crate) struct Items {
    #[schema(value_type = Vec<messages::ItemRecord>)]
    items: Vec<ItemRecord>,
}

/// The id of an item that is to come.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reserved {
    #[schema(value_type = String)]
    id: ItemId,
}

/// The person's secrets, encrypted.
#[utoipa::path(
    get, path = "/api/items", tag = "vault",
    responses((status = 200, body = Items), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let items = app
        .read_as(cookie, |store, session| {
            let admitted = items::admit(store, session)?;
            Ok(items::list(store, &admitted)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Items { items }))
}

/// Gives the id of a new item, which its ciphertext is bound to.
#[utoipa::path(
    post, path = "/api/items", tag = "vault",
    responses((status = 201, body = Reserved), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn reserve(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let id = app
        .write_as(cookie, move |store, session| {
            let admitted = items::admit(store, session)?;
            Ok(items::reserve(store, &admitted, now, &mut system::random())?)
        })
        .await?;
    Ok(HttpResponse::Created().json(Reserved { id }))
}

/// Of which epoch the personal key is that the item's key was sealed with. Another window may still
/// hold the keys of the epoch before: what it seals, nobody could open.
#[derive(Deserialize)]
struct UnderEpoch {
    epoch: u64,
}

/// Stores a version of an item: the one after the stored one, or the first.
#[utoipa::path(
    put, path = "/api/items/{id}", tag = "vault", request_body = messages::SealedItem,
    params(("id" = String, Path), ("epoch" = u64, Query)),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn put(
    request: actix_web::HttpRequest,
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<ITEM_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let UnderEpoch { epoch } = web::Query::<UnderEpoch>::from_query(request.query_string())
        .map_err(|_| Problem::bad_request("Say with ?epoch= with which keys it was sealed."))?
        .into_inner();
    let record = ItemRecord::from_json(&body.0).map_err(|error| {
        tracing::info!(%error, "an item that cannot be read");
        Problem::bad_request("The body is not an item.")
    })?;
    if record.id.to_string() != *id {
        return Err(Problem::bad_request("The id in the body is not the id in the address."));
    }
    let write = ItemWrite::parse(record).map_err(|refusal| {
        tracing::info!(%refusal, "an item that cannot be stored");
        Problem::bad_request("The item is not in the envelopes that items have.")
    })?;
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let admitted = items::admit(store, session)?;
        if session.key_state().epoch() != epoch {
            return Err(Problem::keys_replaced().into());
        }
        Ok(items::put(store, &admitted, &write, now)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which version is deleted: one that somebody has changed since stays.
#[derive(Deserialize)]
struct AtVersion {
    version: u64,
}

/// Deletes an item.
#[utoipa::path(
    delete, path = "/api/items/{id}", tag = "vault",
    params(("id" = String, Path), ("version" = u64, Query)),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn delete(
    request: actix_web::HttpRequest,
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let id: ItemId = id.parse().map_err(|_| Problem::not_found())?;
    let AtVersion { version } = web::Query::<AtVersion>::from_query(request.query_string())
        .map_err(|_| Problem::bad_request("Say with ?version= which version to delete."))?
        .into_inner();
    app.write_as(cookie, move |store, session| {
        let admitted = items::admit(store, session)?;
        Ok(items::delete(store, &admitted, id, version)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<ItemError> for Failure {
    fn from(error: ItemError) -> Self {
        match error {
            ItemError::Locked(_) => Problem::locked().into(),
            ItemError::PasskeyMissing(_) => Problem::passkey_required().into(),
            ItemError::NotFound => Problem::not_found().into(),
            ItemError::StaleVersion => Problem::stale_version().into(),
            ItemError::Full => Problem::full().into(),
            ItemError::Store(error) => error.into(),
            _ => Problem::internal().into(),
        }
    }
}
