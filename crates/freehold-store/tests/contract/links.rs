//! One-time links: they admit owners, once, for fifteen minutes, and unlock nothing.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::events::EventKind;
use freehold_directory::links::{self, Entered, LINK_LIFE, LinkError, LinkRefusal, MadeLink};
use freehold_directory::login::ClaimRefusal;

use freehold_directory::roles::{self, Grant, LastOwner};
use freehold_directory::sessions::{self, Visit};
use freehold_directory::{AdminLinkSecret, Role, UserId};
use serde_json::json;

use crate::support::{Acme, Cookie, Keys, World, in_parallel, on_both_engines};

on_both_engines!(
    the_first_owner_comes_in_by_a_link_and_sets_up,
    the_only_owner_need_not_be_named,
    a_link_is_used_once_however_many_try,
    a_link_is_over_after_fifteen_minutes,
    the_database_holds_no_link,
    a_user_who_is_there_becomes_the_first_owner,
    a_further_owner_must_be_asked_for,
    who_became_owner_meanwhile_shuts_the_door,
    a_name_that_was_taken_meanwhile_is_not_taken_over,
    an_inactive_user_gets_no_link,
    deactivation_and_delete_take_links_away,
    the_look_up_alone_refuses_an_inactive_or_deleted_user,
    a_name_that_cannot_be_one_gets_no_link,
    a_link_unlocks_nothing,
    a_link_ends_the_session_that_the_browser_had,
    scim_sees_the_owner_and_hands_the_account_to_nobody,
    an_owner_with_keys_links_his_identity_from_his_unlocked_session,
    nobody_else_links_that_account,
    links_are_told_in_the_audit_trail,
);

fn try_make(
    world: &World,
    acme: &Acme,
    name: Option<&'static str>,
    further_owner: bool,
) -> Result<MadeLink, LinkError> {
    let organization = acme.organization;
    world.run(move |store, now, rng| {
        links::create(store, organization, name, further_owner, now, rng)
    })
}

fn make(world: &World, acme: &Acme, name: &'static str) -> MadeLink {
    try_make(world, acme, Some(name), false).expect("a link")
}

fn enter_in(
    world: &World,
    link: &MadeLink,
    before: Option<&Cookie>,
) -> Result<Entered, LinkRefusal> {
    let secret = AdminLinkSecret::parse(link.secret.reveal()).expect("it was made so");
    let before = before.map(Cookie::secret);
    world.done(move |store, now, rng| {
        links::enter(store, &secret, &Visit::default(), before.as_ref(), now, rng)
    })
}

fn enter(world: &World, link: &MadeLink) -> Result<Entered, LinkRefusal> {
    enter_in(world, link, None)
}

/// A further owner of this name.
pub fn owner(world: &World, acme: &Acme, name: &'static str) -> UserId {
    let link = try_make(world, acme, Some(name), true).expect("a link");
    enter(world, &link).unwrap_or_else(|refusal| panic!("{refusal}")).user
}

/// An owner who came by a link and has keys.
pub fn ready_owner(world: &World, acme: &Acme, name: &'static str) -> (UserId, Keys) {
    let entered = enter(world, &make(world, acme, name)).unwrap_or_else(|it| panic!("{it}"));
    (entered.user, world.set_up(&Cookie::of(&entered.session)))
}

fn give_external_id(world: &World, acme: &Acme, user: UserId, subject: &str) {
    let patch = json!([{ "op": "add", "path": "externalId", "value": subject }]);
    world.patch(&acme.principal, user, patch).expect("a change");
}

fn the_first_owner_comes_in_by_a_link_and_sets_up(world: &World) {
    let acme = world.acme();
    let link = make(world, &acme, "olga@acme.test");
    assert!(link.new_account && link.makes_owner);
    assert_eq!(world.count("SELECT count(*) FROM users"), 0, "not before it is used");
    let entered = enter(world, &link).unwrap_or_else(|refusal| panic!("{refusal}"));
    let cookie = Cookie::of(&entered.session);
    let session = world.session(&cookie).unwrap();
    assert_eq!(session.role(), Role::Owner);
    assert_eq!((session.user_name(), session.external_id()), ("olga@acme.test", None));
    assert_eq!((session.connection(), session.key_state().as_str()), (None, "PENDING"));
    let keys = world.set_up(&cookie);
    let session = world.session(&keys.cookie).unwrap();
    assert!(session.unlocked().is_ok());
    assert_eq!((session.connection(), session.role()), (None, Role::Owner));
    assert_eq!(sessions_of(world, entered.user)[0].connection, None);
}

