//! The user document: what a client may say about a person, validated.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use crate::error::{Fault, ScimError};
use crate::fold::fold;
use crate::immutable::{self, Absent};
use crate::schema::{ResourceType, urn};
use crate::unique::check_unique_keys;
use crate::{json, limits, normalize};

/// A validated user without `id`, `meta` and `schemas`, which the server adds when it renders.
///
/// Names are in the spelling of the schema, values as they were sent (booleans given as text are
/// booleans), nothing is null or empty, `password` is gone.
///
/// Cheap to clone: clones share the document and its text until one of them changes.
#[derive(Debug, Clone)]
pub struct UserDocument(Arc<Shared>);

#[derive(Debug, Clone)]
struct Shared {
    value: Value,
    text: OnceLock<String>,
}

impl PartialEq for UserDocument {
    fn eq(&self, other: &Self) -> bool {
        self.0.value == other.0.value
    }
}

/// One e-mail address of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Email<'a> {
    /// The address as it was sent.
    pub value: &'a str,
    /// `work`, `home` or another text.
    pub kind: Option<&'a str>,
    /// Whether it is the preferred one.
    pub primary: bool,
}

impl UserDocument {
    /// Reads the body of a POST or PUT. `kind` is the type of users of the server.
    ///
    /// # Errors
    /// 400 `invalidSyntax` for what is no JSON object or not a user, 400 `invalidValue` naming the
    /// attribute that is missing, of the wrong type or over a limit, 413 for a body over the
    /// limit of the type or a user over [`limits::RESOURCE_BYTES`].
    pub fn parse(body: &[u8], kind: &'static ResourceType) -> Result<Self, ScimError> {
        Self::from_value(json::parse_up_to(body, kind.body_bytes)?, kind)
    }

    /// [`Self::parse`] for a value that is read already, such as one operation of a bulk request.
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
        let document = Self::of(Value::Object(normalize::resource(map, kind)?));
        document.check_keys()?;
        check_unique_keys(document.as_value(), kind)?;
        check_weight(document.as_value(), "user")?;
        Ok(document)
    }

    /// A document that was validated before it was stored.
    ///
    /// # Errors
    /// 500 if it is no object with a userName: the database was changed by another program.
    pub fn from_stored(value: Value) -> Result<Self, ScimError> {
        if value.get("userName").is_some_and(Value::is_string) {
            return Ok(Self::of(value));
        }
        Err(ScimError::new(500, None, "The stored user cannot be read."))
    }

    /// The name the person signs in with, as it was sent.
    pub fn user_name(&self) -> &str {
        self.text("userName").unwrap_or_default()
    }

    /// The identifier of the provisioning client, as it was sent.
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// Whether the person may sign in; so if the client does not say.
    pub fn active(&self) -> bool {
        self.as_value().get("active").and_then(Value::as_bool).unwrap_or(true)
    }

    /// The name to show.
    pub fn display_name(&self) -> Option<&str> {
        self.text("displayName")
    }

    /// The e-mail addresses.
    pub fn emails(&self) -> impl Iterator<Item = Email<'_>> {
        let list =
            self.as_value().get("emails").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(|email| {
            Some(Email {
                value: email.get("value")?.as_str()?,
                kind: email.get("type").and_then(Value::as_str),
                primary: email.get("primary").and_then(Value::as_bool).unwrap_or(false),
            })
        })
    }

    /// The id of the manager, as it was sent.
    pub fn manager(&self) -> Option<&str> {
        self.as_value().get(urn::ENTERPRISE_USER)?.get("manager")?.get("value")?.as_str()
    }

    /// Takes the manager away, and the extension with it when nothing else stands in it.
    pub fn forget_manager(&mut self) {
        let Some(user) = self.value_mut().as_object_mut() else { return };
        let Some(Value::Object(employer)) = user.get_mut(urn::ENTERPRISE_USER) else { return };
        employer.remove("manager");
        if employer.is_empty() {
            user.remove(urn::ENTERPRISE_USER);
        }
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
        immutable::check(previous.as_value(), self.value_mut(), kind, Absent::Keep)
    }

    /// The document as JSON, for the database and for [`crate::render`].
    pub fn as_value(&self) -> &Value {
        &self.0.value
    }

    /// The document as JSON text, for the database; written once for all clones.
    pub fn as_text(&self) -> &str {
        self.0.text.get_or_init(|| json::text(&self.0.value))
    }

    fn of(value: Value) -> Self {
        Self(Arc::new(Shared { value, text: OnceLock::new() }))
    }

    fn value_mut(&mut self) -> &mut Value {
        let shared = Arc::make_mut(&mut self.0);
        shared.text.take();
        &mut shared.value
    }

    /// The document as JSON.
    pub fn into_value(self) -> Value {
        Arc::unwrap_or_clone(self.0).value
    }

    /// For a change that does not say what `active` is to be: keeps what `previous` has. Without this
    /// a client that forgets the attribute would let a deactivated person in again.
    pub fn keep_active_of(&mut self, previous: &Self) {
        let Some(active) = previous.as_value().get("active") else { return };
        if let Some(map) = self.value_mut().as_object_mut() {
            map.entry("active").or_insert_with(|| active.clone());
        }
    }

    /// For a POST that does not say: whoever is made may sign in, and is shown so.
    pub fn be_active_by_default(&mut self) {
        if self.as_value().get("active").is_none()
            && let Some(map) = self.value_mut().as_object_mut()
        {
            map.insert("active".to_owned(), Value::Bool(true));
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.as_value().get(name).and_then(Value::as_str)
    }

    /// Indexed values must fit an index row of the database.
    fn check_keys(&self) -> Result<(), ScimError> {
        check_key("userName", self.user_name())?;
        if fold(self.user_name()).trim().is_empty() {
            let error = ScimError::invalid_value("userName must not be blank.");
            return Err(error.about("userName", Fault::Missing));
        }
        check_key("externalId", self.external_id().unwrap_or_default())?;
        self.emails().try_for_each(|email| check_key("emails.value", email.value))
    }
}

