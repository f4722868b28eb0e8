//! What a response may consist of: every element with its attributes and its children in order.
//! What is not listed is refused, so nothing can hide where no reader looks.

use std::ops::RangeInclusive;

use roxmltree::{Attribute, Node};

use super::refusal::Refusal;
use crate::naming::shown;

const P: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const A: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const D: &str = "http://www.w3.org/2000/09/xmldsig#";
const C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Namespace and local name.
pub(super) type Name = (&'static str, &'static str);

pub(super) const RESPONSE: Name = (P, "Response");
pub(super) const STATUS: Name = (P, "Status");
pub(super) const STATUS_CODE: Name = (P, "StatusCode");
const STATUS_MESSAGE: Name = (P, "StatusMessage");
pub(super) const ISSUER: Name = (A, "Issuer");
pub(super) const ASSERTION: Name = (A, "Assertion");
pub(super) const SUBJECT: Name = (A, "Subject");
pub(super) const NAME_ID: Name = (A, "NameID");
pub(super) const CONFIRMATION: Name = (A, "SubjectConfirmation");
pub(super) const CONFIRMATION_DATA: Name = (A, "SubjectConfirmationData");
pub(super) const CONDITIONS: Name = (A, "Conditions");
pub(super) const AUDIENCE_RESTRICTION: Name = (A, "AudienceRestriction");
pub(super) const AUDIENCE: Name = (A, "Audience");
const ONE_TIME_USE: Name = (A, "OneTimeUse");
const PROXY_RESTRICTION: Name = (A, "ProxyRestriction");
pub(super) const AUTHN_STATEMENT: Name = (A, "AuthnStatement");
const SUBJECT_LOCALITY: Name = (A, "SubjectLocality");
const AUTHN_CONTEXT: Name = (A, "AuthnContext");
const CONTEXT_CLASS: Name = (A, "AuthnContextClassRef");
const CONTEXT_DECLARATION: Name = (A, "AuthnContextDeclRef");
const AUTHENTICATING_AUTHORITY: Name = (A, "AuthenticatingAuthority");
pub(super) const ATTRIBUTE_STATEMENT: Name = (A, "AttributeStatement");
pub(super) const ATTRIBUTE: Name = (A, "Attribute");
pub(super) const ATTRIBUTE_VALUE: Name = (A, "AttributeValue");
pub(super) const SIGNATURE: Name = (D, "Signature");
pub(super) const SIGNED_INFO: Name = (D, "SignedInfo");
pub(super) const CANONICALIZATION_METHOD: Name = (D, "CanonicalizationMethod");
pub(super) const SIGNATURE_METHOD: Name = (D, "SignatureMethod");
pub(super) const REFERENCE: Name = (D, "Reference");
pub(super) const TRANSFORMS: Name = (D, "Transforms");
pub(super) const TRANSFORM: Name = (D, "Transform");
pub(super) const DIGEST_METHOD: Name = (D, "DigestMethod");
const DIGEST_VALUE: Name = (D, "DigestValue");
const SIGNATURE_VALUE: Name = (D, "SignatureValue");
pub(super) const KEY_INFO: Name = (D, "KeyInfo");
const KEY_NAME: Name = (D, "KeyName");
const KEY_VALUE: Name = (D, "KeyValue");
const RSA_KEY_VALUE: Name = (D, "RSAKeyValue");
const MODULUS: Name = (D, "Modulus");
const EXPONENT: Name = (D, "Exponent");
pub(super) const X509_DATA: Name = (D, "X509Data");
pub(super) const X509_CERTIFICATE: Name = (D, "X509Certificate");
const INCLUSIVE_NAMESPACES: Name = (C14N, "InclusiveNamespaces");

/// XML Encryption's names for what hides its content.
const ENCRYPTED: [&str; 5] =
    ["EncryptedAssertion", "EncryptedID", "EncryptedAttribute", "EncryptedData", "EncryptedKey"];

struct Rule {
    name: Name,
    attributes: &'static [&'static str],
    content: Content,
}

enum Content {
    /// Characters without any element.
    Text,
    /// Elements in this order, with nothing but white space between them.
    Elements(&'static [Slot]),
}

/// Any of these elements, this often.
struct Slot(&'static [Name], RangeInclusive<usize>);

impl Slot {
    fn takes(&self, node: Node<'_, '_>) -> bool {
        self.0.iter().any(|name| node.has_tag_name(*name))
    }
}

const fn text(name: Name, attributes: &'static [&'static str]) -> Rule {
    Rule { name, attributes, content: Content::Text }
}

const fn elements(name: Name, attributes: &'static [&'static str], slots: &'static [Slot]) -> Rule {
    Rule { name, attributes, content: Content::Elements(slots) }
}

