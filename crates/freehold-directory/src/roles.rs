//! Roles: what a person may do for the organization, beside what everybody does for himself.
//!
//! The operator, or an owner, makes admins and says which groups do. SCIM grants nothing: it decides who is a member of a
//! mapped group, and by that at most an admin. Keys know no roles.

pub(crate) mod by_group;

use freehold_scim::fold;
use freehold_wire::{GroupId, OrganizationId, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;

/// The highest role of a person; a later one may what an earlier one may.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// Everybody.
    Member,
    /// Administers the organization.
    Admin,
    /// Administers it, and stays one when no identity provider or group says so.
    Owner,
}

impl Role {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Member, Self::Admin, Self::Owner].into_iter().find(|role| role.as_str() == name)
    }
}

/// A role that is granted to a user himself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Grant {
    /// By the command line, or by an owner.
    Admin,
    /// By a link of the command line, and by nothing else.
    Owner,
}

impl Grant {
    /// The role that it gives.
    pub fn role(self) -> Role {
        match self {
            Self::Admin => Role::Admin,
            Self::Owner => Role::Owner,
        }
    }
}

/// A user or group with a role.
#[derive(Clone, Debug)]
pub struct RoleHolder {
    /// The role.
    pub role: Role,
    /// The name.
    pub name: String,
    /// Which one.
    pub holder: Holder,
}

/// Who has a role.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Holder {
    /// A user, by grant.
    User(UserId),
    /// Every direct member of a group.
    Group(GroupId),
}

/// Why a command on roles was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RoleError {
    /// The user has no such grant.
    #[error("the user was not granted this role")]
    NotGranted,
    /// Nobody else could act as an owner.
    #[error("the user is the last active owner")]
    LastOwner,
    /// No group has this name.
    #[error("the organization has no group of this name")]
    UnknownGroup,
    /// The group is not mapped.
    #[error("the group is not mapped to a role")]
    NotMapped,
    /// The user is not there.
    #[error("the organization has no such user")]
    UnknownUser,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a user an admin; answers whether he was none by grant before.
///
/// # Errors
/// [`RoleError::UnknownUser`].
pub fn grant_admin(
    store: &mut dyn Store,
    mandate: Mandate,
    user: UserId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, RoleError> {
    check_user(store, mandate, user)?;
    let by = mandate.words();
    Ok(grant(store, mandate.organization(), user, Grant::Admin, &by, now, rng)?)
}

/// A user of another organization is an unknown one.
fn check_user(store: &mut dyn Store, mandate: Mandate, user: UserId) -> Result<(), RoleError> {
    let found = store.user(mandate.organization(), user)?;
    found.map(drop).ok_or(RoleError::UnknownUser)
}

/// `by` says whose word it is.
pub(crate) fn grant(
    store: &mut dyn Store,
    organization: OrganizationId,
    user: UserId,
    grant: Grant,
    by: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    let new = store.insert_grant(organization, user, grant, now)?;
    if new {
        Event::new(EventKind::RoleGranted, organization)
            .user(user)
            .detail(format!("{} {by}", grant.role().as_str()))
            .record(store, now, rng)?;
    }
    Ok(new)
}

/// Whether the last active owner may go too.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LastOwner {
    /// It stays.
    Keep,
    /// It may go: the next one comes by a link.
    MayGo,
}

/// Takes a granted role away; a group may give it still.
///
/// # Errors
/// [`RoleError::UnknownUser`], [`RoleError::NotGranted`], [`RoleError::LastOwner`].
pub fn revoke(
    store: &mut dyn Store,
    mandate: Mandate,
    user: UserId,
    grant: Grant,
    last_owner: LastOwner,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), RoleError> {
    let organization = mandate.organization();
    check_user(store, mandate, user)?;
    if grant == Grant::Owner && last_owner == LastOwner::Keep {
        let owners = store.active_owners(organization)?;
        if matches!(owners.as_slice(), [(only, _)] if *only == user) {
            return Err(RoleError::LastOwner);
        }
    }
    if !store.delete_grant(user, grant)? {
        return Err(RoleError::NotGranted);
    }
    Event::new(EventKind::RoleRevoked, organization)
        .user(user)
        .detail(format!("{} {}", grant.role().as_str(), mandate.words()))
        .record(store, now, rng)?;
    Ok(())
}

/// Makes every direct member of a group an admin, now and later, for as long as he is a member; answers whether that is
/// new.
///
/// # Errors
/// [`RoleError::UnknownGroup`].
pub fn map(
    store: &mut dyn Store,
    mandate: Mandate,
    group: GroupId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, RoleError> {
    let organization = mandate.organization();
    store.group(organization, group)?.ok_or(RoleError::UnknownGroup)?;
    let new = store.map_group(organization, group, now)?;
    if new {
        note_group(EventKind::RoleMapped, organization, group)
            .by(mandate)
            .record(store, now, rng)?;
    }
    Ok(new)
}

/// Ends [`map`].
///
/// # Errors
/// [`RoleError::UnknownGroup`], [`RoleError::NotMapped`].
pub fn unmap(
    store: &mut dyn Store,
    mandate: Mandate,
    group: GroupId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), RoleError> {
    let organization = mandate.organization();
    store.group(organization, group)?.ok_or(RoleError::UnknownGroup)?;
    if !store.unmap_group(group)? {
        return Err(RoleError::NotMapped);
    }
    let event = note_group(EventKind::RoleUnmapped, organization, group).by(mandate);
    Ok(event.record(store, now, rng)?)
}

/// Unmaps a group that was deleted.
pub(crate) fn forget_group(
    store: &mut dyn Store,
    organization: OrganizationId,
    group: GroupId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    if store.unmap_group(group)? {
        note_group(EventKind::RoleUnmapped, organization, group).record(store, now, rng)?;
    }
    Ok(())
}

/// The group of this name, in any case.
///
/// # Errors
/// [`RoleError::UnknownGroup`].
pub fn group_named(
    store: &mut dyn Store,
    organization: OrganizationId,
    name: &str,
) -> Result<GroupId, RoleError> {
    store.group_name_holder(organization, &fold(name))?.ok_or(RoleError::UnknownGroup)
}

fn note_group(kind: EventKind, organization: OrganizationId, group: GroupId) -> Event {
    Event::new(kind, organization).detail(group.to_string())
}

/// The highest role of a user, by grant or by group.
///
/// # Errors
/// A failing database.
pub fn of(store: &mut dyn Store, user: UserId) -> Result<Role, StoreError> {
    store.role_of(user)
}

/// Who has a role: users by grant, then mapped groups, each by name.
///
/// # Errors
/// A failing database.
pub fn holders(
    store: &mut dyn Store,
    organization: OrganizationId,
) -> Result<Vec<RoleHolder>, StoreError> {
    store.role_holders(organization)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_role_is_greater_and_every_name_reads_back() {
        assert!(Role::Owner > Role::Admin && Role::Admin > Role::Member);
        for role in [Role::Member, Role::Admin, Role::Owner] {
            assert_eq!(Role::from_name(role.as_str()), Some(role));
        }
        assert_eq!(Role::from_name("Owner"), None);
    }
}
