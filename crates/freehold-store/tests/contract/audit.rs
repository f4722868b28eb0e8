//! The audit log: one chain an organization, whoever writes, and what was done to it past the program.

use std::time::Duration;

use freehold_directory::audit::{self, Export, ExportError, Fault, Head, Told, Verified, Verifier};
use freehold_directory::authority::Mandate;
use freehold_directory::events::{self, EventKind};
use freehold_directory::housekeeping::{self, RETENTION};
use freehold_directory::tokens::{self, NewToken, TokenLife};
use freehold_directory::{OrganizationId, StoreError, brake, login};
use freehold_store::Value;
use serde_json::json;

use crate::support::{LOG_LIFE, World, in_parallel, on_both_engines};

on_both_engines!(
    writers_at_once_make_one_chain_without_gaps,
    each_organization_has_a_chain_of_its_own,
    a_provisioned_user_stands_outside_the_chain_and_leaves_its_end_alone,
    a_job_that_is_undone_leaves_no_place_in_the_chain,
    what_was_written_before_the_chain_stays_outside_it,
    a_changed_removed_or_added_event_is_found,
    a_rewritten_chain_is_found_by_a_head_noted_elsewhere,
    nothing_is_written_behind_a_broken_end,
    pages_tell_events_newest_first_with_the_names_of_whom_they_concern,
    an_export_in_pieces_holds_every_event_once,
    housekeeping_leaves_every_event,
    sign_ins_and_refusals_are_recorded_without_what_a_stranger_wrote,
);

/// Small, so that a chain has many pages.
const PAGE: u32 = 3;

fn verify_against(
    world: &World,
    organization: OrganizationId,
    noted: Option<Head>,
) -> Result<Verified, Fault> {
    let mut verifier = Verifier::new(Head::START, noted)?;
    loop {
        let after = verifier.head().seq;
        let page = world.done(move |store, _, _| audit::page(store, organization, after, PAGE));
        for event in &page.events {
            verifier.take(event, None)?;
        }
        if page.events.len() < PAGE as usize {
            return verifier.finish_at(page.head);
        }
    }
}

fn verify(world: &World, organization: OrganizationId) -> Result<Verified, Fault> {
    verify_against(world, organization, None)
}

fn outside(world: &World, organization: OrganizationId) -> Vec<String> {
    let (mut kinds, mut after) = (Vec::new(), Some(String::new()));
    while let Some(id) = after {
        let (events, next) =
            world.done(move |store, _, _| audit::outside(store, organization, &id, PAGE));
        kinds.extend(events.into_iter().map(|event| event.entry.kind));
        after = next;
    }
    kinds
}

fn writers_at_once_make_one_chain_without_gaps(world: &World) {
    let acme = world.acme();
    let before = verify(world, acme.organization).unwrap().events;
    in_parallel(8, |n| {
        for round in 0..5 {
            world.token(acme.organization, None);
            world.create(&acme.principal, json!({ "userName": format!("{n} {round}") }));
        }
    });
    let verified = verify(world, acme.organization).unwrap();
    assert_eq!(verified.events, before + 40);
    assert_eq!(verified.head.seq, before + 40);
    assert_eq!(outside(world, acme.organization).len(), 40);
}

fn each_organization_has_a_chain_of_its_own(world: &World) {
    let (one, two) = (world.organization("one"), world.organization("two"));
    world.token(one, None);
    let (one, two) = (verify(world, one).unwrap(), verify(world, two).unwrap());
    assert_eq!((one.events, two.events), (2, 1));
    assert_ne!(one.head.hash, two.head.hash);
}

fn a_provisioned_user_stands_outside_the_chain_and_leaves_its_end_alone(world: &World) {
    let acme = world.acme();
    let before = verify(world, acme.organization).unwrap();
    world.person(&acme.principal, "ann", "1");
    assert_eq!(verify(world, acme.organization).unwrap(), before);
    assert_eq!(outside(world, acme.organization), ["user.provisioned"]);
    assert_eq!(world.event_count(acme.organization, EventKind::UserProvisioned), 1);
}

