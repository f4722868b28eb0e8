//! SCIM groups: unique names, and members that are rows of their own.

use std::time::Duration;

use freehold_directory::events::EventKind;
use freehold_directory::groups::{self, Group, Saved};
use freehold_directory::listing::{self, Members, Shown, Stored, With};
use freehold_directory::{GroupId, ResourceError, ScimPrincipal, Unique, users};
use freehold_scim::etag::Guard;
use freehold_scim::group::{GroupDocument, Member};
use freehold_scim::patch::PatchRequest;
use freehold_scim::render::RenderedMember;
use freehold_scim::schema::{GROUP, USER};
use serde_json::{Value as Json, json};

use crate::support::{BASE, World, document, if_match, in_parallel, on_both_engines};

on_both_engines!(
    a_name_is_unique_under_case_folding,
    a_name_is_free_in_another_organization_and_after_delete,
    renaming_to_a_taken_name_changes_nothing,
    members_are_named_once_and_shown_with_their_names,
    an_unknown_member_is_passed_over_and_reported,
    a_user_of_another_organization_is_unknown,
    a_group_is_a_member_of_another_and_never_of_itself,
    a_replace_keeps_who_is_named_and_removes_the_rest,
    members_are_removed_by_id_by_filter_and_all,
    members_are_removed_by_their_address_as_it_is_shown,
    a_patch_without_effect_leaves_version_and_time_alone,
    every_change_of_members_counts_the_version_up_once,
    a_put_that_does_not_name_members_keeps_them,
    a_guard_of_another_version_is_refused_before_any_member_moves,
    a_refused_rename_moves_no_member,
    a_deleted_user_leaves_its_groups_and_their_versions_count_up,
    a_deleted_group_leaves_nothing_behind,
    a_foreign_group_looks_like_an_unknown_one,
    a_user_shows_the_groups_it_is_a_direct_member_of,
    many_members_come_and_go_in_one_change,
    time_never_runs_backwards_for_a_group,
    parallel_adds_and_removes_lose_nothing,
);

impl World {
    pub fn try_create_group(
        &self,
        principal: &ScimPrincipal,
        body: Json,
    ) -> Result<Saved, ResourceError> {
        let (principal, (document, members)) = (principal.clone(), group_document(body));
        self.pass(Duration::from_millis(1));
        self.run(move |store, now, rng| {
            let members = members.as_deref().unwrap_or_default();
            groups::create(store, &principal, &GROUP, &document, members, now, rng)
        })
    }

    /// A group with this name and these members, all of whom exist.
    pub fn group(&self, principal: &ScimPrincipal, name: &str, members: &[String]) -> Group {
        let members: Vec<Json> = members.iter().map(|id| json!({ "value": id })).collect();
        let saved = self
            .try_create_group(principal, json!({ "displayName": name, "members": members }))
            .expect("a group");
        assert_eq!(saved.unknown_members, Vec::<String>::new());
        saved.group
    }

    pub fn get_group(
        &self,
        principal: &ScimPrincipal,
        id: GroupId,
    ) -> Result<Group, ResourceError> {
        let principal = principal.clone();
        self.run(move |store, _, _| groups::get(store, &principal, id))
    }

    pub fn patch_group(
        &self,
        principal: &ScimPrincipal,
        id: GroupId,
        operations: Json,
    ) -> Result<Saved, ResourceError> {
        self.patch_group_guarded(principal, id, None, operations)
    }

    fn patch_group_guarded(
        &self,
        principal: &ScimPrincipal,
        id: GroupId,
        guard: Option<u64>,
        operations: Json,
    ) -> Result<Saved, ResourceError> {
        let (principal, request) = (principal.clone(), group_patch(operations));
        let guard = if_match(guard);
        self.run(move |store, now, rng| {
            groups::patch(store, &principal, id, &request, &guard, BASE, now, rng)
        })
    }