fn sessions_of(world: &World, user: UserId) -> Vec<sessions::SessionOverview> {
    world.done(move |store, now, _| sessions::list(store, user, now))
}

fn the_only_owner_need_not_be_named(world: &World) {
    let acme = world.acme();
    let nobody = try_make(world, &acme, None, false);
    assert!(matches!(nobody, Err(LinkError::NobodyNamed)));
    let olga = owner(world, &acme, "olga");
    let link = try_make(world, &acme, None, false).expect("a link");
    assert_eq!((link.user_name.as_str(), link.makes_owner), ("olga", false));
    assert_eq!(enter(world, &link).ok().unwrap().user, olga);
    owner(world, &acme, "otto");
    match try_make(world, &acme, None, false).err() {
        Some(LinkError::SeveralOwners(names)) => assert_eq!(names, "olga, otto"),
        other => panic!("{other:?}"),
    }
}

fn a_link_is_used_once_however_many_try(world: &World) {
    let acme = world.acme();
    let link = make(world, &acme, "olga");
    let entered = in_parallel(8, |_| enter(world, &link).is_ok());
    assert_eq!(entered.into_iter().filter(|entered| *entered).count(), 1);
    assert_eq!(enter(world, &link).err(), Some(LinkRefusal::Gone));
    assert_eq!(world.count("SELECT count(*) FROM sessions"), 1);
    assert_eq!(world.count("SELECT count(*) FROM users"), 1);
}

fn a_link_is_over_after_fifteen_minutes(world: &World) {
    let acme = world.acme();
    let (first, second) = (make(world, &acme, "olga"), make(world, &acme, "olga"));
    world.pass(LINK_LIFE - Duration::from_millis(1));
    assert!(enter(world, &first).is_ok());
    world.pass(Duration::from_millis(1));
    assert_eq!(enter(world, &second).err(), Some(LinkRefusal::Gone));
    assert_eq!(LINK_LIFE, Duration::from_secs(15 * 60));
}

fn the_database_holds_no_link(world: &World) {
    let acme = world.acme();
    let link = make(world, &acme, "olga");
    let stored = world.rows("SELECT hash FROM admin_links")[0].bytes(0).unwrap();
    assert_eq!(stored, freehold_wire::hash(link.secret.reveal().as_bytes()));
}

fn a_user_who_is_there_becomes_the_first_owner(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "Ann", "1");
    let link = make(world, &acme, "ann");
    assert!(link.makes_owner && !link.new_account);
    assert_eq!(enter(world, &link).ok().unwrap().user, ann.id);
    assert_eq!(world.count("SELECT count(*) FROM users"), 1);
    let again = make(world, &acme, "ann");
    assert!(!again.makes_owner, "she is one");
    let session = Cookie::of(&enter(world, &again).ok().unwrap().session);
    assert_eq!(world.session(&session).unwrap().role(), Role::Owner);
}

fn a_further_owner_must_be_asked_for(world: &World) {
    let acme = world.acme();
    owner(world, &acme, "olga");
    world.person(&acme.principal, "ann", "1");
    for name in ["ann", "nobody yet"] {
        match try_make(world, &acme, Some(name), false).err() {
            Some(LinkError::OwnerThere(names)) => assert_eq!(names, "olga"),
            other => panic!("{other:?}"),
        }
    }
    let link = try_make(world, &acme, Some("ann"), true).expect("it was asked for");
    let session = Cookie::of(&enter(world, &link).ok().unwrap().session);
    assert_eq!(world.session(&session).unwrap().role(), Role::Owner);
}