fn a_job_that_is_undone_leaves_no_place_in_the_chain(world: &World) {
    let acme = world.acme();
    let before = verify(world, acme.organization).unwrap();
    let undone: Result<(), StoreError> = world.run(move |store, now, rng| {
        brake::confirm(store, Mandate::operator(acme.organization), now, rng)?;
        Err(StoreError::Other("on purpose".to_owned()))
    });
    assert!(undone.is_err());
    assert_eq!(verify(world, acme.organization).unwrap(), before);
    world.token(acme.organization, None);
    assert_eq!(verify(world, acme.organization).unwrap().events, before.events + 1);
}

fn what_was_written_before_the_chain_stays_outside_it(world: &World) {
    let acme = world.acme();
    world.force("DELETE FROM audit_heads", vec![]);
    world.force("UPDATE events SET seq = NULL, hash = NULL", vec![]);
    let old = world.events(acme.organization).len();
    assert_eq!(verify(world, acme.organization).unwrap().events, 0);
    world.token(acme.organization, None);
    let verified = verify(world, acme.organization).unwrap();
    assert_eq!((verified.events, verified.head.seq), (1, 1));
    assert_eq!(outside(world, acme.organization).len(), old);
}

/// What somebody does to the chain of an organization, three events long, and what is found.
const TAMPERING: &[(&str, Fault)] = &[
    (
        "UPDATE events SET kind = 'scim.disabled' WHERE seq = 2 AND organization_id = $1",
        Fault::Hash { seq: 2 },
    ),
    (
        "UPDATE events SET kind = 'never.heard.of' WHERE seq = 2 AND organization_id = $1",
        Fault::Hash { seq: 2 },
    ),
    (
        "UPDATE events SET at = at + 1 WHERE seq = 3 AND organization_id = $1",
        Fault::Hash { seq: 3 },
    ),
    (
        "UPDATE events SET id = id || 'x' WHERE seq = 3 AND organization_id = $1",
        Fault::Hash { seq: 3 },
    ),
    (
        "UPDATE events SET detail = 'x' WHERE seq = 1 AND organization_id = $1",
        Fault::Hash { seq: 1 },
    ),
    (
        "UPDATE events SET user_id = organization_id WHERE seq = 1 AND organization_id = $1",
        Fault::Hash { seq: 1 },
    ),
    (
        "UPDATE events SET token_id = NULL WHERE seq = 3 AND organization_id = $1",
        Fault::Hash { seq: 3 },
    ),
    (
        "UPDATE events SET client_id = id WHERE seq = 3 AND organization_id = $1",
        Fault::Hash { seq: 3 },
    ),
    (
        "UPDATE events SET connection_id = NULL WHERE seq = 2 AND organization_id = $1",
        Fault::Hash { seq: 2 },
    ),
    (
        "UPDATE events SET hash = NULL WHERE seq = 2 AND organization_id = $1",
        Fault::Hash { seq: 2 },
    ),
    (
        "DELETE FROM events WHERE seq = 2 AND organization_id = $1",
        Fault::Gap { expected: 2, found: 3 },
    ),
    (
        "UPDATE events SET seq = NULL WHERE seq = 1 AND organization_id = $1",
        Fault::Gap { expected: 1, found: 2 },
    ),
    (
        "UPDATE events SET seq = seq + 5 WHERE seq = 3 AND organization_id = $1",
        Fault::Gap { expected: 3, found: 8 },
    ),
    (
        "DELETE FROM events WHERE seq = 3 AND organization_id = $1",
        Fault::KeptHead { kept: 3, last: 2 },
    ),
    (
        "INSERT INTO events (organization_id, id, at, kind, seq) \
         SELECT organization_id, id || 'x', at, kind, seq + 1 FROM events WHERE seq = 3 AND organization_id = $1",
        Fault::Hash { seq: 4 },
    ),
    ("DELETE FROM audit_heads WHERE organization_id = $1", Fault::KeptHead { kept: 0, last: 3 }),
    (
        "UPDATE audit_heads SET seq = 2 WHERE organization_id = $1",
        Fault::KeptHead { kept: 2, last: 3 },
    ),
];

