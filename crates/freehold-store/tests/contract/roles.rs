//! Roles: granted by the operator, or by membership of a group that the operator mapped.

use freehold_directory::authority::Mandate;
use freehold_directory::events::EventKind;
use freehold_directory::groups;
use freehold_directory::roles::{self, Grant, Holder, LastOwner, RoleError};
use freehold_directory::users;
use freehold_directory::{GroupId, OrganizationId, Role, UserId};
use freehold_scim::etag::Guard;
use serde_json::json;

use crate::links::owner;
use crate::support::{Acme, World, on_both_engines};

on_both_engines!(
    everybody_is_a_member_and_no_more,
    an_admin_is_one_until_it_is_revoked,
    members_of_a_mapped_group_are_admins_as_long_as_they_are_members,
    a_group_makes_no_owner_and_takes_no_role_away,
    a_renamed_group_stays_mapped_and_a_new_one_of_its_name_is_not,
    a_group_in_a_mapped_group_makes_no_admins,
    the_last_active_owner_stays_unless_it_is_said,
    roles_do_not_cross_organizations,
    a_deleted_user_leaves_no_grant_behind,
    the_scim_attribute_roles_means_nothing,
    changes_of_roles_are_told_in_the_audit_trail,
    who_becomes_an_admin_by_a_group_is_told_in_the_audit_trail,
);

/// The role in the list for admins, which must be that of the session.
fn role(world: &World, organization: OrganizationId, user: UserId) -> Role {
    let all = world.done(move |store, _, _| users::by_state(store, organization, None, None, 100));
    all.iter().find(|listed| listed.id == user).expect("a user").role
}

fn grant(world: &World, acme: &Acme, user: UserId) -> bool {
    let organization = acme.organization;
    world
        .run(move |store, now, rng| {
            roles::grant_admin(store, Mandate::operator(organization), user, now, rng)
        })
        .unwrap()
}

fn revoke(
    world: &World,
    acme: &Acme,
    user: UserId,
    grant: Grant,
    last: LastOwner,
) -> Result<(), RoleError> {
    let organization = acme.organization;
    world.run(move |store, now, rng| {
        roles::revoke(store, Mandate::operator(organization), user, grant, last, now, rng)
    })
}

fn map(world: &World, organization: OrganizationId, group: &'static str) -> Result<(), RoleError> {
    world.run(move |store, now, rng| {
        let group = roles::group_named(store, organization, group)?;
        roles::map(store, Mandate::operator(organization), group, now, rng).map(drop)
    })
}

/// Empties a group and renames it.
fn leave(world: &World, acme: &Acme, group: GroupId) {
    let operations = json!([
        { "op": "remove", "path": "members" },
        { "op": "replace", "path": "displayName", "value": "Renamed" },
    ]);
    world.patch_group(&acme.principal, group, operations).expect("a change");
}

fn everybody_is_a_member_and_no_more(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    assert_eq!(role(world, acme.organization, ann.id), Role::Member);
    assert_eq!(world.session(&world.sign_in(&acme, "1")).unwrap().role(), Role::Member);
}

fn an_admin_is_one_until_it_is_revoked(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let bob = world.person(&acme.principal, "bob", "2");
    let cookie = world.sign_in(&acme, "1");
    assert!(grant(world, &acme, ann.id));
    assert!(!grant(world, &acme, ann.id), "he is one already");
    assert_eq!(role(world, acme.organization, ann.id), Role::Admin);
    assert_eq!(role(world, acme.organization, bob.id), Role::Member);
    assert_eq!(world.session(&cookie).unwrap().role(), Role::Admin, "at the next request");
    revoke(world, &acme, ann.id, Grant::Admin, LastOwner::Keep).unwrap();
    assert_eq!(world.session(&cookie).unwrap().role(), Role::Member);
    let again = revoke(world, &acme, ann.id, Grant::Admin, LastOwner::Keep);
    assert!(matches!(again, Err(RoleError::NotGranted)));
}