    pub fn replace_group(
        &self,
        principal: &ScimPrincipal,
        id: GroupId,
        body: Json,
    ) -> Result<Saved, ResourceError> {
        let (principal, (document, members)) = (principal.clone(), group_document(body));
        self.run(move |store, now, rng| {
            let body = (&document, members.as_deref());
            groups::replace(store, &principal, &GROUP, id, body, &Guard::default(), now, rng)
        })
    }

    pub fn delete_group(
        &self,
        principal: &ScimPrincipal,
        id: GroupId,
    ) -> Result<(), ResourceError> {
        let principal = principal.clone();
        self.run(move |store, now, rng| {
            groups::delete(store, &principal, id, &Guard::default(), now, rng)
        })
    }

    pub fn members(&self, group: &Group) -> Vec<RenderedMember> {
        let group = group.clone();
        self.done(move |store, _, _| groups::members(store, &group))
    }

    /// The ids of the members, in their order.
    pub fn member_ids(&self, group: &Group) -> Vec<String> {
        self.members(group).into_iter().map(|member| member.value).collect()
    }

    /// People with the names `u0`, `u1`, ..; their ids.
    fn crew(&self, principal: &ScimPrincipal, count: usize) -> Vec<String> {
        (0..count)
            .map(|n| self.create(principal, json!({ "userName": format!("u{n}") })).id.to_string())
            .collect()
    }
}

pub fn group_document(body: Json) -> (GroupDocument, Option<Vec<Member>>) {
    GroupDocument::from_value(body, &GROUP).expect("a group document")
}

pub fn group_patch(operations: Json) -> PatchRequest {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    PatchRequest::from_value(body, &GROUP).expect("a PATCH")
}

/// Members as a client names them.
fn values(ids: &[&str]) -> Json {
    ids.iter().map(|id| json!({ "value": id })).collect()
}

fn add(ids: &[&str]) -> Json {
    json!([{ "op": "add", "path": "members", "value": values(ids) }])
}

fn taken(result: Result<Saved, ResourceError>) -> bool {
    matches!(result, Err(ResourceError::Taken(Unique::DisplayName)))
}

fn not_found<T>(result: Result<T, ResourceError>) -> bool {
    matches!(result, Err(ResourceError::NotFound))
}

const UNKNOWN: &str = "01890000-0000-7000-8000-000000000000";

fn a_name_is_unique_under_case_folding(world: &World) {
    let acme = world.acme();
    for (name, same) in [("Staff", "STAFF"), ("ÄNNE", "a\u{308}nne"), ("STRASSE", "straße")] {
        world.group(&acme.principal, name, &[]);
        let again = world.try_create_group(&acme.principal, json!({ "displayName": same }));
        assert!(taken(again), "{name} {same}");
    }
    world.group(&acme.principal, "İ", &[]);
    world.group(&acme.principal, "i", &[]);
    let made = in_parallel(8, |_| {
        world.try_create_group(&acme.principal, json!({ "displayName": "Race" }))
    });
    let (won, lost): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(taken));
}

fn a_name_is_free_in_another_organization_and_after_delete(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let other = world.principal(other, None);
    let staff = world.group(&acme.principal, "Staff", &[]);
    world.group(&other, "Staff", &[]);
    world.delete_group(&acme.principal, staff.id).unwrap();
    let again = world.group(&acme.principal, "staff", &[]);
    assert_ne!(again.id, staff.id);
    let kinds = [EventKind::GroupCreated, EventKind::GroupDeleted];
    let counted = kinds.map(|kind| world.event_count(acme.organization, kind));
    assert_eq!(counted, [2, 1]);
}

fn renaming_to_a_taken_name_changes_nothing(world: &World) {
    let acme = world.acme();
    world.group(&acme.principal, "Staff", &[]);
    let crew = world.group(&acme.principal, "Crew", &[]);
    let patch = json!([{ "op": "replace", "path": "displayName", "value": "STAFF" }]);
    assert!(taken(world.patch_group(&acme.principal, crew.id, patch)));
    let put = json!({ "displayName": "staff" });
    assert!(taken(world.replace_group(&acme.principal, crew.id, put)));
    let found = world.get_group(&acme.principal, crew.id).unwrap();
    assert_eq!((found.document.display_name(), found.version), ("Crew", 1));
    // Its own name in another case is no conflict.
    let put = json!({ "displayName": "CREW" });
    assert_eq!(world.replace_group(&acme.principal, crew.id, put).unwrap().group.version, 2);
}

