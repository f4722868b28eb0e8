//! What is fuzzed, as plain functions: each takes any bytes and panics where a promise is broken.
//!
//! The functions stand alone, so that a plain test can replay a corpus through them.

use freehold_scim::bulk::{BulkRequest, Method, Outcome, Plan};
use freehold_scim::evaluate::matches;
use freehold_scim::filter;
use freehold_scim::group::GroupDocument;
use freehold_scim::patch::{PatchRequest, apply, apply_to_group};
use freehold_scim::path::Path;
use freehold_scim::schema::{Catalog, GROUP, USER};
use freehold_scim::user::UserDocument;
use serde_json::{Value, json};

/// A filter that is read prints as the same filter, and can be evaluated.
pub fn filter(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(filter) = filter::parse(text, &USER) else { return };
    assert_eq!(filter::parse(&filter.to_string(), &USER).as_ref(), Ok(&filter));
    let negated = filter::Filter::Not(Box::new(filter.clone()));
    assert_ne!(matches(&filter, &person()), matches(&negated, &person()));
}

/// A path that is read prints as the same path.
pub fn path(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for kind in [&USER, &GROUP] {
        if let Ok(path) = Path::parse(text, kind) {
            assert_eq!(Path::parse(&path.to_string(), kind), Ok(path));
        }
    }
}

/// A PATCH leaves a valid document, or none of itself.
pub fn patch(data: &[u8]) {
    if let Ok(request) = PatchRequest::parse(data, &GROUP) {
        let staff = GroupDocument::from_value(json!({"displayName": "Staff"}), &GROUP);
        let _ = apply_to_group(&request, &mut staff.expect("valid").0);
    }
    let Ok(request) = PatchRequest::parse(data, &USER) else { return };
    let before = UserDocument::from_value(person(), &USER).expect("valid");
    let mut after = before.clone();
    match apply(&request, &mut after) {
        Ok(changed) => assert_eq!(changed, after != before),
        Err(error) => {
            assert!(matches!(error.status, 400 | 413), "{error}");
            assert_eq!(after, before);
        }
    }
    assert_eq!(UserDocument::from_value(after.as_value().clone(), &USER), Ok(after));
}

/// A bulk request ends, answers each operation once, and leaves no reference.
pub fn bulk(data: &[u8]) {
    let Ok(request) = BulkRequest::parse(data, &Catalog::default()) else { return };
    let (count, stops) = (request.operations.len(), request.fail_on_errors.is_some());
    let mut plan = Plan::new(request, "https://example.com/scim/v2");
    while let Some(step) = plan.next_step() {
        assert_eq!(step.id.is_none(), step.method == Method::Post);
        let id = step.id.unwrap_or_else(|| step.index.to_string());
        plan.done(step.index, Outcome { status: 200, id: Some(id), ..Outcome::default() });
    }
    let response = plan.into_response();
    let answered = response.get("Operations").and_then(Value::as_array).map_or(0, Vec::len);
    assert!(answered == count || (stops && answered < count));
}

fn person() -> Value {
    json!({
        "userName": "anna@example.com", "externalId": "e-1", "active": true,
        "name": {"givenName": "Anna", "familyName": "Nowak"},
        "emails": [
            {"value": "anna@example.com", "type": "work", "primary": true},
            {"value": "anna@home.example", "type": "home"},
        ],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
            {"department": "R&D", "manager": {"value": "m1"}},
    })
}
