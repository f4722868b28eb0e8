//! The rule that an admin may switch on: a PENDING user whose `externalId` is no object id is found by `userName`, once.

use freehold_directory::ConnectionId;
use freehold_directory::login::{ClaimRefusal, Claimed};
use freehold_sso_testing::VerifiedAssertion;
use serde_json::json;

use crate::support::{World, issuer_of, on_both_engines};

on_both_engines!(
    the_rule_is_off_unless_switched_on,
    a_pending_user_of_that_name_is_claimed_once_and_then_pinned,
    without_a_name_in_the_assertion_nobody_is_found,
    an_external_id_decides_before_any_name,
    a_user_with_an_object_id_is_somebody_elses,
    a_user_without_external_id_is_found,
    a_user_who_is_not_pending_is_never_found_by_name,
    an_inactive_user_is_not_found_by_name,
    a_user_of_another_connection_is_not_found_by_name,
    a_user_of_another_organization_is_not_found_by_name,
    a_user_who_belongs_to_a_person_is_not_handed_over,
);

const SUBJECT: &str = "aaaaaaaa-0000-4000-8000-00000000000a";
const OTHER: &str = "bbbbbbbb-0000-4000-8000-00000000000b";

fn claim(
    world: &World,
    connection: ConnectionId,
    name: &str,
    subject: &str,
    upn: &str,
) -> Result<Claimed, ClaimRefusal> {
    let id = connection.to_string();
    let assertion = VerifiedAssertion::for_tests(&id, &issuer_of(name), None, subject);
    world.claim(connection, assertion.with_upn(upn))
}

fn the_rule_is_off_unless_switched_on(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann@x.test", "ann");
    let refusal = claim(world, acme.connection, "idp", SUBJECT, "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::NotObjectIds));
}

fn a_pending_user_of_that_name_is_claimed_once_and_then_pinned(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    let ann = world.person(&principal, "Ann@x.test", "ann");
    let first = claim(world, connection, "idp", SUBJECT, "ann@X.test").unwrap();
    assert_eq!((first.user, first.first), (ann.id, true));
    // The name counts no more: neither for somebody else nor for the person.
    let thief = claim(world, connection, "idp", OTHER, "ann@x.test").err();
    assert_eq!(thief, Some(ClaimRefusal::AlreadyLinked));
    let again = claim(world, connection, "idp", SUBJECT, "renamed@x.test").unwrap();
    assert_eq!((again.user, again.first), (ann.id, false));
}

fn without_a_name_in_the_assertion_nobody_is_found(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    world.person(&principal, "ann@x.test", "ann");
    let refusal = world.try_sign_in(connection, "idp", SUBJECT).err();
    assert_eq!(refusal, Some(ClaimRefusal::NotObjectIds));
    let refusal = claim(world, connection, "idp", SUBJECT, "bob@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::NotObjectIds));
}

fn an_external_id_decides_before_any_name(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    let ann = world.person(&principal, "ann@x.test", SUBJECT);
    world.person(&principal, "bob@x.test", "bob");
    let claimed = claim(world, connection, "idp", SUBJECT, "bob@x.test").unwrap();
    assert_eq!(claimed.user, ann.id);
    // Even where the user with the external id cannot be claimed.
    let eve = world.person(&principal, "eve@x.test", OTHER);
    world.set_active(&principal, eve.id, false);
    let refusal = claim(world, connection, "idp", OTHER, "bob@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::Inactive));
}

fn a_user_with_an_object_id_is_somebody_elses(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    world.person(&principal, "ann@x.test", OTHER);
    let refusal = claim(world, connection, "idp", SUBJECT, "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::HasObjectId));
}

fn a_user_without_external_id_is_found(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    let ann = world.create(&principal, json!({ "userName": "ann@x.test" }));
    let claimed = claim(world, connection, "idp", SUBJECT, "ann@x.test").unwrap();
    assert_eq!(claimed.user, ann.id);
}

fn a_user_who_is_not_pending_is_never_found_by_name(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    let acme = crate::support::Acme { organization, connection, principal };
    world.ready(&acme, "ann");
    world.force("UPDATE identities SET ended_at = 1", vec![]);
    let refusal = claim(world, connection, "idp", SUBJECT, "ann").err();
    assert_eq!(refusal, Some(ClaimRefusal::NotPending));
}

fn an_inactive_user_is_not_found_by_name(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    let ann = world.person(&principal, "ann@x.test", "ann");
    world.set_active(&principal, ann.id, false);
    let refusal = claim(world, connection, "idp", SUBJECT, "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::Inactive));
    world.delete(&principal, ann.id).unwrap();
    let refusal = claim(world, connection, "idp", SUBJECT, "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::NoUser));
}

fn a_user_of_another_connection_is_not_found_by_name(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    world.connection(organization, "other");
    let principal = world.principal(organization, Some("other"));
    world.person(&principal, "ann@x.test", "ann");
    let refusal = claim(world, connection, "idp", SUBJECT, "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::ForOtherConnection));
}

fn a_user_of_another_organization_is_not_found_by_name(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann@x.test", "ann");
    let other = world.organization("other");
    let connection = world.matching_connection(other, "idp");
    let refusal = claim(world, connection, "idp", SUBJECT, "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::NoUser));
}

fn a_user_who_belongs_to_a_person_is_not_handed_over(world: &World) {
    let organization = world.organization("acme");
    let connection = world.matching_connection(organization, "idp");
    let principal = world.principal(organization, None);
    world.person(&principal, "ann@x.test", "ann");
    world.try_sign_in(connection, "idp", "ann").unwrap();
    let refusal = claim(world, connection, "idp", SUBJECT, "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::AlreadyLinked));
}
