//! Metadata of providers, as they publish them, and our own.

use freehold_saml::{ACS, ENTITY_ID, IDP, Key, TENANT};
use freehold_sso::saml::{
    Certificate, CertificateError, MetadataError, parse_entity_id, parse_sso_url, read_metadata,
    render_metadata,
};

use crate::world::World;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

fn key(usage: &str, certificate: &str) -> String {
    format!(
        "<KeyDescriptor{usage}><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data>\
             <X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
    )
}

/// As Entra's of one application: other roles with schema types come first.
fn entra(keys: &str) -> String {
    let stranger = Key::Stranger.certificate_base64();
    format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\
        <EntityDescriptor ID=\"_e\" entityID=\"{IDP}\" \
            xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">\
        <Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature>\
        <RoleDescriptor xsi:type=\"fed:SecurityTokenServiceType\" \
        protocolSupportEnumeration=\"http://docs.oasis-open.org/wsfed/federation/200706\" \
        xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
        xmlns:fed=\"http://docs.oasis-open.org/wsfed/federation/200706\">{}</RoleDescriptor>\
        <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}\
        <SingleLogoutService Binding=\"{REDIRECT}\" Location=\"https://login.example/out\"/>\
        <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
        Location=\"https://login.example/post\"/>\
        <SingleSignOnService Binding=\"{REDIRECT}\" \
            Location=\"https://login.example/saml2?a=b&amp;c\"/>\
        </IDPSSODescriptor></EntityDescriptor>",
        key(" use=\"signing\"", &stranger)
    )
}

fn trusted() -> String {
    key(" use=\"signing\"", &Key::Provider.certificate_base64())
}

#[test]
fn metadata_of_entra_are_read_past_the_roles_that_are_not_saml() {
    let twice = trusted() + &trusted() + &key("", &Key::Next.certificate_base64());
    let metadata = read_metadata(entra(&twice).as_bytes()).expect("readable");
    assert_eq!(metadata.entity_id, IDP);
    assert_eq!(metadata.tenant.as_deref(), Some(TENANT));
    assert_eq!(metadata.sso_url.as_str(), "https://login.example/saml2?a=b&c");
    let keys: Vec<&[u8]> = metadata.certificates.iter().map(Certificate::der).collect();
    assert_eq!(keys, [Key::Provider.certificate(), Key::Next.certificate()]);
}

#[test]
fn metadata_with_prefixes_comments_and_encryption_keys_are_read() {
    let wrapped = Key::Provider.certificate_base64();
    let (head, tail) = wrapped.split_at(76);
    let text = format!(
        "<?xml version=\"1.0\"?>\n<!-- <x> -->\n\
        <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
        xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"https://idp.test/ssp\">\
        <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:1.1:protocol \
            urn:oasis:names:tc:SAML:2.0:protocol\">\
        <md:KeyDescriptor use=\"encryption\"><ds:KeyInfo><ds:X509Data>\
            <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
            </md:KeyDescriptor>\
        <md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n{head}\n{tail}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
        <md:SingleSignOnService Binding=\"{REDIRECT}\" Location=\"http://127.0.0.1:8101/sso\"/>\
        </md:IDPSSODescriptor></md:EntityDescriptor>",
        Key::Stranger.certificate_base64()
    );
    let metadata = read_metadata(text.as_bytes()).expect("readable");
    assert_eq!((metadata.tenant, metadata.certificates.len()), (None, 1));
    assert_eq!(metadata.certificates[0].der(), Key::Provider.certificate());
}

#[test]
fn metadata_that_cannot_be_used_are_refused_in_words_for_an_admin() {
    let good = entra(&trusted());
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replace(from, to)
    };
    let weak = key(" use=\"signing\"", &Key::Weak.certificate_base64());
    let deep = "<a>".repeat(65) + &"</a>".repeat(65);
    let many = "<a/>".repeat(30_000);
    for (text, error) in [
        (String::new(), MetadataError::Malformed),
        ("<!DOCTYPE a><a/>".to_owned(), MetadataError::Malformed),
        ("<a>&b;</a>".to_owned(), MetadataError::Malformed),
        ("<a/>".to_owned(), MetadataError::NotEntity),
        (deep, MetadataError::TooLarge),
        (format!("<a>{many}</a>"), MetadataError::TooLarge),
        (" ".repeat(600_000), MetadataError::TooLarge),
        (with("metadata\">", "metadata2\">"), MetadataError::NotEntity),
        (with("IDPSSO", "SPSSO"), MetadataError::NoProvider),
        (with("urn:oasis:names:tc:SAML:2.0:protocol", "urn:x"), MetadataError::NoProvider),
        (with(IDP, ""), MetadataError::EntityId),
        (with(IDP, "two words"), MetadataError::EntityId),
        (with(REDIRECT, "urn:x"), MetadataError::NoSignInAddress),
        (
            with("https://login.example/saml2", "http://login.example/saml2"),
            MetadataError::UnsafeAddress,
        ),
        (
            with("https://login.example/saml2", "javascript:alert(1)//"),
            MetadataError::UnsafeAddress,
        ),
        (with("signing", "encryption"), MetadataError::NoCertificate),
        (entra(""), MetadataError::NoCertificate),
        (entra(&weak), MetadataError::Certificate(CertificateError::KeySize(1024))),
    ] {
        let found = read_metadata(text.as_bytes()).err();
        assert_eq!(found, Some(error), "{}", &text[..text.len().min(300)]);
    }
    assert_eq!(read_metadata(&[0xff, 0xfe]).err(), Some(MetadataError::Malformed));
}

#[test]
fn an_address_to_send_people_to_is_https_and_plain() {
    for text in ["https://idp.example/sso?idpid=x", "http://localhost:8101/sso", "http://[::1]/"] {
        assert!(parse_sso_url(text).is_ok(), "{text}");
    }
    for text in [
        "",
        "idp.example",
        "http://idp.example",
        "https://user@idp.example",
        "https://idp.example/#x",
        "ftp://localhost",
        "https://idp.exam\nple",
    ] {
        assert_eq!(parse_sso_url(text), Err(MetadataError::UnsafeAddress), "{text}");
    }
    assert!(parse_entity_id(&"x".repeat(1024)).is_ok());
    assert!(parse_entity_id(&"x".repeat(1025)).is_err());
}

#[test]
fn our_metadata_name_us_one_address_and_no_key() {
    let text = render_metadata(&World::new().service);
    for part in [
        &format!("entityID=\"{ENTITY_ID}\""),
        "AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\"",
        "index=\"0\" isDefault=\"true\"",
        &format!("HTTP-POST\" Location=\"{ACS}\""),
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(text.matches("<md:AssertionConsumerService").count(), 1);
    assert!(!text.contains("KeyDescriptor"));
}