fn a_changed_removed_or_added_event_is_found(world: &World) {
    for (number, (tampering, fault)) in TAMPERING.iter().enumerate() {
        let organization = world.organization(&format!("acme-{number}"));
        world.connection(organization, "idp");
        world.token(organization, None);
        assert_eq!(verify(world, organization).unwrap().events, 3);
        let changed = world.force(tampering, vec![Value::from(organization.to_string())]);
        assert_eq!(changed, 1, "{tampering}");
        assert_eq!(verify(world, organization).as_ref(), Err(fault), "{tampering}");
    }
}

fn a_rewritten_chain_is_found_by_a_head_noted_elsewhere(world: &World) {
    let acme = world.acme();
    let organization = acme.organization;
    let noted = verify(world, organization).unwrap().head;
    world.token(organization, None);
    assert!(verify_against(world, organization, Some(noted)).is_ok());
    // Whoever can write and knows how hashes all of it anew.
    let events = world.done(move |store, _, _| audit::page(store, organization, 0, 100)).events;
    let mut head = Head::START;
    for mut event in events {
        event.entry.detail = Some("forged".to_owned());
        head = head.after(&event.entry);
        world.force(
            "UPDATE events SET detail = 'forged', hash = $1 WHERE id = $2",
            vec![Value::from(head.hash.as_bytes()), Value::from(event.entry.id)],
        );
    }
    world.force("UPDATE audit_heads SET hash = $1", vec![Value::from(head.hash.as_bytes())]);
    assert!(verify(world, organization).is_ok());
    let found = verify_against(world, organization, Some(noted));
    assert_eq!(found, Err(Fault::Rewritten { seq: noted.seq }));
}

fn nothing_is_written_behind_a_broken_end(world: &World) {
    let acme = world.acme();
    world.force("DELETE FROM audit_heads", vec![]);
    let new = NewToken {
        connection: None,
        description: "x".to_owned(),
        life: TokenLife::from_days(1).unwrap(),
    };
    let made = world.run(move |store, now, rng| {
        tokens::create(store, Mandate::operator(acme.organization), &new, now, rng)
    });
    let error = made.map(drop).unwrap_err().to_string();
    assert!(error.contains("events after its end"), "{error}");
    // Creates do not look at it.
    world.person(&acme.principal, "ann", "1");
}

fn newest(world: &World, of: OrganizationId, before: Option<&str>, limit: u32) -> Vec<Told> {
    let before = before.map(str::to_owned);
    world.done(move |store, _, _| audit::newest(store, of, before.as_deref(), limit))
}

