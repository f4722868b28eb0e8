//! SCIM groups and their members. Members are rows: a change touches only those that it names.

use freehold_scim::etag::Guard;
use freehold_scim::evaluate;
use freehold_scim::filter::Filter;
use freehold_scim::fold;
use freehold_scim::group::{GroupDocument, Member};
use freehold_scim::patch::{self, MembershipChange, PatchRequest};
use freehold_scim::render::{RenderedMember, render_group, render_member};
use freehold_scim::schema::ResourceType;
use freehold_wire::{GroupId, OrganizationId, Timestamp};
use rand_core::CryptoRng;

use crate::declared::{self, Holder};
use crate::events::{Event, EventKind};
use crate::resource_error::{ResourceError, Unique, check_guard};
use crate::roles::{self, by_group};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::tokens::ScimPrincipal;
use crate::users::key;

/// A live group, without its members.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id, which is also its SCIM `id`: never reused.
    pub id: GroupId,
    /// Its organization.
    pub organization: OrganizationId,
    /// What the identity provider said, without `id`, `meta` and `members`.
    pub document: GroupDocument,
    /// Counts changes, of members too; the ETag.
    pub version: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub last_modified: Timestamp,
}

impl Group {
    /// The SCIM resource, with these members or without any.
    pub fn render(
        &self,
        kind: &ResourceType,
        members: Option<&[RenderedMember]>,
        base_url: &str,
    ) -> serde_json::Value {
        let times = [self.created_at.as_millis(), self.last_modified.as_millis()];
        let id = self.id.to_string();
        render_group(&self.document, kind, &id, members, times, self.version, base_url)
    }
}

/// The attributes that the database searches by, in comparable form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GroupKeys {
    /// Folded `displayName`: unique in the organization.
    pub display_name: String,
    /// `externalId` as sent.
    pub external_id: Option<String>,
}

impl GroupKeys {
    /// The keys of a document.
    ///
    /// # Errors
    /// An attribute too long to be indexed, or with U+0000.
    pub fn of(document: &GroupDocument) -> Result<Self, ResourceError> {
        let external_id = document.external_id();
        Ok(Self {
            display_name: key("displayName", fold(document.display_name()))?,
            external_id: external_id.map(|id| key("externalId", id.to_owned())).transpose()?,
        })
    }
}

/// What adding members came to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Added {
    /// How many became members that were none before.
    pub added: u64,
    /// Ids that belong to nobody of the organization: passed over, so that one of them does not sink a whole push.
    pub unknown: Vec<String>,
}

/// A group after a command, with the ids that the command named in vain.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The group.
    pub group: Group,
    /// Ids of members that belong to nobody, for the provisioning log.
    pub unknown_members: Vec<String>,
}

