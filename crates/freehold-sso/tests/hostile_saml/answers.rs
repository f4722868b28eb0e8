//! What a verified answer says, and what the caller must keep of it.

use freehold_saml::documents::{Expected, all};
use freehold_saml::{
    ATTACKER, CONNECTION, IDP, Key, NOW_MS, REQUEST, Says, Shape, Signing, TENANT, both, field,
    swap,
};
use freehold_sso::saml::{
    Certificate, Pending, Refusal, Sender, SubjectSource, peek_sender, verify,
};

use crate::world::World;

fn entra() -> String {
    Says::default().render(Shape::Entra)
}

#[test]
fn an_answer_names_the_person_and_no_one_by_mail() {
    let world = World::new();
    let answer = world.post(&field(&both(&entra()))).expect("signed in");
    let person = &answer.assertion;
    assert_eq!((person.connection(), person.issuer()), (CONNECTION, IDP));
    assert_eq!((person.tenant(), person.subject()), (Some(TENANT), ATTACKER));
    assert_eq!(person.display(), Some("Mallory"));
    assert_eq!(person.upn(), Some("mallory@corp.example"));
    assert!(!format!("{answer:?}").contains("mallory@"), "names do not belong in logs");
}

#[test]
fn the_name_id_names_the_person_where_the_connection_says_so() {
    let mut world = World::new();
    world.connection.subject = SubjectSource::NameId;
    world.connection.tenant = None;
    let answer = world.post(&field(&both(&entra()))).expect("signed in");
    assert_eq!(answer.assertion.subject(), "mallory@corp.example");
    let transient = entra().replace(
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    );
    let refusal = world.post(&field(&both(&transient))).expect_err("another name each time");
    assert!(refusal.to_string().contains("NameID is transient"), "{refusal}");
}

#[test]
fn a_tenant_is_wanted_only_where_one_is_configured_and_in_either_case() {
    let mut world = World::new();
    let shouted = swap(&entra(), &format!(">{TENANT}<"), &format!(">{}<", TENANT.to_uppercase()));
    assert!(world.post(&field(&both(&shouted))).is_ok());
    world.connection.tenant = Some("acme".to_owned());
    assert_eq!(world.post(&field(&both(&entra()))).err(), Some(Refusal::Tenant(TENANT.to_owned())));
    world.connection.tenant = None;
    assert!(world.post(&field(&both(&entra()))).is_ok());
}

#[test]
fn an_answer_to_the_request_of_another_connection_is_refused() {
    let world = World::new();
    let pending = Pending { connection: "019a0000-0000-7000-8000-000000000002", ..world.pending() };
    let end = verify(&world.service, &world.connection, &pending, &field(&both(&entra())), NOW_MS);
    assert_eq!(end.err(), Some(Refusal::OtherConnection));
}

#[test]
fn the_earliest_end_of_a_session_at_the_provider_counts() {
    let world = World::new();
    let answer = world.post(&field(&both(&entra()))).expect("signed in");
    assert_eq!(
        (answer.session_ends_at_ms, answer.session_index.as_deref()),
        (None, Some("_assertion"))
    );
    let ends = |minutes: u64| {
        format!(
            "<AuthnStatement AuthnInstant=\"2027-01-15T08:00:00Z\" \
                 SessionNotOnOrAfter=\"2027-01-15T08:{minutes}:00Z\"><AuthnContext></AuthnContext>\
                 </AuthnStatement>"
        )
    };
    let text = swap(&entra(), "</Assertion>", &format!("{}{}</Assertion>", ends(45), ends(30)));
    let answer = world.post(&field(&both(&text))).expect("signed in");
    assert_eq!(answer.session_ends_at_ms, Some(NOW_MS + 30 * 60_000));
}

#[test]
fn an_answer_is_refused_from_the_moment_that_its_ids_may_be_forgotten() {
    let world = World::new();
    for shape in [Shape::Entra, Shape::SimpleSamlPhp] {
        let posted = field(&both(&Says::default().render(shape)));
        let first = world.post(&posted).expect("signed in");
        assert_eq!(first.replay.response, "_response");
        assert_eq!(first.replay.assertion, "_assertion");
        // The same again has the same ids: the caller's table refuses it.
        let again = world.post_at(&posted, first.replay.forget_at_ms - 1).expect("still fresh");
        assert_eq!(again.replay, first.replay);
        assert!(world.post_at(&posted, first.replay.forget_at_ms).is_err());
    }
}

#[test]
fn a_removed_certificate_counts_no_more() {
    let mut world = World::new();
    let bare = Signing { key_info: None, ..Signing::by(Key::Provider) };
    let posted = field(&bare.sign(&entra(), "_assertion"));
    assert!(world.post(&posted).is_ok());
    world.connection.certificates.remove(0);
    assert_eq!(world.post(&posted).err(), Some(Refusal::Signature));
    world.connection.certificates.clear();
    assert_eq!(world.post(&posted).err(), Some(Refusal::NoCertificate));
}

#[test]
fn an_unknown_certificate_is_named_by_its_fingerprint() {
    let world = World::new();
    let posted = field(&Signing::by(Key::Stranger).sign(&entra(), "_assertion"));
    let stranger = Certificate::from_der(&Key::Stranger.certificate()).expect("RSA");
    let refusal = world.post(&posted).expect_err("a stranger");
    assert_eq!(refusal, Refusal::UntrustedCertificate(stranger.fingerprint()));
}

#[test]
fn a_refusal_fits_on_one_line_of_a_log() {
    let world = World::new();
    for document in all().iter().filter(|d| matches!(d.expected, Expected::Refused(_))) {
        let text = world.post(&document.field).expect_err(&document.name).to_string();
        let plain = text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
        assert!(plain && text.len() < 500, "{}: {text}", document.name);
    }
}

#[test]
fn an_unasked_answer_tells_whose_sign_in_to_begin() {
    let unasked = swap(&entra(), &format!("InResponseTo=\"{REQUEST}\" xmlns"), "xmlns");
    let sender = |certificate| Some(Sender { entity_id: IDP.to_owned(), certificate });
    assert_eq!(peek_sender(&field(&unasked)), sender(None));
    for (key, element) in [(Key::Provider, "_assertion"), (Key::Stranger, "_response")] {
        let certificate = Certificate::from_der(&key.certificate()).expect("RSA").fingerprint();
        let signed = field(&Signing::by(key).sign(&unasked, element));
        assert_eq!(peek_sender(&signed), sender(Some(certificate)));
        let bare = Signing { key_info: None, ..Signing::by(key) };
        assert_eq!(peek_sender(&field(&bare.sign(&unasked, element))), sender(None));
    }
    for text in
        ["", "<a/>", "<!DOCTYPE a><a/>", &entra().replace(IDP, ""), &entra().replace(IDP, "a\nb")]
    {
        assert_eq!(peek_sender(&field(text)), None, "{text}");
    }
}
