//! Refusals under `/scim/v2`: always the error body of RFC 7644 §3.12. The one place that maps
//! what went wrong to it.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use freehold_directory::{
    ResourceError, StoreError,
    brake::{self, Held},
    tokens::TokenRefusal,
};
use freehold_scim::{ScimError, error::Fault};

use crate::http::{body::BodyError, problem::log_store_error};

/// The media type of SCIM: RFC 7644 §3.1.
pub(super) const SCIM_JSON: &str = "application/scim+json";

/// RFC 6750 §3: no token was sent.
pub(in crate::http) const NO_TOKEN: &str = "Bearer realm=\"scim\"";
/// RFC 6750 §3.1: a token was sent and is not good.
pub(super) const BAD_TOKEN: &str = "Bearer realm=\"scim\", error=\"invalid_token\"";

/// What a good token is told where its organization has SCIM switched off.
pub(in crate::http) const OFF: &str = "SCIM is switched off for this organization. An administrator switches it on in the console, \
     or with: freehold scim enable --organization NAME";

/// A SCIM refusal with the headers that belong to it.
#[derive(Debug)]
pub(super) struct ScimProblem {
    error: ScimError,
    challenge: Option<&'static str>,
    allow: Option<&'static str>,
    retry_after_seconds: Option<u32>,
    fix: Option<Fix>,
}

/// What an admin does about it here, and not at the identity provider.
#[derive(Clone, Copy, Debug)]
enum Fix {
    SwitchOn,
    Release,
    Nothing,
}

impl Fix {
    fn text(self) -> &'static str {
        match self {
            Self::SwitchOn => "Switch SCIM on in the console: SCIM provisioning.",
            Self::Release => {
                "Look whether the sync does what you mean (its scope and filters), then release the \
                 brake in the console: Brake."
            }
            Self::Nothing => "Nothing to do: the identity provider tries again by itself.",
        }
    }
}

impl ScimProblem {
    /// 401; `challenge` is the `WWW-Authenticate` header (RFC 6750 §3).
    pub(super) fn unauthorized(challenge: &'static str) -> Self {
        Self { challenge: Some(challenge), ..ScimError::unauthorized().into() }
    }

    /// 401 or 403 for a token that is not good; which of the reasons it is stands in the log only.
    pub(super) fn refused(refusal: &TokenRefusal) -> Self {
        match refusal {
            TokenRefusal::ScimOff(_) => {
                Self { fix: Some(Fix::SwitchOn), ..ScimError::forbidden(OFF).into() }
            }
            _ => Self::unauthorized(BAD_TOKEN),
        }
    }

    /// 405; `allow` names the methods that the address takes (RFC 9110 §15.5.6).
    pub(super) fn method_not_allowed(allow: &'static str) -> Self {
        let detail = format!("This address takes {allow}.");
        Self { allow: Some(allow), ..ScimError::new(405, None, detail).into() }
    }

    /// 415.
    pub(super) fn unsupported_media_type() -> Self {
        let detail = "Send application/scim+json or application/json, without a content encoding.";
        ScimError::new(415, None, detail).into()
    }

    /// 429: the organization asks too often, or too much at once.
    pub(super) fn too_often() -> Self {
        let detail = "Too many requests of this organization; try again in a second.";
        let error = ScimError::new(429, None, detail);
        Self { retry_after_seconds: Some(1), fix: Some(Fix::Nothing), ..error.into() }
    }

    /// 429: the brake holds it back.
    pub(super) fn held(held: Held) -> Self {
        let detail = format!(
            "The brake holds {} back: unusually many at once. An administrator looks at them and \
             releases it in the console (Brake), or with: freehold brake release --organization NAME",
            held.kind.as_str()
        );
        let seconds = u32::try_from(brake::RETRY_AFTER.as_secs()).unwrap_or(u32::MAX);
        let error = ScimError::new(429, None, detail);
        Self { retry_after_seconds: Some(seconds), fix: Some(Fix::Release), ..error.into() }
    }

    /// What is wrong, for the provisioning log.
    pub(super) fn error(&self) -> &ScimError {
        &self.error
    }

    /// What to do about it, where that is nothing to do at the identity provider.
    pub(super) fn fix(&self) -> Option<&'static str> {
        self.fix.map(Fix::text)
    }

    fn busy() -> Self {
        let detail = "The server cannot read or store anything right now; try again.";
        let error = ScimError::new(503, None, detail);
        Self { retry_after_seconds: Some(5), fix: Some(Fix::Nothing), ..error.into() }
    }

    fn internal() -> Self {
        let detail = "The server met an error of its own; its log knows more.";
        ScimError::new(500, None, detail).into()
    }
}

impl From<ScimError> for ScimProblem {
    fn from(error: ScimError) -> Self {
        Self { error, challenge: None, allow: None, retry_after_seconds: None, fix: None }
    }
}

impl From<StoreError> for ScimProblem {
    fn from(error: StoreError) -> Self {
        if log_store_error(&error) { Self::busy() } else { Self::internal() }
    }
}

impl From<ResourceError> for ScimProblem {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::NotFound => ScimError::not_found().into(),
            ResourceError::Taken(attribute) => {
                let detail = format!("Another resource has this {}.", attribute.as_str());
                ScimError::uniqueness(detail).about(attribute.as_str(), Fault::Taken).into()
            }
            ResourceError::VersionMismatch => ScimError::precondition_failed().into(),
            ResourceError::Invalid { attribute, rule } => {
                let error = ScimError::invalid_value(format!("{attribute} {rule}."));
                error.about(attribute, Fault::TooLong).into()
            }
            ResourceError::Scim(error) => error.into(),
            ResourceError::Store(error) => error.into(),
            other => {
                tracing::error!(error = %other, "a refusal without a mapping");
                Self::internal()
            }
        }
    }
}

impl From<BodyError> for ScimProblem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => {
                ScimError::too_large("The body is longer than this address takes.").into()
            }
            BodyError::Encoded => Self::unsupported_media_type(),
            BodyError::Broken => ScimError::invalid_syntax("The body ended early.").into(),
        }
    }
}

impl fmt::Display for ScimProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for ScimProblem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        // The detail names attributes and limits, never values: it may stand in the log.
        tracing::info!(
            status = self.error.status,
            scim_type = self.error.scim_type,
            detail = self.error.detail,
            "SCIM request refused"
        );
        let mut response = HttpResponse::build(self.status_code());
        response.content_type(SCIM_JSON);
        if let Some(challenge) = self.challenge {
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        if let Some(allow) = self.allow {
            response.insert_header((header::ALLOW, allow));
        }
        if let Some(seconds) = self.retry_after_seconds {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.body(self.error.to_json().to_string())
    }
}
