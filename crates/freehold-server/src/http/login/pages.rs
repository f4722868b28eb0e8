//! What people see when signing in fails: what happened, that nothing was lost, what to do.

use actix_web::{HttpResponse, http::StatusCode};
use freehold_directory::Slug;

use crate::http::page::Page;

/// Where to start again. A [`Slug`] needs no escapes.
fn again(organization: Option<&Slug>) -> Option<(String, &'static str)> {
    let target = match organization {
        Some(slug) => format!("/login?organization={slug}"),
        None => "/login".to_owned(),
    };
    Some((target, "Sign in again"))
}

/// The identity provider cannot be reached or is not set up rightly.
pub(super) fn provider_unavailable(organization: Option<&Slug>) -> HttpResponse {
    Page {
        status: StatusCode::BAD_GATEWAY,
        title: "Your organization's sign-in does not answer",
        text: "Nothing was lost. Try again in a minute. If it stays like this, tell your \
               administrator the support id.",
        link: again(organization),
    }
    .response()
}

/// The answer belongs to no sign-in of this browser, or to one that is over.
pub(super) fn start_again() -> HttpResponse {
    Page {
        status: StatusCode::BAD_REQUEST,
        title: "Please sign in again",
        text: "This sign-in took too long, was finished already, or was begun in another browser. \
               Nothing was lost.",
        link: again(None),
    }
    .response()
}

/// Verified or not, the person gets no session.
pub(super) fn refused() -> HttpResponse {
    Page {
        status: StatusCode::FORBIDDEN,
        title: "You could not be signed in",
        text: "Your organization's sign-in worked or was cancelled, but it leads to no account here \
               that you can use. Nothing was lost. Tell your administrator the support id; the \
               reason is in the server's log.",
        link: again(None),
    }
    .response()
}

/// Too many sign-ins from one address.
pub(super) fn too_many() -> HttpResponse {
    let mut response = Page {
        status: StatusCode::TOO_MANY_REQUESTS,
        title: "One moment",
        text: "Too many sign-ins were begun from your network. Try again in a minute.",
        link: again(None),
    }
    .response();
    let seconds = actix_web::http::header::HeaderValue::from_static("60");
    response.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds);
    response
}

/// The server itself cannot go on.
pub(super) fn unavailable() -> HttpResponse {
    Page {
        status: StatusCode::SERVICE_UNAVAILABLE,
        title: "Try again in a moment",
        text: "The server cannot store or read anything right now. Nothing was lost.",
        link: again(None),
    }
    .response()
}
