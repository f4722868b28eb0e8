//! `attributes` and `excludedAttributes`: RFC 7644 §3.9.

use serde_json::{Map, Value};

use crate::error::ScimError;
use crate::parameters::Parameters;
use crate::patch::PatchRequest;
use crate::path::Path;
use crate::schema::{
    Attribute, AttributeRef, COMMON, Mutability, ResourceType, Returned, Schema, named,
};

/// Which attributes an answer has.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    resource: &'static ResourceType,
    only: Option<Vec<Name>>,
    without: Vec<Name>,
    /// What the client has just set.
    sent: Vec<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Name {
    Extension(&'static Schema),
    Attribute(AttributeRef),
}

impl Projection {
    /// The default set of attributes.
    pub fn all(resource: &'static ResourceType) -> Self {
        Self { resource, only: None, without: Vec::new(), sent: Vec::new() }
    }

    /// Reads the two parameters: names separated by commas. Unknown names are ignored. Both may
    /// be given; what is excluded is taken from what is asked for.
    pub fn parse(
        attributes: Option<&str>,
        excluded: Option<&str>,
        resource: &'static ResourceType,
    ) -> Self {
        let list = |text: &str| names(text, resource);
        Self {
            resource,
            // An empty parameter asks for nothing special.
            only: attributes.filter(|text| says_something(text)).map(list),
            without: excluded.map(list).unwrap_or_default(),
            sent: Vec::new(),
        }
    }

    /// Reads them from the raw query string of a request for one resource.
    ///
    /// # Errors
    /// `invalidSyntax` if the query is not UTF-8.
    pub fn from_query(raw: &str, resource: &'static ResourceType) -> Result<Self, ScimError> {
        Ok(Self::of(&Parameters::of_query(raw)?, resource))
    }

    pub(crate) fn of(parameters: &Parameters, resource: &'static ResourceType) -> Self {
        let find = |wanted| parameters.find_list(wanted);
        Self::parse(find("attributes").as_deref(), find("excludedAttributes").as_deref(), resource)
    }

    /// For the answer to a POST or PUT of this document, without `id` and `meta`.
    ///
    /// RFC 7643 §7: what is returned on request is returned "in response to any PUT, POST, or
    /// PATCH operations if the attribute was specified by the client".
    #[must_use]
    pub fn with_sent(mut self, document: &Value) -> Self {
        for (key, value) in document.as_object().into_iter().flatten() {
            match self.resource.extension(key) {
                Some(schema) => {
                    let names = value.as_object().into_iter().flatten().map(|(name, _)| name);
                    let found = names.filter_map(|name| schema.resolve(name));
                    add_new(&mut self.sent, found.map(Name::Attribute));
                }
                None => {
                    add_new(&mut self.sent, self.resource.resolve(key).map(Name::Attribute));
                }
            }
        }
        self
    }

    /// For the answer to a PATCH, as [`Self::with_sent`].
    #[must_use]
    pub fn with_changed(mut self, request: &PatchRequest) -> Self {
        let changed = request.operations().iter().map(|operation| match &operation.path {
            Path::Extension(schema) => Name::Extension(schema),
            Path::Values { attribute, sub: Some(sub), .. } => {
                Name::Attribute(attribute.with_sub(sub))
            }
            Path::Attribute(attribute) | Path::Values { attribute, .. } => {
                Name::Attribute(*attribute)
            }
        });
        add_new(&mut self.sent, changed);
        self
    }

    /// Whether the client asked for this top-level attribute by name.
    pub fn names(&self, attribute: &str) -> bool {
        self.only.iter().flatten().any(|name| name.is(None, attribute))
    }

    /// Whether a top-level attribute of the core schema is part of the answer, so that `members`
    /// are only read when they are shown.
    pub fn shows(&self, attribute: &str) -> bool {
        named(self.resource.schema.attributes, attribute)
            .is_some_and(|attribute| self.keeps(None, attribute))
    }

    /// Takes from a complete resource what the answer leaves out.
    pub fn apply(&self, resource: &mut Value) {
        let Some(map) = resource.as_object_mut() else { return };
        let names: Vec<String> = map.keys().cloned().collect();
        for name in names {
            let keep = match self.resource.extension(&name) {
                Some(schema) => self.narrow_extension(schema, map.get_mut(schema.id)),
                None => match self.top_level(&name) {
                    Some(attribute) => self.narrow(None, attribute, map),
                    None => false,
                },
            };
            if !keep {
                map.remove(&name);
            }
        }
    }

    fn top_level(&self, name: &str) -> Option<&'static Attribute> {
        named(COMMON, name).or_else(|| named(self.resource.schema.attributes, name))
    }

    fn narrow_extension(&self, schema: &'static Schema, value: Option<&mut Value>) -> bool {
        let Some(map) = value.and_then(Value::as_object_mut) else { return false };
        for attribute in schema.attributes {
            if !self.narrow(Some(schema), attribute, map) {
                map.remove(attribute.name);
            }
        }
        !map.is_empty()
    }

    /// Narrows the value of an attribute to the sub-attributes that are shown; false if nothing
    /// of it is.
    fn narrow(
        &self,
        schema: Option<&'static Schema>,
        attribute: &'static Attribute,
        map: &mut Map<String, Value>,
    ) -> bool {
        if !self.keeps(schema, attribute) {
            return false;
        }
        let Some(value) = map.get_mut(attribute.name) else { return true };
        let elements: &mut [Value] = match value {
            Value::Array(list) => list,
            single => std::slice::from_mut(single),
        };
        for object in elements.iter_mut().filter_map(Value::as_object_mut) {
            object.retain(|name, _| {
                let sub = attribute.sub_attribute(name);
                sub.is_some_and(|sub| self.keeps_sub(schema, attribute, sub))
            });
        }
        true
    }

    fn keeps(&self, schema: Option<&'static Schema>, attribute: &'static Attribute) -> bool {
        match attribute.returned {
            Returned::Always => true,
            Returned::Never => false,
            returned => {
                let wanted = match &self.only {
                    None => {
                        returned == Returned::Default
                            || self.sent.iter().any(|name| name.touches(schema, attribute))
                    }
                    Some(only) => only.iter().any(|name| name.touches(schema, attribute)),
                };
                wanted && !self.without.iter().any(|name| name.covers(schema, attribute))
            }
        }
    }

    fn keeps_sub(
        &self,
        schema: Option<&'static Schema>,
        attribute: &'static Attribute,
        sub: &'static Attribute,
    ) -> bool {
        match sub.returned {
            Returned::Always => true,
            Returned::Never => false,
            returned => {
                let exact = |name: &Name| name.is_sub(schema, attribute, sub);
                let wanted = match &self.only {
                    None => {
                        attribute.returned == Returned::Always
                            || returned == Returned::Default
                            || self.sent.iter().any(|name| {
                                // What only the server sets was not sent with the whole.
                                let settable = sub.mutability != Mutability::ReadOnly;
                                exact(name) || (settable && name.covers(schema, attribute))
                            })
                    }
                    Some(only) => {
                        attribute.returned == Returned::Always
                            || only.iter().any(exact)
                            || (returned == Returned::Default
                                && only.iter().any(|name| name.covers(schema, attribute)))
                    }
                };
                wanted && !self.without.iter().any(exact)
            }
        }
    }
}

