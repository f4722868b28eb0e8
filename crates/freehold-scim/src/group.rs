//! The group document and its members, kept apart: a group may have 100,000 of them, and they
//! are stored as rows.

use serde_json::{Map, Value};

use crate::error::{Fault, ScimError};
use crate::fold::fold;
use crate::immutable::{self, Absent};
use crate::schema::ResourceType;
use crate::unique::check_unique_keys;
use crate::user::{check_key, check_schemas, check_weight};
use crate::{json, limits, normalize};

/// A validated group without `id`, `meta`, `schemas` and `members`.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupDocument(Value);

/// A member a client names. Whether it exists is for the directory to say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member {
    /// The id of a user or group, as it was sent.
    pub value: String,
    /// `User` or `Group`, if the client says; Entra does not.
    pub kind: Option<String>,
}

impl GroupDocument {
    /// Reads the body of a POST or PUT: the group, and its members if the body has the attribute.
    /// `kind` is the type of groups of the server.
    ///
    /// # Errors
    /// As [`crate::user::UserDocument::parse`]; `invalidValue` for a member without an id.
    pub fn parse(
        body: &[u8],
        kind: &'static ResourceType,
    ) -> Result<(Self, Option<Vec<Member>>), ScimError> {
        Self::from_value(json::parse_up_to(body, kind.body_bytes)?, kind)
    }

    /// [`Self::parse`] for a value that is read already.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_value(
        value: Value,
        kind: &'static ResourceType,
    ) -> Result<(Self, Option<Vec<Member>>), ScimError> {
        let Value::Object(map) = value else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object."));
        };
        check_schemas(&map, kind.schema.id)?;
        let mut map = normalize::without_core_object(map, kind)?;
        let members = take_members(&mut map)?;
        Ok((Self::from_attributes(map, kind)?, members))
    }

    /// Validates attributes: of a body or after a PATCH.
    pub(crate) fn from_attributes(
        map: Map<String, Value>,
        kind: &'static ResourceType,
    ) -> Result<Self, ScimError> {
        let document = Self(Value::Object(normalize::resource(map, kind)?));
        check_key("displayName", document.display_name())?;
        if fold(document.display_name()).trim().is_empty() {
            let error = ScimError::invalid_value("displayName must not be blank.");
            return Err(error.about("displayName", Fault::Missing));
        }
        check_key("externalId", document.external_id().unwrap_or_default())?;
        check_unique_keys(&document.0, kind)?;
        check_weight(&document.0, "group")?;
        Ok(document)
    }

    /// A document that was validated before it was stored.
    ///
    /// # Errors
    /// 500 if it is no object with a displayName.
    pub fn from_stored(value: Value) -> Result<Self, ScimError> {
        if value.get("displayName").is_some_and(Value::is_string) {
            return Ok(Self(value));
        }
        Err(ScimError::new(500, None, "The stored group cannot be read."))
    }

    /// The name of the group, as it was sent.
    pub fn display_name(&self) -> &str {
        self.0.get("displayName").and_then(Value::as_str).unwrap_or_default()
    }

    /// The identifier of the provisioning client, as it was sent.
    pub fn external_id(&self) -> Option<&str> {
        self.0.get("externalId").and_then(Value::as_str)
    }

    /// For a PUT: keeps the immutable values that `previous` has.
    ///
    /// # Errors
    /// `mutability` if the new document has another value for one (RFC 7644 §3.5.1).
    pub fn keep_immutable_of(
        &mut self,
        previous: &Self,
        kind: &'static ResourceType,
    ) -> Result<(), ScimError> {
        immutable::check(&previous.0, &mut self.0, kind, Absent::Keep)
    }

    /// The document as JSON, for the database and for [`crate::render`].
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The document as JSON.
    pub fn into_value(self) -> Value {
        self.0
    }
}

fn take_members(map: &mut Map<String, Value>) -> Result<Option<Vec<Member>>, ScimError> {
    let keys: Vec<String> =
        map.keys().filter(|key| key.eq_ignore_ascii_case("members")).cloned().collect();
    match keys.as_slice() {
        [] => Ok(None),
        [key] => match map.remove(key) {
            None | Some(Value::Null) => Ok(Some(Vec::new())),
            Some(Value::Array(list)) => members_of(list).map(Some),
            Some(_) => Err(not_a_list()),
        },
        _ => Err(ScimError::invalid_syntax("members is given twice.")),
    }
}