fn who_became_owner_meanwhile_shuts_the_door(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let (ann, new) = (make(world, &acme, "ann"), make(world, &acme, "new"));
    owner(world, &acme, "olga");
    for late in [ann, new] {
        assert_eq!(enter(world, &late).err(), Some(LinkRefusal::OwnerThere));
        assert_eq!(enter(world, &late).err(), Some(LinkRefusal::Gone), "it is used up");
    }
    assert_eq!(world.count("SELECT count(*) FROM users"), 2, "no account for the late one");
    assert_eq!(world.count("SELECT count(*) FROM sessions"), 1);
}

fn a_name_that_was_taken_meanwhile_is_not_taken_over(world: &World) {
    let acme = world.acme();
    let link = make(world, &acme, "olga");
    world.person(&acme.principal, "OLGA", "1");
    assert_eq!(enter(world, &link).err(), Some(LinkRefusal::NameTaken));
    assert_eq!(world.count("SELECT count(*) FROM role_grants"), 0);
    assert_eq!(world.count("SELECT count(*) FROM sessions"), 0);
}

fn an_inactive_user_gets_no_link(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    world.set_active(&acme.principal, ann.id, false);
    let made = try_make(world, &acme, Some("ann"), false);
    assert!(matches!(made, Err(LinkError::Inactive)));
}

fn deactivation_and_delete_take_links_away(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let link = make(world, &acme, "ann");
    world.set_active(&acme.principal, ann.id, false);
    assert_eq!(world.count("SELECT count(*) FROM admin_links"), 0);
    world.set_active(&acme.principal, ann.id, true);
    assert_eq!(enter(world, &link).err(), Some(LinkRefusal::Gone), "it does not come back");
    make(world, &acme, "ann");
    // Made before there was the user, for the same name.
    let early = make(world, &acme, "Bob");
    let bob = world.person(&acme.principal, "bob", "2");
    world.delete(&acme.principal, ann.id).unwrap();
    world.delete(&acme.principal, bob.id).unwrap();
    assert_eq!(world.count("SELECT count(*) FROM admin_links"), 0);
    assert_eq!(enter(world, &early).err(), Some(LinkRefusal::Gone));
}

fn a_name_that_cannot_be_one_gets_no_link(world: &World) {
    let acme = world.acme();
    let long: &'static str = "a".repeat(201).leak();
    for name in ["", " ", "a\u{1b}[2Jb", "a\0b", long] {
        let made = try_make(world, &acme, Some(name), false);
        assert!(matches!(made, Err(LinkError::Name(_))), "{name:?}");
    }
}

fn the_look_up_alone_refuses_an_inactive_or_deleted_user(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let links = [make(world, &acme, "ann"), make(world, &acme, "ann")];
    for (link, gone) in links
        .iter()
        .zip(["UPDATE users SET active = 0", "UPDATE users SET active = 1, deleted_at = 1"])
    {
        world.force(gone, vec![]);
        assert_eq!(enter(world, link).err(), Some(LinkRefusal::Inactive));
    }
}

fn a_link_unlocks_nothing(world: &World) {
    let acme = world.acme();
    let (olga, _) = ready_owner(world, &acme, "olga");
    let entered = enter(world, &make(world, &acme, "olga")).ok().unwrap();
    assert_eq!(entered.user, olga);
    let session = world.session(&Cookie::of(&entered.session)).unwrap();
    assert_eq!((session.key_state().as_str(), session.unlocked_by()), ("READY", None));
    assert!(session.unlocked().is_err());
}

fn a_link_ends_the_session_that_the_browser_had(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let before = world.sign_in(&acme, "1");
    let link = make(world, &acme, "olga");
    assert!(enter_in(world, &link, Some(&before)).is_ok());
    assert!(world.session(&before).is_none());
    let kept = world.sign_in(&acme, "1");
    assert!(enter_in(world, &link, Some(&kept)).is_err());
    assert!(world.session(&kept).is_some(), "a refused link ends nothing");
}