/// Refuses a value whose comparison key is too long for an index.
pub(crate) fn check_key(name: &str, value: &str) -> Result<(), ScimError> {
    if value.len() > limits::KEY_BYTES || fold(value).len() > limits::KEY_BYTES {
        let limit = limits::KEY_BYTES;
        let error = ScimError::invalid_value(format!("{name} is longer than {limit} bytes."));
        return Err(error.about(name, Fault::TooLong));
    }
    Ok(())
}

/// RFC 7643 §3: `schemas` names the core schema. A client that leaves it out is understood; one
/// that names something else has the wrong endpoint.
pub(crate) fn check_schemas(map: &Map<String, Value>, core: &str) -> Result<(), ScimError> {
    let Some((_, schemas)) = map.iter().find(|(key, _)| key.eq_ignore_ascii_case("schemas")) else {
        return Ok(());
    };
    // As RFC 7644 §3.7 prints it in its examples, and who follows them sends it.
    let misprint = core.replacen(":schemas:core:", ":api:messages:", 1);
    let names = |urn: &str| urn.eq_ignore_ascii_case(core) || urn.eq_ignore_ascii_case(&misprint);
    let named =
        schemas.as_array().is_some_and(|list| list.iter().filter_map(Value::as_str).any(names));
    if named {
        return Ok(());
    }
    let error = ScimError::invalid_syntax(format!("schemas must be a list with {core}."));
    Err(error.about("schemas", Fault::WrongType))
}

/// Refuses a document that is too long to store. `what` is its kind, for the message.
pub(crate) fn check_weight(document: &Value, what: &str) -> Result<(), ScimError> {
    if weight(document) > limits::RESOURCE_BYTES {
        let limit = limits::RESOURCE_BYTES;
        return Err(ScimError::too_large(format!("The {what} is longer than {limit} bytes.")));
    }
    Ok(())
}

/// About the length of a value as JSON.
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 3,
        Value::Array(list) => list.iter().map(weight).sum::<usize>() + 2,
        Value::Object(map) => map.iter().map(|(key, it)| key.len() + 4 + weight(it)).sum(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
