//! Refusals of the token endpoint: the error body of RFC 6749 §5.2. The one place that maps what
//! went wrong to it.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use freehold_directory::StoreError;
use serde_json::json;

use crate::http::{body::BodyError, problem::log_store_error};

/// RFC 7617 §2: the scheme to come back with.
const CHALLENGE: &str = "Basic realm=\"scim\", charset=\"UTF-8\"";

/// RFC 6749 §4.1.2.1 has a word for it, §5.2 has none.
const BUSY: &str = "temporarily_unavailable";

/// What every client hears that is not one, or is one no more.
const NOT_A_CLIENT: &str = "The client is unknown, its secret is wrong, or its time is over.";

/// A refusal: a code of the RFC, and words that repeat nothing of the request.
#[derive(Debug)]
pub(super) struct OauthProblem {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    /// For the log only.
    reason: Option<&'static str>,
    retry_after_seconds: Option<u64>,
}

impl OauthProblem {
    fn new(status: StatusCode, error: &'static str, description: &'static str) -> Self {
        Self { status, error, description, reason: None, retry_after_seconds: None }
    }

    /// A parameter is missing, comes twice, or the request is malformed in another way.
    pub(super) fn invalid_request(description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// Whoever asks has not proved to be a client.
    pub(super) fn invalid_client() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", NOT_A_CLIENT)
    }

    /// The same, with a reason for the log, where no look into the database was needed.
    pub(super) fn no_client(reason: &'static str) -> Self {
        Self { reason: Some(reason), ..Self::invalid_client() }
    }

    /// Another grant than this one.
    pub(super) fn unsupported_grant_type() -> Self {
        let description = "This address takes grant_type=client_credentials.";
        Self::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", description)
    }

    /// The client is good, its organization takes no SCIM.
    pub(super) fn scim_off() -> Self {
        let description = "SCIM is switched off for this organization. An operator switches it on \
                           with: freehold scim enable --organization NAME";
        Self::new(StatusCode::BAD_REQUEST, "unauthorized_client", description)
    }

    /// 405 with the method that the address takes.
    pub(super) fn method_not_allowed() -> Self {
        let description = "This address takes POST.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", description)
    }

    /// The address has failed too often.
    pub(super) fn too_many() -> Self {
        let description = "Too many requests from this address failed; wait a little.";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, BUSY, description);
        Self { retry_after_seconds: Some(10), ..problem }
    }

    fn busy() -> Self {
        let description = "The server cannot read or store anything right now; try again.";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, BUSY, description);
        Self { retry_after_seconds: Some(5), ..problem }
    }

    fn internal() -> Self {
        let description = "The server met an error of its own; its log knows more.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description)
    }

    /// Whether the server, and not the client, is at fault.
    pub(super) fn is_ours(&self) -> bool {
        self.status.is_server_error()
    }
}

impl From<StoreError> for OauthProblem {
    fn from(error: StoreError) -> Self {
        if log_store_error(&error) { Self::busy() } else { Self::internal() }
    }
}

impl From<BodyError> for OauthProblem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "invalid_request",
                "The body is longer than this address takes.",
            ),
            BodyError::Encoded => {
                Self::invalid_request("Send the body without a content encoding.")
            }
            BodyError::Broken => Self::invalid_request("The body ended early."),
        }
    }
}

/// For the log.
impl fmt::Display for OauthProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.reason.unwrap_or(self.description))
    }
}

impl ResponseError for OauthProblem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        // RFC 6749 §5.1 and §5.2: no cache keeps an answer of this address.
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.insert_header((header::PRAGMA, "no-cache"));
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, CHALLENGE));
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header((header::ALLOW, "POST"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.json(json!({ "error": self.error, "error_description": self.description }))
    }
}
