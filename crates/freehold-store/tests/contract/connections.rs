//! SAML connections: how they are stored, which certificates count, and how a connection ends.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::connections::{
    self, ClientSecret, Connection, ConnectionError, Issuer, NewCertificate, NewOidc, NewSaml,
    Protocol, Saml, Trust, Unasked, Whose,
};
use freehold_directory::domains::Realm;
use freehold_directory::events::EventKind;
use freehold_directory::login::{self, BegunLogin, ClaimRefusal, Expected};
use freehold_directory::{ConnectionId, OrganizationId, PreLoginSecret, Slug, tokens};
use url::Url;

use crate::support::{Acme, World, in_parallel, issuer_of, minutes, on_both_engines, rng};

on_both_engines!(
    a_saml_connection_is_read_as_it_was_added,
    a_saml_connection_needs_a_certificate_and_one_tenant,
    new_certificates_are_proposed_and_never_trusted,
    metadata_that_grows_fills_no_table,
    the_last_trusted_certificate_stays,
    of_two_removals_at_once_one_certificate_is_left,
    a_removed_connection_ends_its_sessions_and_sign_ins,
    a_replaced_client_secret_is_the_one_that_is_shown_and_nobody_is_signed_out,
    only_a_live_openid_connection_of_the_organization_is_given_a_secret,
    a_connection_that_is_provisioned_for_is_removed_only_when_forced,
    the_name_of_a_removed_connection_is_free,
    an_organization_has_twenty_connections_at_most,
    an_answer_that_nobody_asked_for_is_of_one_organization_or_of_none,
    metadata_is_asked_for_once_a_day,
    no_organization_keeps_the_metadata_of_others_waiting,
    however_many_share_a_provider_each_client_of_it_is_found,
);

fn certificate(name: &str) -> NewCertificate {
    NewCertificate { fingerprint: format!("{name:0>64}"), der: name.as_bytes().to_vec() }
}

fn new_saml(name: &str) -> NewSaml {
    NewSaml {
        name: Some(Slug::parse(name).unwrap()),
        entity_id: "https://idp.test/saml".to_owned(),
        own_tenant: None,
        tenant: None,
        sso_url: Url::parse("https://idp.test/sso?a=b").unwrap(),
        certificates: vec![certificate("a"), certificate("b")],
        audience: Some("spn:app".to_owned()),
        subject_attribute: Some("urn:oid".to_owned()),
        metadata_url: Some(Url::parse("https://idp.test/metadata").unwrap()),
        matches_user_name: true,
    }
}

fn add(
    world: &World,
    organization: OrganizationId,
    new: NewSaml,
) -> Result<ConnectionId, ConnectionError> {
    world.run(move |store, now, rng| {
        connections::add_saml(store, Mandate::operator(organization), &new, now, rng)
    })
}

fn get(world: &World, id: ConnectionId) -> Connection {
    world.run(move |store, _, _| connections::get(store, id)).unwrap()
}

fn saml(connection: &Connection) -> &Saml {
    match &connection.protocol {
        Protocol::Saml(saml) => saml,
        Protocol::Oidc(_) => panic!("it is a SAML connection"),
    }
}

fn trusted(world: &World, id: ConnectionId) -> Vec<String> {
    let connection = get(world, id);
    let all = saml(&connection).certificates.iter();
    all.filter(|known| known.trust == Trust::Trusted)
        .map(|known| known.fingerprint.clone())
        .collect()
}

fn propose(world: &World, id: ConnectionId, certificates: Vec<NewCertificate>) -> Vec<String> {
    world
        .run(move |store, now, rng| connections::propose(store, None, id, &certificates, now, rng))
        .unwrap()
}

fn trust(world: &World, id: ConnectionId, name: &str) -> Result<(), ConnectionError> {
    let fingerprint = certificate(name).fingerprint;
    world.run(move |store, now, rng| {
        let connection = connections::get(store, id)?;
        connections::trust_certificate(
            store,
            Mandate::operator(connection.organization),
            connection.id,
            &fingerprint,
            now,
            rng,
        )
    })
}