fn members_are_named_once_and_shown_with_their_names(world: &World) {
    let acme = world.acme();
    let named = world.create(&acme.principal, json!({ "userName": "a", "displayName": "Ann" }));
    let plain = world.create(&acme.principal, json!({ "userName": "bob" }));
    let (named, plain) = (named.id.to_string(), plain.id.to_string());
    let inner = world.group(&acme.principal, "Inner", &[]);
    let group = world.group(&acme.principal, "Staff", std::slice::from_ref(&named));
    let twice = add(&[&plain, &named, &plain, &inner.id.to_string()]);
    world.patch_group(&acme.principal, group.id, twice).unwrap();
    let member = |value: &str, kind: &str, display: &str| RenderedMember {
        value: value.to_owned(),
        kind: Some(kind.to_owned()),
        display: Some(display.to_owned()),
    };
    let mut expected = vec![
        member(&named, "User", "Ann"),
        member(&plain, "User", "bob"),
        member(&inner.id.to_string(), "Group", "Inner"),
    ];
    expected.sort_by(|one, other| one.value.cmp(&other.value));
    assert_eq!(world.members(&group), expected);
}

fn an_unknown_member_is_passed_over_and_reported(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 2);
    let gone = world.create(&acme.principal, json!({ "userName": "gone" }));
    world.delete(&acme.principal, gone.id).unwrap();
    let gone = gone.id.to_string();
    let body = json!({ "displayName": "Staff",
                       "members": values(&[UNKNOWN, &crew[0], &gone, "no id"]) });
    let saved = world.try_create_group(&acme.principal, body).unwrap();
    assert_eq!(saved.unknown_members, [UNKNOWN, &gone, "no id"]);
    assert_eq!(world.member_ids(&saved.group), [crew[0].as_str()]);
    let id = saved.group.id;
    let saved = world.patch_group(&acme.principal, id, add(&[UNKNOWN])).unwrap();
    assert_eq!((saved.unknown_members.len(), saved.group.version), (1, 1), "nothing changed");
    let saved = world.patch_group(&acme.principal, id, add(&[UNKNOWN, &crew[1]])).unwrap();
    assert_eq!((saved.unknown_members.len(), saved.group.version), (1, 2));
    let removed = json!([{ "op": "remove", "path": "members", "value": values(&[UNKNOWN]) }]);
    let saved = world.patch_group(&acme.principal, id, removed).unwrap();
    assert_eq!((saved.unknown_members.len(), saved.group.version), (0, 2));
}

fn a_user_of_another_organization_is_unknown(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let other = world.principal(other, None);
    let stranger = world.create(&other, json!({ "userName": "eve" })).id.to_string();
    let foreign = world.group(&other, "Theirs", &[]).id.to_string();
    let group = world.group(&acme.principal, "Staff", &[]);
    let body = json!({ "displayName": "Staff", "members": values(&[&stranger, &foreign]) });
    for saved in [
        world.patch_group(&acme.principal, group.id, add(&[&stranger, &foreign])).unwrap(),
        world.replace_group(&acme.principal, group.id, body).unwrap(),
    ] {
        assert_eq!(saved.unknown_members, [stranger.as_str(), foreign.as_str()]);
        assert_eq!(world.member_ids(&saved.group), Vec::<String>::new());
        assert_eq!(saved.group.version, 1);
    }
    assert_eq!(world.count("SELECT count(*) FROM group_members"), 0);
}