const NAME_ATTRIBUTES: &[&str] = &["Format", "NameQualifier", "SPNameQualifier", "SPProvidedID"];
/// As many as a list may have; the number of nodes is bounded apart.
const MANY: usize = 1000;

/// SAML Core §2 and §3.3, XML Signature §4, as far as the browser profile needs them.
static RULES: &[Rule] = &[
    elements(
        RESPONSE,
        &["ID", "Version", "IssueInstant", "Destination", "Consent", "InResponseTo"],
        &[
            Slot(&[ISSUER], 1..=1),
            Slot(&[SIGNATURE], 0..=1),
            Slot(&[STATUS], 1..=1),
            Slot(&[ASSERTION], 1..=1),
        ],
    ),
    elements(STATUS, &[], &[Slot(&[STATUS_CODE], 1..=1), Slot(&[STATUS_MESSAGE], 0..=1)]),
    elements(STATUS_CODE, &["Value"], &[Slot(&[STATUS_CODE], 0..=1)]),
    text(STATUS_MESSAGE, &[]),
    text(ISSUER, NAME_ATTRIBUTES),
    elements(
        ASSERTION,
        &["ID", "Version", "IssueInstant"],
        &[
            Slot(&[ISSUER], 1..=1),
            Slot(&[SIGNATURE], 0..=1),
            Slot(&[SUBJECT], 1..=1),
            Slot(&[CONDITIONS], 1..=1),
            // Entra sends the attributes first.
            Slot(&[AUTHN_STATEMENT, ATTRIBUTE_STATEMENT], 1..=8),
        ],
    ),
    elements(SUBJECT, &[], &[Slot(&[NAME_ID], 1..=1), Slot(&[CONFIRMATION], 1..=4)]),
    text(NAME_ID, NAME_ATTRIBUTES),
    elements(CONFIRMATION, &["Method"], &[Slot(&[CONFIRMATION_DATA], 1..=1)]),
    elements(
        CONFIRMATION_DATA,
        &["NotBefore", "NotOnOrAfter", "Recipient", "InResponseTo", "Address"],
        &[],
    ),
    elements(
        CONDITIONS,
        &["NotBefore", "NotOnOrAfter"],
        &[Slot(&[AUDIENCE_RESTRICTION, ONE_TIME_USE, PROXY_RESTRICTION], 0..=8)],
    ),
    elements(AUDIENCE_RESTRICTION, &[], &[Slot(&[AUDIENCE], 1..=16)]),
    text(AUDIENCE, &[]),
    elements(ONE_TIME_USE, &[], &[]),
    elements(PROXY_RESTRICTION, &["Count"], &[Slot(&[AUDIENCE], 0..=16)]),
    elements(
        AUTHN_STATEMENT,
        &["AuthnInstant", "SessionIndex", "SessionNotOnOrAfter"],
        &[Slot(&[SUBJECT_LOCALITY], 0..=1), Slot(&[AUTHN_CONTEXT], 1..=1)],
    ),
    elements(SUBJECT_LOCALITY, &["Address", "DNSName"], &[]),
    elements(
        AUTHN_CONTEXT,
        &[],
        &[Slot(&[CONTEXT_CLASS, CONTEXT_DECLARATION, AUTHENTICATING_AUTHORITY], 0..=8)],
    ),
    text(CONTEXT_CLASS, &[]),
    text(CONTEXT_DECLARATION, &[]),
    text(AUTHENTICATING_AUTHORITY, &[]),
    elements(ATTRIBUTE_STATEMENT, &[], &[Slot(&[ATTRIBUTE], 0..=MANY)]),
    elements(
        ATTRIBUTE,
        &["Name", "NameFormat", "FriendlyName"],
        &[Slot(&[ATTRIBUTE_VALUE], 0..=MANY)],
    ),
    text(ATTRIBUTE_VALUE, &[]),
    elements(
        SIGNATURE,
        &[],
        &[Slot(&[SIGNED_INFO], 1..=1), Slot(&[SIGNATURE_VALUE], 1..=1), Slot(&[KEY_INFO], 0..=1)],
    ),
    elements(
        SIGNED_INFO,
        &[],
        &[
            Slot(&[CANONICALIZATION_METHOD], 1..=1),
            Slot(&[SIGNATURE_METHOD], 1..=1),
            Slot(&[REFERENCE], 1..=1),
        ],
    ),
    elements(CANONICALIZATION_METHOD, &["Algorithm"], &[Slot(&[INCLUSIVE_NAMESPACES], 0..=1)]),
    elements(SIGNATURE_METHOD, &["Algorithm"], &[]),
    elements(
        REFERENCE,
        &["URI"],
        &[Slot(&[TRANSFORMS], 1..=1), Slot(&[DIGEST_METHOD], 1..=1), Slot(&[DIGEST_VALUE], 1..=1)],
    ),
    elements(TRANSFORMS, &[], &[Slot(&[TRANSFORM], 1..=2)]),
    elements(TRANSFORM, &["Algorithm"], &[Slot(&[INCLUSIVE_NAMESPACES], 0..=1)]),
    elements(INCLUSIVE_NAMESPACES, &["PrefixList"], &[]),
    elements(DIGEST_METHOD, &["Algorithm"], &[]),
    text(DIGEST_VALUE, &[]),
    text(SIGNATURE_VALUE, &[]),
    // What is in here is not signed and not used, but to say which certificate is missing.
    elements(KEY_INFO, &[], &[Slot(&[KEY_NAME, KEY_VALUE, X509_DATA], 0..=4)]),
    text(KEY_NAME, &[]),
    elements(KEY_VALUE, &[], &[Slot(&[RSA_KEY_VALUE], 1..=1)]),
    elements(RSA_KEY_VALUE, &[], &[Slot(&[MODULUS], 1..=1), Slot(&[EXPONENT], 1..=1)]),
    text(MODULUS, &[]),
    text(EXPONENT, &[]),
    elements(X509_DATA, &[], &[Slot(&[X509_CERTIFICATE], 1..=4)]),
    text(X509_CERTIFICATE, &[]),
];

