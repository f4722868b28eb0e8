//! The second reader: what the response says, read by the grammar, and everything about it that
//! can be checked without a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};

use super::certificate::fingerprint;
use super::connection::{Connection, Pending, ServiceProvider};
use super::grammar::{self, Name, child, children};
use super::instant;
use super::refusal::Refusal;
use crate::naming::shown;

/// How far the clocks of provider and server may differ.
pub(super) const SKEW_MS: u64 = 60 * 1000;
/// How old a response may be that answers a request of ours and comes straight from the provider.
pub(super) const MAX_AGE_MS: u64 = 5 * 60 * 1000;
/// How far ahead the provider's clock may date it.
const MAX_AHEAD_MS: u64 = 2 * 60 * 1000;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const SIGNATURE_METHODS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
];
const DIGEST_METHODS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];
/// Longest id taken into the replay table.
const MAX_ID_BYTES: usize = 255;

/// A response of the one accepted shape. Nothing in it is verified.
pub(super) struct Response<'a> {
    root: Node<'a, 'a>,
    assertion: Node<'a, 'a>,
    pub(super) id: &'a str,
    pub(super) assertion_id: &'a str,
    pub(super) name_id: &'a str,
    pub(super) name_id_format: Option<&'a str>,
    pub(super) signatures: usize,
    issued_ms: u64,
}

impl<'a> Response<'a> {
    /// Reads a document by the grammar.
    pub(super) fn read(document: &'a Document<'a>) -> Result<Self, Refusal> {
        let root = root_of(document)?;
        grammar::check_plain(root)?;
        check_status(root)?;
        grammar::check(root)?;
        let assertion = child(root, grammar::ASSERTION)?;
        for node in [root, assertion] {
            if node.attribute("Version") != Some("2.0") {
                return Err(Refusal::Attribute("Version".to_owned()));
            }
        }
        let (id, assertion_id) = (id_of(root)?, id_of(assertion)?);
        if id == assertion_id {
            return Err(Refusal::DuplicateId);
        }
        let name_id = child(child(assertion, grammar::SUBJECT)?, grammar::NAME_ID)?;
        Ok(Self {
            root,
            assertion,
            id,
            assertion_id,
            name_id: text_of(name_id),
            name_id_format: name_id.attribute("Format"),
            signatures: signatures(root, assertion).count(),
            issued_ms: required_instant(root, "IssueInstant", "the response's IssueInstant")?,
        })
    }