fn members_of_a_mapped_group_are_admins_as_long_as_they_are_members(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    let admins = world.group(&acme.principal, "Freehold admins", &[ann.id.to_string()]).id;
    assert_eq!(role(world, acme.organization, ann.id), Role::Member, "nobody mapped it");
    map(world, acme.organization, "freehold ADMINS").unwrap();
    assert_eq!(role(world, acme.organization, ann.id), Role::Admin);
    assert_eq!(world.session(&cookie).unwrap().role(), Role::Admin, "at the next request");
    leave(world, &acme, admins);
    assert_eq!(world.session(&cookie).unwrap().role(), Role::Member);
    assert_eq!(role(world, acme.organization, ann.id), Role::Member);
    let unknown = map(world, acme.organization, "nobody");
    assert!(matches!(unknown, Err(RoleError::UnknownGroup)));
}

fn a_group_makes_no_owner_and_takes_no_role_away(world: &World) {
    let acme = world.acme();
    let olga = owner(world, &acme, "olga");
    let admins = world.group(&acme.principal, "admins", &[olga.to_string()]).id;
    map(world, acme.organization, "admins").unwrap();
    assert_eq!(role(world, acme.organization, olga), Role::Owner);
    leave(world, &acme, admins);
    assert_eq!(role(world, acme.organization, olga), Role::Owner);
}

fn a_renamed_group_stays_mapped_and_a_new_one_of_its_name_is_not(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let ids = [ann.id.to_string()];
    let first = world.group(&acme.principal, "admins", &ids).id;
    map(world, acme.organization, "admins").unwrap();
    map(world, acme.organization, "admins").expect("once more changes nothing");
    let principal = acme.principal.clone();
    world
        .run(move |store, now, rng| {
            groups::delete(store, &principal, first, &Guard::default(), now, rng)
        })
        .unwrap();
    let second = world.group(&acme.principal, "admins", &ids).id;
    assert_eq!(role(world, acme.organization, ann.id), Role::Member);
    map(world, acme.organization, "admins").unwrap();
    leave(world, &acme, second);
    let organization = acme.organization;
    let held = world.done(move |store, _, _| roles::holders(store, organization));
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].name.as_str(), held[0].holder), ("Renamed", Holder::Group(second)));
    let unmap = || {
        world.run(move |store, now, rng| {
            roles::unmap(store, Mandate::operator(organization), second, now, rng)
        })
    };
    unmap().unwrap();
    assert!(matches!(unmap(), Err(RoleError::NotMapped)));
}

fn a_group_in_a_mapped_group_makes_no_admins(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let inner = world.group(&acme.principal, "inner", &[ann.id.to_string()]).id;
    world.group(&acme.principal, "admins", &[inner.to_string()]);
    map(world, acme.organization, "admins").unwrap();
    assert_eq!(role(world, acme.organization, ann.id), Role::Member);
}

fn the_last_active_owner_stays_unless_it_is_said(world: &World) {
    let acme = world.acme();
    let olga = owner(world, &acme, "olga");
    let keep = || revoke(world, &acme, olga, Grant::Owner, LastOwner::Keep);
    assert!(matches!(keep(), Err(RoleError::LastOwner)));
    grant(world, &acme, world.person(&acme.principal, "ann", "1").id);
    assert!(matches!(keep(), Err(RoleError::LastOwner)), "an admin does not count");
    let organization = world.organization("other");
    let principal = world.principal(organization, None);
    owner(world, &Acme { organization, principal, ..acme.clone() }, "oda");
    assert!(matches!(keep(), Err(RoleError::LastOwner)), "nor does an owner of another one");
    assert_eq!(role(world, acme.organization, olga), Role::Owner);
    let otto = owner(world, &acme, "otto");
    world.set_active(&acme.principal, otto, false);
    assert!(matches!(keep(), Err(RoleError::LastOwner)), "an inactive owner does not count");
    world.set_active(&acme.principal, otto, true);
    keep().unwrap();
    let otto_goes = revoke(world, &acme, otto, Grant::Owner, LastOwner::MayGo);
    otto_goes.unwrap();
    assert_eq!(role(world, acme.organization, otto), Role::Member);
}