impl Name {
    /// Names this top-level attribute or a part of it.
    fn is(&self, schema: Option<&'static Schema>, attribute: &str) -> bool {
        match self {
            Self::Extension(_) => false,
            Self::Attribute(own) => {
                own.extension().map(|it| it.id) == schema.map(|it| it.id)
                    && own.attribute().name.eq_ignore_ascii_case(attribute)
            }
        }
    }

    /// Names the attribute, a part of it, or the extension around it.
    fn touches(&self, schema: Option<&'static Schema>, attribute: &Attribute) -> bool {
        match self {
            Self::Extension(own) => schema.is_some_and(|schema| schema.id == own.id),
            Self::Attribute(_) => self.is(schema, attribute.name),
        }
    }

    /// Names the attribute as a whole, or the extension around it.
    fn covers(&self, schema: Option<&'static Schema>, attribute: &Attribute) -> bool {
        match self {
            Self::Extension(_) => self.touches(schema, attribute),
            Self::Attribute(own) => own.sub().is_none() && self.is(schema, attribute.name),
        }
    }

    fn is_sub(
        &self,
        schema: Option<&'static Schema>,
        attribute: &Attribute,
        sub: &Attribute,
    ) -> bool {
        match self {
            Self::Extension(_) => false,
            Self::Attribute(own) => {
                self.is(schema, attribute.name) && own.sub().is_some_and(|it| it.name == sub.name)
            }
        }
    }
}

/// Whether a list of names, which may have been given in several pieces, holds anything.
fn says_something(list: &str) -> bool {
    list.split(',').any(|name| !name.trim().is_empty())
}

fn names(text: &str, resource: &'static ResourceType) -> Vec<Name> {
    let mut names = Vec::new();
    for name in text.split(',').map(str::trim) {
        let name = match resource.extension(name) {
            Some(schema) => Some(Name::Extension(schema)),
            None => resource.resolve(name).map(Name::Attribute),
        };
        add_new(&mut names, name);
    }
    names
}

