//! Domains: who has one, and where it leads.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::connections::{self, ConnectionError};
use freehold_directory::domains::{
    self, Checked, Domain, DomainError, DomainName, DomainState, ProvenDomain, Realm,
};
use freehold_directory::events::EventKind;
use freehold_directory::{OrganizationId, Slug};

use crate::support::{World, in_parallel, on_both_engines};

on_both_engines!(
    a_domain_reads_back_as_it_was_added,
    the_first_that_proves_control_has_the_domain,
    of_two_that_verify_at_once_one_has_the_domain,
    the_proof_of_another_organization_verifies_nothing,
    a_proof_from_before_the_domain_was_added_anew_verifies_nothing,
    an_unverified_domain_leads_nowhere,
    a_domain_leads_to_its_connection,
    an_organization_without_a_connection_is_no_realm,
    a_domain_leads_to_no_connection_that_was_removed,
    a_domain_that_is_due_is_taken_once,
    many_that_are_due_are_taken_in_turns,
    an_organization_has_a_hundred_domains_at_most,
    a_check_that_comes_late_changes_no_newer_domain,
    a_domain_that_fails_and_comes_back_keeps_its_date,
);

const DAY: Duration = Duration::from_secs(86_400);

fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}

fn try_add(
    world: &World,
    organization: OrganizationId,
    domain: &str,
    connection: Option<&'static str>,
) -> Result<Domain, DomainError> {
    let domain = name(domain);
    world.run(move |store, now, rng| {
        domains::add(store, Mandate::operator(organization), domain.clone(), connection, now, rng)
    })
}

fn add(world: &World, organization: OrganizationId, domain: &str) -> Domain {
    try_add(world, organization, domain, None).unwrap()
}

fn proof(domain: &Domain) -> ProvenDomain {
    domain.prove(&[domain.challenge.as_str().to_owned()]).unwrap()
}

fn verify(world: &World, domain: &Domain) -> Result<(), DomainError> {
    let proven = proof(domain);
    world.run(move |store, now, rng| {
        domains::verify(store, Mandate::operator(proven.organization()), &proven, now, rng)
    })
}

fn remove(world: &World, domain: &Domain) -> Result<(), DomainError> {
    let (organization, name) = (domain.organization, domain.name.clone());
    world.run(move |store, now, rng| {
        domains::remove(store, Mandate::operator(organization), &name, now, rng)
    })
}

fn list(world: &World, organization: OrganizationId) -> Vec<Domain> {
    world.done(move |store, _, _| domains::list(store, organization))
}

fn take_due(world: &World) -> Vec<Domain> {
    world.done(|store, now, _| domains::take_due(store, now))
}

fn checked(world: &World, domain: &Domain, found: bool) -> Checked {
    let (domain, found) = (domain.clone(), found.then(|| proof(domain)));
    world.done(move |store, now, rng| domains::checked(store, &domain, found.as_ref(), now, rng))
}

fn realm(world: &World, typed: &'static str) -> Option<Realm> {
    world.done(move |store, _, _| domains::realm(store, typed))
}

fn leads_to(organization: &str, connection: Option<&str>) -> Option<Realm> {
    Some(Realm {
        organization: Slug::parse(organization).unwrap(),
        connection: connection.map(|name| Slug::parse(name).unwrap()),
    })
}

fn a_domain_reads_back_as_it_was_added(world: &World) {
    let acme = world.organization("acme");
    let connection = world.connection(acme, "entra");
    let added = try_add(world, acme, "acme.test", Some("entra")).unwrap();
    add(world, acme, "a.test");
    assert!(matches!(try_add(world, acme, "acme.test", None), Err(DomainError::Known)));
    let all = list(world, acme);
    assert_eq!(all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["a.test", "acme.test"]);
    assert_eq!(all[1].challenge, added.challenge);
    assert_ne!(all[0].challenge, added.challenge);
    assert_eq!((all[1].connection, all[1].created_at), (Some(connection), world.now()));
    assert_eq!(all[1].state, DomainState::Unverified);
    verify(world, &added).unwrap();
    world.pass(DAY);
    verify(world, &added).unwrap();
    let since = added.created_at;
    let verified = DomainState::Verified { since, failing_since: None };
    assert_eq!(list(world, acme)[1].state, verified);
    remove(world, &added).unwrap();
    assert!(matches!(remove(world, &added), Err(DomainError::Unknown)));
    assert!(matches!(verify(world, &added), Err(DomainError::Unknown)));
    for (kind, count) in
        [(EventKind::DomainAdded, 2), (EventKind::DomainVerified, 1), (EventKind::DomainRemoved, 1)]
    {
        assert_eq!(world.event_count(acme, kind), count, "{kind:?}");
    }
}

