//! What is fuzzed of SAML. Apart from [`crate`]'s other functions, so that the plain tests of
//! freehold-sso can replay the corpus without the SCIM crate, and the other way around.
//!
//! The signed answers of the corpus were made with a key that is gone; its certificate is trusted
//! here. All of them name one person, and no change may make them name another.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use freehold_sso::saml::{
    Certificate, Connection, Pending, Sender, ServiceProvider, SubjectSource, parse_entity_id,
    parse_sso_url, peek_sender, read_metadata, verify,
};

const PERSON: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const ISSUER: &str = "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/";
const CONNECTION: &str = "019a0000-0000-7000-8000-000000000001";
/// 2027-01-15T08:00:00Z, when the answers were issued.
const NOW_MS: u64 = 1_800_000_000_000;

/// An answer is refused, or names the one person.
pub fn response(data: &[u8]) {
    static TRUST: OnceLock<(ServiceProvider, Connection)> = OnceLock::new();
    let (service, connection) = TRUST.get_or_init(trust);
    let field = STANDARD.encode(data);
    let pending =
        Pending { connection: CONNECTION, request_id: "_0123456789abcdef0123456789abcdef01234567" };
    if let Some(Sender { entity_id: issuer, .. }) = peek_sender(&field) {
        assert_eq!(parse_entity_id(&issuer), Ok(issuer));
    }
    match verify(service, connection, &pending, &field, NOW_MS) {
        Ok(answer) => {
            assert_eq!(answer.assertion.subject(), PERSON);
            let sender = peek_sender(&field).map(|sender| sender.entity_id);
            assert_eq!(sender.as_deref(), Some(ISSUER));
        }
        Err(refusal) => {
            assert!(refusal.to_string().chars().all(|c| c == ' ' || c.is_ascii_graphic()));
        }
    }
}

/// Metadata are refused, or everything in them can be used.
pub fn metadata(data: &[u8]) {
    let Ok(metadata) = read_metadata(data) else { return };
    assert_eq!(parse_entity_id(&metadata.entity_id), Ok(metadata.entity_id));
    assert_eq!(parse_sso_url(metadata.sso_url.as_str()), Ok(metadata.sso_url));
    assert!(!metadata.certificates.is_empty());
}

fn trust() -> (ServiceProvider, Connection) {
    let certificate = Certificate::parse(include_str!("saml.pem")).expect("a certificate");
    let service = ServiceProvider {
        entity_id: "https://freehold.example/saml/metadata".to_owned(),
        acs: "https://freehold.example/saml/acs".parse().expect("a URL"),
    };
    let connection = Connection {
        id: CONNECTION.to_owned(),
        entity_id: ISSUER.to_owned(),
        sso_url: "https://login.example/saml2".parse().expect("a URL"),
        certificates: vec![certificate],
        audience: None,
        tenant: None,
        subject: SubjectSource::entra_object_id(),
    };
    (service, connection)
}