    /// Checks everything but the signatures' values. Returns the audience that means us.
    pub(super) fn check<'s>(
        &self,
        service: &'s ServiceProvider,
        connection: &'s Connection,
        pending: &Pending<'_>,
        now_ms: u64,
    ) -> Result<&'s str, Refusal> {
        self.check_issuers(connection)?;
        self.check_destination(service)?;
        self.check_request(pending)?;
        self.check_issued(now_ms)?;
        self.check_confirmations(service, pending, now_ms)?;
        let audience = self.check_audience(service, connection)?;
        self.check_validity(now_ms)?;
        self.check_signatures(connection)?;
        Ok(audience)
    }

    /// All values of the attributes with this name.
    pub(super) fn values<'n>(&self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        children(self.assertion, grammar::ATTRIBUTE_STATEMENT)
            .flat_map(|statement| children(statement, grammar::ATTRIBUTE))
            .filter(move |attribute| attribute.attribute("Name") == Some(name))
            .flat_map(|attribute| children(attribute, grammar::ATTRIBUTE_VALUE))
            .map(text_of)
    }

    /// The issuer of the assertion.
    pub(super) fn issuer(&self) -> Result<&'a str, Refusal> {
        child(self.assertion, grammar::ISSUER).map(text_of)
    }

    /// The request that it answers.
    pub(super) fn in_response_to(&self) -> Option<&'a str> {
        self.root.attribute("InResponseTo")
    }

    /// Every audience of every restriction.
    pub(super) fn audiences(&self) -> impl Iterator<Item = &'a str> {
        self.restrictions()
            .flat_map(|restriction| children(restriction, grammar::AUDIENCE))
            .map(text_of)
    }

    /// What the statements about the sign-in at the provider say of its session: index and end.
    pub(super) fn sessions(&self) -> impl Iterator<Item = (Option<&'a str>, Option<&'a str>)> {
        children(self.assertion, grammar::AUTHN_STATEMENT).map(|statement| {
            (statement.attribute("SessionIndex"), statement.attribute("SessionNotOnOrAfter"))
        })
    }

    /// When the session at the provider ends, by the earliest of its statements.
    pub(super) fn session_ends_at_ms(&self) -> Option<u64> {
        self.sessions().filter_map(|(_, end)| instant::parse(end?)).min()
    }

    /// From when on it is refused by its own dates.
    pub(super) fn refused_from_ms(&self) -> u64 {
        self.issued_ms + MAX_AGE_MS + 1
    }

    /// SAML Profiles §4.1.4.2, and Core §3.2.2 for the response.
    fn check_issuers(&self, connection: &Connection) -> Result<(), Refusal> {
        for node in [self.root, self.assertion] {
            let issuer = text_of(child(node, grammar::ISSUER)?);
            if issuer != connection.entity_id {
                return Err(Refusal::Issuer(shown(issuer)));
            }
        }
        Ok(())
    }

    /// SAML Bindings §3.5.5.2; wanted even where the response itself is not signed.
    fn check_destination(&self, service: &ServiceProvider) -> Result<(), Refusal> {
        let found = self.root.attribute("Destination").unwrap_or("(none)");
        if found == service.acs.as_str() {
            return Ok(());
        }
        Err(Refusal::Destination { found: shown(found), expected: service.acs.to_string() })
    }

    fn check_request(&self, pending: &Pending<'_>) -> Result<(), Refusal> {
        match self.in_response_to() {
            None | Some("") => Err(Refusal::Unsolicited),
            Some(id) if id != pending.request_id => Err(Refusal::OtherRequest),
            Some(_) => Ok(()),
        }
    }

    fn check_issued(&self, now_ms: u64) -> Result<(), Refusal> {
        let name = "the assertion's IssueInstant";
        let assertion_ms = required_instant(self.assertion, "IssueInstant", name)?;
        for (name, issued_ms) in [("the response", self.issued_ms), ("the assertion", assertion_ms)]
        {
            if issued_ms > now_ms.saturating_add(MAX_AHEAD_MS) || issued_ms + MAX_AGE_MS < now_ms {
                return Err(Refusal::IssueInstant(name));
            }
        }
        Ok(())
    }

    /// SAML Profiles §4.1.4.2; all of them must hold, not only one.
    fn check_confirmations(
        &self,
        service: &ServiceProvider,
        pending: &Pending<'_>,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let subject = child(self.assertion, grammar::SUBJECT)?;
        for confirmation in children(subject, grammar::CONFIRMATION) {
            let method = confirmation.attribute("Method").unwrap_or_default();
            if method != BEARER {
                return Err(Refusal::Confirmation(shown(method)));
            }
            let data = child(confirmation, grammar::CONFIRMATION_DATA)?;
            let recipient = data.attribute("Recipient").unwrap_or("(none)");
            if recipient != service.acs.as_str() {
                let (found, expected) = (shown(recipient), service.acs.to_string());
                return Err(Refusal::Recipient { found, expected });
            }
            if data.attribute("InResponseTo") != Some(pending.request_id) {
                return Err(Refusal::OtherRequest);
            }
            if data.has_attribute("NotBefore") {
                return Err(Refusal::Attribute("NotBefore".to_owned()));
            }
            let name = "the confirmation's NotOnOrAfter";
            check_end(required_instant(data, "NotOnOrAfter", name)?, name, now_ms)?;
        }
        Ok(())
    }

    /// SAML Core §2.5.1.4: every restriction must name us.
    fn check_audience<'s>(
        &self,
        service: &'s ServiceProvider,
        connection: &'s Connection,
    ) -> Result<&'s str, Refusal> {
        let names = [Some(service.entity_id.as_str()), connection.audience.as_deref()];
        let audience = names.into_iter().flatten().find(|name| {
            self.restrictions().next().is_some()
                && self.restrictions().all(|restriction| {
                    children(restriction, grammar::AUDIENCE).any(|node| text_of(node) == *name)
                })
        });
        audience.ok_or_else(|| Refusal::Audience {
            found: shown(self.audiences().next().unwrap_or("(none)")),
            expected: service.entity_id.clone(),
        })
    }

    fn check_validity(&self, now_ms: u64) -> Result<(), Refusal> {
        let conditions = child(self.assertion, grammar::CONDITIONS)?;
        if let Some(from_ms) = instant_of(conditions, "NotBefore", "NotBefore")?
            && from_ms > now_ms.saturating_add(SKEW_MS)
        {
            return Err(Refusal::NotYetValid);
        }
        if let Some(end_ms) = instant_of(conditions, "NotOnOrAfter", "NotOnOrAfter")? {
            check_end(end_ms, "the validity of the assertion", now_ms)?;
        }
        // SAML Profiles §4.1.4.2: at least one statement says that the person signed in.
        child(self.assertion, grammar::AUTHN_STATEMENT)?;
        for statement in children(self.assertion, grammar::AUTHN_STATEMENT) {
            let name = "SessionNotOnOrAfter";
            if let Some(end_ms) = instant_of(statement, name, name)? {
                check_end(end_ms, "the session at the identity provider", now_ms)?;
            }
        }
        Ok(())
    }

    fn check_signatures(&self, connection: &Connection) -> Result<(), Refusal> {
        if connection.certificates.is_empty() {
            return Err(Refusal::NoCertificate);
        }
        if self.signatures == 0 {
            return Err(Refusal::Unsigned);
        }
        for signature in signatures(self.root, self.assertion) {
            check_signed_info(signature)?;
            check_named_certificate(signature, connection)?;
        }
        Ok(())
    }

    fn restrictions(&self) -> impl Iterator<Item = Node<'a, 'a>> {
        children(self.assertion, grammar::CONDITIONS)
            .flat_map(|conditions| children(conditions, grammar::AUDIENCE_RESTRICTION))
    }
}

