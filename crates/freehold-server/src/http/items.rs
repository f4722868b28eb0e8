//! `/api/items`: a person's secrets, as ciphertext, for a session that proved the passphrase.

use std::sync::Arc;

use actix_web::{HttpResponse, http::header::ContentType, web};
use freehold_directory::{
    ItemId, UserId,
    items::{self, ItemError, ItemWrite},
};
use freehold_wire::ItemRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    App,
    body::{ITEM_LIMIT, JsonBytes},
    caller::{Failure, SessionCookie},
    chunks::{self, Pieces},
    openapi::{Refusal, messages},
    problem::Problem,
    turns::{Turn, Turns},
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
    let lists = Arc::clone(&app.item_lists);
    let (on_its_way, items) = app
        .read_as(cookie, move |store, session| {
            // Before the list is read, which is in memory from then on.
            let on_its_way = lists.take(session.user()).ok_or_else(Problem::busy)?;
            let admitted = items::admit(store, session)?;
            Ok((on_its_way, items::list(store, &admitted)?))
        })
        .await?;
    let text = serde_json::to_vec(&Items { items }).map_err(|_| Problem::internal())?;
    Ok(send(on_its_way, text))
}

/// Lists of items that are on their way to a person at once.
const AT_ONCE: usize = 4;

/// How much of a list is sent at once.
const PIECE: usize = 64 * 1024;

/// Whose lists of items are on their way. One is as large as all that a person keeps, and stays in memory until its client
/// has taken it: whoever opens many and reads none must not fill that.
#[must_use]
pub fn item_lists() -> Arc<Turns<UserId>> {
    Turns::new(AT_ONCE)
}

fn send(on_its_way: Turn<UserId>, text: Vec<u8>) -> HttpResponse {
    let mut head = HttpResponse::Ok();
    head.insert_header(ContentType::json());
    chunks::answer(head, on_its_way, |pieces| in_pieces(text, pieces))
}

async fn in_pieces(text: Vec<u8>, pieces: Pieces) {
    for piece in text.chunks(PIECE) {
        // A copy: a part of the whole would keep the whole, for as long as a client does not take it.
        if !pieces.send(web::Bytes::copy_from_slice(piece)).await {
            return;
        }
    }
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

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, pin::Pin, sync::Arc, time::Duration};

    use actix_web::body::{BoxBody, MessageBody as _};
    use freehold_directory::UserId;
    use tokio::{task::LocalSet, time::sleep};

    use super::{super::turns::Turns, AT_ONCE, PIECE, item_lists, send};

    const ANN: UserId = UserId::from_bytes([1; 16]);
    const BOB: UserId = UserId::from_bytes([2; 16]);

    /// A list that its client has not begun to read.
    fn unread(lists: &Arc<Turns<UserId>>) -> BoxBody {
        send(lists.take(ANN).unwrap(), vec![b' '; 5 * PIECE]).into_body()
    }

    async fn read(mut body: BoxBody) -> usize {
        let mut length = 0;
        while let Some(piece) = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await {
            length += piece.unwrap().len();
        }
        length
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_no_list_fills_no_memory_with_lists() {
        let requests = async {
            let lists = item_lists();
            let mut bodies: Vec<BoxBody> = (0..AT_ONCE).map(|_| unread(&lists)).collect();
            assert!(lists.take(ANN).is_none());
            assert!(lists.take(BOB).is_some(), "others are not held up");
            assert_eq!(read(bodies.pop().unwrap()).await, 5 * PIECE);
            bodies.push(unread(&lists));
            assert!(lists.take(ANN).is_none());
            sleep(Duration::from_secs(600)).await;
            assert!(lists.take(ANN).is_some(), "who takes nothing is cut off");
            assert!(lists.are_free(), "and forgotten");
        };
        LocalSet::new().run_until(requests).await;
    }
}
