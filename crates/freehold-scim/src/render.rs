//! From a stored document to the resource a client sees.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::etag;
use crate::group::GroupDocument;
use crate::resource::ResourceDocument;
use crate::schema::{GROUP, ResourceType, USER};
use crate::user::UserDocument;

/// A member as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMember {
    /// The id of a user or group.
    pub value: String,
    /// `User` or `Group`, if it is known.
    pub kind: Option<String>,
    /// The name of the member, if it is known.
    pub display: Option<String>,
}

/// A group a user is a direct member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserGroup {
    /// The id of the group.
    pub id: String,
    /// Its displayName.
    pub display: String,
}

/// A user as RFC 7643 §4.1 shows it: the document with `schemas`, `id`, `groups` and `meta`.
///
/// `times` are those of creation and last change, in milliseconds since 1970; `base_url` ends before `/Users`,
/// as in `https://keys.example.com/scim/v2`.
pub fn render_user(
    document: &UserDocument,
    kind: &ResourceType,
    id: &str,
    groups: &[UserGroup],
    times: [u64; 2],
    version: u64,
    base_url: &str,
) -> Value {
    let mut user = resource(document.as_value(), kind, id, times, version, base_url);
    if !groups.is_empty() {
        let list = groups.iter().map(|group| render_user_group(group, base_url)).collect();
        user.insert("groups".to_owned(), Value::Array(list));
    }
    Value::Object(user)
}

/// RFC 7643 §4.1.2: `type` says whether the membership is direct. Memberships over nested groups
/// are not resolved, so all of them are.
fn render_user_group(group: &UserGroup, base_url: &str) -> Value {
    json!({
        "value": group.id,
        "$ref": location(&GROUP, &group.id, base_url),
        "display": group.display,
        "type": "direct",
    })
}

/// A group with its members, or without them where the projection leaves them out.
///
/// Units as in [`render_user`].
pub fn render_group(
    document: &GroupDocument,
    kind: &ResourceType,
    id: &str,
    members: Option<&[RenderedMember]>,
    times: [u64; 2],
    version: u64,
    base_url: &str,
) -> Value {
    let mut group = resource(document.as_value(), kind, id, times, version, base_url);
    if let Some(members) = members.filter(|it| !it.is_empty()) {
        let list = members.iter().map(|member| render_member(member, base_url)).collect();
        group.insert("members".to_owned(), Value::Array(list));
    }
    Value::Object(group)
}

/// A member as its group shows it; `base_url` as in [`render_user`].
pub fn render_member(member: &RenderedMember, base_url: &str) -> Value {
    let kind = if member.kind.as_deref() == Some(GROUP.name) { &GROUP } else { &USER };
    let mut rendered = json!({
        "value": member.value,
        "$ref": location(kind, &member.value, base_url),
    });
    for (name, text) in [("type", &member.kind), ("display", &member.display)] {
        if let (Some(text), Some(map)) = (text, rendered.as_object_mut()) {
            map.insert(name.to_owned(), text.as_str().into());
        }
    }
    rendered
}

/// A resource of one of the operator's own types.
///
/// Units as in [`render_user`].
pub fn render_resource(
    document: &ResourceDocument,
    kind: &ResourceType,
    id: &str,
    times: [u64; 2],
    version: u64,
    base_url: &str,
) -> Value {
    Value::Object(resource(document.as_value(), kind, id, times, version, base_url))
}

fn resource(
    document: &Value,
    kind: &ResourceType,
    id: &str,
    times: [u64; 2],
    version: u64,
    base_url: &str,
) -> Map<String, Value> {
    let mut map: Map<String, Value> = document.as_object().cloned().unwrap_or_default();
    // RFC 7643 §3: the core schema and each extension that is present.
    let extensions = kind.extension_schemas().filter(|schema| map.contains_key(schema.id));
    let schemas: Vec<&str> =
        std::iter::once(kind.schema.id).chain(extensions.map(|schema| schema.id)).collect();
    map.insert("schemas".to_owned(), json!(schemas));
    map.insert("id".to_owned(), id.into());
    map.insert("meta".to_owned(), meta(kind, id, times, version, base_url));
    map
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
        let document = UserDocument::from_value(body, &USER).expect("valid");
        let user = render_user(
            &document,
            &USER,
            "7",
            &[],
            [1_795_471_220_123, 1_795_471_221_000],
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
    fn a_user_shows_the_groups_it_is_in() {
        let document = UserDocument::from_value(json!({"userName": "Anna"}), &USER).expect("valid");
        let groups = [UserGroup { id: "g".to_owned(), display: "Staff".to_owned() }];
        let user = render_user(&document, &USER, "7", &groups, [0, 0], 1, "https://h");
        assert_eq!(
            user["groups"],
            json!([{"value": "g", "$ref": "https://h/Groups/g", "display": "Staff",
                    "type": "direct"}])
        );
    }

    #[test]
    fn a_member_shows_what_is_known_of_it() {
        let (document, _) =
            GroupDocument::from_value(json!({"displayName": "Staff"}), &GROUP).expect("valid");
        let member = |kind: Option<&str>, display: Option<&str>| RenderedMember {
            value: "7".to_owned(),
            kind: kind.map(str::to_owned),
            display: display.map(str::to_owned),
        };
        let members = [member(None, None), member(Some("Group"), Some("Crew"))];
        let group = render_group(&document, &GROUP, "1", Some(&members), [0, 0], 1, "https://h");
        assert_eq!(
            group["members"],
            json!([{"value": "7", "$ref": "https://h/Users/7"},
                   {"value": "7", "$ref": "https://h/Groups/7", "type": "Group", "display": "Crew"}])
        );
        let group = render_group(&document, &GROUP, "1", None, [0, 0], 1, "https://h");
        assert!(group.get("members").is_none());
    }

    #[test]
    fn a_time_beyond_every_calendar_does_not_panic() {
        assert_eq!(date_time(u64::MAX), "9999-12-31T23:59:59.999Z");
        assert_eq!(date_time(0), "1970-01-01T00:00:00.000Z");
    }
}