fn remove_certificate(world: &World, id: ConnectionId, name: &str) -> Result<(), ConnectionError> {
    let fingerprint = certificate(name).fingerprint;
    world.run(move |store, now, rng| {
        let connection = connections::get(store, id)?;
        connections::remove_certificate(
            store,
            Mandate::operator(connection.organization),
            connection.id,
            &fingerprint,
            now,
            rng,
        )
    })
}

fn remove(
    world: &World,
    id: ConnectionId,
    forced: bool,
) -> Result<connections::Removed, ConnectionError> {
    world.run(move |store, now, rng| {
        let connection = connections::get(store, id)?;
        connections::remove(
            store,
            Mandate::operator(connection.organization),
            connection.id,
            forced,
            now,
            rng,
        )
    })
}

fn a_saml_connection_is_read_as_it_was_added(world: &World) {
    let organization = world.organization("acme");
    let id = add(world, organization, new_saml("idp")).unwrap();
    let connection = get(world, id);
    assert_eq!(connection.issuer(), "https://idp.test/saml");
    assert!(connection.matches_user_name);
    let saml = saml(&connection);
    assert_eq!(saml.sso_url.as_str(), "https://idp.test/sso?a=b");
    assert_eq!(saml.audience.as_deref(), Some("spn:app"));
    assert_eq!(saml.subject_attribute.as_deref(), Some("urn:oid"));
    assert_eq!(saml.fetched_at, Some(world.now()));
    let ders: Vec<&[u8]> = saml.certificates.iter().map(|known| known.der.as_slice()).collect();
    assert_eq!(ders, [b"a", b"b"]);
    assert_eq!(trusted(world, id).len(), 2);
}

fn a_saml_connection_needs_a_certificate_and_one_tenant(world: &World) {
    let organization = world.organization("acme");
    let bare = NewSaml { certificates: Vec::new(), ..new_saml("idp") };
    assert!(matches!(add(world, organization, bare), Err(ConnectionError::NoCertificate)));
    let tenant = |text: &str| Some(text.to_owned());
    let torn = NewSaml { own_tenant: tenant("T1"), tenant: tenant("T2"), ..new_saml("idp") };
    assert!(matches!(add(world, organization, torn), Err(ConnectionError::OtherTenant)));
    let own = NewSaml { own_tenant: tenant("T1"), ..new_saml("idp") };
    let id = add(world, organization, own).unwrap();
    assert_eq!(get(world, id).tenant.as_deref(), Some("T1"));
}

fn new_certificates_are_proposed_and_never_trusted(world: &World) {
    let organization = world.organization("acme");
    let id = add(world, organization, new_saml("idp")).unwrap();
    let fresh = || vec![certificate("a"), certificate("c")];
    let (other, certificates) = (world.organization("other"), fresh());
    let by_others = world.run(move |store, now, rng| {
        let by = Some(Mandate::operator(other));
        connections::propose(store, by, id, &certificates, now, rng)
    });
    assert!(matches!(by_others, Err(ConnectionError::Unknown)));
    assert_eq!(propose(world, id, fresh()), [certificate("c").fingerprint]);
    assert!(propose(world, id, fresh()).is_empty());
    assert_eq!(trusted(world, id).len(), 2);
    assert_eq!(world.event_count(organization, EventKind::CertificateProposed), 1);
    trust(world, id, "c").unwrap();
    trust(world, id, "c").unwrap();
    assert_eq!(trusted(world, id).len(), 3);
    assert_eq!(world.event_count(organization, EventKind::CertificateTrusted), 1);
    assert!(matches!(trust(world, id, "x"), Err(ConnectionError::UnknownCertificate)));
    let oidc = world.connection(organization, "oidc");
    assert!(matches!(trust(world, oidc, "a"), Err(ConnectionError::NotSaml)));
}

fn metadata_that_grows_fills_no_table(world: &World) {
    let organization = world.organization("acme");
    let id = add(world, organization, new_saml("idp")).unwrap();
    for round in 0..5 {
        let certificates = (0..8).map(|n| certificate(&format!("{round}{n}"))).collect();
        propose(world, id, certificates);
    }
    assert_eq!(world.count("SELECT count(*) FROM saml_certificates"), 16);
}

