//! How far an organization is set up.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::events::EventKind;
use freehold_directory::first_steps::{self, Found};
use freehold_directory::organizations::{self, OrganizationName};
use freehold_directory::{OrganizationId, tokens};

use crate::links::owner;
use crate::support::{World, minutes, on_both_engines};

on_both_engines!(
    each_step_is_found_when_it_is_taken,
    what_is_over_or_gone_is_no_step,
    an_organization_is_renamed_once,
);

fn found(world: &World, organization: OrganizationId) -> Found {
    world.run(move |store, now, _| first_steps::of(store, organization, now)).unwrap().found
}

fn each_step_is_found_when_it_is_taken(world: &World) {
    let empty = world.organization("empty");
    assert_eq!(found(world, empty), Found::default());
    let acme = world.acme();
    let organization = acme.organization;
    let mut expected = Found { provisioner: true, connection: true, ..Found::default() };
    assert_eq!(found(world, organization), expected);
    owner(world, &acme, "olga");
    expected.owners = 1;
    assert_eq!(found(world, organization), expected, "an owner is not the first person");
    world.person(&acme.principal, "ann", "1");
    expected.person = true;
    assert_eq!(found(world, organization), expected);
    assert!(world.try_sign_in(acme.connection, "idp", "1").is_ok());
    expected.sign_in = true;
    assert_eq!(found(world, organization), expected);
    assert_eq!(found(world, empty), Found::default());
}

fn what_is_over_or_gone_is_no_step(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    assert!(found(world, acme.organization).provisioner && found(world, acme.organization).person);
    world.delete(&acme.principal, ann.id).unwrap();
    assert!(!found(world, acme.organization).person);
    let organization = acme.organization;
    let listed = world.done(move |store, _, _| tokens::list(store, organization));
    let longest = listed.iter().map(|listed| listed.expires_at).max().unwrap();
    let left = longest.as_millis() - world.now().as_millis();
    world.pass(Duration::from_millis(left - 1));
    assert!(found(world, organization).provisioner);
    world.pass(minutes(1));
    assert!(!found(world, organization).provisioner);
}

fn an_organization_is_renamed_once(world: &World) {
    let acme = world.organization("acme");
    let rename = |name: &str| {
        let name = OrganizationName::parse(name).unwrap();
        world
            .run(move |store, now, rng| {
                organizations::rename(store, Mandate::operator(acme), &name, now, rng)
            })
            .unwrap()
    };
    let named = || {
        let steps = world.run(move |store, now, _| first_steps::of(store, acme, now)).unwrap();
        (steps.organization.name.as_str().to_owned(), steps.named)
    };
    assert!(rename("ACME"));
    assert_eq!(named(), ("ACME".to_owned(), false), "a short name in capitals is no name");
    assert!(rename("Acme Société"));
    assert!(!rename("Acme Société"));
    assert_eq!(named(), ("Acme Société".to_owned(), true));
    let told = world.events(acme);
    let renamed = told.iter().filter(|kind| **kind == EventKind::OrganizationRenamed);
    assert_eq!(renamed.count(), 2);
}
