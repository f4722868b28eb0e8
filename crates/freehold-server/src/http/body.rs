//! Reading request bodies: bounded in length and in time, and only as the type that was promised.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    body::{BodyStream, to_bytes_limited},
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING},
    web::Bytes,
};
use serde::de::DeserializeOwned;

use super::{caller, problem::Problem};

/// Bodies of the keys API: statements, envelopes and proofs of one person.
pub const KEYS_LIMIT: usize = 16 * 1024;

/// A change: the same, for as many passkeys as there may be.
pub const CHANGE_LIMIT: usize = freehold_wire::MAX_CHANGE_REQUEST_BYTES;

/// A renewal: the records of a set-up, and the key of every item.
pub const RENEWAL_LIMIT: usize = freehold_wire::MAX_RENEWAL_REQUEST_BYTES;

/// An item of 1 MiB, padded (at most an eighth more), in an envelope, as base64url in JSON.
pub const ITEM_LIMIT: usize = freehold_wire::MAX_ITEM_REQUEST_BYTES;

/// Bodies up to here are read of everybody. Who sends a longer one is known first: otherwise anybody could fill the memory.
const OF_ANYBODY: usize = CHANGE_LIMIT;

/// How long a whole body may take to arrive.
const ARRIVAL_LIMIT: Duration = Duration::from_secs(60);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// It is longer than the route takes.
    TooLarge,
    /// It came too slowly, or the connection broke.
    Broken,
    /// It is compressed, which nothing here asks for.
    Encoded,
}

/// Reads at most `limit` bytes.
///
/// # Errors
/// See [`BodyError`].
pub async fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> Result<Bytes, BodyError> {
    if request.headers().get(CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return Err(BodyError::Encoded);
    }
    if announced(request).is_some_and(|length| length > limit) {
        return Err(BodyError::TooLarge);
    }
    let body = to_bytes_limited(BodyStream::new(payload.take()), limit);
    match tokio::time::timeout(ARRIVAL_LIMIT, body).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Err(_exceeded)) => Err(BodyError::TooLarge),
        Ok(Ok(Err(_))) | Err(_) => Err(BodyError::Broken),
    }
}

/// The length that the request announces for its body.
#[must_use]
pub fn announced(request: &HttpRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether the request says that its body is one of `types`, parameters aside.
#[must_use]
pub fn is_of_type(request: &HttpRequest, types: &[&str]) -> bool {
    let given = request.content_type().trim().to_ascii_lowercase();
    types.contains(&given.as_str())
}

/// Whether a body is so long that it is to be known who sends it, before it is read; one without an announced length may be.
#[must_use]
pub fn is_long(request: &HttpRequest) -> bool {
    match announced(request) {
        Some(length) => length > OF_ANYBODY,
        None => request.headers().contains_key(TRANSFER_ENCODING),
    }
}

/// The bytes of a body of at most `LIMIT` bytes that says it is JSON. A long one is read of a person with a live session alone.
pub struct JsonBytes<const LIMIT: usize>(pub Bytes);

impl<const LIMIT: usize> FromRequest for JsonBytes<LIMIT> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_of_type(&request, &["application/json"]) {
                return Err(Problem::unsupported_media_type());
            }
            let fits = announced(&request).is_none_or(|length| length <= LIMIT);
            if LIMIT > OF_ANYBODY && fits && is_long(&request) {
                caller::signed_in(&request).await?;
            }
            read(&request, &mut payload, LIMIT).await.map(Self).map_err(|error| match error {
                BodyError::TooLarge => Problem::too_large(LIMIT),
                BodyError::Encoded => Problem::unsupported_media_type(),
                BodyError::Broken => Problem::bad_request("The request ended early."),
            })
        })
    }
}

/// Parses a JSON object; the refusal says where the fault is and repeats nothing of it, for the body may
/// hold what belongs in no log and no answer.
///
/// # Errors
/// 400 with line and column.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // The library would take an array of the fields, without their names.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::bad_request("The body is not a JSON object."));
    }
    serde_json::from_slice(body).map_err(|error| {
        let fault = match error.classify() {
            serde_json::error::Category::Data => "has not the expected fields",
            _ => "is not JSON",
        };
        Problem::bad_request(format!(
            "The body {fault} (line {}, column {}).",
            error.line(),
            error.column()
        ))
    })
}
