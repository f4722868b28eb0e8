//! Who may take a PENDING account: exactly the person it was provisioned for.

use freehold_directory::events::EventKind;
use freehold_directory::login::ClaimRefusal;
use freehold_sso_testing::VerifiedAssertion;
use serde_json::json;

use crate::support::{Cookie, World, in_parallel, issuer_of, on_both_engines};

on_both_engines!(
    the_person_of_the_external_id_claims_the_account_once,
    guids_are_compared_without_case_and_nothing_else_is,
    an_email_or_user_name_claims_nothing,
    a_link_outlives_every_change_of_the_external_id,
    a_new_external_id_does_not_hand_a_linked_account_over,
    a_user_belongs_to_the_connection_that_it_carries,
    a_user_without_connection_is_claimable_while_there_is_one,
    two_users_that_fit_are_one_too_many,
    an_inactive_user_is_neither_claimed_nor_signed_in,
    a_user_with_keys_and_no_link_is_never_adopted,
    the_answer_of_one_connection_finishes_no_sign_in_at_another,
    another_tenant_or_issuer_is_refused,
    a_wrong_mapping_is_explained,
    no_account_is_made_on_the_way,
    of_ten_claims_at_once_one_is_the_first,
    a_person_of_another_organization_claims_nothing,
);

const GUID: &str = "AAAAAAAA-0000-4000-8000-00000000000A";

fn the_person_of_the_external_id_claims_the_account_once(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "subject-1");
    world.person(&acme.principal, "bob", "subject-2");
    let first = world.try_sign_in(acme.connection, "idp", "subject-1").unwrap();
    assert_eq!((first.user, first.first), (ann.id, true));
    let second = world.try_sign_in(acme.connection, "idp", "subject-1").unwrap();
    assert_eq!((second.user, second.first), (ann.id, false));
    assert_ne!(first.session.reveal(), second.session.reveal());
    assert_eq!(world.event_count(acme.organization, EventKind::UserClaimed), 1);
    assert_eq!(world.count("SELECT count(*) FROM identities"), 1);
}

fn guids_are_compared_without_case_and_nothing_else_is(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", GUID);
    world.person(&acme.principal, "bob", "Bob");
    let lower = GUID.to_lowercase();
    assert_eq!(world.try_sign_in(acme.connection, "idp", &lower).unwrap().user, ann.id);
    let again = world.try_sign_in(acme.connection, "idp", GUID).unwrap();
    assert_eq!((again.user, again.first), (ann.id, false));
    let bob = world.try_sign_in(acme.connection, "idp", "bob");
    assert_eq!(bob.err(), Some(ClaimRefusal::NoUser));
}

fn an_email_or_user_name_claims_nothing(world: &World) {
    let acme = world.acme();
    world.create(
        &acme.principal,
        json!({ "userName": "ann@x.test", "displayName": "ann@x.test", "externalId": "1",
                "emails": [{ "value": "ann@x.test", "type": "work", "primary": true }] }),
    );
    let refusal = world.try_sign_in(acme.connection, "idp", "ann@x.test").err();
    assert_eq!(refusal, Some(ClaimRefusal::NoUser));
    assert_eq!(world.count("SELECT count(*) FROM sessions"), 0);
    assert_eq!(world.event_count(acme.organization, EventKind::ClaimRefused), 1);
}

fn a_link_outlives_every_change_of_the_external_id(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.sign_in(&acme, "1");
    let patch = json!([{ "op": "replace", "path": "externalId", "value": "2" }]);
    world.patch(&acme.principal, ann.id, patch).unwrap();
    // Even when the old one is given to somebody else.
    world.person(&acme.principal, "bob", "1");
    let again = world.try_sign_in(acme.connection, "idp", "1").unwrap();
    assert_eq!((again.user, again.first), (ann.id, false));
}

fn a_new_external_id_does_not_hand_a_linked_account_over(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.sign_in(&acme, "1");
    let patch = json!([{ "op": "replace", "path": "externalId", "value": "2" }]);
    world.patch(&acme.principal, ann.id, patch).unwrap();
    let thief = world.try_sign_in(acme.connection, "idp", "2");
    assert_eq!(thief.err(), Some(ClaimRefusal::AlreadyLinked));
}

fn a_user_belongs_to_the_connection_that_it_carries(world: &World) {
    let organization = world.organization("acme");
    let one = world.connection(organization, "one");
    let two = world.connection(organization, "two");
    let principal = world.principal(organization, Some("one"));
    let ann = world.person(&principal, "ann", "1");
    let other = world.try_sign_in(two, "two", "1");
    assert_eq!(other.err(), Some(ClaimRefusal::ForOtherConnection));
    assert_eq!(world.try_sign_in(one, "one", "1").unwrap().user, ann.id);
    // Linked over one, the same subject of two is still a stranger.
    let other = world.try_sign_in(two, "two", "1");
    assert_eq!(other.err(), Some(ClaimRefusal::ForOtherConnection));
}

fn a_user_without_connection_is_claimable_while_there_is_one(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.person(&acme.principal, "bob", "2");
    assert_eq!(ann.connection, None);
    assert!(world.try_sign_in(acme.connection, "idp", "1").is_ok());
    let second = world.connection(acme.organization, "second");
    for (connection, name) in [(acme.connection, "idp"), (second, "second")] {
        let refusal = world.try_sign_in(connection, name, "2").err();
        assert_eq!(refusal, Some(ClaimRefusal::ConnectionUnclear));
    }
    // Who is linked stays so.
    assert!(world.try_sign_in(acme.connection, "idp", "1").is_ok());
}

