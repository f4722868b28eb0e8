//! From the name a client wrote to the attribute it means.

use std::fmt;

use super::{Attribute, COMMON, ResourceType, Schema, named};

/// An attribute of a resource, or of one value of a multi-valued attribute: what a filter, a path
/// or a projection names. Only [`ResourceType::resolve`] and the filter parser make one, so it
/// always exists in the schema.
#[derive(Debug, Clone, Copy)]
pub struct AttributeRef {
    extension: Option<&'static Schema>,
    attribute: &'static Attribute,
    sub: Option<&'static Attribute>,
}

impl AttributeRef {
    /// An attribute by itself, without extension or sub-attribute.
    pub(crate) fn plain(attribute: &'static Attribute) -> Self {
        Self { extension: None, attribute, sub: None }
    }

    /// The `id` that every resource has.
    pub(crate) fn id() -> Self {
        Self::plain(&super::ID)
    }

    /// The same attribute narrowed to a sub-attribute.
    pub(crate) fn with_sub(self, sub: &'static Attribute) -> Self {
        Self { sub: Some(sub), ..self }
    }

    /// The extension it belongs to; `None` for the core schema, common attributes and inside the
    /// brackets of a value path.
    pub fn extension(&self) -> Option<&'static Schema> {
        self.extension
    }

    /// The attribute.
    pub fn attribute(&self) -> &'static Attribute {
        self.attribute
    }

    /// The sub-attribute, if one is named.
    pub fn sub(&self) -> Option<&'static Attribute> {
        self.sub
    }

    /// The innermost attribute: its type and its case rule decide a comparison.
    pub fn leaf(&self) -> &'static Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    /// Whether this is the attribute of the core or common schema with this exact dotted name,
    /// such as `userName` or `emails.value`. For the table of indexed columns.
    pub fn is_core(&self, dotted: &str) -> bool {
        self.extension.is_none()
            && match (dotted.split_once('.'), self.sub) {
                (Some((name, sub)), Some(own)) => self.attribute.name == name && own.name == sub,
                (None, None) => self.attribute.name == dotted,
                _ => false,
            }
    }
}

impl PartialEq for AttributeRef {
    fn eq(&self, other: &Self) -> bool {
        let names = |it: &Self| {
            (it.extension.map(|schema| schema.id), it.attribute.name, it.sub.map(|sub| sub.name))
        };
        names(self) == names(other)
    }
}

impl Eq for AttributeRef {}

impl fmt::Display for AttributeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = self.extension {
            write!(f, "{}:", schema.id)?;
        }
        f.write_str(self.attribute.name)?;
        self.sub.map_or(Ok(()), |sub| write!(f, ".{}", sub.name))
    }
}

impl ResourceType {
    /// Whether this is the URN of the core schema, in any case.
    pub fn is_core_urn(&self, id: &str) -> bool {
        self.schema.id.eq_ignore_ascii_case(id)
    }

    /// The extension with this URN, in any case.
    pub fn extension(&self, id: &str) -> Option<&'static Schema> {
        self.extension_schemas().find(|schema| schema.id.eq_ignore_ascii_case(id))
    }

    /// The schemas of the extensions.
    pub fn extension_schemas(&self) -> impl Iterator<Item = &'static Schema> {
        self.extensions.iter().map(|extension| extension.schema)
    }

    /// The attribute that a dotted or URN-qualified name means (RFC 7644 §3.10):
    /// `userName`, `name.familyName`, `urn:…:User:emails.value`, `urn:…:enterprise:2.0:User:manager`.
    ///
    /// A bare name that the core schema lacks is looked up in the extensions too, because Entra
    /// patches the path `manager`.
    pub fn resolve(&self, name: &str) -> Option<AttributeRef> {
        // The version in a URN has a dot and an attribute name has no colon: cut at the last one.
        match name.rsplit_once(':') {
            Some((uri, local)) => self.resolve_in(uri, local),
            None => self.resolve_bare(name),
        }
    }

    fn resolve_in(&self, uri: &str, local: &str) -> Option<AttributeRef> {
        if self.schema.id.eq_ignore_ascii_case(uri) {
            return dotted(COMMON, local).or_else(|| dotted(self.schema.attributes, local));
        }
        in_extension(self.extension(uri)?, local)
    }

    fn resolve_bare(&self, name: &str) -> Option<AttributeRef> {
        dotted(COMMON, name)
            .or_else(|| dotted(self.schema.attributes, name))
            .or_else(|| self.extension_schemas().find_map(|schema| in_extension(schema, name)))
    }
}

impl Schema {
    /// The attribute of this extension that a dotted name means.
    pub(crate) fn resolve(&'static self, local: &str) -> Option<AttributeRef> {
        in_extension(self, local)
    }
}

fn in_extension(schema: &'static Schema, local: &str) -> Option<AttributeRef> {
    let found = dotted(schema.attributes, local)?;
    Some(AttributeRef { extension: Some(schema), ..found })
}

fn dotted(attributes: &'static [Attribute], name: &str) -> Option<AttributeRef> {
    let (name, sub) = match name.split_once('.') {
        Some((name, sub)) => (name, Some(sub)),
        None => (name, None),
    };
    let attribute = named(attributes, name)?;
    let sub = match sub {
        Some(sub) => Some(attribute.sub_attribute(sub)?),
        None => None,
    };
    Some(AttributeRef { extension: None, attribute, sub })
}

#[cfg(test)]
mod tests {
    use crate::schema::{GROUP, USER};

    fn resolved(name: &str) -> Option<String> {
        USER.resolve(name).map(|found| found.to_string())
    }

    #[test]
    fn names_resolve_in_any_case_to_the_spelling_of_the_schema() {
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        for (name, expected) in [
            ("USERNAME", "userName".to_owned()),
            ("Name.FAMILYname", "name.familyName".to_owned()),
            ("urn:ietf:params:scim:schemas:core:2.0:User:userName", "userName".to_owned()),
            ("URN:IETF:params:scim:schemas:core:2.0:user:emails.VALUE", "emails.value".to_owned()),
            ("meta.lastmodified", "meta.lastModified".to_owned()),
            ("manager", format!("{enterprise}:manager")),
            ("Manager.value", format!("{enterprise}:manager.value")),
            (&format!("{enterprise}:manager.$ref"), format!("{enterprise}:manager.$ref")),
            (&enterprise.replace("enterprise", "ENTERPRISE"), String::new()),
        ] {
            assert_eq!(resolved(name).unwrap_or_default(), expected, "{name}");
        }
    }

    #[test]
    fn names_that_are_in_no_schema_do_not_resolve() {
        for name in
            ["", ".", ":", "shoeSize", "userName.x", "name.", "urn:x:userName", "emails.value.x"]
        {
            assert_eq!(resolved(name), None, "{name}");
        }
        assert!(GROUP.resolve("userName").is_none());
        assert!(GROUP.resolve("members.value").is_some());
    }
}