/// Adds names that are not there yet. Every part of every value of an answer is compared with each name, so
/// their number is that of the schema's and not the client's to choose.
fn add_new(names: &mut Vec<Name>, more: impl IntoIterator<Item = Name>) {
    for name in more {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{GROUP, USER, urn};
    use serde_json::json;

    fn user() -> Value {
        json!({
            "schemas": [urn::USER, urn::ENTERPRISE_USER], "id": "1", "userName": "anna",
            "name": {"givenName": "Anna", "familyName": "Nowak"},
            "emails": [{"value": "a@x", "type": "work"}, {"value": "b@x", "type": "home"}],
            urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "2"}},
            "meta": {"resourceType": "User", "version": "W/\"1\""},
        })
    }

    fn projected(attributes: Option<&str>, excluded: Option<&str>) -> Value {
        let mut user = user();
        Projection::parse(attributes, excluded, &USER).apply(&mut user);
        user
    }

    fn with_minimum(rest: Value) -> Value {
        let mut all = json!({"schemas": [urn::USER, urn::ENTERPRISE_USER], "id": "1"});
        for (name, value) in rest.as_object().expect("object") {
            all[name] = value.clone();
        }
        all
    }

    #[test]
    fn without_parameters_everything_is_given_back() {
        assert_eq!(projected(None, None), user());
        assert_eq!(projected(Some(""), Some("")), user());
    }

    #[test]
    fn asking_for_attributes_gives_them_and_the_minimum() {
        assert_eq!(projected(Some("USERNAME"), None), with_minimum(json!({"userName": "anna"})));
        assert_eq!(
            projected(Some("name.givenName, emails.value"), None),
            with_minimum(json!({"name": {"givenName": "Anna"},
                                "emails": [{"value": "a@x"}, {"value": "b@x"}]}))
        );
        assert_eq!(projected(Some("id"), None), with_minimum(json!({})));
        assert_eq!(projected(Some("nonsense"), None), with_minimum(json!({})));
    }

    #[test]
    fn a_parameter_that_is_given_again_says_more() {
        let projected = |raw: &str| {
            let mut user = user();
            Projection::from_query(raw, &USER).expect("reads").apply(&mut user);
            user
        };
        let once = projected("attributes=userName,name.givenName");
        assert_eq!(once["name"], json!({"givenName": "Anna"}));
        assert_eq!(projected("attributes=userName&Attributes=name.givenName"), once);
        assert_eq!(projected("attributes=userName&attributes=&attributes=name.givenName"), once);
        let once = projected("excludedAttributes=emails,name");
        assert_eq!(projected("excludedAttributes=emails&excludedattributes=name"), once);
        assert_eq!(projected("attributes=&attributes="), user());
    }

    #[test]
    fn a_name_is_compared_once_however_often_it_is_given() {
        let many = ["id", "ID", "title", "name.givenName", "Name.GivenName", urn::ENTERPRISE_USER];
        let many = format!("{},", many.join(",")).repeat(1_000);
        let projection = Projection::parse(Some(&many), Some(&many), &USER);
        assert_eq!(projection.only.as_ref().map(Vec::len), Some(4));
        assert_eq!(projection.without.len(), 4);
        let operation = json!({"op": "add", "path": "members", "value": [{"value": "1"}]});
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": vec![operation; 1_000]});
        let request = PatchRequest::from_value(body, &GROUP).expect("reads");
        assert_eq!(Projection::all(&GROUP).with_changed(&request).sent.len(), 1);
    }

    #[test]
    fn extensions_are_asked_for_as_a_whole_or_by_attribute() {
        let department = format!("{}:department", urn::ENTERPRISE_USER);
        assert_eq!(
            projected(Some(&department), None),
            with_minimum(json!({urn::ENTERPRISE_USER: {"department": "R&D"}}))
        );
        assert_eq!(
            projected(Some(urn::ENTERPRISE_USER), None),
            with_minimum(
                json!({urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "2"}}})
            )
        );
    }

    #[test]
    fn excluded_attributes_go_and_the_minimum_stays() {
        let mut expected = user();
        for name in ["emails", "meta", urn::ENTERPRISE_USER] {
            expected.as_object_mut().expect("object").remove(name);
        }
        expected["name"] = json!({"familyName": "Nowak"});
        let excluded = format!("emails,id,schemas,meta,name.givenName,{}", urn::ENTERPRISE_USER);
        assert_eq!(projected(None, Some(&excluded)), expected);
    }

    #[test]
    fn the_server_can_ask_whether_members_are_needed() {
        let shown =
            |attributes, excluded| Projection::parse(attributes, excluded, &GROUP).shows("members");
        assert!(shown(None, None));
        assert!(!shown(None, Some("members")));
        assert!(!shown(Some("id"), None));
        assert!(shown(Some("members.value"), None));
        assert!(Projection::from_query("attributes=members", &GROUP).expect("ok").names("members"));
        assert!(!Projection::all(&GROUP).names("members"));
    }

    #[test]
    fn what_is_never_returned_is_not_returned_even_when_asked_for() {
        let mut user = json!({"id": "1", "password": "secret"});
        Projection::parse(Some("password"), None, &USER).apply(&mut user);
        assert_eq!(user, json!({"id": "1"}));
    }
}
