//! PATCH by the shapes clients send (scim.md is the source of the Entra and Okta shapes) and by
//! the sentences of RFC 7644 §3.5.2.

mod entra;
mod groups;
mod model;
mod okta;
mod properties;
mod refusals;
mod rfc;

use serde_json::{Value, json};

use super::{PatchRequest, apply};
use crate::error::ScimError;
use crate::schema::{USER, urn};
use crate::user::UserDocument;

fn user(attributes: Value) -> UserDocument {
    UserDocument::from_value(attributes, &USER).unwrap_or_else(|error| panic!("{error}"))
}

/// Anna as Entra would have made her.
fn anna() -> UserDocument {
    user(json!({
        "userName": "anna@example.com", "externalId": "e-1", "active": true, "title": "Engineer",
        "name": {"givenName": "Anna", "familyName": "Nowak"},
        "emails": [
            {"value": "anna@example.com", "type": "work", "primary": true},
            {"value": "anna@home.example", "type": "home"},
        ],
        urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "m1"}},
    }))
}

fn message(operations: Value) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": operations})
}

/// Applies the operations and gives back whether anything changed.
fn patch(document: &mut UserDocument, operations: Value) -> Result<bool, ScimError> {
    apply(&PatchRequest::from_value(message(operations), &USER)?, document)
}

/// Anna after the operations, which must change her.
fn patched(operations: Value) -> Value {
    let mut document = anna();
    let text = operations.to_string();
    match patch(&mut document, operations) {
        Ok(changed) => assert!(changed, "{text} changed nothing"),
        Err(error) => panic!("{text}: {error}"),
    }
    document.into_value()
}

/// The operations leave Anna as she is, and say so.
fn leaves_anna_alone(operations: Value) {
    let mut document = anna();
    let text = operations.to_string();
    assert_eq!(patch(&mut document, operations), Ok(false), "{text}");
    assert_eq!(document, anna(), "{text}");
}

/// The type and text of the refusal; Anna is as she was.
fn refused(operations: Value) -> (&'static str, String) {
    let mut document = anna();
    let text = operations.to_string();
    let error = patch(&mut document, operations).expect_err(&text);
    assert_eq!(error.status, 400, "{text}: {error}");
    assert_eq!(document, anna(), "{text}");
    (error.scim_type.unwrap_or("-"), error.detail)
}
