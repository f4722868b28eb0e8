//! The third reader: `saml-rs` verifies the signatures and reads what they cover.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_rs::{
    AcsEndpoint, AssertionSignaturePolicy, AudienceValidationPolicy, AuthnRequest,
    AuthnRequestSigningPolicy, BrowserInput, ClockSkew, EntityId, FormField, IdpDescriptor,
    MetadataTrustPolicy, Pending, PendingSnapshot, RelayStateParam, ReplayCache, ReplayKey,
    ReplayPolicy, ResponseSignaturePolicy, Saml, SamlError, SamlValidationContext, Sp, SpConfig,
    SpValidationPolicy, SsoResponse, SsoSession, XmlSignatureProfile,
};

use super::connection::{self, Connection, ServiceProvider};
use super::gate::{MAX_AGE_MS, SKEW_MS};
use super::refusal::Refusal;
use super::xml::escaped;
use crate::naming::shown;

/// Verifies a response that passed the gate. `audience` is the name by which it addresses us.
pub(super) fn verify(
    service: &ServiceProvider,
    connection: &Connection,
    pending: &connection::Pending<'_>,
    audience: &str,
    xml: &str,
    now_ms: u64,
) -> Result<SsoSession, Refusal> {
    let now = UNIX_EPOCH.checked_add(Duration::from_millis(now_ms));
    let now = now.ok_or(Refusal::IssueInstant("the response"))?;
    finish(service, connection, pending, audience, xml, now).map_err(|error| refusal(&error))
}

fn finish(
    service: &ServiceProvider,
    connection: &Connection,
    pending: &connection::Pending<'_>,
    audience: &str,
    xml: &str,
    now: SystemTime,
) -> Result<SsoSession, SamlError> {
    let pending = Pending::<AuthnRequest>::from_snapshot(PendingSnapshot::authn_request(
        pending.request_id,
        RelayStateParam::absent(),
        &connection.entity_id,
        "post",
        service.acs.as_str(),
        "post",
    ))?;
    let form = vec![FormField::new("SAMLResponse", STANDARD.encode(xml))];
    let mut seen = OnceOnly(Vec::new());
    let context = SamlValidationContext::new(now, ReplayPolicy::RequireCache(&mut seen))
        .with_clock_skew(ClockSkew::from_millis(-(SKEW_MS as i64), SKEW_MS as i64))
        .with_replay_retention(Duration::from_millis(MAX_AGE_MS));
    reader(service, audience)?.finish_sso(
        &provider(connection)?,
        &pending,
        BrowserInput::<SsoResponse>::post(form),
        context,
    )
}

/// The library checks the audience against its own entity id, so that is the name we go by here.
fn reader(service: &ServiceProvider, audience: &str) -> Result<Saml<Sp>, SamlError> {
    let config = SpConfig::builder(EntityId::try_new(audience)?)
        .acs_endpoint(AcsEndpoint::post(service.acs.as_str())?)
        .validation(policy())
        .build()?;
    Saml::sp(config)
}

/// Every choice by name: the defaults of the library are meant for compatibility.
fn policy() -> SpValidationPolicy {
    SpValidationPolicy {
        // One of the two suffices; that the assertion is covered is checked either way.
        assertions: AssertionSignaturePolicy::AllowUnsignedForCompatibility,
        responses: ResponseSignaturePolicy::RequireForEncryptedCbc,
        xml_signatures: XmlSignatureProfile::StrictRsaSha2,
        authn_requests: AuthnRequestSigningPolicy::DoNotSignForCompatibility,
        audience: AudienceValidationPolicy::Validate,
        ..SpValidationPolicy::recommended()
    }
}

/// The provider as the library takes it: metadata of our own making, from the connection alone.
fn provider(connection: &Connection) -> Result<IdpDescriptor, SamlError> {
    let keys: String = connection
        .certificates
        .iter()
        .map(|certificate| {
            format!(
                "<KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\
                 <X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo>\
                 </KeyDescriptor>",
                certificate.base64()
            )
        })
        .collect();
    let metadata = format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\">\
         <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
         {keys}<SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"{}\"/></IDPSSODescriptor></EntityDescriptor>",
        escaped(&connection.entity_id),
        escaped(connection.sso_url.as_str()),
    );
    IdpDescriptor::from_metadata_xml_for(
        EntityId::try_new(&connection.entity_id)?,
        &metadata,
        // It was not received but written a line above.
        MetadataTrustPolicy::UnsignedForCompatibility,
    )
}

/// Knows the ids of this one response. Those of earlier ones are in the caller's database, which
/// is asked with the [`super::ReplayId`] of the answer.
struct OnceOnly(Vec<ReplayKey>);

impl ReplayCache for OnceOnly {
    fn check_and_store(&mut self, key: ReplayKey, _: SystemTime) -> Result<(), SamlError> {
        if self.0.contains(&key) {
            return Err(SamlError::ReplayDetected { key: key.cache_key() });
        }
        self.0.push(key);
        Ok(())
    }
}

/// What a failed verification means here. The gate has its own words for what it checks too.
fn refusal(error: &SamlError) -> Refusal {
    match error {
        SamlError::SignatureVerification { .. }
        | SamlError::SignedReferenceMismatch
        | SamlError::Crypto(_) => Refusal::Signature,
        other => Refusal::Library(words(&other.to_string())),
    }
}

/// A message of the library, which may repeat what a stranger wrote.
fn words(message: &str) -> String {
    message.split(' ').take(20).map(shown).collect::<Vec<_>>().join(" ")
}
