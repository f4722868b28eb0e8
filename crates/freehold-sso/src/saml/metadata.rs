//! Metadata: the identity provider's, read for an admin, and our own.

use roxmltree::{Document, Node, ParsingOptions};
use url::Url;

use super::certificate::{Certificate, CertificateError};
use super::connection::ServiceProvider;
use super::xml::escaped;
use crate::is_guid;
use crate::issuer::is_loopback;

/// Longest metadata read. Entra's have about 80 KiB.
const MAX_BYTES: usize = 512 * 1024;
/// Most elements and texts read.
const MAX_NODES: u32 = 20_000;
/// Most nesting read.
const MAX_DEPTH: usize = 64;
/// Longest tag read, and most attributes of one.
const MAX_TAG_BYTES: usize = 8 * 1024;
const MAX_TAG_ATTRIBUTES: usize = 64;
/// Most certificates taken.
const MAX_CERTIFICATES: usize = 8;
/// SAML Core §8.3.6.
const MAX_ENTITY_ID_CHARS: usize = 1024;
/// Longest address taken.
const MAX_URL_BYTES: usize = 2048;

const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// What an identity provider's metadata say, to propose to an admin. Their signature, if any, is
/// not looked at: what is trusted is what the admin accepts.
#[derive(Debug)]
pub struct Metadata {
    /// The entity id of the identity provider.
    pub entity_id: String,
    /// Where sign-ins begin, by HTTP-Redirect.
    pub sso_url: Url,
    /// The certificates that it signs with, each once; at least one.
    pub certificates: Vec<Certificate>,
    /// The tenant, where the entity id is Microsoft Entra's.
    pub tenant: Option<String>,
}

/// Why metadata, or a part of them, cannot be used; in words for an admin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// They are too long or too deeply nested.
    #[error("the metadata are too large: at most 512 KiB are read")]
    TooLarge,
    /// They are no XML, or have a DOCTYPE.
    #[error("the metadata are not well-formed XML in UTF-8 without a DOCTYPE")]
    Malformed,
    /// The root is another element.
    #[error("the metadata must be one EntityDescriptor, for one identity provider")]
    NotEntity,
    /// It is not the metadata of an identity provider.
    #[error("the metadata describe no SAML 2.0 identity provider (IDPSSODescriptor)")]
    NoProvider,
    /// The entity id is missing or unusable.
    #[error("the entity id must have 1 to 1024 characters, none of them a space")]
    EntityId,
    /// There is no usable address.
    #[error("the metadata have no sign-in address for the binding HTTP-Redirect")]
    NoSignInAddress,
    /// The address is not one to send people to.
    #[error("the sign-in address must be an https URL without user name and without `#`")]
    UnsafeAddress,
    /// There is no certificate.
    #[error("the metadata have no signing certificate")]
    NoCertificate,
    /// No certificate can be used.
    #[error("the metadata's signing certificate cannot be used: {0}")]
    Certificate(CertificateError),
}

/// Reads the metadata of an identity provider.
///
/// # Errors
/// Says what is wrong with them, in words for an admin.
pub fn read_metadata(xml: &[u8]) -> Result<Metadata, MetadataError> {
    if xml.len() > MAX_BYTES {
        return Err(MetadataError::TooLarge);
    }
    let text = std::str::from_utf8(xml).map_err(|_| MetadataError::Malformed)?;
    // Entra's begin with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    scan(text)?;
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => MetadataError::TooLarge,
        _ => MetadataError::Malformed,
    })?;
    let entity = document.root_element();
    if !entity.has_tag_name((MD, "EntityDescriptor")) {
        return Err(MetadataError::NotEntity);
    }
    let entity_id = parse_entity_id(entity.attribute("entityID").unwrap_or_default())?;
    let provider = provider_of(entity)?;
    Ok(Metadata {
        tenant: tenant_of(&entity_id),
        sso_url: sign_in_address(provider)?,
        certificates: certificates(provider)?,
        entity_id,
    })
}

/// Checks an entity id, as an admin pastes it.
///
/// # Errors
/// [`MetadataError::EntityId`].
pub fn parse_entity_id(text: &str) -> Result<String, MetadataError> {
    let fits = (1..=MAX_ENTITY_ID_CHARS).contains(&text.chars().count());
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if fits && plain { Ok(text.to_owned()) } else { Err(MetadataError::EntityId) }
}

/// Checks the address where sign-ins begin, as an admin pastes it: https, or http on this very
/// machine. It may have a query.
///
/// # Errors
/// [`MetadataError::UnsafeAddress`].
pub fn parse_sso_url(text: &str) -> Result<Url, MetadataError> {
    let graphic = text.len() <= MAX_URL_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic());
    let url = Url::parse(text).map_err(|_| MetadataError::UnsafeAddress)?;
    let loopback = url.host().is_some_and(|host| is_loopback(&host));
    let secure = url.scheme() == "https" || url.scheme() == "http" && loopback;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let usable = graphic && secure && plain;
    if usable { Ok(url) } else { Err(MetadataError::UnsafeAddress) }
}