fn the_last_trusted_certificate_stays(world: &World) {
    let organization = world.organization("acme");
    let id = add(world, organization, new_saml("idp")).unwrap();
    propose(world, id, vec![certificate("c")]);
    remove_certificate(world, id, "a").unwrap();
    let last = remove_certificate(world, id, "b");
    assert!(matches!(last, Err(ConnectionError::LastCertificate)));
    remove_certificate(world, id, "c").unwrap();
    let gone = remove_certificate(world, id, "c");
    assert!(matches!(gone, Err(ConnectionError::UnknownCertificate)));
    assert_eq!(trusted(world, id), [certificate("b").fingerprint]);
    assert_eq!(world.event_count(organization, EventKind::CertificateRemoved), 2);
}

fn of_two_removals_at_once_one_certificate_is_left(world: &World) {
    let organization = world.organization("acme");
    let id = add(world, organization, new_saml("idp")).unwrap();
    let removed = in_parallel(2, |n| remove_certificate(world, id, ["a", "b"][n]).is_ok());
    assert_eq!(removed.iter().filter(|removed| **removed).count(), 1);
    assert_eq!(trusted(world, id).len(), 1);
}

fn a_removed_connection_ends_its_sessions_and_sign_ins(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let ann = world.sign_in(&acme, "1");
    world.setup_offer(&ann);
    let organization = world.organization("other");
    let other = Acme {
        organization,
        connection: world.connection(organization, "idp"),
        principal: world.principal(organization, None),
    };
    world.person(&other.principal, "bob", "1");
    let bob = world.sign_in(&other, "1");
    let connection = acme.connection;
    world.done(move |store, now, _| {
        let browser = PreLoginSecret::make(&mut rng());
        let expected = Expected::Saml { request_id: "_1".to_owned() };
        let begun = BegunLogin {
            connection,
            state: "state",
            browser: &browser,
            expected,
            wanted: None,
            tester: None,
        };
        login::begin(store, &begun, now)
    });
    let removed = remove(world, connection, false).unwrap();
    assert_eq!((removed.sessions, removed.logins), (1, 1));
    assert!(world.session(&ann).is_none());
    assert!(world.session(&bob).is_some(), "he signed in over another one");
    let refusal = world.try_sign_in(connection, "idp", "1").err();
    assert_eq!(refusal, Some(ClaimRefusal::UnknownConnection));
    assert!(matches!(remove(world, connection, true), Err(ConnectionError::Unknown)));
    assert_eq!(world.event_count(acme.organization, EventKind::ConnectionRemoved), 1);
    // A sign-in that the identity provider still answers is nobody's here.
    let left = world.done(|store, _, _| connections::of_client(store, &issuer_of("idp"), "app"));
    assert!(left.iter().map(|it| it.id).eq([other.connection]));
}

fn secret_of(world: &World, id: ConnectionId) -> String {
    match get(world, id).protocol {
        Protocol::Oidc(oidc) => oidc.client_secret.reveal().to_owned(),
        Protocol::Saml(_) => panic!("it is an OpenID connection"),
    }
}

fn replace_secret(
    world: &World,
    organization: OrganizationId,
    id: ConnectionId,
) -> Result<(), ConnectionError> {
    let secret = ClientSecret::parse(" the second one\n").unwrap();
    world.run(move |store, now, rng| {
        let mandate = Mandate::operator(organization);
        connections::replace_secret(store, mandate, id, &secret, now, rng)
    })
}

fn replaced(world: &World, organization: OrganizationId) -> usize {
    world.event_count(organization, EventKind::ConnectionSecretReplaced)
}

fn a_replaced_client_secret_is_the_one_that_is_shown_and_nobody_is_signed_out(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let ann = world.sign_in(&acme, "1");
    let second = world.connection(acme.organization, "second");
    let kept = secret_of(world, second);
    replace_secret(world, acme.organization, acme.connection).unwrap();
    assert_eq!(secret_of(world, acme.connection), "the second one");
    assert_eq!(secret_of(world, second), kept, "and of no other connection");
    assert_eq!(replaced(world, acme.organization), 1);
    assert!(world.session(&ann).is_some());
    world.sign_in(&acme, "1");
}

