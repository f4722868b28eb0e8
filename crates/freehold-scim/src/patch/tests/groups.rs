use serde_json::{Value, json};

use super::message;
use crate::error::ScimError;
use crate::group::{GroupDocument, Member};
use crate::limits;
use crate::patch::{GroupChange, MembershipChange, PatchRequest, apply_to_group};
use crate::schema::GROUP;

fn staff() -> GroupDocument {
    GroupDocument::from_value(json!({"displayName": "Staff", "externalId": "e"}), &GROUP)
        .expect("valid")
        .0
}

fn patch(operations: Value) -> Result<(GroupDocument, GroupChange), ScimError> {
    let request = PatchRequest::from_value(message(operations), &GROUP)?;
    let mut group = staff();
    let change = apply_to_group(&request, &mut group)?;
    Ok((group, change))
}

/// The changes to the members; the group itself stays as it is.
fn memberships(operations: Value) -> Vec<MembershipChange> {
    let text = operations.to_string();
    let (group, change) = patch(operations).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(!change.document_changed);
    assert_eq!(group, staff());
    change.memberships
}

fn member(value: &str) -> Member {
    Member { value: value.to_owned(), kind: None }
}

fn add(values: &[&str]) -> MembershipChange {
    MembershipChange::Add(values.iter().map(|value| member(value)).collect())
}

fn remove(values: &[&str]) -> MembershipChange {
    MembershipChange::Remove(values.iter().map(|value| (*value).to_owned()).collect())
}

#[test]
fn members_are_added_in_every_shape() {
    for operation in [
        json!({"op": "Add", "path": "members", "value": [{"$ref": null, "value": "1"}]}),
        json!({"op": "add", "path": "members", "value": {"value": "1"}}),
        json!({"op": "add", "value": {"members": [{"value": "1", "display": "Anna"}]}}),
        json!({"op": "add", "path": "members[value eq \"1\"]", "value": {}}),
        json!({"op": "add", "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members",
               "value": [{"value": "1"}, {"value": "1"}]}),
    ] {
        assert_eq!(memberships(json!([operation])), [add(&["1"])], "{operation}");
    }
}

