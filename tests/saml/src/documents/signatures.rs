//! Keys, algorithms, transforms and references that must not count.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Document, List, assertion_signed, both, lie, unsigned};
use crate::key::{Key, certificate};
use crate::shapes::{ASSERTION_ID, RESPONSE_ID};
use crate::sign::{Signing, signature_in, swap};
use crate::{ATTACKER, VICTIM};

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("signatures");
    keys(&mut list);
    key_info(&mut list);
    algorithms(&mut list);
    transforms(&mut list);
    references(&mut list);
    values(&mut list);
    list.1
}

fn honest() -> Signing {
    Signing::by(Key::Provider)
}

fn keys(list: &mut List) {
    list.refused("unsigned", "Unsigned", &unsigned());
    list.refused("unsigned, naming the victim", "Unsigned", &unsigned().replace(ATTACKER, VICTIM));
    let evil = unsigned().replace(ATTACKER, VICTIM);
    for key in [Key::Stranger, Key::Weak] {
        let named = Signing::by(key);
        list.refused(
            &format!("{key:?} signs"),
            "UntrustedCertificate",
            &named.sign(&evil, ASSERTION_ID),
        );
        let silent = Signing { key_info: None, ..Signing::by(key) };
        list.refused(
            &format!("{key:?} signs and says nothing"),
            "Signature",
            &silent.sign(&evil, ASSERTION_ID),
        );
        let posing = Signing { key_info: honest().key_info, ..Signing::by(key) };
        list.refused(
            &format!("{key:?} signs and names the trusted certificate"),
            "Signature",
            &posing.sign(&evil, ASSERTION_ID),
        );
        let mixed = posing.sign(&assertion_signed(&unsigned()), RESPONSE_ID);
        list.refused(
            &format!("{key:?} signs the response, the provider the assertion"),
            "Signature",
            &mixed,
        );
        let inner = posing.sign(&unsigned(), ASSERTION_ID);
        list.gate(
            &format!("{key:?} signs the assertion, the provider the response"),
            "Disagreement",
            &honest().sign(&inner, RESPONSE_ID),
        );
    }
    list.refused(
        "the provider signs the response, a stranger's evil assertion inside is changed later",
        "Signature",
        &swap(&both(&unsigned()), ATTACKER, VICTIM),
    );
    for part in ["mallory@corp.example", "Mallory", "classes:Password"] {
        let text = swap(&assertion_signed(&unsigned()), part, "changed");
        list.refused(&format!("{part} changed after signing"), "Signature", &text);
    }
}

fn key_info(list: &mut List) {
    let evil = unsigned().replace(ATTACKER, VICTIM);
    let (modulus, exponent) = Key::Stranger.numbers();
    let stranger = Key::Stranger.certificate_base64();
    let key_value = format!(
        "<KeyValue><RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>{exponent}</Exponent>\
            </RSAKeyValue></KeyValue>"
    );
    let trusted = Key::Provider.certificate_base64();
    let x509 = |certificate: &str| {
        format!("<X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>")
    };
    // The trusted key in a certificate of the stranger's making, and the other way around.
    let forged =
        STANDARD.encode(certificate(&Key::Stranger.spki(), |tbs| Key::Provider.sha256(tbs)));
    let reissued =
        STANDARD.encode(certificate(&Key::Provider.spki(), |tbs| Key::Stranger.sha256(tbs)));
    for (name, reason, info) in [
        ("a key value", "Signature", key_value.clone()),
        (
            "a key value beside the trusted certificate",
            "Signature",
            format!("{}{key_value}", x509(&trusted)),
        ),
        (
            "a stranger's certificate behind the trusted one",
            "Signature",
            x509(&format!("{trusted}</X509Certificate><X509Certificate>{stranger}")),
        ),
        (
            "a stranger's certificate before the trusted one",
            "UntrustedCertificate",
            x509(&format!("{stranger}</X509Certificate><X509Certificate>{trusted}")),
        ),
        (
            "a certificate that the trusted key issued to a stranger",
            "UntrustedCertificate",
            x509(&forged),
        ),
        ("a certificate that is not one", "UntrustedCertificate", x509("AAAA")),
        ("a key name", "Signature", "<KeyName>../../stranger</KeyName>".to_owned()),
        (
            "a retrieval method",
            "Element",
            "<RetrievalMethod URI=\"http://127.0.0.1:9/key\"></RetrievalMethod>".to_owned(),
        ),
        (
            "a security token reference",
            "Element",
            "<X509Data><X509SKI>AAAA</X509SKI></X509Data>".to_owned(),
        ),
        ("a PGP key", "Element", "<PGPData></PGPData>".to_owned()),
        ("a DSA key", "Element", "<KeyValue><DSAKeyValue></DSAKeyValue></KeyValue>".to_owned()),
    ] {
        let signing = Signing { key_info: Some(info), ..Signing::by(Key::Stranger) };
        list.refused(&format!("KeyInfo with {name}"), reason, &signing.sign(&evil, ASSERTION_ID));
    }
    let signing = Signing { key_info: Some(x509(&reissued)), ..honest() };
    list.refused(
        "KeyInfo with the trusted key in an unknown certificate",
        "UntrustedCertificate",
        &signing.sign(&unsigned(), ASSERTION_ID),
    );
}