fn scim_sees_the_owner_and_hands_the_account_to_nobody(world: &World) {
    let acme = world.acme();
    let olga = owner(world, &acme, "olga");
    let seen = world.get(&acme.principal, olga).unwrap();
    assert_eq!((seen.document.user_name(), seen.document.active()), ("olga", true));
    let rival = world.try_create(&acme.principal, json!({ "userName": "Olga" }));
    assert!(rival.is_err(), "the name is taken");
    // She has no keys yet, and anybody else with this externalId could be claimed.
    give_external_id(world, &acme, olga, "7");
    let thief = world.try_sign_in(acme.connection, "idp", "7");
    assert_eq!(thief.err(), Some(ClaimRefusal::UnlinkedOwner));
    let organization = acme.organization;
    world
        .run(move |store, now, rng| {
            roles::revoke(
                store,
                Mandate::operator(organization),
                olga,
                Grant::Owner,
                LastOwner::MayGo,
                now,
                rng,
            )
        })
        .unwrap();
    assert_eq!(world.try_sign_in(acme.connection, "idp", "7").unwrap().user, olga);
}

fn an_owner_with_keys_links_his_identity_from_his_unlocked_session(world: &World) {
    let acme = world.acme();
    let (olga, keys) = ready_owner(world, &acme, "olga");
    let claim =
        |before: Option<&Cookie>| world.claim_in(before, acme.connection, acme.assertion("7"));
    assert_eq!(claim(Some(&keys.cookie)).err(), Some(ClaimRefusal::NoUser), "no externalId yet");
    give_external_id(world, &acme, olga, "7");
    assert_eq!(claim(None).err(), Some(ClaimRefusal::NotPending));
    let locked = enter(world, &make(world, &acme, "olga")).ok().unwrap();
    let locked = Cookie::of(&locked.session);
    assert_eq!(claim(Some(&locked)).err(), Some(ClaimRefusal::NotPending), "the link alone");
    let claimed = claim(Some(&keys.cookie)).unwrap();
    assert_eq!((claimed.user, claimed.first), (olga, true));
    assert!(world.session(&keys.cookie).is_none(), "the new session takes its place");
    let later = claim(None).unwrap();
    assert_eq!((later.user, later.first), (olga, false));
    assert_eq!(world.event_count(acme.organization, EventKind::UserClaimed), 1);
}

fn nobody_else_links_that_account(world: &World) {
    let acme = world.acme();
    let (olga, keys) = ready_owner(world, &acme, "olga");
    give_external_id(world, &acme, olga, "7");
    let refused = |cookie: &Cookie| {
        let claim = world.claim_in(Some(cookie), acme.connection, acme.assertion("7"));
        assert_eq!(claim.err(), Some(ClaimRefusal::NotPending));
    };
    // Another owner, who came by a link and is unlocked.
    let link = try_make(world, &acme, Some("otto"), true).expect("a link");
    let otto = Cookie::of(&enter(world, &link).ok().unwrap().session);
    refused(&world.set_up(&otto).cookie);
    // A session of a sign-in at the provider, unlocked; not even for the user's own account.
    let (_, ann) = world.ready(&acme, "ann");
    refused(&ann.cookie);
    world.force("UPDATE identities SET ended_at = 1", vec![]);
    let own = world.claim_in(Some(&ann.cookie), acme.connection, acme.assertion("ann"));
    assert_eq!(own.err(), Some(ClaimRefusal::NotPending));
    // Her own session, after it ended.
    world.pass(sessions::IDLE_LIFE);
    refused(&keys.cookie);
    assert_eq!(world.count("SELECT count(*) FROM identities WHERE ended_at IS NULL"), 0);
}

fn links_are_told_in_the_audit_trail(world: &World) {
    let acme = world.acme();
    let (first, late) = (make(world, &acme, "olga"), make(world, &acme, "otto"));
    assert!(enter(world, &first).is_ok());
    assert!(enter(world, &late).is_err());
    let count = |kind| world.event_count(acme.organization, kind);
    assert_eq!(count(EventKind::AdminLinkCreated), 2);
    assert_eq!(count(EventKind::AdminLinkUsed), 1);
    assert_eq!(count(EventKind::AdminLinkRefused), 1);
    assert_eq!(count(EventKind::RoleGranted), 1);
    assert_eq!(count(EventKind::SessionBegun), 1);
}
