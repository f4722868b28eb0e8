//! The `path` of a PATCH operation: RFC 7644 §3.5.2, figure 7.

use std::fmt;

use crate::error::{Fault, ScimError};
use crate::filter::{Filter, Parser, has_values, no_values, short, shown};
use crate::schema::{Attribute, AttributeRef, ResourceType, Schema};

/// What a PATCH operation points at.
#[derive(Debug, Clone, PartialEq)]
pub enum Path {
    /// A whole extension: `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`.
    Extension(&'static Schema),
    /// An attribute or sub-attribute: `title`, `name.familyName`, `urn:…:User:manager.value`.
    Attribute(AttributeRef),
    /// The values of a multi-valued attribute that meet a filter, or one sub-attribute of them:
    /// `members[value eq "1"]`, `emails[type eq "work"].value`.
    Values {
        /// The multi-valued attribute.
        attribute: AttributeRef,
        /// Which of its values.
        filter: Filter,
        /// Which part of those values; `None` for the values themselves.
        sub: Option<&'static Attribute>,
    },
}

impl Path {
    /// Reads a path over resources of this type. Names are case-insensitive and may carry the URN
    /// of their schema.
    ///
    /// # Errors
    /// `invalidPath` for a malformed path or an unknown attribute, `invalidFilter` for a fault
    /// inside the brackets (RFC 7644 table 9).
    pub fn parse(text: &str, resource: &'static ResourceType) -> Result<Self, ScimError> {
        let mut parser = Parser::new(text)?;
        let name = parser.word().ok_or_else(|| unreadable("a name is missing"))?;
        if let Some(schema) = resource.extension(&name) {
            parser.end().map_err(|_| unreadable("something follows the name of the extension"))?;
            return Ok(Self::Extension(schema));
        }
        let attribute = resource.resolve(&name).ok_or_else(|| {
            ScimError::invalid_path(format!("The path names no attribute: {}.", shown(&name)))
                .about(&short(&name), Fault::Unknown)
        })?;
        // The fault is before the brackets, and not in the filter.
        if parser.at_brackets() && !has_values(attribute.leaf()) {
            return Err(ScimError::invalid_path(no_values(attribute.leaf())));
        }
        let Some(filter) = parser.brackets(attribute.leaf())? else {
            parser.end().map_err(|_| unreadable("something follows the attribute"))?;
            return Ok(Self::Attribute(attribute));
        };
        let sub = parser
            .dotted_sub(attribute.leaf())
            .map_err(|error| ScimError { scim_type: Some("invalidPath"), ..error })?;
        parser.end().map_err(|_| unreadable("something follows the brackets"))?;
        Ok(Self::Values { attribute, filter, sub })
    }

    /// The attribute the path goes through; `None` for a whole extension.
    pub fn attribute(&self) -> Option<AttributeRef> {
        match self {
            Self::Extension(_) => None,
            Self::Attribute(attribute) | Self::Values { attribute, .. } => Some(*attribute),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extension(schema) => f.write_str(schema.id),
            Self::Attribute(attribute) => write!(f, "{attribute}"),
            Self::Values { attribute, filter, sub } => {
                write!(f, "{attribute}[{filter}]")?;
                sub.map_or(Ok(()), |sub| write!(f, ".{}", sub.name))
            }
        }
    }
}

fn unreadable(what: &str) -> ScimError {
    ScimError::invalid_path(format!("The path of an operation cannot be read: {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{GROUP, USER, urn};
    use proptest::prelude::*;

    #[test]
    fn every_form_of_the_rfc_and_of_entra_is_read() {
        let manager = format!("{}:manager", urn::ENTERPRISE_USER);
        for (text, expected) in [
            ("displayName", "displayName"),
            ("name.familyName", "name.familyName"),
            ("NAME.familyname", "name.familyName"),
            ("addresses[type eq \"work\"]", "addresses[type eq \"work\"]"),
            ("addresses[type eq \"work\"].country", "addresses[type eq \"work\"].country"),
            (
                "emails[Type EQ \"work\" and primary eq true].Value",
                "emails[type eq \"work\" and primary eq true].value",
            ),
            ("roles[primary eq \"True\"].value", "roles[primary eq true].value"),
            ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName", "name.givenName"),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq \"work\"].value",
                "emails[type eq \"work\"].value",
            ),
            (&manager, &manager),
            ("manager", &manager),
            (&format!("{manager}.value"), &format!("{manager}.value")),
            (urn::ENTERPRISE_USER, urn::ENTERPRISE_USER),
            ("  title ", "title"),
        ] {
            let path = Path::parse(text, &USER).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(path.to_string(), *expected);
            assert_eq!(Path::parse(expected, &USER).expect("printed path reads"), path);
        }
        let members = Path::parse("members[value eq \"2819\"].type", &GROUP).expect("reads");
        assert_eq!(members.to_string(), "members[value eq \"2819\"].type");
    }

    #[test]
    fn a_malformed_path_or_unknown_attribute_is_invalid_path() {
        for text in [
            "",
            "  ",
            "shoeSize",
            "name.shoe",
            "title x",
            "emails[type eq \"work\"].shoe",
            "emails[type eq \"work\"]value",
            "emails[type eq \"work\"].value x",
            "[type eq \"x\"]",
            "urn:nobody:User:title",
            "emails.value.x",
            "emails.value[type eq \"work\"].display",
            "title[value eq \"x\"]",
            "name[formatted eq \"x\"]",
            "\"title\"",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User x",
        ] {
            let error = Path::parse(text, &USER).expect_err(text);
            assert_eq!(error.scim_type, Some("invalidPath"), "{text}: {error}");
        }
    }

    #[test]
    fn a_fault_inside_the_brackets_is_invalid_filter() {
        for text in [
            "emails[]",
            "emails[type eq]",
            "emails[type eq \"work\"",
            "emails[shoe eq \"x\"]",
            "emails[type xx \"work\"]",
            "emails[type eq \"work]",
        ] {
            let error = Path::parse(text, &USER).expect_err(text);
            assert_eq!(error.scim_type, Some("invalidFilter"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_path_panics_and_what_is_read_prints_as_the_same_path(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "emails", "name", "manager", "[", "]", ".", "value", "type", " eq ", "\"work\"",
                " and ", ":", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", " ",
            ]), 0..12),
            noise in "\\PC{0,20}",
        ) {
            let _ = Path::parse(&noise, &USER);
            if let Ok(path) = Path::parse(&words.concat(), &USER) {
                prop_assert_eq!(Path::parse(&path.to_string(), &USER), Ok(path));
            }
        }
    }
}
