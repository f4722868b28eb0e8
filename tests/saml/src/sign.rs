//! Signatures over any element of any text, good or bent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};

use crate::c14n::canonical;
use crate::key::Key;
use crate::shapes::{ASSERTION_ID, RESPONSE_ID};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// How a signature is made. [`Signing::by`] makes an honest one; a test bends a part.
#[derive(Clone)]
pub struct Signing {
    /// Who signs.
    pub key: Key,
    /// The prefix of its elements, as `"ds:"`, or none.
    pub prefix: &'static str,
    /// SHA-2, as 256, 384 or 512; or 1; or 0 for HMAC-SHA-256 with the certificate as its key.
    pub sha: u16,
    /// What is put before the value of the reference's URI.
    pub uri: &'static str,
    /// The canonicalization that is claimed, with its content.
    pub canonicalization: String,
    /// The transforms that are claimed.
    pub transforms: String,
    /// What stands in `KeyInfo`; nothing leaves it out.
    pub key_info: Option<String>,
    /// The prefixes of `InclusiveNamespaces`.
    pub prefixes: Vec<&'static str>,
}

impl Signing {
    /// As Entra signs.
    #[must_use]
    pub fn by(key: Key) -> Self {
        Self {
            key,
            prefix: "",
            sha: 256,
            uri: "#",
            canonicalization: "http://www.w3.org/2001/10/xml-exc-c14n#".to_owned(),
            transforms: transforms("", ""),
            key_info: Some(format!(
                "<X509Data><X509Certificate>{}</X509Certificate></X509Data>",
                key.certificate_base64()
            )),
            prefixes: Vec::new(),
        }
    }

    /// As Okta signs: with the prefix `ds` and a list of prefixes.
    #[must_use]
    pub fn prefixed(key: Key, inclusive: &str, prefixes: &[&'static str]) -> Self {
        let certificate = key.certificate_base64();
        Self {
            prefix: "ds:",
            transforms: transforms("ds:", inclusive),
            key_info: Some(format!(
                "<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>"
            )),
            prefixes: prefixes.to_vec(),
            ..Self::by(key)
        }
    }

    /// Signs the element with this ID, and puts the signature behind its first child.
    #[must_use]
    pub fn sign(&self, text: &str, id: &str) -> String {
        let document = Document::parse(text).expect("well-formed");
        let node = by_id(&document, id);
        let signature = self.signature(&canonical(node, None, &self.prefixes), id);
        let issuer = node.children().find(Node::is_element).expect("an issuer");
        let at = issuer.range().end;
        format!("{}{signature}{}", &text[..at], &text[at..])
    }

    /// A signature over a canonical text, that refers to the element with this ID.
    #[must_use]
    pub fn signature(&self, canonical_text: &str, id: &str) -> String {
        let p = self.prefix;
        let (method, digest_method, digest) = self.digest(canonical_text.as_bytes());
        let info = format!(
            "<{p}SignedInfo><{p}CanonicalizationMethod Algorithm=\"{}\"></{p}CanonicalizationMethod>\
             <{p}SignatureMethod Algorithm=\"{method}\"></{p}SignatureMethod>\
             <{p}Reference URI=\"{}{id}\"><{p}Transforms>{}</{p}Transforms>\
             <{p}DigestMethod Algorithm=\"{digest_method}\"></{p}DigestMethod>\
             <{p}DigestValue>{}</{p}DigestValue></{p}Reference></{p}SignedInfo>",
            self.canonicalization,
            self.uri,
            self.transforms,
            STANDARD.encode(digest),
        );
        let xmlns = if p.is_empty() { "xmlns" } else { "xmlns:ds" };
        let open = format!("<{p}Signature {xmlns}=\"{DSIG}\">");
        let alone = format!("{open}{info}</{p}Signature>");
        let document = Document::parse(&alone).expect("well-formed");
        let info_node = document.root_element().first_child().expect("SignedInfo");
        let value = STANDARD.encode(self.value(canonical(info_node, None, &[]).as_bytes()));
        let key_info = self
            .key_info
            .as_ref()
            .map(|info| format!("<{p}KeyInfo>{info}</{p}KeyInfo>"))
            .unwrap_or_default();
        format!(
            "{open}{info}<{p}SignatureValue>{value}</{p}SignatureValue>{key_info}</{p}Signature>"
        )
    }

    fn digest(&self, bytes: &[u8]) -> (&'static str, &'static str, Vec<u8>) {
        match self.sha {
            0 => (
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
                "http://www.w3.org/2001/04/xmlenc#sha256",
                Sha256::digest(bytes).to_vec(),
            ),
            1 => (
                "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                "http://www.w3.org/2000/09/xmldsig#sha1",
                sha1::Sha1::digest(bytes).to_vec(),
            ),
            384 => (
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
                "http://www.w3.org/2001/04/xmldsig-more#sha384",
                Sha384::digest(bytes).to_vec(),
            ),
            512 => (
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
                "http://www.w3.org/2001/04/xmlenc#sha512",
                Sha512::digest(bytes).to_vec(),
            ),
            _ => (
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "http://www.w3.org/2001/04/xmlenc#sha256",
                Sha256::digest(bytes).to_vec(),
            ),
        }
    }

    fn value(&self, message: &[u8]) -> Vec<u8> {
        match self.sha {
            0 => hmac(&self.key.certificate(), message),
            1 => self.key.sha1(message),
            384 => self.key.sha384(message),
            512 => self.key.sha512(message),
            _ => self.key.sha256(message),
        }
    }
}

/// RFC 2104.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..32].copy_from_slice(&Sha256::digest(key));
    let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36), message].concat());
    Sha256::digest([&block.map(|byte| byte ^ 0x5c)[..], &inner].concat()).to_vec()
}

pub(crate) fn transforms(prefix: &str, inclusive: &str) -> String {
    format!(
        "<{prefix}Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\">\
         </{prefix}Transform><{prefix}Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">\
         {inclusive}</{prefix}Transform>"
    )
}

/// Signs assertion and response of the shapes, as Entra's "Sign SAML response and assertion".
#[must_use]
pub fn both(text: &str) -> String {
    let signing = Signing::by(Key::Provider);
    signing.sign(&signing.sign(text, ASSERTION_ID), RESPONSE_ID)
}

/// The form field `SAMLResponse`.
#[must_use]
pub fn field(text: &str) -> String {
    STANDARD.encode(text)
}

/// Replaces the first occurrence, which must be there.
#[must_use]
pub fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1)
}

/// The source of the element with this ID.
#[must_use]
pub fn element(text: &str, id: &str) -> String {
    let document = Document::parse(text).expect("well-formed");
    text[by_id(&document, id).range()].to_owned()
}

/// The source of the assertion.
#[must_use]
pub fn assertion_in(text: &str) -> String {
    element(text, ASSERTION_ID)
}

/// The source of the signature of the element with this ID.
#[must_use]
pub fn signature_in(text: &str, id: &str) -> String {
    let document = Document::parse(text).expect("well-formed");
    let node = by_id(&document, id);
    let signature = node.children().find(|child| child.tag_name().name() == "Signature");
    text[signature.expect("signed").range()].to_owned()
}

fn by_id<'a>(document: &'a Document<'a>, id: &str) -> Node<'a, 'a> {
    let found = document.descendants().find(|node| node.attribute("ID") == Some(id));
    found.expect("an element with the ID")
}
