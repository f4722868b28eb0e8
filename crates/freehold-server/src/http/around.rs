//! What happens around every request: a support id, security headers, one log event.

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header::HeaderName, header::HeaderValue},
    middleware::Next,
    web::Data,
};
use tracing::Instrument;

use super::{
    headers::SecurityHeaders,
    language::Language,
    support::SupportId,
    unread::{self, Unread},
};
use crate::system::Stopwatch;

/// The header that carries the support id of every answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost middleware.
///
/// # Errors
/// Only what the services inside return; ours return answers.
pub async fn around<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let id = SupportId::make();
    let language = Language::of(request.request());
    let headers = request.app_data::<Data<SecurityHeaders>>().cloned();
    let unread = Unread::of(&mut request);
    let span = tracing::info_span!("request", id = %id);
    let answer = async {
        let watch = Stopwatch::start();
        let mut response = next.call(request).await?;
        if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        if let Some(headers) = headers {
            headers.apply(response.headers_mut());
        }
        report(&response, watch.elapsed_ms());
        Ok(unread::hold(response, unread))
    };
    id.scope(language.scope(answer.instrument(span))).await
}

/// One event a request: the pattern of the route, never the address with its query.
fn report<B>(response: &ServiceResponse<B>, elapsed_ms: u64) {
    let request = response.request();
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    let method = request.method().as_str();
    let status = response.status();
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(method, route, status = status.as_u16(), elapsed_ms, "answered");
    } else if matches!(route.as_str(), "/healthz" | "/readyz") {
        tracing::debug!(method, route, status = status.as_u16(), elapsed_ms, "answered");
    } else {
        tracing::info!(method, route, status = status.as_u16(), elapsed_ms, "answered");
    }
}