fn only_a_live_openid_connection_of_the_organization_is_given_a_secret(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let oidc = world.connection(acme, "oidc");
    let kept = secret_of(world, oidc);
    let refused = |organization, id| replace_secret(world, organization, id).unwrap_err();
    assert!(matches!(refused(other, oidc), ConnectionError::Unknown));
    let secret = ClientSecret::parse("the second one").unwrap();
    let past_the_rule =
        world.done(move |store, _, _| store.replace_client_secret(other, oidc, &secret));
    assert!(!past_the_rule, "the statement itself asks whose it is");
    assert_eq!(secret_of(world, oidc), kept);
    let saml = add(world, acme, new_saml("saml")).unwrap();
    assert!(matches!(refused(acme, saml), ConnectionError::NotOidc));
    remove(world, oidc, false).unwrap();
    assert!(matches!(refused(acme, oidc), ConnectionError::Unknown));
    let secret = ClientSecret::parse("the second one").unwrap();
    assert!(!world.done(move |store, _, _| store.replace_client_secret(acme, oidc, &secret)));
    assert_eq!((replaced(world, acme), replaced(world, other)), (0, 0));
}

fn a_connection_that_is_provisioned_for_is_removed_only_when_forced(world: &World) {
    let organization = world.organization("acme");
    let id = world.connection(organization, "idp");
    let secret = world.token(organization, Some("idp"));
    let refused = remove(world, id, false);
    assert!(matches!(refused, Err(ConnectionError::Provisioning(1))));
    remove(world, id, true).unwrap();
    let hash = secret.hash();
    let principal = world.done(move |store, now, _| tokens::authenticate(store, &hash, now));
    assert!(principal.is_ok(), "what provisions can still deactivate");
    let other = world.connection(organization, "idp");
    world.token(organization, Some("idp"));
    world.pass(Duration::from_secs(91 * 86_400));
    remove(world, other, false).unwrap();
}

fn the_name_of_a_removed_connection_is_free(world: &World) {
    let organization = world.organization("acme");
    let id = add(world, organization, new_saml("idp")).unwrap();
    let taken = add(world, organization, new_saml("idp"));
    assert!(matches!(taken, Err(ConnectionError::NameTaken)));
    remove(world, id, false).unwrap();
    assert_ne!(add(world, organization, new_saml("idp")).unwrap(), id);
}

fn an_organization_has_twenty_connections_at_most(world: &World) {
    let organization = world.organization("acme");
    let ids: Vec<_> = (0..connections::MOST)
        .map(|number| add(world, organization, new_saml(&format!("idp-{number}"))).unwrap())
        .collect();
    let refused = || add(world, organization, new_saml("one-more"));
    assert!(matches!(refused(), Err(ConnectionError::TooMany)));
    let other = world.organization("other");
    add(world, other, new_saml("one-more")).unwrap();
    remove(world, ids[0], false).unwrap();
    add(world, organization, new_saml("one-more")).unwrap();
}