fn a_group_is_a_member_of_another_and_never_of_itself(world: &World) {
    let acme = world.acme();
    let (inner, outer) =
        (world.group(&acme.principal, "Inner", &[]), world.group(&acme.principal, "Outer", &[]));
    let (inner_id, outer_id) = (inner.id.to_string(), outer.id.to_string());
    let saved = world.patch_group(&acme.principal, outer.id, add(&[&inner_id, &outer_id])).unwrap();
    assert_eq!(saved.unknown_members, [outer_id.as_str()]);
    assert_eq!(world.members(&outer)[0].kind.as_deref(), Some("Group"));
    // Groups may stand in each other: memberships are not followed.
    let saved = world.patch_group(&acme.principal, inner.id, add(&[&outer_id])).unwrap();
    assert_eq!(saved.unknown_members, Vec::<String>::new());
    // A deleted group leaves the groups that it was in.
    world.delete_group(&acme.principal, inner.id).unwrap();
    assert_eq!(world.member_ids(&outer), Vec::<String>::new());
    assert_eq!(world.get_group(&acme.principal, outer.id).unwrap().version, 3);
    assert_eq!(world.count("SELECT count(*) FROM group_members"), 0);
}

fn a_replace_keeps_who_is_named_and_removes_the_rest(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 4);
    let group = world.group(&acme.principal, "Staff", &crew[..2]);
    let joined = |place: usize| {
        let sql = "SELECT added_at FROM group_members ORDER BY member_id";
        world.rows(sql)[place].integer(0).unwrap()
    };
    let began = joined(1);
    world.pass(Duration::from_secs(60));
    let patch = json!([{ "op": "replace", "path": "members",
                         "value": values(&[&crew[1], &crew[2]]) }]);
    let saved = world.patch_group(&acme.principal, group.id, patch).unwrap();
    assert_eq!(world.member_ids(&group), crew[1..3]);
    assert_eq!(joined(0), began, "who stays was not touched");
    assert!(joined(1) > began);
    assert_eq!(saved.group.version, 2);
    let put = json!({ "displayName": "Staff", "members": values(&[&crew[3], &crew[1]]) });
    assert_eq!(world.replace_group(&acme.principal, group.id, put).unwrap().group.version, 3);
    assert_eq!(world.member_ids(&group), [crew[1].as_str(), &crew[3]]);
    let put = json!({ "displayName": "Staff", "members": [] });
    assert_eq!(world.replace_group(&acme.principal, group.id, put).unwrap().group.version, 4);
    assert_eq!(world.member_ids(&group), Vec::<String>::new());
}

