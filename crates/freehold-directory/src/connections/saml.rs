//! SAML 2.0.

use freehold_wire::ids::ConnectionId;
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;
use url::Url;

use super::{Connection, ConnectionError, Protocol, free_name, tenant_of};
use crate::authority::Mandate;
use crate::store::Store;
use crate::text::{self, Slug};

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

/// A certificate as somebody hands it in; parsing it is the caller's part.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewCertificate {
    /// SHA-256 of its bytes, in hexadecimal.
    pub fingerprint: String,
    /// Its bytes (DER).
    pub der: Vec<u8>,
}

impl NewCertificate {
    pub(super) fn stored(&self, trust: Trust, added_at: Timestamp) -> StoredCertificate {
        let (fingerprint, der) = (self.fingerprint.clone(), self.der.clone());
        StoredCertificate { fingerprint, der, trust, added_at }
    }
}

/// What an admin says of a new SAML identity provider; most of it comes out of its metadata.
pub struct NewSaml {
    /// A name; left out, `saml`, `saml-2` and so on.
    pub name: Option<Slug>,
    /// What the identity provider calls itself.
    pub entity_id: String,
    /// The tenant that the entity id names, as Entra's does.
    pub own_tenant: Option<String>,
    /// The tenant that the admin names; left out, the entity id's own.
    pub tenant: Option<String>,
    /// Where the identity provider takes requests (HTTP-Redirect).
    pub sso_url: Url,
    /// What it signs with. All are trusted: the admin hands them in.
    pub certificates: Vec<NewCertificate>,
    /// One more audience that its assertions may name beside our entity id.
    pub audience: Option<String>,
    /// The attribute that identifies a person; the NameID where there is none.
    pub subject_attribute: Option<String>,
    /// Where its metadata was fetched from; none for a file.
    pub metadata_url: Option<Url>,
    /// Whether a PENDING user may also be found by `userName`.
    pub matches_user_name: bool,
}

/// Configures a SAML identity provider.
///
/// # Errors
/// A taken name, as many connections as there may be, a tenant that contradicts the entity id, no certificate, texts that do not fit.
pub fn add_saml(
    store: &mut dyn Store,
    mandate: Mandate,
    new: &NewSaml,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<ConnectionId, ConnectionError> {
    if new.certificates.is_empty() {
        return Err(ConnectionError::NoCertificate);
    }
    let organization = mandate.organization();
    let name = match &new.name {
        Some(name) => name.clone(),
        None => free_name(store, organization, "saml")?,
    };
    let trusted = |certificate: &NewCertificate| certificate.stored(Trust::Trusted, now);
    let line = |what, text: &Option<String>| {
        text.as_ref().map(|text| text::line(what, text, 255)).transpose()
    };
    let connection = Connection {
        id: ConnectionId::make(now, rng),
        organization,
        name,
        protocol: Protocol::Saml(Saml {
            entity_id: text::line("the entity id", &new.entity_id, 4096)?,
            sso_url: new.sso_url.clone(),
            audience: line("the audience", &new.audience)?,
            subject_attribute: line("the subject attribute", &new.subject_attribute)?,
            metadata_url: new.metadata_url.clone(),
            fetched_at: new.metadata_url.as_ref().map(|_| now),
            certificates: new.certificates.iter().map(trusted).collect(),
        }),
        tenant: tenant_of(new.own_tenant.clone(), new.tenant.as_deref())?,
        matches_user_name: new.matches_user_name,
        created_at: now,
    };
    super::insert(store, mandate, &connection, now, rng)
}