/// The issuer of a response that nobody verified, and the certificate with which it says that it is signed.
pub(super) fn claimed_sender<'a>(document: &'a Document<'a>) -> Option<(&'a str, Option<Vec<u8>>)> {
    let root = root_of(document).ok()?;
    let issuer = child(root, grammar::ISSUER).ok().map(text_of)?;
    let assertion = children(root, grammar::ASSERTION).next().unwrap_or(root);
    Some((issuer, signatures(root, assertion).find_map(named_certificate)))
}

fn root_of<'a>(document: &'a Document<'a>) -> Result<Node<'a, 'a>, Refusal> {
    let root = document.root_element();
    if root.has_tag_name(grammar::RESPONSE) {
        return Ok(root);
    }
    Err(Refusal::NotResponse(shown(root.tag_name().name())))
}

/// SAML Core §3.2.2.2. Before the grammar: a refusal carries no assertion.
fn check_status(root: Node<'_, '_>) -> Result<(), Refusal> {
    let code = child(child(root, grammar::STATUS)?, grammar::STATUS_CODE)?;
    let value = code.attribute("Value").unwrap_or("(none)");
    if value == SUCCESS {
        return Ok(());
    }
    // `urn:oasis:names:tc:SAML:2.0:status:Responder`, and which kind of it.
    let inner = child(code, grammar::STATUS_CODE).ok();
    let detail = inner.and_then(|inner| inner.attribute("Value"));
    let last = |urn: &str| shown(urn.rsplit(':').next().unwrap_or_default());
    Err(Refusal::Status(match detail {
        Some(detail) => format!("{} ({})", last(value), last(detail)),
        None => last(value),
    }))
}