fn the_first_that_proves_control_has_the_domain(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let ours = add(world, acme, "acme.test");
    let theirs = add(world, other, "acme.test");
    verify(world, &ours).unwrap();
    assert!(matches!(verify(world, &theirs), Err(DomainError::Taken)));
    assert_eq!(list(world, other)[0].state, DomainState::Unverified);
    remove(world, &ours).unwrap();
    verify(world, &theirs).unwrap();
    assert_eq!(world.event_count(other, EventKind::DomainVerified), 1);
}

fn of_two_that_verify_at_once_one_has_the_domain(world: &World) {
    let domains: Vec<Domain> =
        (0..4).map(|n| add(world, world.organization(&format!("org-{n}")), "acme.test")).collect();
    let outcomes = in_parallel(domains.len(), |n| verify(world, &domains[n]));
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert!(matches!(refused, DomainError::Taken), "{refused:?}");
    }
    assert_eq!(world.count("SELECT count(*) FROM domains WHERE verified_at IS NOT NULL"), 1);
}

fn the_proof_of_another_organization_verifies_nothing(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    let proven = proof(&add(world, other, "acme.test"));
    add(world, acme, "acme.test");
    let verified = world.run(move |store, now, rng| {
        domains::verify(store, Mandate::operator(acme), &proven, now, rng)
    });
    assert!(matches!(verified, Err(DomainError::Unknown)));
    for organization in [acme, other] {
        assert_eq!(list(world, organization)[0].state, DomainState::Unverified);
    }
}

fn a_proof_from_before_the_domain_was_added_anew_verifies_nothing(world: &World) {
    let acme = world.organization("acme");
    let before = add(world, acme, "acme.test");
    remove(world, &before).unwrap();
    add(world, acme, "acme.test");
    assert!(matches!(verify(world, &before), Err(DomainError::Unknown)));
    assert_eq!(list(world, acme)[0].state, DomainState::Unverified);
}

fn an_unverified_domain_leads_nowhere(world: &World) {
    let acme = world.organization("acme");
    world.connection(acme, "entra");
    let domain = add(world, acme, "acme.test");
    assert_eq!(realm(world, "ann@acme.test"), None);
    verify(world, &domain).unwrap();
    for typed in
        ["ann@acme.test", " Ann@ACME.test ", "acme.test", "\"a@b\"@acme.test", "@acme.test"]
    {
        assert_eq!(realm(world, typed), leads_to("acme", None), "{typed}");
    }
    for typed in
        ["ann@mail.acme.test", "ann@test", "ann@", "acme.test@x.test", "test", "", "@", "."]
    {
        assert_eq!(realm(world, typed), None, "{typed}");
    }
    remove(world, &domain).unwrap();
    assert_eq!(realm(world, "ann@acme.test"), None);
}

fn a_domain_leads_to_its_connection(world: &World) {
    let (acme, other) = (world.organization("acme"), world.organization("other"));
    world.connection(acme, "entra");
    world.connection(acme, "okta");
    world.connection(other, "theirs");
    let foreign = try_add(world, acme, "acme.test", Some("theirs"));
    assert!(matches!(foreign, Err(DomainError::UnknownConnection)));
    verify(world, &try_add(world, acme, "acme.test", Some("okta")).unwrap()).unwrap();
    verify(world, &add(world, acme, "acme.example")).unwrap();
    assert_eq!(realm(world, "ann@acme.test"), leads_to("acme", Some("okta")));
    assert_eq!(realm(world, "ann@acme.example"), leads_to("acme", None));
    assert_eq!(realm(world, "Acme"), leads_to("acme", None));
}

fn an_organization_without_a_connection_is_no_realm(world: &World) {
    let acme = world.organization("acme");
    verify(world, &add(world, acme, "acme.test")).unwrap();
    assert_eq!((realm(world, "acme"), realm(world, "ann@acme.test")), (None, None));
    world.connection(acme, "entra");
    assert!(realm(world, "acme").is_some() && realm(world, "ann@acme.test").is_some());
}

