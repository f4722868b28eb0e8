//! An organization's own extension is one more static schema: every type of RFC 7643 §2.3, lists
//! of plain values among them, goes through the same code.

use serde_json::{Map, Value, json};

use crate::error::ScimError;
use crate::evaluate::matches;
use crate::patch::{PatchRequest, carry_out};
use crate::schema::{Attribute, Extension, ResourceType, Schema, Type, USER, USER_SCHEMA};
use crate::{filter, normalize};

const BADGE: &str = "urn:example:params:scim:schemas:extension:badge:2.0:User";

static BADGE_SCHEMA: Schema = Schema {
    id: BADGE,
    name: "Badge",
    description: "What a badge says.",
    attributes: &[
        Attribute::string("level", "The level.").of(Type::Integer),
        Attribute::string("score", "The score.").of(Type::Decimal),
        Attribute::string("issued", "When it was issued.").of(Type::DateTime),
        Attribute::string("doors", "The doors it opens.").many(),
    ],
};

static BADGED_USER: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    description: "A person with a badge.",
    schema: &USER_SCHEMA,
    extensions: &[Extension::optional(&BADGE_SCHEMA)],
    body_bytes: 1_000,
};

fn stored(badge: Value) -> Result<Value, ScimError> {
    let Value::Object(map) = json!({"userName": "anna", BADGE: badge}) else {
        return Err(ScimError::invalid_syntax("no object"));
    };
    normalize::resource(map, &BADGED_USER).map(Value::Object)
}

fn badge() -> Value {
    json!({"level": 3, "score": 0.5, "issued": "2026-01-31T12:00:00Z", "doors": ["A", "B"]})
}

fn patched(operation: Value) -> Value {
    let message = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                         "Operations": [operation]});
    let request = PatchRequest::from_value(message, &BADGED_USER).expect("reads");
    let mut map: Map<String, Value> =
        stored(badge()).expect("valid").as_object().cloned().expect("object");
    for operation in request.operations() {
        carry_out(operation, &mut map).expect("applies");
    }
    map.remove(BADGE).unwrap_or_default()
}

#[test]
fn values_are_checked_against_their_type() {
    assert_eq!(stored(badge()).expect("valid")[BADGE], badge());
    let from_text = json!({"level": "3", "score": "0.5", "doors": ["A", "", null, "A"]});
    assert_eq!(
        stored(from_text).expect("valid")[BADGE],
        json!({"level": 3, "score": 0.5, "doors": ["A"]})
    );
    for (badge, at) in [
        (json!({"level": 1.5}), "level must be a whole number"),
        (json!({"level": "1.5"}), "level must be a whole number"),
        (json!({"level": true}), "level must be a whole number"),
        (json!({"score": "much"}), "score must be a number"),
        (json!({"issued": "yesterday"}), "issued must be a date and time"),
        (json!({"issued": 7}), "issued must be a date and time"),
        (json!({"doors": "A"}), "doors must be a list"),
        (json!({"doors": [1]}), "doors[0] must be a text"),
    ] {
        let error = stored(badge).expect_err(at);
        assert!(error.detail.contains(at), "{error} should say {at}");
    }
}

#[test]
fn filters_compare_numbers_dates_and_plain_lists() {
    let user = stored(badge()).expect("valid");
    let holds = |text: &str| {
        let filter = filter::parse(&format!("{BADGE}:{text}"), &BADGED_USER);
        matches(&filter.unwrap_or_else(|error| panic!("{text}: {error}")), &user)
    };
    for text in [
        "level eq 3",
        "level eq \"3\"",
        "level gt 2",
        "level ge 3",
        "level le 3.0",
        "level lt 4.5",
        "score eq 0.5",
        "score lt 1",
        "level ne 4",
        "issued lt \"2026-01-31T12:00:01Z\"",
        "doors eq \"a\"",
        "doors ne \"a\"",
        "doors co \"b\"",
        "doors pr",
    ] {
        assert!(holds(text), "{text}");
    }
    for text in ["level eq 4", "level lt 3", "score gt 0.5", "level ne 3", "doors eq \"C\""] {
        assert!(!holds(text), "{text}");
    }
    for text in ["level eq \"much\"", "level co 3", "score sw 0", "issued eq 3", "doors[a pr]"] {
        let error = filter::parse(&format!("{BADGE}:{text}"), &BADGED_USER).expect_err(text);
        assert_eq!(error.scim_type, Some("invalidFilter"));
    }
}

#[test]
fn plain_lists_are_patched_value_by_value() {
    let path = format!("{BADGE}:doors");
    let doors = |operation: Value| patched(operation)["doors"].clone();
    let add = json!({"op": "add", "path": path, "value": ["B", "C"]});
    assert_eq!(doors(add), json!(["A", "B", "C"]));
    assert_eq!(doors(json!({"op": "add", "path": path, "value": "C"})), json!(["A", "B", "C"]));
    assert_eq!(doors(json!({"op": "remove", "path": path, "value": ["A"]})), json!(["B"]));
    assert_eq!(doors(json!({"op": "replace", "path": path, "value": ["D"]})), json!(["D"]));
    assert_eq!(doors(json!({"op": "remove", "path": path})), json!(null));
    let level = patched(json!({"op": "replace", "value": {format!("{BADGE}:level"): "4"}}));
    assert_eq!(level["level"], 4);
}

#[test]
fn the_extension_of_another_resource_type_is_unknown() {
    assert!(filter::parse(&format!("{BADGE}:level eq 3"), &USER).is_err());
}