fn an_answer_that_nobody_asked_for_is_of_one_organization_or_of_none(world: &World) {
    let whose = |fingerprint: Option<&str>, relay_state: &'static str| {
        let fingerprint = fingerprint.map(|name| certificate(name).fingerprint);
        let found = world.done(move |store, _, _| {
            let entity_id = "https://idp.test/saml";
            let certificate = fingerprint.as_deref();
            connections::whose(store, &Unasked { entity_id, certificate, relay_state })
        });
        match found {
            Whose::Of(Realm { organization, connection: Some(name) }) => {
                format!("{organization}/{name}")
            }
            Whose::Of(Realm { organization, connection: None }) => organization.to_string(),
            Whose::Unclear => "unclear".to_owned(),
            Whose::Nobodys => "nobody's".to_owned(),
        }
    };
    assert_eq!(whose(Some("a"), "acme"), "nobody's");
    let acme = world.organization("acme");
    let first = add(world, acme, new_saml("idp")).unwrap();
    for certificate in [None, Some("a"), Some("unknown")] {
        assert_eq!(whose(certificate, ""), "acme/idp");
    }
    // Another organization with the same entity id: the certificate tells them apart, and the relay state.
    let other = world.organization("other");
    let own = NewSaml { certificates: vec![certificate("b"), certificate("c")], ..new_saml("own") };
    let id = add(world, other, own).unwrap();
    assert_eq!(whose(Some("a"), ""), "acme/idp");
    assert_eq!(whose(Some("c"), ""), "other/own");
    for certificate in [None, Some("b"), Some("unknown")] {
        assert_eq!(whose(certificate, ""), "unclear");
        assert_eq!(whose(certificate, "acme"), "acme/idp");
        assert_eq!(whose(certificate, "other"), "other/own");
    }
    // What is only proposed does not count, nor does what is removed.
    world
        .run(move |store, now, rng| {
            connections::propose(store, None, first, &[certificate("c")], now, rng)
        })
        .unwrap();
    assert_eq!(whose(Some("c"), ""), "other/own");
    remove(world, id, false).unwrap();
    assert_eq!(whose(Some("c"), ""), "acme/idp");
    assert_eq!(whose(None, "other"), "acme/idp");
    // Two ways of one organization: the organization is known, and the person chooses.
    add(world, acme, new_saml("second")).unwrap();
    assert_eq!(whose(Some("a"), ""), "acme");
    assert_eq!(whose(None, "acme"), "acme");
}

fn no_organization_keeps_the_metadata_of_others_waiting(world: &World) {
    let (many, few) = (world.organization("many"), world.organization("few"));
    for number in 0..10 {
        add(world, many, new_saml(&format!("idp-{number}"))).unwrap();
    }
    world.pass(minutes(1));
    let wanted = add(world, few, new_saml("idp")).unwrap();
    let day = Duration::from_secs(86_400);
    world.pass(day);
    let due = |limit| {
        world.done(move |store, now, _| {
            connections::to_refresh(store, now.minus(day), (2, limit), now)
        })
    };
    let round = due(5);
    assert_eq!(round.len(), 3);
    assert!(round.iter().any(|connection| connection.id == wanted));
    assert_eq!(due(5).len(), 2);
    assert_eq!(due(1).len(), 1, "and all together have an end");
}

fn metadata_is_asked_for_once_a_day(world: &World) {
    let organization = world.organization("acme");
    for name in ["a", "b", "c"] {
        add(world, organization, new_saml(name)).unwrap();
    }
    add(world, organization, NewSaml { metadata_url: None, ..new_saml("file") }).unwrap();
    let day = Duration::from_secs(86_400);
    let due = || {
        let found = world.done(move |store, now, _| {
            connections::to_refresh(store, now.minus(day), (20, 2), now)
        });
        found.len()
    };
    assert_eq!(due(), 0);
    world.pass(day);
    assert_eq!((due(), due(), due()), (2, 1, 0));
    world.pass(minutes(60));
    assert_eq!(due(), 0);
}

/// A few were looked up by the issuer alone: who came after twenty others got no logout of the shared provider.
fn however_many_share_a_provider_each_client_of_it_is_found(world: &World) {
    const ISSUER: &str = "https://shared.test";
    let ids: Vec<ConnectionId> = (0..30)
        .map(|n| {
            let organization = world.organization(&format!("acme-{n}"));
            let new = NewOidc {
                name: None,
                issuer: Issuer::parse(ISSUER).unwrap(),
                client_id: format!("client-{n}"),
                client_secret: ClientSecret::parse("shown to the token endpoint").unwrap(),
                tenant: None,
                subject_claim: None,
                matches_user_name: false,
            };
            let add = world.run(move |store, now, rng| {
                connections::add_oidc(store, Mandate::operator(organization), &new, now, rng)
            });
            add.unwrap()
        })
        .collect();
    let of = |client: &'static str| -> Vec<ConnectionId> {
        let found = world.done(move |store, _, _| connections::of_client(store, ISSUER, client));
        found.into_iter().map(|connection| connection.id).collect()
    };
    assert_eq!((of("client-0"), of("client-29")), (vec![ids[0]], vec![ids[29]]));
    assert_eq!(of("client"), []);
}
