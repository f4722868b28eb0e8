//! The document of a resource that is neither a user nor a group: a type of the operator's own.

use serde_json::{Map, Value};

use crate::error::ScimError;
use crate::immutable::{self, Absent};
use crate::schema::ResourceType;
use crate::unique::check_unique_keys;
use crate::user::{check_key, check_schemas, check_weight};
use crate::{json, normalize};

/// A validated resource without `id`, `meta` and `schemas`, which the server adds when it renders.
///
/// What [`crate::user::UserDocument`] says of its values holds here too.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceDocument(Value);

impl ResourceDocument {
    /// Reads the body of a POST or PUT of a resource of this type.
    ///
    /// # Errors
    /// As [`crate::user::UserDocument::parse`].
    pub fn parse(body: &[u8], kind: &'static ResourceType) -> Result<Self, ScimError> {
        Self::from_value(json::parse_up_to(body, kind.body_bytes)?, kind)
    }

    /// [`Self::parse`] for a value that is read already.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn from_value(value: Value, kind: &'static ResourceType) -> Result<Self, ScimError> {
        let Value::Object(map) = value else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object."));
        };
        check_schemas(&map, kind.schema.id)?;
        Self::from_attributes(normalize::without_core_object(map, kind)?, kind)
    }

    /// Validates attributes: of a body or after a PATCH.
    pub(crate) fn from_attributes(
        map: Map<String, Value>,
        kind: &'static ResourceType,
    ) -> Result<Self, ScimError> {
        let document = Self(Value::Object(normalize::resource(map, kind)?));
        check_key("externalId", document.external_id().unwrap_or_default())?;
        check_unique_keys(&document.0, kind)?;
        check_weight(&document.0, kind.name)?;
        Ok(document)
    }

    /// A document that was validated before it was stored.
    ///
    /// # Errors
    /// 500 if it is no object: the database was changed by another program.
    pub fn from_stored(value: Value) -> Result<Self, ScimError> {
        if value.is_object() {
            return Ok(Self(value));
        }
        Err(ScimError::new(500, None, "The stored resource cannot be read."))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patch::{PatchRequest, apply_to_resource};
    use crate::render::render_resource;
    use crate::schema::{Attribute, Schema, urn};
    use serde_json::json;

    const DEVICE_URN: &str = "urn:example:params:scim:schemas:core:2.0:Device";

    static DEVICE: ResourceType = ResourceType {
        name: "Device",
        endpoint: "/Devices",
        description: "A device.",
        schema: &Schema {
            id: DEVICE_URN,
            name: "Device",
            description: "A device.",
            attributes: &[
                Attribute::string("serial", "The serial number.").required(),
                Attribute::string("tags", "Tags.").many(),
            ],
        },
        extensions: &[],
        body_bytes: 10_000,
    };

    fn device() -> ResourceDocument {
        let body = json!({"schemas": [DEVICE_URN], "Serial": "7", "externalId": "e", "shoe": 1});
        ResourceDocument::from_value(body, &DEVICE).expect("valid")
    }

    #[test]
    fn a_resource_is_read_by_its_schema_and_rendered_with_what_the_server_knows() {
        let device = device();
        assert_eq!(device.external_id(), Some("e"));
        assert_eq!(ResourceDocument::from_stored(device.as_value().clone()), Ok(device.clone()));
        assert_eq!(
            render_resource(&device, &DEVICE, "1", [0, 0], 2, "https://h"),
            json!({
                "schemas": [DEVICE_URN], "id": "1", "serial": "7", "externalId": "e",
                "meta": {"resourceType": "Device", "created": "1970-01-01T00:00:00.000Z",
                         "lastModified": "1970-01-01T00:00:00.000Z",
                         "location": "https://h/Devices/1", "version": "W/\"2\""},
            })
        );
    }

    #[test]
    fn what_does_not_fit_the_schema_is_refused() {
        for (body, kind) in [
            (json!({}), "invalidValue"),
            (json!({"serial": 7}), "invalidValue"),
            (json!({"schemas": [urn::USER], "serial": "7"}), "invalidSyntax"),
            (json!([]), "invalidSyntax"),
        ] {
            let error = ResourceDocument::from_value(body.clone(), &DEVICE).expect_err("refused");
            assert_eq!(error.scim_type, Some(kind), "{body}");
        }
        assert_eq!(ResourceDocument::from_stored(json!([])).expect_err("no object").status, 500);
    }

    #[test]
    fn a_resource_is_patched_by_its_schema() {
        let patch = |operation: Value, device: &mut ResourceDocument| {
            let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
            apply_to_resource(&PatchRequest::from_value(body, &DEVICE)?, device)
        };
        let mut device = device();
        let add = json!({"op": "add", "path": format!("{DEVICE_URN}:tags"), "value": ["a"]});
        assert_eq!(patch(add.clone(), &mut device), Ok(true));
        assert_eq!(patch(add, &mut device), Ok(false));
        assert_eq!(device.as_value()["tags"], json!(["a"]));
        let remove = json!({"op": "remove", "path": "serial"});
        assert_eq!(patch(remove, &mut device).expect_err("required").scim_type, Some("mutability"));
    }
}