#[test]
fn members_are_removed_in_the_old_and_the_new_shape_and_only_those_named() {
    for operation in [
        json!({"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "1"}]}),
        json!({"op": "remove", "path": "members", "value": {"value": "1"}}),
        json!({"op": "remove", "path": "members[value eq \"1\"]"}),
        json!({"op": "remove", "path": "Members[Value EQ 1]"}),
        json!({"op": "remove", "path": "members[$ref eq \"https://keys.example/scim/v2/Users/1\"]"}),
    ] {
        assert_eq!(memberships(json!([operation])), [remove(&["1"])], "{operation}");
    }
    let several = json!([{"op": "remove", "path": "members[value eq \"1\" or value eq \"2\"]"}]);
    assert_eq!(memberships(several), [remove(&["1", "2"])]);
    let nobody = json!([{"op": "Remove", "path": "members", "value": []}]);
    assert_eq!(memberships(nobody), [remove(&[])]);
}

#[test]
fn all_members_go_only_when_no_value_is_given() {
    let all = [MembershipChange::RemoveAll];
    assert_eq!(memberships(json!([{"op": "remove", "path": "members"}])), all);
    assert_eq!(memberships(json!([{"op": "replace", "path": "members", "value": []}])), all);
}

#[test]
fn replace_names_exactly_who_is_a_member_afterwards() {
    let operations = json!([{"op": "replace", "path": "members",
                             "value": [{"value": "1"}, {"value": "2", "type": "Group"}]}]);
    let group = Member { value: "2".to_owned(), kind: Some("Group".to_owned()) };
    assert_eq!(memberships(operations), [MembershipChange::Replace(vec![member("1"), group])]);
}

#[test]
fn a_filter_over_other_parts_of_members_is_handed_on() {
    let changes = memberships(json!([{"op": "remove", "path": "members[type eq \"Group\"]"}]));
    let [MembershipChange::RemoveMatching(filter)] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(filter.to_string(), "type eq \"Group\"");
}

#[test]
fn changes_keep_their_order() {
    let operations = json!([
        {"op": "remove", "path": "members[value eq \"1\"]"},
        {"op": "add", "path": "members", "value": [{"value": "1"}]},
    ]);
    assert_eq!(memberships(operations), [remove(&["1"]), add(&["1"])]);
}

#[test]
fn okta_renames_without_a_path_and_echoes_the_id() {
    let operations = json!([{"op": "replace", "value": {"id": "7", "displayName": "Crew"}}]);
    let (group, change) = patch(operations).expect("valid");
    assert_eq!(group.display_name(), "Crew");
    assert_eq!(change, GroupChange { document_changed: true, memberships: Vec::new() });

    let same = json!([{"op": "replace", "value": {"id": "7", "displayName": "Staff"}}]);
    assert_eq!(patch(same), Ok((staff(), GroupChange::default())));
}

#[test]
fn a_name_and_members_change_in_one_request() {
    let operations = json!([
        {"op": "Replace", "path": "displayName", "value": "Crew"},
        {"op": "Replace", "path": "externalId", "value": "e2"},
        {"op": "Add", "path": "members", "value": [{"value": "1"}]},
    ]);
    let (group, change) = patch(operations).expect("valid");
    assert_eq!((group.display_name(), group.external_id()), ("Crew", Some("e2")));
    assert_eq!(change.memberships, [add(&["1"])]);
}

#[test]
fn what_cannot_be_done_to_members_is_refused() {
    for (operation, kind) in [
        (json!({"op": "add", "path": "members", "value": ["1"]}), "invalidValue"),
        (json!({"op": "add", "path": "members", "value": "1"}), "invalidValue"),
        (json!({"op": "add", "path": "members", "value": [{"value": ""}]}), "invalidValue"),
        (json!({"op": "remove", "path": "members", "value": [{}]}), "invalidValue"),
        (
            json!({"op": "replace", "path": "members[value eq \"1\"].type", "value": "x"}),
            "mutability",
        ),
        (
            json!({"op": "replace", "path": "members[value eq \"1\"].value", "value": "2"}),
            "mutability",
        ),
        (
            json!({"op": "replace", "path": "members[value eq \"1\"]", "value": {"value": "2"}}),
            "mutability",
        ),
        (json!({"op": "replace", "path": "members.display", "value": "x"}), "mutability"),
        (json!({"op": "add", "path": "members[type eq \"User\"]", "value": {}}), "noTarget"),
        (json!({"op": "remove", "path": "displayName"}), "mutability"),
        (json!({"op": "replace", "path": "members[shoe eq \"1\"]", "value": "2"}), "invalidFilter"),
        (json!({"op": "remove"}), "noTarget"),
    ] {
        let error = patch(json!([operation])).expect_err("must be refused");
        assert_eq!(error.scim_type, Some(kind), "{operation}: {error}");
    }
}

#[test]
fn thousands_of_members_in_one_operation_and_thousands_of_operations_are_read() {
    let many: Vec<Value> = (0..8_000).map(|id| json!({"value": id.to_string()})).collect();
    let changes = memberships(json!([{"op": "add", "path": "members", "value": many}]));
    assert!(
        matches!(changes.as_slice(), [MembershipChange::Add(members)] if members.len() == 8_000)
    );

    let removals = |count: usize| {
        let path = |id| format!("members[value eq \"{id}\"]");
        json!((0..count).map(|id| json!({"op": "remove", "path": path(id)})).collect::<Vec<_>>())
    };
    let limit = limits::PATCH_OPERATIONS;
    assert_eq!(memberships(removals(limit)).len(), limit);
    let error = patch(removals(limit + 1)).expect_err("one too many");
    assert_eq!(error.scim_type, Some("invalidSyntax"));
}

/// Each look at all members holds other changes up.
#[test]
fn a_patch_looks_at_all_members_a_few_times_and_not_a_thousand() {
    let filtered = |text: String| json!({"op": "remove", "path": format!("members[{text}]")});
    let by_type = |count: usize| {
        let one = |id| filtered(format!("value eq \"{id}\" and type eq \"User\""));
        (0..count).map(one).collect::<Vec<_>>()
    };
    let half = limits::FILTER_TERMS / 2;
    assert_eq!(memberships(json!(by_type(half))).len(), half);
    assert_eq!(patch(json!(by_type(half + 1))).expect_err("too long").status, 400);

    let apart = |count: usize| {
        let pair =
            |_| [filtered("type eq \"Group\"".to_owned()), filtered("value eq \"1\"".to_owned())];
        json!((0..count).flat_map(pair).collect::<Vec<_>>())
    };
    let limit = limits::MEMBER_PASSES;
    assert_eq!(memberships(apart(limit)).len(), 2 * limit);
    let error = patch(apart(limit + 1)).expect_err("one too many");
    assert_eq!(error.scim_type, Some("invalidSyntax"));
    assert!(error.detail.contains("by their value"), "{error}");
}