fn algorithms(list: &mut List) {
    for (name, sha) in [("HMAC with the certificate as its key", 0), ("SHA-1", 1)] {
        let signing = Signing { sha, ..honest() };
        list.refused(name, "Algorithm", &signing.sign(&unsigned(), ASSERTION_ID));
    }
    let good = assertion_signed(&unsigned());
    for (name, from, to) in [
        ("none as the signature method", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", ""),
        (
            "DSA",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        ),
        (
            "ECDSA",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        ),
        (
            "RSA-PSS",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        ),
        (
            "MD5",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        ),
        (
            "SHA-1 as the digest alone",
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2000/09/xmldsig#sha1",
        ),
        ("an algorithm with a space", "xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha256 "),
    ] {
        list.refused(name, "Algorithm", &swap(&good, from, to));
    }
    let output = "<HMACOutputLength>8</HMACOutputLength></SignatureMethod>";
    list.refused("a truncated HMAC", "Element", &swap(&good, "</SignatureMethod>", output));
    for (name, algorithm) in [
        ("inclusive canonicalization", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        ("canonicalization with comments", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        ("no canonicalization", ""),
    ] {
        let signing = Signing { canonicalization: algorithm.to_owned(), ..honest() };
        list.refused(name, "Algorithm", &signing.sign(&unsigned(), ASSERTION_ID));
    }
}

fn transforms(list: &mut List) {
    let enveloped = "<Transform \
        Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform>";
    let exclusive = "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></Transform>";
    for (name, reason, transform) in [
        (
            "XSLT that fetches",
            "Element",
            "<Transform \
            Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><xsl:stylesheet \
            xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"><xsl:template \
            match=\"/\"><xsl:copy-of \
            select=\"document('http://127.0.0.1:9/')\"></xsl:copy-of></xsl:template>\
                </xsl:stylesheet></Transform>"
                .to_owned(),
        ),
        (
            "XPath that selects nothing",
            "Element",
            "<Transform \
            Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><XPath>false()</XPath>\
                </Transform>"
                .to_owned(),
        ),
        (
            "XPath filter",
            "Element",
            "<Transform \
            Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"><XPath>/</XPath>\
                </Transform>"
                .to_owned(),
        ),
        (
            "XPath without a path",
            "Algorithm",
            "<Transform \
            Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></Transform>"
                .to_owned(),
        ),
        (
            "base64",
            "Algorithm",
            "<Transform \
            Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"></Transform>"
                .to_owned(),
        ),
        (
            "a transform of no standard",
            "Element",
            "<x:Transform xmlns:x=\"urn:x\" \
            Algorithm=\"urn:x\"></x:Transform>"
                .to_owned(),
        ),
    ] {
        let signing = Signing { transforms: format!("{enveloped}{transform}"), ..honest() };
        list.refused(
            &format!("transform: {name}"),
            reason,
            &signing.sign(&unsigned(), ASSERTION_ID),
        );
    }
    let signing =
        Signing { transforms: format!("{enveloped}{}", exclusive.repeat(300)), ..honest() };
    list.gate("three hundred transforms", "Element", &signing.sign(&unsigned(), ASSERTION_ID));
    let signing = Signing { transforms: String::new(), ..honest() };
    list.refused("no transform", "Missing", &signing.sign(&unsigned(), ASSERTION_ID));
    let signing = Signing { transforms: exclusive.to_owned(), ..honest() };
    list.refused("no enveloped signature", "Signature", &signing.sign(&unsigned(), ASSERTION_ID));
}

fn references(list: &mut List) {
    for (name, uri) in [
        ("that fetches over HTTP", "http://127.0.0.1:9/#"),
        ("to a file", "file:///etc/passwd#"),
        ("to a share", "//127.0.0.1/share#"),
        ("by XPointer", "#xpointer(id('"),
        ("without a #", ""),
        ("to another id", "#x"),
        ("of two #", "##"),
        ("with a space", "# "),
    ] {
        let signing = Signing { uri, ..honest() };
        list.refused(
            &format!("a reference {name}"),
            "Reference",
            &signing.sign(&unsigned(), ASSERTION_ID),
        );
    }
    let good = assertion_signed(&unsigned());
    let uri = format!("URI=\"#{ASSERTION_ID}\"");
    list.refused("a reference to everything", "Reference", &swap(&good, &uri, "URI=\"\""));
    list.refused("a reference to nothing", "Reference", &swap(&good, &format!(" {uri}"), ""));
    list.refused(
        "an assertion's reference to the response",
        "Reference",
        &swap(&good, &uri, &format!("URI=\"#{RESPONSE_ID}\"")),
    );
    let reference = good.find("<Reference").zip(good.find("</SignedInfo>"));
    let reference = reference.map(|(from, to)| good[from..to].to_owned()).expect("a reference");
    list.refused(
        "two references",
        "Element",
        &swap(&good, "</SignedInfo>", &format!("{reference}</SignedInfo>")),
    );
    list.refused("no reference", "Missing", &swap(&good, &reference, ""));
    list.gate(
        "a manifest",
        "Element",
        &swap(&good, "</Signature>", "<Object><Manifest></Manifest></Object></Signature>"),
    );
}

fn values(list: &mut List) {
    let good = assertion_signed(&unsigned());
    let signature = signature_in(&good, ASSERTION_ID);
    let value = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>")).expect("the element");
        rest.split_once("</").expect("its end").0.to_owned()
    };
    let (digest, made) = (value(&good, "DigestValue"), value(&good, "SignatureValue"));
    list.refused("an empty signature value", "Signature", &swap(&good, &made, ""));
    list.refused(
        "a signature value of zeros",
        "Signature",
        &swap(&good, &made, &STANDARD.encode([0; 256])),
    );
    list.refused("a signature value that is not base64", "Signature", &swap(&good, &made, "!"));
    list.refused("an empty digest", "Signature", &swap(&good, &digest, ""));
    list.refused("a shortened digest", "Signature", &swap(&good, &digest, &digest[..8]));
    list.refused(
        "no signed info",
        "Missing",
        &swap(
            &good,
            &signature,
            "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"></Signature>",
        ),
    );
    let hidden = format!("{digest}<!-- -->");
    list.gate("a comment in the digest", "Markup", &swap(&good, &digest, &hidden));
    let other = lie("Mallory", "Eve");
    let swapped = swap(&other, &signature_in(&other, ASSERTION_ID), &signature);
    list.refused("the signature of another assertion", "Signature", &swapped);
}
