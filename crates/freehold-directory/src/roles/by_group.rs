//! A provisioning client changes the members of a mapped group: who is an admin by that, or is none any more, is told.

use std::collections::BTreeSet;

use freehold_wire::{GroupId, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::events::{Event, EventKind};
use crate::groups::Group;
use crate::store::Store;
use crate::store_error::StoreError;
use crate::tokens::ScimPrincipal;

/// The users in a mapped group before it is changed.
pub(crate) struct Watched(BTreeSet<UserId>);

/// Looks at the members of a group that gives a role; none where it gives none.
pub(crate) fn watch(store: &mut dyn Store, group: GroupId) -> Result<Option<Watched>, StoreError> {
    if !store.is_mapped(group)? {
        return Ok(None);
    }
    users_in(store, group).map(Watched).map(Some)
}

/// Tells what became of the role of each.
pub(crate) fn tell(
    store: &mut dyn Store,
    watched: Option<Watched>,
    group: &Group,
    principal: &ScimPrincipal,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let Some(Watched(before)) = watched else { return Ok(()) };
    let after = users_in(store, group.id)?;
    let granted = after.difference(&before).map(|user| (EventKind::RoleGranted, *user));
    let revoked = before.difference(&after).map(|user| (EventKind::RoleRevoked, *user));
    for (kind, user) in granted.chain(revoked) {
        Event::new(kind, group.organization)
            .user(user)
            .token(principal.token())
            .detail(format!("admin by group {}", group.id))
            .record(store, now, rng)?;
    }
    Ok(())
}

/// Direct members alone have the role; groups in the group are no users.
fn users_in(store: &mut dyn Store, group: GroupId) -> Result<BTreeSet<UserId>, StoreError> {
    let members = store.members(group)?;
    let users = members.iter().filter(|member| member.kind.as_deref() == Some("User"));
    Ok(users.filter_map(|member| member.value.parse().ok()).collect())
}