/// Refuses an element that is encrypted, anywhere, in words of its own.
pub(super) fn check_plain(root: Node<'_, '_>) -> Result<(), Refusal> {
    let encrypted = |node: Node<'_, '_>| ENCRYPTED.contains(&node.tag_name().name());
    if root.descendants().any(encrypted) { Err(Refusal::Encrypted) } else { Ok(()) }
}

/// Checks an element and everything in it.
pub(super) fn check(node: Node<'_, '_>) -> Result<(), Refusal> {
    let rule = rule_of(node).ok_or_else(|| misplaced(node))?;
    for attribute in node.attributes() {
        check_attribute(rule, &attribute)?;
    }
    match rule.content {
        Content::Text => check_text(node),
        Content::Elements(slots) => check_elements(node, rule.name.1, slots),
    }
}

/// The children of this name.
pub(super) fn children<'a, 'i>(
    node: Node<'a, 'i>,
    name: Name,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

/// The first child of this name.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: Name) -> Result<Node<'a, 'i>, Refusal> {
    children(node, name).next().ok_or(Refusal::Missing(name.1))
}

fn rule_of(node: Node<'_, '_>) -> Option<&'static Rule> {
    RULES.iter().find(|rule| node.has_tag_name(rule.name))
}

fn misplaced(node: Node<'_, '_>) -> Refusal {
    Refusal::Element(shown(node.tag_name().name()))
}

fn check_attribute(rule: &Rule, attribute: &Attribute<'_, '_>) -> Result<(), Refusal> {
    let name = attribute.name();
    let expected = match attribute.namespace() {
        None => rule.attributes.contains(&name),
        // XML Schema's `xsi:type`, and what AD FS and the X.500 profile put beside the name.
        Some(_) if rule.name == ATTRIBUTE_VALUE => matches!(name, "type" | "nil"),
        Some(_) if rule.name == ATTRIBUTE => matches!(name, "OriginalIssuer" | "Encoding"),
        Some(_) => false,
    };
    if expected { Ok(()) } else { Err(Refusal::Attribute(shown(name))) }
}

fn check_text(node: Node<'_, '_>) -> Result<(), Refusal> {
    match node.children().find(|child| !child.is_text()) {
        Some(child) => Err(misplaced(child)),
        None => Ok(()),
    }
}

fn check_elements(
    node: Node<'_, '_>,
    name: &'static str,
    slots: &'static [Slot],
) -> Result<(), Refusal> {
    let is_blank = |text: &str| text.bytes().all(|byte| b" \t\r\n".contains(&byte));
    let (mut at, mut count) = (0, 0);
    for child in node.children() {
        if child.is_text() {
            if child.text().is_some_and(is_blank) {
                continue;
            }
            return Err(Refusal::Text(name));
        }
        let mut rest = slots.iter().enumerate().skip(at);
        let (next, slot) =
            rest.find(|(_, slot)| slot.takes(child)).ok_or_else(|| misplaced(child))?;
        if next != at {
            check_filled(slots, at..next, count)?;
            (at, count) = (next, 0);
        }
        count += 1;
        if count > *slot.1.end() {
            return Err(misplaced(child));
        }
        check(child)?;
    }
    check_filled(slots, at..slots.len(), count)
}

/// Whether the first of these slots has enough elements, and the others need none.
fn check_filled(
    slots: &'static [Slot],
    range: std::ops::Range<usize>,
    mut count: usize,
) -> Result<(), Refusal> {
    for Slot(names, times) in slots.iter().take(range.end).skip(range.start) {
        if count < *times.start() {
            return Err(Refusal::Missing(names.first().map_or("an element", |name| name.1)));
        }
        count = 0;
    }
    Ok(())
}
