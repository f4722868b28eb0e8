//! What the caller keeps: who we are, a connection's settings and one pending sign-in.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::certificate::Certificate;

/// Microsoft Entra's object id, the same for all applications of a tenant.
const ENTRA_OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";

/// How [`SubjectSource::NameId`] is written down.
const NAME_ID: &str = "NameID";

/// This service, as identity providers know it.
pub struct ServiceProvider {
    /// Our entity id, the address of our metadata: `{public}/saml/metadata`.
    pub entity_id: String,
    /// Our assertion consumer service, where answers are posted: `{public}/saml/acs`.
    pub acs: Url,
}

/// One organization's SAML connection, as an admin configured it.
pub struct Connection {
    /// The id of the connection, as UUID text.
    pub id: String,
    /// The entity id of the identity provider, compared exactly.
    pub entity_id: String,
    /// Where sign-ins begin, by HTTP-Redirect; see [`super::parse_sso_url`].
    pub sso_url: Url,
    /// The certificates whose keys may sign; two or more while the provider changes its own.
    pub certificates: Vec<Certificate>,
    /// One more audience that means us, compared exactly, such as Entra's `spn:{GUID}`.
    pub audience: Option<String>,
    /// The tenant that Entra's claim `tenantid` must name.
    pub tenant: Option<String>,
    /// What names the person, and what SCIM's `externalId` must equal.
    pub subject: SubjectSource,
}

/// What in an assertion names the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectSource {
    /// The NameID, in any format but `transient`.
    NameId,
    /// The only value of the attribute with this name.
    Attribute(String),
}

/// The text names no subject source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the subject is `NameID` or the name of an attribute: 1 to 255 printable characters")]
pub struct UnknownSubjectSource;

impl SubjectSource {
    /// The attribute that holds Microsoft Entra's object id.
    #[must_use]
    pub fn entra_object_id() -> Self {
        Self::Attribute(ENTRA_OBJECT_ID.to_owned())
    }

    /// The text by which it is stored: `NameID`, or the name of the attribute.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::NameId => NAME_ID,
            Self::Attribute(name) => name,
        }
    }
}

impl fmt::Display for SubjectSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SubjectSource {
    type Err = UnknownSubjectSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        match text {
            NAME_ID => Ok(Self::NameId),
            _ if text.is_empty() || text.len() > 255 || !printable => Err(UnknownSubjectSource),
            _ => Ok(Self::Attribute(text.to_owned())),
        }
    }
}

/// One pending sign-in, taken out of the database: it must be gone there before [`super::verify`].
pub struct Pending<'a> {
    /// The connection that the sign-in was begun for, as UUID text.
    pub connection: &'a str,
    /// The id of the request that was sent.
    pub request_id: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_source_reads_what_it_writes_and_nothing_else() {
        for source in [SubjectSource::NameId, SubjectSource::entra_object_id()] {
            assert_eq!(source.to_string().parse(), Ok(source));
        }
        for other in ["", "two words", "umlaut-\u{e4}", &"x".repeat(256)] {
            assert_eq!(other.parse::<SubjectSource>(), Err(UnknownSubjectSource), "{other:?}");
        }
    }
}
