//! Groups as admins look at them: who is in one, and who becomes an admin by it.

use freehold_scim::fold;
use freehold_wire::{GroupId, Timestamp};

use super::SearchError;
use crate::authority::Admin;
use crate::groups::Group;
use crate::store::Store;
use crate::store_error::StoreError;

/// A group in a list.
#[derive(Clone, Debug)]
pub struct ListedGroup {
    /// The id.
    pub id: GroupId,
    /// The `displayName`.
    pub name: String,
    /// Its folded form, by which groups are listed.
    pub key: String,
    /// Direct members, users and groups, at most [`super::COUNTED`] and one more when there are more.
    pub members: u64,
    /// Since when its members are admins, if they are.
    pub mapped_at: Option<Timestamp>,
}

/// A direct member of a group.
#[derive(Clone, Debug)]
pub struct ListedMember {
    /// The id of a user or group.
    pub id: String,
    /// Whether it is a group.
    pub is_group: bool,
    /// The name to show.
    pub name: String,
    /// Of a user, the `userName`.
    pub user_name: Option<String>,
    /// Of a user, whether it is active.
    pub active: bool,
}

/// One group.
#[derive(Clone, Debug)]
pub struct GroupPage {
    /// The group.
    pub group: Group,
    /// As in a list.
    pub listed: ListedGroup,
    /// Direct members that are active users: those whom a mapping makes admins.
    pub people: u64,
    /// Direct members that are groups: a mapping does not reach into them.
    pub nested: u64,
}

/// A text that groups are found by: `displayName` holds it, in any case.
#[derive(Clone, Debug)]
pub struct GroupSearch(String);

impl GroupSearch {
    /// Parses what somebody typed; `None` when that is nothing but spaces.
    ///
    /// # Errors
    /// As [`super::Search::parse`].
    pub fn parse(text: &str) -> Result<Option<Self>, SearchError> {
        let search = super::Search::parse(text)?;
        Ok(search.map(|search| Self(fold(search.typed()))))
    }

    /// As the keys of names are.
    pub fn folded(&self) -> &str {
        &self.0
    }
}

/// The groups of the admin's organization by name, at most `limit` after the one with this key.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    admin: Admin<'_>,
    search: Option<&GroupSearch>,
    after: &str,
    limit: u64,
) -> Result<Vec<ListedGroup>, StoreError> {
    store.listed_groups(admin.organization(), search, after, limit)
}

/// A group of the admin's organization.
///
/// # Errors
/// A failing database.
pub fn find(
    store: &mut dyn Store,
    admin: Admin<'_>,
    id: GroupId,
) -> Result<Option<GroupPage>, StoreError> {
    let Some(group) = store.group(admin.organization(), id)? else { return Ok(None) };
    let Some(listed) = store.listed_group(admin.organization(), id)? else { return Ok(None) };
    let (people, nested) = store.count_kinds_of_members(id)?;
    Ok(Some(GroupPage { group, listed, people, nested }))
}

/// The direct members of a group of the admin's organization by id, at most `limit` after this one; `None` when there is
/// no such group.
///
/// # Errors
/// A failing database.
pub fn members(
    store: &mut dyn Store,
    admin: Admin<'_>,
    id: GroupId,
    after: &str,
    limit: u64,
) -> Result<Option<Vec<ListedMember>>, StoreError> {
    if store.group(admin.organization(), id)?.is_none() {
        return Ok(None);
    }
    store.listed_members(id, after, limit).map(Some)
}
