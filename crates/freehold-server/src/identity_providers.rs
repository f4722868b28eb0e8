//! Connecting identity providers: what the command line and the console do alike.

use freehold_directory::{
    Slug, TextError,
    connections::{Connection, NewCertificate, NewSaml, Protocol, Saml},
};
use freehold_sso::{
    oidc::{Providers, SsoError},
    saml::{self, Certificate, Metadata, MetadataError, SubjectSource, UnknownSubjectSource},
};
use url::Url;

/// Why the metadata of an identity provider are of no use; said in words for an admin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MetadataFailure {
    /// They cannot be had.
    #[error(transparent)]
    Fetch(#[from] SsoError),
    /// They cannot be used.
    #[error(transparent)]
    Unusable(#[from] MetadataError),
    /// They name another entity id than the connection.
    #[error("the metadata are of another identity provider: {0}")]
    OtherProvider(String),
    /// The connection was made from a file.
    #[error("the connection was made from a file; it has no address to ask")]
    NoAddress,
    /// The connection speaks OpenID Connect.
    #[error("the connection does not speak SAML")]
    NotSaml,
}

/// Reads the metadata that an identity provider publishes at an address.
pub(crate) async fn fetch(providers: &Providers, url: &Url) -> Result<Metadata, MetadataFailure> {
    let xml = providers.fetch(url).await?;
    Ok(saml::read_metadata(&xml)?)
}

/// Reads the metadata of a connection again, for the certificates that they have now.
pub(crate) async fn fetch_certificates(
    providers: &Providers,
    connection: &Connection,
) -> Result<Vec<NewCertificate>, MetadataFailure> {
    let Protocol::Saml(saml) = &connection.protocol else { return Err(MetadataFailure::NotSaml) };
    let url = saml.metadata_url.as_ref().ok_or(MetadataFailure::NoAddress)?;
    let metadata = fetch(providers, url).await?;
    certificates_for(saml, metadata)
}

fn certificates_for(
    saml: &Saml,
    metadata: Metadata,
) -> Result<Vec<NewCertificate>, MetadataFailure> {
    if metadata.entity_id == saml.entity_id {
        Ok(metadata.certificates.iter().map(new_certificate).collect())
    } else {
        Err(MetadataFailure::OtherProvider(metadata.entity_id))
    }
}

fn new_certificate(certificate: &Certificate) -> NewCertificate {
    NewCertificate { fingerprint: certificate.fingerprint(), der: certificate.der().to_vec() }
}

/// What an admin says of a new SAML connection beside the metadata.
pub(crate) struct SamlSettings {
    /// A name; left out, one is chosen.
    pub(crate) name: Option<String>,
    /// Where the metadata came from, if they are to be asked for again.
    pub(crate) metadata_url: Option<Url>,
    /// One more audience.
    pub(crate) audience: Option<String>,
    /// What names a person: `NameID`, or an attribute.
    pub(crate) subject_attribute: Option<String>,
    /// The tenant; left out, an Entra entity id's own.
    pub(crate) tenant: Option<String>,
    /// Whether a PENDING user may also be found by `userName`.
    pub(crate) matches_user_name: bool,
}

/// A setting that does not fit.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingError {
    /// A text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The subject.
    #[error(transparent)]
    Subject(#[from] UnknownSubjectSource),
}

/// A new SAML connection out of the identity provider's metadata and the admin's settings.
pub(crate) fn new_saml(
    metadata: Metadata,
    settings: SamlSettings,
) -> Result<NewSaml, SettingError> {
    let subject = subject_of(settings.subject_attribute.as_deref(), &metadata)?;
    Ok(NewSaml {
        name: parse_name(settings.name.as_deref())?,
        own_tenant: metadata.tenant,
        tenant: settings.tenant,
        certificates: metadata.certificates.iter().map(new_certificate).collect(),
        entity_id: metadata.entity_id,
        sso_url: metadata.sso_url,
        audience: settings.audience,
        subject_attribute: match subject {
            SubjectSource::NameId => None,
            SubjectSource::Attribute(name) => Some(name),
        },
        metadata_url: settings.metadata_url,
        matches_user_name: settings.matches_user_name,
    })
}

pub(crate) fn parse_name(name: Option<&str>) -> Result<Option<Slug>, TextError> {
    name.map(Slug::parse).transpose()
}

/// What names a person: as the admin says, else Entra's object id, else the NameID.
fn subject_of(
    given: Option<&str>,
    metadata: &Metadata,
) -> Result<SubjectSource, UnknownSubjectSource> {
    match given {
        Some(name) => name.parse(),
        None if metadata.tenant.is_some() => Ok(SubjectSource::entra_object_id()),
        None => Ok(SubjectSource::NameId),
    }
}

/// Fingerprints are written with colons or spaces, in either case.
pub(crate) fn plain_fingerprint(fingerprint: &str) -> String {
    let digits = fingerprint.chars().filter(|c| !matches!(c, ':' | ' '));
    digits.collect::<String>().to_ascii_lowercase()
}

/// What lists show of a connection, whatever its protocol.
pub(crate) struct Shown<'a> {
    pub(crate) protocol: &'static str,
    pub(crate) client_id: Option<&'a str>,
    /// Which claim or attribute identifies a person.
    pub(crate) subject: &'a str,
    pub(crate) saml: Option<&'a Saml>,
}

impl<'a> Shown<'a> {
    pub(crate) fn of(connection: &'a Connection) -> Self {
        match &connection.protocol {
            Protocol::Oidc(oidc) => Self {
                protocol: "oidc",
                client_id: Some(&oidc.client_id),
                subject: oidc.subject_claim.as_str(),
                saml: None,
            },
            Protocol::Saml(saml) => Self {
                protocol: "saml",
                client_id: None,
                subject: saml.subject_attribute.as_deref().unwrap_or("NameID"),
                saml: Some(saml),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain_fingerprint;

    #[test]
    fn a_fingerprint_may_be_written_as_portals_write_it() {
        assert_eq!(plain_fingerprint("AB:cd 01"), "abcd01");
    }
}