pub(crate) fn not_a_list() -> ScimError {
    ScimError::invalid_value("members must be a list.").about("members", Fault::WrongType)
}

/// Reads a list of members; each named once, in the order they were sent.
pub(crate) fn members_of(list: Vec<Value>) -> Result<Vec<Member>, ScimError> {
    if list.len() > limits::MEMBERS {
        let limit = limits::MEMBERS;
        let error = ScimError::invalid_value(format!("members has more than {limit} values."));
        return Err(error.about("members", Fault::TooLong));
    }
    let mut seen = std::collections::HashSet::new();
    let mut members = Vec::with_capacity(list.len());
    for (index, value) in list.into_iter().enumerate() {
        let member = member_of(value, index)?;
        if seen.insert(member.value.clone()) {
            members.push(member);
        }
    }
    Ok(members)
}

/// `display` and `$ref` are the server's to say; Entra sends `"$ref": null`.
fn member_of(value: Value, index: usize) -> Result<Member, ScimError> {
    let Value::Object(mut map) = value else {
        let error = ScimError::invalid_value(format!("members[{index}] must be an object."));
        return Err(error.about("members", Fault::WrongType));
    };
    let value = take_text(&mut map, "value", index)?
        .ok_or_else(|| ScimError::invalid_value(format!("members[{index}].value is missing.")))
        .map_err(|error| error.about("members.value", Fault::Missing))?;
    check_key("members.value", &value)?;
    Ok(Member { value, kind: take_text(&mut map, "type", index)? })
}

/// The text under a name in any case, `None` if it is unassigned.
fn take_text(
    map: &mut Map<String, Value>,
    name: &str,
    index: usize,
) -> Result<Option<String>, ScimError> {
    let key = map.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
    match key.and_then(|key| map.remove(&key)) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
        Some(_) => {
            let error =
                ScimError::invalid_value(format!("members[{index}].{name} must be a text."));
            Err(error.about(&format!("members.{name}"), Fault::WrongType))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{GROUP, urn};
    use serde_json::json;

    #[test]
    fn the_create_of_entra_with_its_own_schema_and_without_members_is_accepted() {
        let body = json!({
            "schemas": [urn::GROUP,
                        "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "externalId": "8aa1a0c0", "displayName": "Staff", "meta": {"resourceType": "Group"},
        });
        let (group, members) = GroupDocument::from_value(body, &GROUP).expect("valid");
        assert_eq!((group.display_name(), group.external_id()), ("Staff", Some("8aa1a0c0")));
        assert_eq!(members, None);
        assert_eq!(GroupDocument::from_stored(group.as_value().clone()), Ok(group));
    }

    #[test]
    fn members_are_read_once_each_and_without_what_the_server_says_of_them() {
        let body = json!({"displayName": "Staff", "Members": [
            {"$ref": null, "value": "1", "display": "Anna"}, {"value": "2", "type": "Group"},
            {"value": "1"}, {"VALUE": "3", "type": null},
        ]});
        let (group, members) = GroupDocument::from_value(body, &GROUP).expect("valid");
        let member = |value: &str, kind: Option<&str>| Member {
            value: value.to_owned(),
            kind: kind.map(str::to_owned),
        };
        let expected = [member("1", None), member("2", Some("Group")), member("3", None)];
        assert_eq!(members.as_deref(), Some(&expected[..]));
        assert_eq!(group.into_value(), json!({"displayName": "Staff"}));
    }

    #[test]
    fn a_syntactically_wrong_member_is_refused() {
        for members in [
            json!("1"),
            json!({"value": "1"}),
            json!(["1"]),
            json!([{}]),
            json!([{"value": ""}]),
            json!([{"value": 7}]),
            json!([{"value": null}]),
            json!([{"value": "1", "type": 7}]),
            json!([{"value": "x".repeat(limits::KEY_BYTES + 1)}]),
        ] {
            let body = json!({"displayName": "Staff", "members": members});
            let error = GroupDocument::from_value(body, &GROUP).expect_err("must be refused");
            assert_eq!(error.scim_type, Some("invalidValue"));
            assert!(error.detail.contains("members"), "{error}");
        }
    }

    #[test]
    fn a_group_needs_a_name() {
        for body in [json!({}), json!({"displayName": ""}), json!({"displayName": " "})] {
            let error = GroupDocument::from_value(body, &GROUP).expect_err("must be refused");
            assert!(error.detail.contains("displayName"));
        }
    }
}
