//! Organizations and connections.

use freehold_directory::authority::Mandate;
use freehold_directory::connections::{
    self, ChoiceError, ClientSecret, ConnectionError, Issuer, NewOidc, Protocol, SubjectClaim,
};
use freehold_directory::events::EventKind;
use freehold_directory::organizations::{self, OrganizationError, OrganizationName};
use freehold_directory::{OrganizationId, Slug};

use crate::support::{World, on_both_engines};

on_both_engines!(
    a_slug_belongs_to_one_organization,
    a_name_from_before_names_were_looked_at_closely_reads_back,
    switching_scim_is_recorded_once,
    a_connection_name_is_unique_in_its_organization_only,
    a_connection_reads_back_as_it_was_configured,
    the_only_connection_needs_no_name,
    names_may_be_left_out_at_sign_in_where_there_is_one,
);

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn a_slug_belongs_to_one_organization(world: &World) {
    let first = world.organization("acme");
    let again = world.run(|store, now, rng| {
        let name = OrganizationName::parse("Other").unwrap();
        organizations::create(store, slug("acme"), name, now, rng)
    });
    assert!(matches!(again, Err(OrganizationError::SlugTaken)));
    world.organization("aaa");
    let all = world.done(|store, _, _| organizations::list(store));
    assert_eq!(all.iter().map(|o| o.slug.as_str()).collect::<Vec<_>>(), ["aaa", "acme"]);
    let found = world.run(|store, _, _| organizations::find(store, &slug("acme"))).unwrap();
    assert_eq!((found.id, found.scim_enabled), (first, true));
    assert_eq!(world.events(first), [EventKind::OrganizationCreated]);
}

fn a_name_from_before_names_were_looked_at_closely_reads_back(world: &World) {
    world.organization("acme");
    let name = "شركة\u{200f}";
    assert!(OrganizationName::parse(name).is_err());
    world.force("UPDATE organizations SET name = $1", vec![name.into()]);
    let found = world.run(|store, _, _| organizations::find(store, &slug("acme"))).unwrap();
    assert_eq!(found.name.as_str(), name);
}

fn switching_scim_is_recorded_once(world: &World) {
    let id = world.organization("acme");
    let switch = |on| {
        world.run(move |store, now, rng| {
            organizations::set_scim(store, Mandate::operator(id), on, now, rng)
        })
    };
    assert!(switch(false).unwrap());
    assert!(!switch(false).unwrap());
    assert!(switch(true).unwrap());
    assert_eq!(world.event_count(id, EventKind::ScimDisabled), 1);
    assert_eq!(world.event_count(id, EventKind::ScimEnabled), 1);
}

fn new_oidc(name: Option<&str>) -> NewOidc {
    NewOidc {
        name: name.map(slug),
        issuer: Issuer::parse("https://idp.example.test/realm").unwrap(),
        client_id: "app".to_owned(),
        client_secret: ClientSecret::parse("very secret\n").unwrap(),
        tenant: Some("T1".to_owned()),
        subject_claim: Some(SubjectClaim::Oid),
        matches_user_name: false,
    }
}

fn add(
    world: &World,
    organization: OrganizationId,
    name: Option<&str>,
) -> Result<(), ConnectionError> {
    let new = new_oidc(name);
    world
        .run(move |store, now, rng| {
            connections::add_oidc(store, Mandate::operator(organization), &new, now, rng)
        })
        .map(drop)
}

fn names(world: &World, organization: OrganizationId) -> Vec<String> {
    let all = world.done(move |store, _, _| connections::list(store, organization));
    all.iter().map(|connection| connection.name.as_str().to_owned()).collect()
}

fn a_connection_name_is_unique_in_its_organization_only(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    add(world, acme, Some("entra")).unwrap();
    assert!(matches!(add(world, acme, Some("entra")), Err(ConnectionError::NameTaken)));
    add(world, other, Some("entra")).unwrap();
    add(world, acme, None).unwrap();
    add(world, acme, None).unwrap();
    assert_eq!(names(world, acme), ["entra", "oidc", "oidc-2"]);
    assert_eq!(names(world, other), ["entra"]);
}

fn a_connection_reads_back_as_it_was_configured(world: &World) {
    let acme = world.organization("acme");
    add(world, acme, Some("entra")).unwrap();
    let found = world.run(move |store, _, _| connections::choose(store, acme, None)).unwrap();
    let again = world.run(move |store, _, _| connections::get(store, found.id)).unwrap();
    assert_eq!(again.issuer(), "https://idp.example.test/realm");
    assert_eq!(again.tenant.as_deref(), Some("T1"));
    let Protocol::Oidc(oidc) = &again.protocol else { panic!("an OpenID provider") };
    assert_eq!(oidc.client_id, "app");
    assert_eq!(oidc.client_secret.reveal(), "very secret");
    assert_eq!(oidc.subject_claim, SubjectClaim::Oid);
    assert_eq!(again.organization, acme);
    assert_eq!(world.event_count(acme, EventKind::ConnectionAdded), 1);
}

fn the_only_connection_needs_no_name(world: &World) {
    let acme = world.organization("acme");
    let choose = |name: Option<&'static str>| {
        world.run(move |store, _, _| connections::choose(store, acme, name))
    };
    assert!(matches!(choose(None), Err(ConnectionError::Unknown)));
    add(world, acme, Some("one")).unwrap();
    assert_eq!(choose(None).unwrap().name.as_str(), "one");
    add(world, acme, Some("two")).unwrap();
    match choose(None) {
        Err(ConnectionError::Several(names)) => assert_eq!(names, "one, two"),
        _ => panic!("a name is needed"),
    }
    assert_eq!(choose(Some("two")).unwrap().name.as_str(), "two");
    assert!(matches!(choose(Some("three")), Err(ConnectionError::Unknown)));
}

fn names_may_be_left_out_at_sign_in_where_there_is_one(world: &World) {
    let choose = |organization: Option<&'static str>, connection: Option<&'static str>| {
        world.run(move |store, _, _| {
            connections::for_login(store, organization, connection)
                .map(|(organization, connection)| (organization.id, connection.id))
        })
    };
    assert!(matches!(choose(None, None), Err(ChoiceError::Unnamed)));
    let acme = world.organization("acme");
    assert!(matches!(choose(None, None), Err(ChoiceError::Connection)));
    let idp = world.connection(acme, "idp");
    assert_eq!(choose(None, None).unwrap(), (acme, idp));
    let other = world.organization("other");
    let other_idp = world.connection(other, "idp");
    assert!(matches!(choose(None, None), Err(ChoiceError::Unnamed)));
    assert_eq!(choose(Some("other"), None).unwrap(), (other, other_idp));
    assert!(matches!(choose(Some("no such"), None), Err(ChoiceError::Organization)));
    world.connection(acme, "second");
    match choose(Some("acme"), None) {
        Err(ChoiceError::Several { organization, connections }) => {
            assert_eq!(organization, slug("acme"));
            assert_eq!(connections, [slug("idp"), slug("second")]);
        }
        _ => panic!("a name is needed"),
    }
    assert!(matches!(choose(Some("acme"), Some("third")), Err(ChoiceError::Connection)));
    assert_eq!(choose(Some("acme"), Some("idp")).unwrap(), (acme, idp));
}
