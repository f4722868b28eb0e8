//! From a stored document to the resource a client sees.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::etag;
use crate::group::{GroupDocument, Member};
use crate::schema::{GROUP, ResourceType, USER};
use crate::user::UserDocument;

/// A user as RFC 7643 §4.1 shows it: the document with `schemas`, `id` and `meta`.
///
/// `created` and `last_modified` are milliseconds since 1970; `base_url` ends before `/Users`,
/// as in `https://keys.example.com/scim/v2`.
pub fn render_user(
    document: &UserDocument,
    id: &str,
    created: u64,
    last_modified: u64,
    version: u64,
    base_url: &str,
) -> Value {
    let meta = meta(&USER, id, [created, last_modified], version, base_url);
    resource(document.as_value(), &USER, id, meta)
}

/// A group with its members, or without them where the projection leaves them out.
///
/// Units as in [`render_user`].
pub fn render_group(
    document: &GroupDocument,
    members: Option<&[Member]>,
    id: &str,
    times: [u64; 2],
    version: u64,
    base_url: &str,
) -> Value {
    let meta = meta(&GROUP, id, times, version, base_url);
    let mut group = resource(document.as_value(), &GROUP, id, meta);
    if let (Some(members), Some(map)) = (members.filter(|it| !it.is_empty()), group.as_object_mut())
    {
        let list = members.iter().map(|member| render_member(member, base_url)).collect();
        map.insert("members".to_owned(), Value::Array(list));
    }
    group
}

fn render_member(member: &Member, base_url: &str) -> Value {
    let mut rendered = json!({ "value": member.value });
    let endpoint = match member.kind.as_deref() {
        Some("Group") => GROUP.endpoint,
        _ => USER.endpoint,
    };
    if let Some(map) = rendered.as_object_mut() {
        map.insert("$ref".to_owned(), format!("{base_url}{endpoint}/{}", member.value).into());
        if let Some(kind) = &member.kind {
            map.insert("type".to_owned(), kind.as_str().into());
        }
    }
    rendered
}

fn resource(document: &Value, kind: &ResourceType, id: &str, meta: Value) -> Value {
    let mut map: Map<String, Value> = document.as_object().cloned().unwrap_or_default();
    // RFC 7643 §3: the core schema and each extension that is present.
    let extensions = kind.extensions.iter().filter(|schema| map.contains_key(schema.id));
    let schemas: Vec<&str> =
        std::iter::once(kind.schema.id).chain(extensions.map(|schema| schema.id)).collect();
    map.insert("schemas".to_owned(), json!(schemas));
    map.insert("id".to_owned(), id.into());
    map.insert("meta".to_owned(), meta);
    Value::Object(map)
}

fn meta(
    kind: &ResourceType,
    id: &str,
    [created, last_modified]: [u64; 2],
    version: u64,
    base_url: &str,
) -> Value {
    json!({
        "resourceType": kind.name,
        "created": date_time(created),
        "lastModified": date_time(last_modified),
        "location": location(kind, id, base_url),
        "version": etag::render(version),
    })
}

/// The URI of a resource: `meta.location` and the `Location` header.
pub fn location(kind: &ResourceType, id: &str, base_url: &str) -> String {
    format!("{base_url}{}/{id}", kind.endpoint)
}

const MILLISECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// Milliseconds since 1970 as xsd:dateTime in UTC: `2026-11-23T22:27:00.000Z`.
pub fn date_time(millis: u64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .ok()
        .and_then(|at| at.format(MILLISECONDS).ok())
        // Beyond the year 9999, which no clock of ours reaches.
        .unwrap_or_else(|| "9999-12-31T23:59:59.999Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::urn;

    #[test]
    fn a_user_is_rendered_with_schemas_id_and_meta() {
        let body = json!({"userName": "Anna", urn::ENTERPRISE_USER: {"department": "R&D"}});
        let document = UserDocument::from_value(body).expect("valid");
        let user = render_user(
            &document,
            "7",
            1_795_471_220_123,
            1_795_471_221_000,
            3,
            "https://h/scim/v2",
        );
        assert_eq!(
            user,
            json!({
                "schemas": [urn::USER, urn::ENTERPRISE_USER],
                "id": "7",
                "userName": "Anna",
                urn::ENTERPRISE_USER: {"department": "R&D"},
                "meta": {
                    "resourceType": "User",
                    "created": "2026-11-23T22:00:20.123Z",
                    "lastModified": "2026-11-23T22:00:21.000Z",
                    "location": "https://h/scim/v2/Users/7",
                    "version": "W/\"3\"",
                },
            })
        );
    }

    #[test]
    fn a_time_beyond_every_calendar_does_not_panic() {
        assert_eq!(date_time(u64::MAX), "9999-12-31T23:59:59.999Z");
        assert_eq!(date_time(0), "1970-01-01T00:00:00.000Z");
    }
}