fn pages_tell_events_newest_first_with_the_names_of_whom_they_concern(world: &World) {
    let acme = world.acme();
    let organization = acme.organization;
    let ann = world.person(&acme.principal, "ann", "1");
    world.pass(Duration::from_millis(1));
    world.sign_in(&acme, "1");
    let all = newest(world, organization, None, 100);
    let ids: Vec<&str> = all.iter().map(|told| told.event.entry.id.as_str()).collect();
    assert!(ids.is_sorted_by(|one, other| one > other));
    assert_eq!(all.len(), world.events(organization).len(), "those outside the chain too");
    let mut read: Vec<String> = Vec::new();
    loop {
        let page = newest(world, organization, read.last().map(String::as_str), PAGE);
        if page.is_empty() {
            break;
        }
        read.extend(page.into_iter().map(|told| told.event.entry.id));
    }
    assert_eq!(read, ids);
    let of = |kind: &str| all.iter().find(|told| told.event.entry.kind == kind).unwrap();
    let signed_in = of("sign-in");
    assert_eq!(signed_in.user_name.as_deref(), Some("ann"));
    assert_eq!(signed_in.event.entry.user, Some(ann.id.to_string()));
    assert_eq!(signed_in.connection.as_deref(), Some("idp"));
    assert!(of("token.created").credential.is_some());

    // An id that tampering brought in from another organization stays an id.
    let other = world.organization("other");
    let of_other = world.principal(other, None);
    let bob = world.person(&of_other, "bob", "2");
    world.force(
        "UPDATE events SET user_id = $1 WHERE kind = 'sign-in'",
        vec![Value::from(bob.id.to_string())],
    );
    let forged = newest(world, organization, None, 100);
    let forged = forged.iter().find(|told| told.event.entry.kind == "sign-in").unwrap();
    assert_eq!(forged.user_name, None);
}

fn an_export_in_pieces_holds_every_event_once(world: &World) {
    let acme = world.acme();
    let organization = acme.organization;
    for n in 0..7 {
        world.person(&acme.principal, &format!("u{n}"), &n.to_string());
        world.token(organization, None);
    }
    let (mut export, mut lines) = (Export::of_all(), String::new());
    let head = loop {
        if let Some(head) = export.finished() {
            break head;
        }
        let step = export.clone();
        let next: Result<_, ExportError> =
            world.run(move |store, _, _| step.next(store, organization, PAGE));
        let (text, next) = next.unwrap();
        lines += &text;
        export = next;
    };
    assert_eq!(lines.lines().count(), world.events(organization).len());
    let mut verifier = Verifier::new(Head::START, Some(head)).unwrap();
    for text in lines.lines() {
        let (event, previous) = audit::line::parse(text).unwrap();
        verifier.take(&event, previous).unwrap();
    }
    assert_eq!(
        verifier.finish().unwrap(),
        Verified { outside: 7, ..verify(world, organization).unwrap() }
    );
}

fn housekeeping_leaves_every_event(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.sign_in(&acme, "1");
    world.delete(&acme.principal, ann.id).unwrap();
    let before = world.count("SELECT count(*) FROM events");
    world.pass(RETENTION * 100);
    world.done(|store, now, _| housekeeping::collect(store, LOG_LIFE, now));
    world.done(|store, now, rng| housekeeping::purge(store, RETENTION, now, rng));
    assert_eq!(world.count("SELECT count(*) FROM events"), before + 1, "the purge is one more");
    verify(world, acme.organization).unwrap();
}

fn sign_ins_and_refusals_are_recorded_without_what_a_stranger_wrote(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.sign_in(&acme, "1");
    world.sign_in(&acme, "1");
    world.try_sign_in(acme.connection, "idp", "nobody").err().unwrap();
    let pending = world.pending_login(acme.connection);
    world.done(move |store, now, rng| {
        let reason = "the tenant x\r\n{\"kind\":\"sign-in\"}\0\u{202e}";
        login::refused(store, &pending, reason, now, rng)
    });
    let organization = acme.organization;
    let all = world.done(move |store, _, _| events::list(store, organization, None, 100));
    let of = |kind| all.iter().filter(move |recorded| recorded.event.kind == kind);
    let signed_in: Vec<_> = of(EventKind::SignedIn).map(|found| found.event.user).collect();
    assert_eq!(signed_in, [Some(ann.id), Some(ann.id)]);
    assert_eq!(of(EventKind::ClaimRefused).count(), 1);
    let refused = &of(EventKind::SignInRefused).next().unwrap().event;
    assert_eq!(refused.connection, Some(acme.connection));
    assert_eq!(refused.detail.as_deref(), Some("the tenant x??{\"kind\":\"sign-in\"}??"));
    verify(world, organization).unwrap();
}