/// Creates a group with members.
///
/// # Errors
/// [`ResourceError::Taken`], [`ResourceError::Invalid`].
pub fn create(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    document: &GroupDocument,
    members: &[Member],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Saved, ResourceError> {
    let keys = GroupKeys::of(document)?;
    let group = Group {
        id: GroupId::make(now, rng),
        organization: principal.organization(),
        document: document.clone(),
        version: 1,
        created_at: now,
        last_modified: now,
    };
    if !store.insert_group(&group, &keys)? {
        return Err(ResourceError::Taken(Unique::DisplayName));
    }
    let holder = Holder { kind, organization: group.organization, id: &group.id.to_string() };
    declared::claim(store, holder, document.as_value())?;
    let added = store.add_members(&group, members, now)?;
    note(EventKind::GroupCreated, &group, principal).record(store, now, rng)?;
    Ok(Saved { group, unknown_members: added.unknown })
}

fn note(kind: EventKind, group: &Group, principal: &ScimPrincipal) -> Event {
    Event::new(kind, group.organization).detail(group.id.to_string()).token(principal.token())
}

/// A group by id.
///
/// # Errors
/// [`ResourceError::NotFound`], for another organization's group too.
pub fn get(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: GroupId,
) -> Result<Group, ResourceError> {
    store.group(principal.organization(), id)?.ok_or(ResourceError::NotFound)
}

/// The members of a group by id.
///
/// # Errors
/// A failing database.
pub fn members(store: &mut dyn Store, group: &Group) -> Result<Vec<RenderedMember>, StoreError> {
    store.members(group.id)
}

/// Replaces a group (PUT). A body that does not name `members` leaves them alone, so that a rename empties no group.
///
/// # Errors
/// See [`ResourceError`].
#[expect(clippy::too_many_arguments, reason = "a PUT has a type, a body and a precondition")]
pub fn replace(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: GroupId,
    (document, members): (&GroupDocument, Option<&[Member]>),
    guard: &Guard,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Saved, ResourceError> {
    let before = guarded(store, principal, id, guard)?;
    let changes: Vec<_> =
        members.map(|it| MembershipChange::Replace(it.to_vec())).into_iter().collect();
    let mut document = document.clone();
    document.keep_immutable_of(&before.document, kind)?;
    let changed = document.as_value() != before.document.as_value();
    let document = changed.then_some(document);
    // A PUT names its members and filters none: their addresses play no part.
    let change = Change { kind, document, memberships: &changes, base_url: "" };
    save_telling(store, principal, before, change, now, rng)
}

/// Changes a group (PATCH). What changes nothing leaves version and time alone. `base_url` is the address under which
/// resources are shown, for filters on the `$ref` of members.
///
/// # Errors
/// See [`ResourceError`].
#[expect(clippy::too_many_arguments, reason = "a PATCH has a body, a precondition and an address")]
pub fn patch(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: GroupId,
    request: &PatchRequest,
    guard: &Guard,
    base_url: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Saved, ResourceError> {
    let before = guarded(store, principal, id, guard)?;
    let mut document = before.document.clone();
    let applied = patch::apply_to_group(request, &mut document)?;
    let change = Change {
        kind: request.resource_type(),
        document: applied.document_changed.then_some(document),
        memberships: &applied.memberships,
        base_url,
    };
    save_telling(store, principal, before, change, now, rng)
}

/// What a command changes of a group.
struct Change<'a> {
    kind: &'static ResourceType,
    /// The new document, where it is another one.
    document: Option<GroupDocument>,
    /// What happens to its members, in this order.
    memberships: &'a [MembershipChange],
    /// Where resources are shown.
    base_url: &'a str,
}

/// Where members have a role by the group, the audit trail is told who has it now and who has it no more.
fn save_telling(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    before: Group,
    change: Change<'_>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Saved, ResourceError> {
    let watched = match change.memberships {
        [] => None,
        _ => by_group::watch(store, before.id)?,
    };
    let saved = save(store, before, change, now)?;
    by_group::tell(store, watched, &saved.group, principal, now, rng)?;
    Ok(saved)
}

fn guarded(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: GroupId,
    guard: &Guard,
) -> Result<Group, ResourceError> {
    let group = get(store, principal, id)?;
    check_guard(guard, group.version)?;
    Ok(group)
}

/// Members first: whether anything changed at all only their rows say.
fn save(
    store: &mut dyn Store,
    before: Group,
    Change { kind, document, memberships, base_url }: Change<'_>,
    now: Timestamp,
) -> Result<Saved, ResourceError> {
    let mut unknown_members = Vec::new();
    let mut touched = document.is_some();
    for change in &joined(memberships) {
        touched |= carry_out(store, &before, change, base_url, &mut unknown_members, now)? > 0;
    }
    if !touched {
        return Ok(Saved { group: before, unknown_members });
    }
    if let Some(document) = &document {
        let holder = Holder { kind, organization: before.organization, id: &before.id.to_string() };
        declared::claim_changed(store, holder, before.document.as_value(), document.as_value())?;
    }
    let expected = before.version;
    let group = Group {
        document: document.unwrap_or(before.document),
        version: expected + 1,
        last_modified: now.max(before.last_modified),
        ..before
    };
    let saved = store.update_group(&group, &GroupKeys::of(&group.document)?, expected);
    if !saved.map_err(taken)? {
        return Err(ResourceError::VersionMismatch);
    }
    Ok(Saved { group, unknown_members })
}

/// Entra names one member an operation: neighbors that do the same are one change, and filters are held against all
/// members once.
fn joined(changes: &[MembershipChange]) -> Vec<MembershipChange> {
    let mut all: Vec<MembershipChange> = Vec::new();
    for change in changes {
        match (all.last_mut(), change) {
            (Some(MembershipChange::Add(last)), MembershipChange::Add(next)) => {
                last.extend_from_slice(next);
            }
            (Some(MembershipChange::Remove(last)), MembershipChange::Remove(next)) => {
                last.extend_from_slice(next);
            }
            (
                Some(MembershipChange::RemoveMatching(Filter::Or(last))),
                MembershipChange::RemoveMatching(next),
            ) => last.push(next.clone()),
            (
                Some(MembershipChange::RemoveMatching(last)),
                MembershipChange::RemoveMatching(next),
            ) => *last = Filter::Or(vec![last.clone(), next.clone()]),
            _ => all.push(change.clone()),
        }
    }
    all
}

fn taken(error: StoreError) -> ResourceError {
    match error {
        StoreError::Conflict { .. } => ResourceError::Taken(Unique::DisplayName),
        other => other.into(),
    }
}

/// Carries out one change to the members and answers how many rows it touched.
fn carry_out(
    store: &mut dyn Store,
    group: &Group,
    change: &MembershipChange,
    base_url: &str,
    unknown: &mut Vec<String>,
    now: Timestamp,
) -> Result<u64, ResourceError> {
    let mut add = |store: &mut dyn Store, members: &[Member]| -> Result<u64, StoreError> {
        let added = store.add_members(group, members, now)?;
        unknown.extend(added.unknown);
        Ok(added.added)
    };
    Ok(match change {
        MembershipChange::Add(members) => add(store, members)?,
        MembershipChange::Remove(ids) => store.remove_members(group.id, ids)?,
        MembershipChange::RemoveAll => store.remove_all_members(group.id)?,
        MembershipChange::RemoveMatching(filter) => {
            let ids = matching(&store.members(group.id)?, filter, base_url);
            store.remove_members(group.id, &ids)?
        }
        MembershipChange::Replace(members) => {
            let kept: std::collections::HashSet<&str> =
                members.iter().map(|member| member.value.as_str()).collect();
            let mut gone = store.members(group.id)?;
            gone.retain(|member| !kept.contains(member.value.as_str()));
            let gone: Vec<String> = gone.into_iter().map(|member| member.value).collect();
            store.remove_members(group.id, &gone)? + add(store, members)?
        }
    })
}

/// A filter sees a member as its group shows it.
fn matching(members: &[RenderedMember], filter: &Filter, base_url: &str) -> Vec<String> {
    let fits =
        |member: &&RenderedMember| evaluate::matches(filter, &render_member(member, base_url));
    members.iter().filter(fits).map(|member| member.value.clone()).collect()
}

/// Deletes a group for SCIM: not found from now on, its name free, its members' accounts as they were.
///
/// # Errors
/// See [`ResourceError`].
pub fn delete(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: GroupId,
    guard: &Guard,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ResourceError> {
    let group = guarded(store, principal, id, guard)?;
    if !store.tombstone_group(group.organization, id, group.version, now)? {
        return Err(ResourceError::VersionMismatch);
    }
    store.release_unique_values(&id.to_string())?;
    // A new group of the same name is another one: it makes nobody an admin.
    roles::forget_group(store, group.organization, id, now, rng)?;
    store.remove_all_members(id)?;
    store.leave_groups(group.organization, &id.to_string(), now)?;
    note(EventKind::GroupDeleted, &group, principal).record(store, now, rng)?;
    Ok(())
}