/// People whose address led to a connection that was replaced stood before a page that knew nobody.
fn a_domain_leads_to_no_connection_that_was_removed(world: &World) {
    let acme = world.organization("acme");
    let (old, new) = (world.connection(acme, "old"), world.connection(acme, "new"));
    verify(world, &try_add(world, acme, "acme.test", Some("old")).unwrap()).unwrap();
    let end = |id| {
        let removed: Result<_, ConnectionError> = world.run(move |store, now, rng| {
            connections::remove(store, Mandate::operator(acme), id, false, now, rng)
        });
        removed.unwrap();
    };
    end(old);
    assert_eq!(realm(world, "ann@acme.test"), leads_to("acme", None));
    end(new);
    assert_eq!((realm(world, "acme"), realm(world, "ann@acme.test")), (None, None));
}

fn a_domain_that_is_due_is_taken_once(world: &World) {
    let acme = world.organization("acme");
    add(world, acme, "unverified.test");
    verify(world, &add(world, acme, "acme.test")).unwrap();
    world.pass(DAY - Duration::from_millis(1));
    assert!(take_due(world).is_empty());
    world.pass(Duration::from_millis(1));
    let taken: Vec<Domain> = in_parallel(4, |_| take_due(world)).into_iter().flatten().collect();
    assert_eq!(taken.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["acme.test"]);
    world.pass(DAY);
    assert_eq!(take_due(world).len(), 1);
}

fn many_that_are_due_are_taken_in_turns(world: &World) {
    let acme = world.organization("acme");
    for n in 0..60 {
        verify(world, &add(world, acme, &format!("d{n}.test"))).unwrap();
    }
    world.pass(DAY);
    assert_eq!([50, 10, 0], [0; 3].map(|_| take_due(world).len()));
}

fn an_organization_has_a_hundred_domains_at_most(world: &World) {
    let acme = world.organization("acme");
    let all: Vec<_> =
        (0..domains::MOST).map(|n| add(world, acme, &format!("{n}.acme.test"))).collect();
    let refused = || try_add(world, acme, "more.acme.test", None);
    assert!(matches!(refused(), Err(DomainError::TooMany)));
    add(world, world.organization("other"), "other.test");
    remove(world, &all[0]).unwrap();
    refused().unwrap();
}

fn a_check_that_comes_late_changes_no_newer_domain(world: &World) {
    let acme = world.organization("acme");
    verify(world, &add(world, acme, "acme.test")).unwrap();
    let old = list(world, acme).remove(0);
    assert_eq!(checked(world, &old, false), Checked::Failing);
    let failing = list(world, acme).remove(0);
    assert_eq!(checked(world, &old, false), Checked::Well, "it was noted meanwhile");
    world.pass(8 * DAY);
    remove(world, &old).unwrap();
    verify(world, &add(world, acme, "acme.test")).unwrap();
    assert_eq!(checked(world, &old, false), Checked::Well);
    assert_eq!(checked(world, &failing, false), Checked::Well);
    assert_eq!(checked(world, &failing, true), Checked::Well);
    let since = world.now();
    let verified = DomainState::Verified { since, failing_since: None };
    assert_eq!(list(world, acme)[0].state, verified);
    assert_eq!(world.event_count(acme, EventKind::DomainLapsed), 0);
}

fn a_domain_that_fails_and_comes_back_keeps_its_date(world: &World) {
    let acme = world.organization("acme");
    world.connection(acme, "entra");
    verify(world, &add(world, acme, "acme.test")).unwrap();
    let since = world.now();
    let state = |failing_since| DomainState::Verified { since, failing_since };
    world.pass(DAY);
    assert_eq!(checked(world, &list(world, acme)[0], false), Checked::Failing);
    let failing_since = Some(world.now());
    world.pass(6 * DAY);
    assert_eq!(checked(world, &list(world, acme)[0], false), Checked::Failing);
    assert_eq!(list(world, acme)[0].state, state(failing_since));
    assert!(realm(world, "ann@acme.test").is_some());
    assert_eq!(checked(world, &list(world, acme)[0], true), Checked::Well);
    assert_eq!(list(world, acme)[0].state, state(None));
    assert_eq!(checked(world, &list(world, acme)[0], false), Checked::Failing);
    world.pass(7 * DAY);
    assert_eq!(checked(world, &list(world, acme)[0], false), Checked::Lapsed);
    assert_eq!(list(world, acme)[0].state, DomainState::Unverified);
    assert_eq!(realm(world, "ann@acme.test"), None);
    assert_eq!(world.event_count(acme, EventKind::DomainFailing), 2);
    assert_eq!(world.event_count(acme, EventKind::DomainLapsed), 1);
}
