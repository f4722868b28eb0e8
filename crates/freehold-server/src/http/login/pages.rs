//! What people see when signing in fails: what happened, that nothing was lost, what to do.

use actix_web::{HttpResponse, http::StatusCode};
use freehold_directory::Slug;

use crate::http::{language::Text, page::Page, texts};

/// Where to start again. A [`Slug`] needs no escapes.
fn again(organization: Option<&Slug>) -> Option<(String, Text)> {
    let target = match organization {
        Some(slug) => format!("/login?organization={slug}"),
        None => "/login".to_owned(),
    };
    Some((target, texts::SIGN_IN_AGAIN))
}

/// The identity provider cannot be reached or is not set up rightly.
pub(super) fn provider_unavailable(organization: Option<&Slug>) -> HttpResponse {
    Page {
        status: StatusCode::BAD_GATEWAY,
        said: texts::PROVIDER_UNAVAILABLE,
        link: again(organization),
    }
    .response()
}

/// The answer belongs to no sign-in of this browser, or to one that is over.
pub(super) fn start_again() -> HttpResponse {
    Page { status: StatusCode::BAD_REQUEST, said: texts::START_AGAIN, link: again(None) }.response()
}

/// Verified or not, the person gets no session.
pub(super) fn refused() -> HttpResponse {
    Page { status: StatusCode::FORBIDDEN, said: texts::REFUSED, link: again(None) }.response()
}

/// Too many sign-ins from one address.
pub(super) fn too_many() -> HttpResponse {
    let mut response =
        Page { status: StatusCode::TOO_MANY_REQUESTS, said: texts::TOO_MANY, link: again(None) }
            .response();
    let seconds = actix_web::http::header::HeaderValue::from_static("60");
    response.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds);
    response
}

/// The server itself cannot go on.
pub(super) fn unavailable() -> HttpResponse {
    Page { status: StatusCode::SERVICE_UNAVAILABLE, said: texts::UNAVAILABLE, link: again(None) }
        .response()
}