/// Our own metadata (SAML Metadata §2.4.4): unsigned requests, signed assertions, one address, and
/// no key to encrypt to.
#[must_use]
pub fn render_metadata(service: &ServiceProvider) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <md:EntityDescriptor xmlns:md=\"{MD}\" entityID=\"{}\">\n  \
         <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"{PROTOCOL}\">\n    \
         <md:AssertionConsumerService index=\"0\" isDefault=\"true\" \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{}\"/>\n  \
         </md:SPSSODescriptor>\n</md:EntityDescriptor>\n",
        escaped(&service.entity_id),
        escaped(service.acs.as_str()),
    )
}

/// Bounds what the parser will see. Comments may be there, and are skipped.
fn scan(text: &str) -> Result<(), MetadataError> {
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some((_, from_tag)) = rest.split_once('<') {
        if let Some(comment) = from_tag.strip_prefix("!--") {
            rest = comment.split_once("-->").ok_or(MetadataError::Malformed)?.1;
            continue;
        }
        if from_tag.starts_with('!') {
            return Err(MetadataError::Malformed);
        }
        let tag = tag_of(from_tag)?;
        rest = from_tag.get(tag.len()..).unwrap_or_default();
        match (tag.starts_with('/'), tag.ends_with(['/', '?'])) {
            (true, _) => depth = depth.saturating_sub(1),
            (false, true) => {}
            (false, false) => depth += 1,
        }
        if depth > MAX_DEPTH {
            return Err(MetadataError::TooLarge);
        }
    }
    Ok(())
}

/// The tag up to its `>`, where one in quotes ends nothing.
fn tag_of(from_tag: &str) -> Result<&str, MetadataError> {
    let (mut quote, mut attributes) = (None, 0);
    for (at, byte) in from_tag.bytes().enumerate().take(MAX_TAG_BYTES) {
        match (quote, byte) {
            (None, b'>') => return from_tag.get(..at).ok_or(MetadataError::Malformed),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => attributes += 1,
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if attributes > MAX_TAG_ATTRIBUTES {
            return Err(MetadataError::TooLarge);
        }
    }
    Err(MetadataError::TooLarge)
}

/// The one role for SAML 2.0. Entra's metadata describe WS-Federation beside it.
fn provider_of<'a>(entity: Node<'a, 'a>) -> Result<Node<'a, 'a>, MetadataError> {
    let speaks_saml = |role: &Node<'_, '_>| {
        let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
        protocols.split_ascii_whitespace().any(|protocol| protocol == PROTOCOL)
    };
    children(entity, (MD, "IDPSSODescriptor")).find(speaks_saml).ok_or(MetadataError::NoProvider)
}

fn sign_in_address(provider: Node<'_, '_>) -> Result<Url, MetadataError> {
    let service = children(provider, (MD, "SingleSignOnService"))
        .find(|service| service.attribute("Binding") == Some(REDIRECT));
    let location = service.and_then(|service| service.attribute("Location"));
    parse_sso_url(location.ok_or(MetadataError::NoSignInAddress)?)
}

/// Those that can be used; another kind of key beside them does not matter.
fn certificates(provider: Node<'_, '_>) -> Result<Vec<Certificate>, MetadataError> {
    let mut usable: Vec<Certificate> = Vec::new();
    let mut problem = MetadataError::NoCertificate;
    let texts = children(provider, (MD, "KeyDescriptor"))
        .filter(|key| matches!(key.attribute("use"), None | Some("signing")))
        .flat_map(|key| key.descendants())
        .filter(|node| node.has_tag_name((DS, "X509Certificate")))
        .take(MAX_CERTIFICATES);
    for node in texts {
        match Certificate::parse(node.text().unwrap_or_default()) {
            Ok(certificate) if usable.contains(&certificate) => {}
            Ok(certificate) => usable.push(certificate),
            Err(error) => problem = MetadataError::Certificate(error),
        }
    }
    if usable.is_empty() { Err(problem) } else { Ok(usable) }
}

/// `https://sts.windows.net/{tenant}/`, and the same in Microsoft's other clouds.
fn tenant_of(entity_id: &str) -> Option<String> {
    let hosts = ["https://sts.windows.net/", "https://sts.chinacloudapi.cn/"];
    let rest = hosts.iter().find_map(|host| entity_id.strip_prefix(host))?;
    let tenant = rest.strip_suffix('/').unwrap_or(rest);
    is_guid(tenant).then(|| tenant.to_owned())
}

fn children<'a>(
    node: Node<'a, 'a>,
    name: (&'static str, &'static str),
) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.has_tag_name(name))
}
