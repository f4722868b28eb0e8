//! Which certificates may be trusted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use freehold_saml::{Key, certificate};
use freehold_sso::saml::{Certificate, CertificateError};

/// An Ed25519 key (RFC 8410 §10.1) in a certificate.
fn ed25519() -> Vec<u8> {
    let mut spki = vec![0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
    spki.extend([7; 32]);
    certificate(&spki, |_| vec![0; 64])
}

#[test]
fn a_certificate_is_read_as_admins_paste_it() {
    let der = Key::Provider.certificate();
    let plain = STANDARD.encode(&der);
    let (head, tail) = plain.split_at(64);
    let pem =
        format!("-----BEGIN CERTIFICATE-----\r\n{head}\r\n{tail}\r\n-----END CERTIFICATE-----\r\n");
    let wanted = Certificate::from_der(&der).expect("RSA");
    for text in
        [plain.clone(), format!("\n  {head}\n  {tail}\n"), pem.clone(), format!("subject=x\n{pem}")]
    {
        assert_eq!(Certificate::parse(&text).as_ref(), Ok(&wanted), "{text}");
    }
    assert_eq!(wanted.der(), der);
    assert_eq!(wanted.fingerprint().len(), 64);
    assert_eq!(wanted.not_before_ms(), 1_577_836_800_000);
    assert_eq!(wanted.not_after_ms(), 1_609_459_200_000);
}

#[test]
fn what_cannot_be_trusted_is_refused_in_words_for_an_admin() {
    let pem = |der: &[u8]| {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", STANDARD.encode(der))
    };
    let der = Key::Provider.certificate();
    for (text, error) in [
        (String::new(), CertificateError::Malformed),
        ("not base64".to_owned(), CertificateError::Malformed),
        (STANDARD.encode("not DER"), CertificateError::Malformed),
        (STANDARD.encode(Key::Provider.spki()), CertificateError::Malformed),
        (STANDARD.encode(&der[..der.len() - 1]), CertificateError::Malformed),
        (STANDARD.encode([&der[..], &[0]].concat()), CertificateError::Malformed),
        ("-----BEGIN CERTIFICATE-----\nAAAA".to_owned(), CertificateError::Malformed),
        ("A".repeat(40_000), CertificateError::Malformed),
        (format!("{}\n{}", pem(&der), pem(&der)), CertificateError::Several),
        ("-----BEGIN RSA PRIVATE KEY-----".to_owned(), CertificateError::PrivateKey),
        (format!("{}\n-----BEGIN PRIVATE KEY-----", pem(&der)), CertificateError::PrivateKey),
        (pem(&ed25519()), CertificateError::NotRsa),
        (pem(&Key::Weak.certificate()), CertificateError::KeySize(1024)),
    ] {
        assert_eq!(Certificate::parse(&text), Err(error), "{text}");
    }
}