fn members_are_removed_by_id_by_filter_and_all(world: &World) {
    let acme = world.acme();
    let mut all = world.crew(&acme.principal, 8);
    all.push(world.group(&acme.principal, "Inner", &[]).id.to_string());
    let group = world.group(&acme.principal, "Staff", &all);
    let one = format!(r#"members[value eq "{}"]"#, all[0]);
    let two = format!(r#"members[value eq "{}" or value eq "{}"]"#, all[3], all[4]);
    for (operation, left) in [
        (json!({ "op": "remove", "path": one }), &all[1..]),
        // Entra's old shape.
        (
            json!({ "op": "Remove", "path": "members", "value": values(&[&all[1], &all[2]]) }),
            &all[3..],
        ),
        (json!({ "op": "remove", "path": "members", "value": [] }), &all[3..]),
        (json!({ "op": "remove", "path": two }), &all[5..]),
        // By what the server knows of them.
        (json!({ "op": "remove", "path": r#"members[type eq "group"]"# }), &all[5..8]),
        (json!({ "op": "remove", "path": r#"members[display eq "U5"]"# }), &all[6..8]),
        (json!({ "op": "remove", "path": "members" }), &[]),
    ] {
        let saved = world.patch_group(&acme.principal, group.id, json!([operation])).unwrap();
        assert_eq!(world.member_ids(&saved.group), left, "{operation}");
    }
    assert_eq!(world.get_group(&acme.principal, group.id).unwrap().version, 7);
}

fn members_are_removed_by_their_address_as_it_is_shown(world: &World) {
    let acme = world.acme();
    let mut all = world.crew(&acme.principal, 4);
    all.push(world.group(&acme.principal, "Inner", &[]).id.to_string());
    let group = world.group(&acme.principal, "Staff", &all);
    let address = |id: &str| format!("{BASE}/Users/{id}");
    for (filter, left) in [
        ("not ($ref pr)".to_owned(), &all[..]),
        (r#"$ref sw "https://elsewhere.example/""#.to_owned(), &all[..]),
        (format!(r#"$ref sw "{BASE}/Groups/""#), &all[..4]),
        (format!(r#"$ref ew "/{}""#, all[0]), &all[1..4]),
        (format!(r#"$ref eq "{}" and type eq "User""#, address(&all[1])), &all[2..4]),
        (format!(r#"$ref ne "{}""#, address(&all[2])), &all[2..3]),
        (r#"$ref co "/Users/""#.to_owned(), &[]),
    ] {
        let operation = json!([{ "op": "remove", "path": format!("members[{filter}]") }]);
        let saved = world.patch_group(&acme.principal, group.id, operation).unwrap();
        assert_eq!(world.member_ids(&saved.group), left, "{filter}");
    }
    world
        .patch_group(&acme.principal, group.id, add(&[&all[0], &all[1], &all[2], &all[3]]))
        .unwrap();
    // Filters side by side.
    let by_name =
        |name: &str| json!({ "op": "remove", "path": format!("members[display eq \"{name}\"]") });
    let operations = json!([by_name("U0"), by_name("U2"), by_name("nobody"), by_name("U3")]);
    let saved = world.patch_group(&acme.principal, group.id, operations).unwrap();
    assert_eq!(world.member_ids(&saved.group), all[1..2]);
    let operation = json!([{ "op": "remove", "path": "members[$ref pr]" }]);
    let saved = world.patch_group(&acme.principal, group.id, operation).unwrap();
    assert_eq!(world.member_ids(&saved.group), Vec::<String>::new());
}

fn a_patch_without_effect_leaves_version_and_time_alone(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 2);
    let group = world.group(&acme.principal, "Staff", &crew);
    world.pass(Duration::from_secs(60));
    let both = values(&[&crew[1], &crew[0]]);
    for operations in [
        add(&[&crew[0]]),
        json!([{ "op": "replace", "path": "members", "value": both }]),
        json!([{ "op": "remove", "path": r#"members[value eq "nobody"]"# }]),
        json!([{ "op": "replace", "value": { "id": "x", "displayName": "Staff" } }]),
        json!([]),
    ] {
        let saved = world.patch_group(&acme.principal, group.id, operations.clone()).unwrap();
        let unchanged = (1, group.last_modified);
        assert_eq!((saved.group.version, saved.group.last_modified), unchanged, "{operations}");
    }
    let put = json!({ "displayName": "Staff", "members": both });
    assert_eq!(world.replace_group(&acme.principal, group.id, put).unwrap().group.version, 1);
    let found = world.get_group(&acme.principal, group.id).unwrap();
    assert_eq!((found.version, found.last_modified), (1, group.last_modified));
}

fn every_change_of_members_counts_the_version_up_once(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 3);
    let group = world.group(&acme.principal, "Staff", &[]);
    world.pass(Duration::from_secs(60));
    let many = json!([
        { "op": "add", "path": "members", "value": values(&[&crew[0]]) },
        { "op": "add", "path": "members", "value": values(&[&crew[1]]) },
        { "op": "replace", "path": "displayName", "value": "People" },
        { "op": "remove", "path": format!(r#"members[value eq "{}"]"#, crew[0]) },
    ]);
    let saved = world.patch_group(&acme.principal, group.id, many).unwrap();
    assert_eq!((saved.group.version, saved.group.last_modified), (2, world.now()));
    assert_eq!(world.member_ids(&group), [crew[1].as_str()]);
    let found = world.get_group(&acme.principal, group.id).unwrap();
    assert_eq!((found.version, found.document.display_name()), (2, "People"));
}

fn a_put_that_does_not_name_members_keeps_them(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 2);
    let group = world.group(&acme.principal, "Staff", &crew);
    let put = json!({ "displayName": "People", "externalId": "x" });
    let saved = world.replace_group(&acme.principal, group.id, put).unwrap();
    assert_eq!(saved.group.document.display_name(), "People");
    assert_eq!(world.member_ids(&group), crew);
}

fn a_guard_of_another_version_is_refused_before_any_member_moves(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 1);
    let group = world.group(&acme.principal, "Staff", &[]);
    let stale = world.patch_group_guarded(&acme.principal, group.id, Some(2), add(&[&crew[0]]));
    assert!(matches!(stale, Err(ResourceError::VersionMismatch)));
    assert_eq!(world.member_ids(&group), Vec::<String>::new());
    let fresh = world.patch_group_guarded(&acme.principal, group.id, Some(1), add(&[&crew[0]]));
    assert_eq!(fresh.unwrap().group.version, 2);
    let principal = acme.principal.clone();
    let stale = world.run(move |store, now, rng| {
        groups::delete(store, &principal, group.id, &if_match(Some(1)), now, rng)
    });
    assert!(matches!(stale, Err(ResourceError::VersionMismatch)));
}

fn a_refused_rename_moves_no_member(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 2);
    world.group(&acme.principal, "Taken", &[]);
    let group = world.group(&acme.principal, "Staff", &crew[..1]);
    let both = json!([
        { "op": "add", "path": "members", "value": values(&[&crew[1]]) },
        { "op": "replace", "path": "displayName", "value": "taken" },
    ]);
    assert!(taken(world.patch_group(&acme.principal, group.id, both)));
    assert_eq!(world.member_ids(&group), crew[..1]);
}

fn a_deleted_user_leaves_its_groups_and_their_versions_count_up(world: &World) {
    let acme = world.acme();
    let ann = world.create(&acme.principal, json!({ "userName": "ann" }));
    let rest = world.crew(&acme.principal, 1);
    let one = world.group(&acme.principal, "One", &[ann.id.to_string(), rest[0].clone()]);
    let two = world.group(&acme.principal, "Two", &[ann.id.to_string()]);
    let apart = world.group(&acme.principal, "Apart", &rest);
    world.pass(Duration::from_secs(60));
    // An inactive user stays a member: a restore finds its memberships as they were.
    world.set_active(&acme.principal, ann.id, false);
    assert_eq!(world.member_ids(&two), [ann.id.to_string()]);
    world.delete(&acme.principal, ann.id).unwrap();
    for (group, members, version) in [(&one, &rest[..], 2), (&two, &[], 2), (&apart, &rest[..], 1)]
    {
        assert_eq!(world.member_ids(group), members);
        let found = world.get_group(&acme.principal, group.id).unwrap();
        assert_eq!(found.version, version, "{}", found.document.display_name());
        assert_eq!(found.last_modified == world.now(), version == 2);
    }
}

fn a_deleted_group_leaves_nothing_behind(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 2);
    let group = world.group(&acme.principal, "Staff", &crew);
    world.delete_group(&acme.principal, group.id).unwrap();
    assert!(not_found(world.get_group(&acme.principal, group.id)));
    assert!(not_found(world.delete_group(&acme.principal, group.id)));
    assert!(not_found(world.patch_group(&acme.principal, group.id, add(&[&crew[0]]))));
    assert_eq!(world.count("SELECT count(*) FROM group_members"), 0);
    let group = group.id.to_string();
    let other = world.group(&acme.principal, "Other", &[]);
    let saved = world.patch_group(&acme.principal, other.id, add(&[&group])).unwrap();
    assert_eq!(saved.unknown_members, [group]);
}

fn a_foreign_group_looks_like_an_unknown_one(world: &World) {
    let acme = world.acme();
    let group = world.group(&acme.principal, "Staff", &[]);
    let other = world.organization("other");
    let other = world.principal(other, None);
    let own = world.create(&other, json!({ "userName": "eve" })).id.to_string();
    for id in [group.id, UNKNOWN.parse().unwrap()] {
        assert!(not_found(world.get_group(&other, id)));
        assert!(not_found(world.patch_group(&other, id, add(&[&own]))));
        assert!(not_found(world.replace_group(&other, id, json!({ "displayName": "x" }))));
        assert!(not_found(world.delete_group(&other, id)));
    }
    let found = world.get_group(&acme.principal, group.id).unwrap();
    assert_eq!((found.version, world.member_ids(&group).len()), (1, 0));
}

fn a_user_shows_the_groups_it_is_a_direct_member_of(world: &World) {
    let acme = world.acme();
    let ann = world.create(&acme.principal, json!({ "userName": "ann" }));
    let one = world.group(&acme.principal, "One", &[ann.id.to_string()]);
    world.group(&acme.principal, "Outer", &[one.id.to_string()]);
    let shown: Result<Vec<Shown>, ResourceError> = world.run(move |store, _, _| {
        let with = With { groups: true, members: Members::No };
        listing::accompany(store, vec![Stored::User(ann.clone())], with)
    });
    let names: Vec<String> =
        shown.unwrap()[0].groups.iter().map(|group| group.display.clone()).collect();
    assert_eq!(names, ["One"]);
}

fn many_members_come_and_go_in_one_change(world: &World) {
    let acme = world.acme();
    let principal = acme.principal.clone();
    // Not a multiple of what one statement takes.
    let crew: Vec<String> = world
        .run(move |store, now, rng| {
            let names = (0..1_234).map(|n| json!({ "userName": format!("u{n:04}") }));
            names
                .map(|body| {
                    let document = document(body);
                    let user = users::create(store, &principal, &USER, &document, now, rng)?;
                    Ok::<_, ResourceError>(user.id.to_string())
                })
                .collect()
        })
        .unwrap();
    let group = world.group(&acme.principal, "All", &crew);
    assert_eq!(world.member_ids(&group).len(), crew.len());
    let half = crew.iter().step_by(2).map(|id| json!({ "value": id }));
    let removed = json!([{ "op": "remove", "path": "members", "value": half.collect::<Json>() }]);
    world.patch_group(&acme.principal, group.id, removed).unwrap();
    let mut left: Vec<&String> = crew.iter().skip(1).step_by(2).collect();
    left.sort();
    assert_eq!(world.member_ids(&group).iter().collect::<Vec<_>>(), left);
}

fn time_never_runs_backwards_for_a_group(world: &World) {
    let acme = world.acme();
    let ann = world.create(&acme.principal, json!({ "userName": "ann" }));
    let group = world.group(&acme.principal, "Staff", &[ann.id.to_string()]);
    // Another server of the cluster, whose clock is behind.
    let principal = acme.principal.clone();
    world
        .run(move |store, now, rng| {
            let behind = now.minus(Duration::from_secs(60));
            users::delete(store, &principal, ann.id, &Guard::default(), behind, rng)
        })
        .unwrap();
    let found = world.get_group(&acme.principal, group.id).unwrap();
    assert_eq!((found.version, found.last_modified), (2, group.last_modified));
}

fn parallel_adds_and_removes_lose_nothing(world: &World) {
    let acme = world.acme();
    let crew = world.crew(&acme.principal, 16);
    let group = world.group(&acme.principal, "Staff", &crew[..8]);
    let changed = in_parallel(16, |n| {
        let operations = if n < 8 {
            json!([{ "op": "remove", "path": format!(r#"members[value eq "{}"]"#, crew[n]) }])
        } else {
            add(&[&crew[n]])
        };
        world.patch_group(&acme.principal, group.id, operations)
    });
    for result in changed {
        result.unwrap();
    }
    assert_eq!(world.member_ids(&group), crew[8..]);
    assert_eq!(world.get_group(&acme.principal, group.id).unwrap().version, 17);
}
