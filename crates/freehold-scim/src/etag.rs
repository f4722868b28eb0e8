//! Entity tags from the version number of a row: RFC 7644 §3.14, RFC 9110 §8.8.3 and §13.1.

/// The weak entity tag of a version: `W/"7"`. Weak, because the same version is given back in
/// several projections.
pub fn render(version: u64) -> String {
    format!("W/\"{version}\"")
}

/// The tags of an `If-Match` or `If-None-Match` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `*`: any existing version.
    Any,
    /// One of these opaque tags. A tag that is no version of ours matches nothing.
    Versions(Vec<Option<u64>>),
}

impl Condition {
    /// Reads a header value: a list of weak or strong tags, or `*`. Quotes may be missing
    /// (older Entra and Okta samples send the bare number).
    pub fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        Self::Versions(header.split(',').map(version_of).collect())
    }

    /// Whether the resource of this version meets the condition. Weak comparison
    /// (RFC 9110 §8.8.3.2): all our tags are weak, and RFC 7644 §3.14 uses them in If-Match.
    pub fn matches(&self, version: u64) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.contains(&Some(version)),
        }
    }
}

/// What a write asks of the version that it would change: the two headers, where they were sent (RFC 9110 §13.2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    /// `If-Match`: the version must be one of these.
    pub is: Option<Condition>,
    /// `If-None-Match`: it must be none of these.
    pub is_not: Option<Condition>,
}

impl Guard {
    /// Whether the resource of this version may be written.
    pub fn allows(&self, version: u64) -> bool {
        self.is.as_ref().is_none_or(|wanted| wanted.matches(version))
            && !self.is_not.as_ref().is_some_and(|unwanted| unwanted.matches(version))
    }
}

fn version_of(tag: &str) -> Option<u64> {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let opaque = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(tag);
    // Only the text we render is a version: "+7" and "007" are not.
    opaque.parse().ok().filter(|version: &u64| version.to_string() == opaque)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendered_tag_matches_its_version_only() {
        let condition = Condition::parse(&render(7));
        assert!(condition.matches(7));
        assert!(!condition.matches(8));
    }

    #[test]
    fn lists_stars_strong_and_bare_tags_are_understood() {
        assert!(Condition::parse("*").matches(1));
        assert!(Condition::parse("W/\"1\", \"2\" ,3").matches(3));
        assert!(Condition::parse("W/\"1\", \"2\" ,3").matches(2));
    }

    #[test]
    fn a_guard_asks_for_what_either_header_says() {
        let seventh = || Some(Condition::parse(&render(7)));
        assert!(Guard::default().allows(7));
        assert!(Guard { is: seventh(), is_not: None }.allows(7));
        assert!(!Guard { is: seventh(), is_not: None }.allows(8));
        assert!(Guard { is: None, is_not: seventh() }.allows(8));
        assert!(!Guard { is: None, is_not: seventh() }.allows(7));
        assert!(!Guard { is: Some(Condition::Any), is_not: seventh() }.allows(7));
        assert!(!Guard { is: None, is_not: Some(Condition::Any) }.allows(7));
    }

    #[test]
    fn a_foreign_tag_matches_nothing() {
        for header in ["", "\"abc\"", "W/\"007\"", "\"+7\"", "\"", "W/"] {
            assert!(!Condition::parse(header).matches(7), "{header}");
        }
    }
}