/// XML Signature §4.4: one reference, to the element that the signature stands in.
fn check_signed_info(signature: Node<'_, '_>) -> Result<(), Refusal> {
    let info = child(signature, grammar::SIGNED_INFO)?;
    let reference = child(info, grammar::REFERENCE)?;
    check_algorithm(info, grammar::CANONICALIZATION_METHOD, &[EXCLUSIVE])?;
    check_algorithm(info, grammar::SIGNATURE_METHOD, &SIGNATURE_METHODS)?;
    check_algorithm(reference, grammar::DIGEST_METHOD, &DIGEST_METHODS)?;
    let transforms = child(reference, grammar::TRANSFORMS)?;
    for transform in children(transforms, grammar::TRANSFORM) {
        accepted_algorithm(transform, &[ENVELOPED, EXCLUSIVE])?;
    }
    let uri = reference.attribute("URI").unwrap_or("(nothing)");
    let signed = signature.parent().and_then(|parent| parent.attribute("ID"));
    match uri.strip_prefix('#') {
        Some(id) if Some(id) == signed => Ok(()),
        _ => Err(Refusal::Reference(shown(uri))),
    }
}

fn check_algorithm(parent: Node<'_, '_>, name: Name, accepted: &[&str]) -> Result<(), Refusal> {
    accepted_algorithm(child(parent, name)?, accepted)
}

fn accepted_algorithm(node: Node<'_, '_>, accepted: &[&str]) -> Result<(), Refusal> {
    let algorithm = node.attribute("Algorithm").unwrap_or("(none)");
    let known = accepted.contains(&algorithm);
    if known { Ok(()) } else { Err(Refusal::Algorithm(shown(algorithm))) }
}

/// The certificate that comes along proves nothing; it tells the admin which one is missing.
fn check_named_certificate(
    signature: Node<'_, '_>,
    connection: &Connection,
) -> Result<(), Refusal> {
    let Some(der) = named_certificate(signature) else { return Ok(()) };
    let trusted = connection.certificates.iter().any(|certificate| certificate.der() == der);
    if trusted { Ok(()) } else { Err(Refusal::UntrustedCertificate(fingerprint(&der))) }
}

/// The first certificate that comes along with a signature; empty, where that is none.
fn named_certificate(signature: Node<'_, '_>) -> Option<Vec<u8>> {
    let named = children(signature, grammar::KEY_INFO)
        .flat_map(|info| children(info, grammar::X509_DATA))
        .flat_map(|data| children(data, grammar::X509_CERTIFICATE))
        .next()?;
    let compact: String = text_of(named).chars().filter(|c| !c.is_ascii_whitespace()).collect();
    Some(STANDARD.decode(compact).unwrap_or_default())
}

fn signatures<'a>(
    root: Node<'a, 'a>,
    assertion: Node<'a, 'a>,
) -> impl Iterator<Item = Node<'a, 'a>> {
    children(root, grammar::SIGNATURE).chain(children(assertion, grammar::SIGNATURE))
}

/// The whole text of an element that the grammar lets have text only.
fn text_of<'a>(node: Node<'a, 'a>) -> &'a str {
    node.text().unwrap_or_default()
}

/// `xs:ID`, of which only ASCII is taken.
fn id_of<'a>(node: Node<'a, 'a>) -> Result<&'a str, Refusal> {
    let id = node.attribute("ID").unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let is_id = !id.is_empty() && id.len() <= MAX_ID_BYTES && id.bytes().all(plain);
    if is_id { Ok(id) } else { Err(Refusal::Attribute("ID".to_owned())) }
}

fn required_instant(
    node: Node<'_, '_>,
    attribute: &str,
    name: &'static str,
) -> Result<u64, Refusal> {
    instant_of(node, attribute, name)?.ok_or(Refusal::Missing(name))
}

fn instant_of(
    node: Node<'_, '_>,
    attribute: &str,
    name: &'static str,
) -> Result<Option<u64>, Refusal> {
    let text = node.attribute(attribute);
    text.map(|text| instant::parse(text).ok_or(Refusal::Time(name))).transpose()
}

fn check_end(end_ms: u64, name: &'static str, now_ms: u64) -> Result<(), Refusal> {
    if now_ms < end_ms.saturating_add(SKEW_MS) { Ok(()) } else { Err(Refusal::Expired(name)) }
}
