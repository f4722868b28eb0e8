//! SAML 2.0.

use freehold_wire::time::Timestamp;
use url::Url;

/// How a SAML identity provider is spoken to.
pub struct Saml {
    /// What the identity provider calls itself.
    pub entity_id: String,
    /// Where it takes requests (HTTP-Redirect).
    pub sso_url: Url,
    /// One more audience that its assertions may name beside our entity id.
    pub audience: Option<String>,
    /// The attribute that identifies a person; the NameID where there is none.
    pub subject_attribute: Option<String>,
    /// Where its metadata is fetched from.
    pub metadata_url: Option<Url>,
    /// When that was last done.
    pub fetched_at: Option<Timestamp>,
    /// What it signs with, by fingerprint.
    pub certificates: Vec<StoredCertificate>,
}

/// A certificate of an identity provider.
#[derive(Clone, Debug)]
pub struct StoredCertificate {
    /// SHA-256 of its bytes, in hexadecimal.
    pub fingerprint: String,
    /// Its bytes (DER).
    pub der: Vec<u8>,
    /// Whether it counts.
    pub trust: Trust,
    /// Since when it is here.
    pub added_at: Timestamp,
}

/// Whether a certificate counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trust {
    /// An admin said so.
    Trusted,
    /// The metadata has it, and no admin said anything yet.
    Proposed,
}

impl Trust {
    /// The stable name, as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Proposed => "proposed",
        }
    }

    /// The trust of a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Trusted, Self::Proposed].into_iter().find(|trust| trust.as_str() == name)
    }
}
