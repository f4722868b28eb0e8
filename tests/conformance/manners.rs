//! What holds for every SCIM answer, whatever the story is about.

use freehold_testing::http::Answer;
use serde_json::Value;

use crate::matching::Difference;

const SCIM_JSON: &str = "application/scim+json";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Every bad manner of an answer.
pub fn faults(answer: &Answer, body: Option<&Value>) -> Vec<Difference> {
    let mut faults = Vec::new();
    let mut check = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned());
        }
    };
    if answer.body.is_empty() {
        // Okta takes an empty body for a failure; an error without one tells nobody anything.
        check(matches!(answer.status, 204 | 304), "the answer has no body");
        return faults;
    }
    let kind = answer.header("content-type").unwrap_or_default();
    check(kind.split(';').next() == Some(SCIM_JSON), "RFC 7644 §3.1: not application/scim+json");
    let Some(body) = body else {
        check(false, "the body is no JSON");
        return faults;
    };
    check(!has_null(body), "the body holds a null: Entra refuses some documents with one");
    check(body.get("password").is_none(), "RFC 7643 §4.1.1: a password is never returned");
    let schemas = body["schemas"].as_array();
    // `attributes` can leave it out of a resource, never out of a message.
    check(schemas.is_none_or(|list| !list.is_empty()), "RFC 7643 §3: schemas is empty");
    if answer.status >= 400 {
        let is_error = schemas.is_some_and(|list| list.iter().any(|urn| urn == ERROR));
        check(is_error, "RFC 7644 §3.12: an error without its schema");
        let status = answer.status.to_string();
        check(body["status"] == status.as_str(), "RFC 7644 §3.12: status is not in the body");
    }
    if answer.status == 201 {
        let location = body.pointer("/meta/location").and_then(Value::as_str);
        check(answer.header("location").is_some(), "RFC 7644 §3.3: 201 without Location");
        let same = location.is_none_or(|it| answer.header("location") == Some(it));
        check(same, "RFC 7643 §3.1: meta.location differs from Location");
    }
    if answer.status < 300
        && let Some(location) = body.pointer("/meta/location").and_then(Value::as_str)
    {
        let same = answer.header("content-location") == Some(location);
        check(same, "RFC 7643 §3.1: meta.location differs from Content-Location");
    }
    if let (Some(tag), Some(version)) = (answer.header("etag"), body.pointer("/meta/version")) {
        check(version == tag, "RFC 7643 §3.1: meta.version differs from ETag");
    }
    faults
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.iter().any(has_null),
        Value::Object(map) => map.values().any(has_null),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults_of(status: u16, headers: &[(&str, &str)], body: &Value) -> Vec<String> {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let answer =
            Answer { status, headers: headers.collect(), body: body.to_string().into_bytes() };
        faults(&answer, Some(body))
    }

    const KIND: (&str, &str) = ("content-type", SCIM_JSON);

    #[test]
    fn good_answers_pass() {
        assert!(faults_of(200, &[KIND], &json!({"schemas": ["x"]})).is_empty());
        let error = json!({"schemas": [ERROR], "status": "404"});
        assert!(faults_of(404, &[KIND], &error).is_empty());
        let made = json!({"schemas": ["x"], "meta": {"location": "l", "version": "v"}});
        let headers = [KIND, ("location", "l"), ("content-location", "l"), ("etag", "v")];
        assert!(faults_of(201, &headers, &made).is_empty());
        let empty = Answer { status: 204, headers: Vec::new(), body: Vec::new() };
        assert!(faults(&empty, None).is_empty());
    }

    #[test]
    fn each_bad_manner_is_named() {
        let made = json!({"schemas": ["x"], "meta": {"location": "l", "version": "v"}});
        for (status, headers, body, part) in [
            (200, &[("content-type", "application/json")][..], json!({}), "§3.1"),
            (200, &[KIND][..], json!({"a": [{"b": null}]}), "null"),
            (200, &[KIND][..], json!({"password": "x"}), "password"),
            (200, &[KIND][..], json!({"schemas": []}), "schemas"),
            (404, &[KIND][..], json!({"status": "404"}), "without its schema"),
            (404, &[KIND][..], json!({"schemas": [ERROR], "status": 404}), "status"),
            (201, &[KIND][..], json!({}), "without Location"),
            (201, &[KIND, ("location", "other")][..], made.clone(), "from Location"),
            (
                200,
                &[KIND, ("content-location", "other")][..],
                made.clone(),
                "from Content-Location",
            ),
            (200, &[KIND][..], made.clone(), "from Content-Location"),
            (200, &[KIND, ("etag", "other")][..], made.clone(), "meta.version"),
        ] {
            let found = faults_of(status, headers, &body).join("\n");
            assert!(found.contains(part), "{body}: {found}");
        }
        let empty = Answer { status: 500, headers: Vec::new(), body: Vec::new() };
        assert_eq!(faults(&empty, None).len(), 1);
    }
}
