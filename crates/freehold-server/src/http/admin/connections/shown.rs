//! How connections are told.

use freehold_directory::Timestamp;
use freehold_directory::connections::{Connection, StoredCertificate};
use freehold_sso::saml::Certificate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{config::Site, identity_providers::Shown};

/// The connections of an organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct Connections {
    connections: Vec<ConnectionShown>,
    here: Here,
}

/// What to enter at an identity provider; the same for every connection.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Here {
    /// SAML: Entra's Identifier (Entity ID), Okta's Audience URI; also the address of our metadata.
    entity_id: String,
    /// SAML: Entra's Reply URL, Okta's Single sign-on URL.
    acs: String,
    /// OpenID Connect: the sign-in redirect URI.
    redirect_uri: String,
    /// OpenID Connect: back-channel logout.
    logout_uri: String,
    /// Where this organization's people begin to sign in.
    sign_in_url: String,
    /// SAML: the relay state of sign-ins that begin at the identity provider.
    relay_state: String,
}

impl Connections {
    pub(super) fn of(all: &[Connection], site: &Site, organization: &str) -> Self {
        Self {
            connections: all.iter().map(ConnectionShown::of).collect(),
            here: Here {
                entity_id: site.saml_entity_id(),
                acs: site.saml_acs(),
                redirect_uri: site.oidc_redirect_uri(),
                logout_uri: site.oidc_logout_uri(),
                sign_in_url: site.url(&format!("/login?organization={organization}")),
                relay_state: organization.to_owned(),
            },
        }
    }
}

/// A connection. It has no client secret: that goes in and never comes out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionShown {
    id: String,
    /// Short, unique in the organization.
    name: String,
    /// `oidc` or `saml`.
    protocol: &'static str,
    /// The issuer of an OpenID provider, the entity id of a SAML identity provider.
    issuer: String,
    client_id: Option<String>,
    /// The tenant that every sign-in must come from.
    tenant: Option<String>,
    /// The claim or attribute that equals users' externalId.
    subject: String,
    matches_user_name: bool,
    /// Where people are sent to sign in by SAML.
    sign_on_url: Option<String>,
    /// One more audience that is accepted.
    audience: Option<String>,
    /// Where the metadata are asked for daily.
    metadata_url: Option<String>,
    metadata_fetched_at: Option<u64>,
    /// What a SAML identity provider signs with.
    certificates: Option<Vec<CertificateShown>>,
    created_at: u64,
}

/// A certificate of a SAML identity provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateShown {
    /// SHA-256, in hexadecimal.
    fingerprint: String,
    /// `trusted` or `proposed`: a proposed one does not count.
    trust: &'static str,
    /// As its issuer says; shown, not enforced.
    valid_from: Option<u64>,
    valid_until: Option<u64>,
    added_at: u64,
}

impl ConnectionShown {
    pub(super) fn of(connection: &Connection) -> Self {
        let shown = Shown::of(connection);
        let saml = shown.saml;
        Self {
            id: connection.id.to_string(),
            name: connection.name.to_string(),
            protocol: shown.protocol,
            issuer: connection.issuer().to_owned(),
            client_id: shown.client_id.map(str::to_owned),
            tenant: connection.tenant.clone(),
            subject: shown.subject.to_owned(),
            matches_user_name: connection.matches_user_name,
            sign_on_url: saml.map(|saml| saml.sso_url.to_string()),
            audience: saml.and_then(|saml| saml.audience.clone()),
            metadata_url: saml.and_then(|saml| saml.metadata_url.as_ref().map(ToString::to_string)),
            metadata_fetched_at: saml.and_then(|saml| saml.fetched_at.map(Timestamp::as_millis)),
            certificates: saml
                .map(|saml| saml.certificates.iter().map(CertificateShown::of).collect()),
            created_at: connection.created_at.as_millis(),
        }
    }
}

impl CertificateShown {
    fn of(certificate: &StoredCertificate) -> Self {
        let parsed = Certificate::from_der(&certificate.der).ok();
        Self {
            fingerprint: certificate.fingerprint.clone(),
            trust: certificate.trust.as_str(),
            valid_from: parsed.as_ref().map(Certificate::not_before_ms),
            valid_until: parsed.as_ref().map(Certificate::not_after_ms),
            added_at: certificate.added_at.as_millis(),
        }
    }
}
