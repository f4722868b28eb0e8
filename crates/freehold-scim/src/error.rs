//! The one error type of this crate, already in the shape RFC 7644 §3.12 puts on the wire.

use serde_json::{Value, json};

use crate::schema::urn;

/// A refusal with its HTTP status, the `scimType` of RFC 7644 table 9 or RFC 9865 table 3, and a text for the
/// administrator of the identity provider.
///
/// The detail names attributes and limits, never the values that were sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status} {}: {detail}", scim_type.unwrap_or("-"))]
pub struct ScimError {
    /// The HTTP status code.
    pub status: u16,
    /// The detail error keyword, where one fits.
    pub scim_type: Option<&'static str>,
    /// What is wrong and what to do, safe to show to the client.
    pub detail: String,
    /// The attribute it is about, where it is about one: `emails.value`. Not part of the answer;
    /// for [`crate::advice`].
    pub attribute: Option<String>,
    /// What is wrong with that attribute.
    pub fault: Option<Fault>,
}

/// What is wrong with an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is required and has no value.
    Missing,
    /// Its value is of another type than the schema says.
    WrongType,
    /// Its value is longer than is stored, or has more values.
    TooLong,
    /// There is no such attribute.
    Unknown,
    /// Another resource has the value.
    Taken,
    /// It cannot be changed, or not in this way.
    Fixed,
}

impl ScimError {
    /// An error with a free choice of status and type; prefer the named constructors.
    pub fn new(status: u16, scim_type: Option<&'static str>, detail: impl Into<String>) -> Self {
        Self { status, scim_type, detail: detail.into(), attribute: None, fault: None }
    }

    /// The same error with the attribute it is about. The places of values in lists are left out:
    /// `emails[1].value` is `emails.value`.
    #[must_use]
    pub fn about(self, attribute: &str, fault: Fault) -> Self {
        let mut name = String::new();
        let mut depth = 0_u32;
        for c in attribute.chars() {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => name.push(c),
                _ => {}
            }
        }
        Self { attribute: Some(name), fault: Some(fault), ..self }
    }

    /// The filter is malformed, or names an attribute or operator that does not exist.
    pub fn invalid_filter(detail: impl Into<String>) -> Self {
        Self::new(400, Some("invalidFilter"), detail)
    }

    /// The body is not JSON, or not the message that was expected.
    pub fn invalid_syntax(detail: impl Into<String>) -> Self {
        Self::new(400, Some("invalidSyntax"), detail)
    }

    /// The path of a PATCH operation is malformed or names no attribute.
    pub fn invalid_path(detail: impl Into<String>) -> Self {
        Self::new(400, Some("invalidPath"), detail)
    }

    /// A required value is missing, or a value does not fit its attribute.
    pub fn invalid_value(detail: impl Into<String>) -> Self {
        Self::new(400, Some("invalidValue"), detail)
    }

    /// A PATCH operation points at nothing.
    pub fn no_target(detail: impl Into<String>) -> Self {
        Self::new(400, Some("noTarget"), detail)
    }

    /// The attribute must not be changed in this way.
    pub fn mutability(detail: impl Into<String>) -> Self {
        Self::new(400, Some("mutability"), detail)
    }

    /// The cursor is none of this server for this query (RFC 9865 table 3).
    pub fn invalid_cursor(detail: impl Into<String>) -> Self {
        Self::new(400, Some("invalidCursor"), detail)
    }

    /// The cursor is too old (RFC 9865 table 3).
    pub fn expired_cursor(detail: impl Into<String>) -> Self {
        Self::new(400, Some("expiredCursor"), detail)
    }

    /// The page size of a cursor-paged query is out of range (RFC 9865 table 3).
    pub fn invalid_count(detail: impl Into<String>) -> Self {
        Self::new(400, Some("invalidCount"), detail)
    }

    /// The query would give back more than the server is willing to.
    pub fn too_many(detail: impl Into<String>) -> Self {
        Self::new(400, Some("tooMany"), detail)
    }

    /// The protocol version in the URL is not served.
    pub fn invalid_version(detail: impl Into<String>) -> Self {
        Self::new(400, Some("invalidVers"), detail)
    }

    /// Another resource of the organization has this value already.
    pub fn uniqueness(detail: impl Into<String>) -> Self {
        Self::new(409, Some("uniqueness"), detail)
    }

    /// The bearer token is missing, unknown, expired or revoked (which of them is not said).
    pub fn unauthorized() -> Self {
        Self::new(401, None, "The bearer token is missing or not valid.")
    }

    /// The request is understood and refused.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, None, detail)
    }

    /// Unknown, deleted and foreign resources look alike.
    pub fn not_found() -> Self {
        Self::new(404, None, "The resource does not exist.")
    }

    /// The endpoint exists and does not take this method.
    pub fn method_not_allowed() -> Self {
        Self::new(405, None, "The endpoint does not take this method.")
    }

    /// The version is not what `If-Match` or `If-None-Match` asks for.
    pub fn precondition_failed() -> Self {
        let detail =
            "The resource has changed: its version is not what If-Match or If-None-Match asks for.";
        Self::new(412, None, detail)
    }

    /// The body is over a limit.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(413, None, detail)
    }

    /// The endpoint exists in the RFC and not in this server.
    pub fn not_implemented(detail: impl Into<String>) -> Self {
        Self::new(501, None, detail)
    }

    /// The error body of RFC 7644 §3.12; `status` is a string there.
    pub fn to_json(&self) -> Value {
        let mut body = json!({
            "schemas": [urn::ERROR],
            "status": self.status.to_string(),
            "detail": self.detail,
        });
        if let (Some(kind), Some(map)) = (self.scim_type, body.as_object_mut()) {
            map.insert("scimType".into(), kind.into());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_about_an_attribute_and_not_about_its_place_in_a_list() {
        let error = ScimError::invalid_value("x").about("emails[12].value", Fault::WrongType);
        assert_eq!(error.attribute.as_deref(), Some("emails.value"));
        assert!(!error.to_json().to_string().contains("emails"));
    }

    #[test]
    fn the_body_carries_status_as_text_and_the_type_only_where_one_exists() {
        assert_eq!(
            ScimError::invalid_filter("x").to_json(),
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                   "scimType": "invalidFilter", "detail": "x", "status": "400"})
        );
        let body = ScimError::not_found().to_json();
        assert_eq!(body["status"], "404");
        assert!(body.get("scimType").is_none());
    }
}