fn two_users_that_fit_are_one_too_many(world: &World) {
    let acme = world.acme();
    let bound = world.principal(acme.organization, Some("idp"));
    world.person(&acme.principal, "ann", "1");
    world.person(&bound, "bob", "1");
    let refusal = world.try_sign_in(acme.connection, "idp", "1").err();
    assert_eq!(refusal, Some(ClaimRefusal::Ambiguous));
}

fn an_inactive_user_is_neither_claimed_nor_signed_in(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.set_active(&acme.principal, ann.id, false);
    let refused = || world.try_sign_in(acme.connection, "idp", "1").err();
    assert_eq!(refused(), Some(ClaimRefusal::Inactive));
    assert_eq!(world.count("SELECT count(*) FROM identities"), 0);
    world.set_active(&acme.principal, ann.id, true);
    world.sign_in(&acme, "1");
    world.set_active(&acme.principal, ann.id, false);
    assert_eq!(refused(), Some(ClaimRefusal::Inactive));
    assert_eq!(world.count("SELECT count(*) FROM sessions"), 0);
    world.delete(&acme.principal, ann.id).unwrap();
    assert_eq!(refused(), Some(ClaimRefusal::NoUser));
}

fn a_user_with_keys_and_no_link_is_never_adopted(world: &World) {
    let acme = world.acme();
    world.ready(&acme, "ann");
    world.force("UPDATE identities SET ended_at = 1", vec![]);
    let refusal = world.try_sign_in(acme.connection, "idp", "ann").err();
    assert_eq!(refusal, Some(ClaimRefusal::NotPending));
}

fn the_answer_of_one_connection_finishes_no_sign_in_at_another(world: &World) {
    let organization = world.organization("acme");
    let one = world.connection(organization, "one");
    let two = world.connection(organization, "two");
    let principal = world.principal(organization, Some("two"));
    world.person(&principal, "ann", "1");
    let of_two = VerifiedAssertion::for_tests(&two.to_string(), &issuer_of("two"), None, "1");
    assert_eq!(world.claim(one, of_two).err(), Some(ClaimRefusal::OtherConnection));
    let nonsense = VerifiedAssertion::for_tests("two", &issuer_of("two"), None, "1");
    assert_eq!(world.claim(two, nonsense).err(), Some(ClaimRefusal::OtherConnection));
}

fn another_tenant_or_issuer_is_refused(world: &World) {
    let organization = world.organization("acme");
    let connection = world.connection_of_tenant(organization, "idp", Some(GUID));
    let principal = world.principal(organization, None);
    world.person(&principal, "ann", "1");
    let claim = |issuer: &str, tenant: Option<&str>| {
        let assertion = VerifiedAssertion::for_tests(&connection.to_string(), issuer, tenant, "1");
        world.claim(connection, assertion).err()
    };
    let (issuer, lower) = (issuer_of("idp"), GUID.to_lowercase());
    assert_eq!(claim(&issuer, None), Some(ClaimRefusal::OtherTenant));
    assert_eq!(claim(&issuer, Some("other")), Some(ClaimRefusal::OtherTenant));
    assert_eq!(claim("https://evil.test", Some(GUID)), Some(ClaimRefusal::OtherTenant));
    assert_eq!(claim(&issuer, Some(&lower)), None);
    assert_eq!(claim(&issuer, Some(GUID)), None);
    assert_eq!(world.count("SELECT count(*) FROM identities"), 1);
}

fn a_wrong_mapping_is_explained(world: &World) {
    let acme = world.acme();
    let refused = || world.try_sign_in(acme.connection, "idp", GUID).err().unwrap();
    assert_eq!(refused(), ClaimRefusal::NoUser);
    world.person(&acme.principal, "ann", "ann.smith");
    assert_eq!(refused(), ClaimRefusal::NotObjectIds);
    assert!(refused().to_string().contains("map externalId to objectId"));
    world.person(&acme.principal, "bob", &GUID.replace('A', "B"));
    assert_eq!(refused(), ClaimRefusal::NoUser);
}

fn no_account_is_made_on_the_way(world: &World) {
    let acme = world.acme();
    assert!(world.try_sign_in(acme.connection, "idp", "1").is_err());
    assert_eq!(world.count("SELECT count(*) FROM users"), 0);
}

fn of_ten_claims_at_once_one_is_the_first(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let claims = in_parallel(10, |_| world.try_sign_in(acme.connection, "idp", "1").unwrap());
    assert!(claims.iter().all(|claimed| claimed.user == ann.id));
    assert_eq!(claims.iter().filter(|claimed| claimed.first).count(), 1);
    assert_eq!(world.count("SELECT count(*) FROM identities"), 1);
    assert_eq!(world.event_count(acme.organization, EventKind::UserClaimed), 1);
    for claimed in &claims {
        assert!(world.session(&Cookie::of(&claimed.session)).is_some());
    }
}

fn a_person_of_another_organization_claims_nothing(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let other = world.organization("other");
    let connection = world.connection(other, "idp");
    let refusal = world.try_sign_in(connection, "idp", "1").err();
    assert_eq!(refusal, Some(ClaimRefusal::NoUser));
}
