//! The rule against other sites: the JSON API answers only what the pages of this server ask.
//!
//! Cookies come along with requests that other sites cause, so the cookie alone proves nothing.
//! Browsers say where a request comes from, and no page can make them say otherwise.

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::Data,
};

use super::{App, problem::Problem};

/// Middleware of `/api`.
///
/// # Errors
/// Only what the services inside return.
pub async fn only_our_pages<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let refusal = match request.app_data::<Data<App>>() {
        Some(app) => check(&request, app.site.origin()).err(),
        None => Some(Problem::internal()),
    };
    match refusal {
        None => Ok(next.call(request).await?.map_into_left_body()),
        Some(problem) => {
            tracing::info!(code = problem.code(), "refused before the handler");
            Ok(request.into_response(problem.error_response()).map_into_right_body())
        }
    }
}

fn check(request: &ServiceRequest, own_origin: &str) -> Result<(), Problem> {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    if !is_ours(text("sec-fetch-site"), text(header::ORIGIN.as_str()), own_origin) {
        return Err(Problem::cross_site());
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // A form of another site cannot send this type without a question to this server first.
    if !reads && !request.content_type().trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::unsupported_media_type());
    }
    Ok(())
}

/// Fetch Metadata §2.3 and RFC 6454 §7: our own page by at least one of the two, and by neither
/// another's.
fn is_ours(fetch_site: Option<&str>, origin: Option<&str>, own_origin: &str) -> bool {
    match (fetch_site, origin) {
        (Some("same-origin"), None) => true,
        (Some("same-origin" | "none") | None, Some(origin)) => origin == own_origin,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    const OWN: &str = "https://freehold.example";

    #[test]
    fn our_pages_pass() {
        assert!(is_ours(Some("same-origin"), None, OWN));
        assert!(is_ours(Some("same-origin"), Some(OWN), OWN));
        assert!(is_ours(Some("none"), Some(OWN), OWN));
        assert!(is_ours(None, Some(OWN), OWN));
    }

    #[test]
    fn other_sites_and_silent_clients_do_not() {
        for site in [Some("cross-site"), Some("same-site"), Some("none"), Some("?"), None] {
            assert!(!is_ours(site, None, OWN), "{site:?}");
        }
        for site in [Some("cross-site"), Some("same-site"), Some("same-origin"), None] {
            assert!(!is_ours(site, Some("https://evil.example"), OWN), "{site:?}");
            assert!(!is_ours(site, Some("null"), OWN), "{site:?}");
        }
        assert!(!is_ours(Some("cross-site"), Some(OWN), OWN));
        assert!(!is_ours(None, Some("https://freehold.example.evil"), OWN));
    }
}