fn roles_do_not_cross_organizations(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let principal = world.principal(other, None);
    let admins = world.group(&principal, "admins", &[]).id;
    assert!(matches!(map(world, acme.organization, "admins"), Err(RoleError::UnknownGroup)));
    map(world, other, "admins").unwrap();
    let unmapped = world.run(move |store, now, rng| {
        roles::unmap(store, Mandate::operator(acme.organization), admins, now, rng)
    });
    assert!(matches!(unmapped, Err(RoleError::UnknownGroup)));
    assert_eq!(world.count("SELECT count(*) FROM role_groups"), 1);
    owner(world, &acme, "olga");
    let held = world.done(move |store, _, _| roles::holders(store, other));
    assert_eq!(held.len(), 1, "the group");
}

fn a_deleted_user_leaves_no_grant_behind(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    grant(world, &acme, ann.id);
    world.delete(&acme.principal, ann.id).unwrap();
    assert_eq!(world.count("SELECT count(*) FROM role_grants"), 0);
}

fn the_scim_attribute_roles_means_nothing(world: &World) {
    let acme = world.acme();
    let roles = json!([{ "value": "owner", "primary": true }, { "value": "admin" }]);
    let ann = world
        .create(&acme.principal, json!({ "userName": "ann", "externalId": "1", "roles": roles }));
    assert_eq!(ann.document.as_value()["roles"], roles, "it is kept as any attribute");
    assert_eq!(role(world, acme.organization, ann.id), Role::Member);
    assert_eq!(world.session(&world.sign_in(&acme, "1")).unwrap().role(), Role::Member);
}

/// Whoever holds a SCIM token makes admins where a group is mapped: that stands in the chain, and not only in a log that is
/// kept for a month.
fn who_becomes_an_admin_by_a_group_is_told_in_the_audit_trail(world: &World) {
    let acme = world.acme();
    let principal = &acme.principal;
    let [ann, bob] = ["ann", "bob"].map(|name| world.person(principal, name, name).id);
    let inner = world.group(principal, "inner", &[]).id.to_string();
    let admins = world.group(principal, "admins", &[ann.to_string()]).id;
    let told = || {
        let count = |kind| world.event_count(acme.organization, kind);
        (count(EventKind::RoleGranted), count(EventKind::RoleRevoked))
    };
    let patch = |operations| world.patch_group(principal, admins, operations).unwrap();
    patch(json!([{ "op": "add", "path": "members", "value": [{ "value": bob.to_string() }] }]));
    assert_eq!(told(), (0, 0), "the group gives no role yet");
    map(world, acme.organization, "admins").unwrap();
    patch(json!([{ "op": "remove", "path": format!("members[value eq \"{bob}\"]") }]));
    assert_eq!(told(), (0, 1));
    let members = json!([{ "value": bob.to_string() }, { "value": inner }]);
    patch(json!([{ "op": "add", "path": "members", "value": members }]));
    patch(json!([{ "op": "replace", "path": "displayName", "value": "bosses" }]));
    assert_eq!(told(), (1, 1), "a group in the group is no user, and a new name no member");
    let body = json!({ "displayName": "admins", "members": [{ "value": ann.to_string() }] });
    world.replace_group(principal, admins, body).unwrap();
    assert_eq!(told(), (1, 2));
    let sql =
        "SELECT count(*) FROM events WHERE detail LIKE 'admin by group %' AND token_id IS NOT NULL";
    assert_eq!(world.count(sql), 3);
}

fn changes_of_roles_are_told_in_the_audit_trail(world: &World) {
    let acme = world.acme();
    let ann = world.person(&acme.principal, "ann", "1");
    let admins = world.group(&acme.principal, "admins", &[]).id;
    grant(world, &acme, ann.id);
    grant(world, &acme, ann.id);
    revoke(world, &acme, ann.id, Grant::Admin, LastOwner::Keep).unwrap();
    map(world, acme.organization, "admins").unwrap();
    map(world, acme.organization, "admins").unwrap();
    let principal = acme.principal.clone();
    world
        .run(move |store, now, rng| {
            groups::delete(store, &principal, admins, &Guard::default(), now, rng)
        })
        .unwrap();
    for kind in [
        EventKind::RoleGranted,
        EventKind::RoleRevoked,
        EventKind::RoleMapped,
        EventKind::RoleUnmapped,
    ] {
        assert_eq!(world.event_count(acme.organization, kind), 1, "{kind:?}");
    }
}
