//! Lists of resources: what the indexes decide is decided in the database, any other filter or order over pages of bounded
//! size. At no time are all resources in memory.

mod scan;

use freehold_scim::ScimError;
use freehold_scim::cursor::Cursor;
use freehold_scim::filter::Filter;
use freehold_scim::limits;
use freehold_scim::list::{Page, Sort};
use freehold_scim::render::{RenderedMember, UserGroup};
use freehold_scim::schema::ResourceType;
use freehold_scim::sort::{SortKey, sort_key};
use freehold_wire::Timestamp;
use serde_json::Value;

use crate::groups::Group;
use crate::resource_error::ResourceError;
use crate::resources::Resource;
use crate::store::Store;
use crate::store_error::StoreError;
use crate::tokens::ScimPrincipal;
use crate::users::User;

/// Where resources of a type stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shelf {
    /// Accounts.
    Users,
    /// Groups.
    Groups,
    /// Resources of the operator's type of this name.
    Others(&'static str),
}

impl Shelf {
    /// The shelf of a type.
    pub fn of(kind: &'static ResourceType) -> Self {
        match kind.name {
            "User" => Self::Users,
            "Group" => Self::Groups,
            name => Self::Others(name),
        }
    }
}

/// A resource of any type.
#[derive(Clone, Debug)]
pub enum Stored {
    /// An account.
    User(User),
    /// A group.
    Group(Group),
    /// A resource of one of the operator's types.
    Other(Resource),
}

impl Stored {
    /// Its SCIM `id`.
    pub fn id(&self) -> String {
        match self {
            Self::User(user) => user.id.to_string(),
            Self::Group(group) => group.id.to_string(),
            Self::Other(resource) => resource.id.to_string(),
        }
    }

    /// Its version.
    pub fn version(&self) -> u64 {
        match self {
            Self::User(user) => user.version,
            Self::Group(group) => group.version,
            Self::Other(resource) => resource.version,
        }
    }
}

/// A resource with what of other tables is shown with it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The resource.
    pub stored: Stored,
    /// Of a user: the groups.
    pub groups: Vec<UserGroup>,
    /// Of a group: the members, where they are asked for.
    pub members: Option<Vec<RenderedMember>>,
}

impl Shown {
    /// A resource by itself.
    pub fn alone(stored: Stored) -> Self {
        Self { stored, groups: Vec::new(), members: None }
    }

    fn user(&self) -> Option<&User> {
        match &self.stored {
            Stored::User(user) => Some(user),
            _ => None,
        }
    }

    /// The SCIM resource, before a projection.
    pub fn render(&self, kind: &ResourceType, base_url: &str) -> Value {
        match &self.stored {
            Stored::User(user) => user.render(kind, &self.groups, base_url),
            Stored::Group(group) => group.render(kind, self.members.as_deref(), base_url),
            Stored::Other(resource) => resource.render(kind, base_url),
        }
    }
}

/// What of other tables is read with a resource.
#[derive(Clone, Copy, Debug, Default)]
pub struct With {
    /// The groups of users.
    pub groups: bool,
    /// The members of groups.
    pub members: Members,
}

impl With {
    /// This, and what decides where a resource stands in an order.
    fn and_order(self, sort: Option<Sort>) -> Self {
        let by = |name| sort.is_some_and(|sort| sort.by.attribute().name == name);
        let members = if by("members") { Members::All } else { self.members };
        Self { groups: self.groups || by("groups"), members }
    }
}

/// Which groups are read with their members.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Members {
    /// None.
    #[default]
    No,
    /// Those with at most [`FEW_MEMBERS`]: nobody asked for them, and they cost little.
    Few,
    /// All.
    All,
}

impl Members {
    /// All groups with their members, or none.
    pub fn all_if(asked: bool) -> Self {
        if asked { Self::All } else { Self::No }
    }
}

/// A group of so many members is shown with them without being asked.
pub const FEW_MEMBERS: u64 = 200;

/// What part of a listing is wanted.
#[derive(Clone, Debug)]
pub struct ListRequest<'a> {
    /// Resources of this type.
    pub kind: &'static ResourceType,
    /// Only those that match.
    pub filter: Option<&'a Filter>,
    /// In this order; otherwise in that of creation.
    pub sort: Option<Sort>,
    /// Where the page begins.
    pub page: &'a Page,
    /// At most so many.
    pub count: u64,
    /// What is read with them.
    pub with: With,
    /// The address under which resources are shown, for filters on `meta.location`.
    pub base_url: &'a str,
}

/// A page of a listing.
#[derive(Clone, Debug)]
pub struct ListPage {
    /// How many resources match in all.
    pub total: u64,
    /// The resources of this page.
    pub resources: Vec<Shown>,
    /// Of a page by cursor: where the next one begins, unless this is the last.
    pub next: Option<Cursor>,
}

/// Where a slice of a table begins.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// After so many.
    Offset(u64),
    /// After the resource with this key and id; the id alone where there is no order.
    After(Option<&'a SortKey>, &'a str),
}

/// A slice of a table.
#[derive(Clone, Copy, Debug)]
pub struct Slice<'a> {
    /// Which shelf.
    pub shelf: Shelf,
    /// What of the filter the database can decide.
    pub filter: Option<&'a Filter>,
    /// By which column; by id without one.
    pub sort: Option<Sort>,
    /// Where it begins.
    pub start: Start<'a>,
    /// How many rows at most.
    pub limit: u64,
}

/// Lists resources.
///
/// # Errors
/// `tooMany` where the answer, or what has to be remembered for it, would be larger than the server is willing to hold.
pub fn list(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    request: &ListRequest<'_>,
    now: Timestamp,
) -> Result<ListPage, ResourceError> {
    let shelf = Shelf::of(request.kind);
    let decided = request.filter.is_none_or(|filter| store.decides(shelf, filter));
    let ordered = request.sort.is_none_or(|sort| store.orders(shelf, &sort));
    if !(decided && ordered) {
        return scan::list(store, principal, request, now);
    }
    let organization = principal.organization();
    let Wanted { start, limit } = Wanted::of(request);
    let filter = request.filter;
    let slice = Slice { shelf, filter, sort: request.sort, start, limit };
    let found = if limit == 0 { Vec::new() } else { store.slice(organization, &slice)? };
    let total = match start {
        // A first page that is not full holds everything: no need to count.
        Start::Offset(0) if (found.len() as u64) < limit => found.len() as u64,
        _ => store.count_listed(organization, shelf, filter)?,
    };
    finish(store, request, total, found, now)
}

/// What a request asks of the database: by cursor one more, to see whether there is a next page.
struct Wanted<'a> {
    start: Start<'a>,
    limit: u64,
}

impl<'a> Wanted<'a> {
    fn of(request: &ListRequest<'a>) -> Self {
        match request.page {
            Page::Index { start_index } => {
                Self { start: Start::Offset((*start_index).max(1) - 1), limit: request.count }
            }
            Page::Cursor(None) => Self { start: Start::Offset(0), limit: request.count + 1 },
            Page::Cursor(Some(cursor)) => Self {
                start: Start::After(cursor.key.as_ref(), &cursor.id),
                limit: request.count + 1,
            },
        }
    }
}

/// Cuts the one too many off a page by cursor, and reads what is shown with the rest.
fn finish(
    store: &mut dyn Store,
    request: &ListRequest<'_>,
    total: u64,
    mut found: Vec<Stored>,
    now: Timestamp,
) -> Result<ListPage, ResourceError> {
    let count = usize::try_from(request.count).unwrap_or(usize::MAX);
    let by_cursor = matches!(request.page, Page::Cursor(_));
    let more = by_cursor && found.len() > count;
    found.truncate(count);
    // A cursor holds the key of the last one, which need not be shown.
    let with = if by_cursor { request.with.and_order(request.sort) } else { request.with };
    let resources = accompany(store, found, with)?;
    let last = resources.last().filter(|_| more);
    let next = last.map(|last| position(last, request, now));
    Ok(ListPage { total, resources, next })
}

fn position(last: &Shown, request: &ListRequest<'_>, now: Timestamp) -> Cursor {
    let rendered = || last.render(request.kind, request.base_url);
    Cursor {
        made_at: now.as_millis(),
        key: request.sort.map(|sort| sort_key(&rendered(), sort.by)),
        id: last.stored.id(),
    }
}

/// Reads what is shown with resources, with one question for all users, and hides what is no longer so.
///
/// # Errors
/// `tooMany` where the groups have more members together than one answer holds.
pub fn accompany(
    store: &mut dyn Store,
    stored: Vec<Stored>,
    with: With,
) -> Result<Vec<Shown>, ResourceError> {
    let mut shown: Vec<Shown> = stored.into_iter().map(Shown::alone).collect();
    hide_lost_managers(store, &mut shown)?;
    if with.groups {
        add_groups(store, &mut shown)?;
    }
    if with.members != Members::No {
        add_members(store, &mut shown, with.members)?;
    }
    Ok(shown)
}

/// A manager who was deleted is nobody's (RFC 7643 §2.3.7: what is referred to exists). The document keeps the id: who
/// is restored manages the same people again.
fn hide_lost_managers(store: &mut dyn Store, shown: &mut [Shown]) -> Result<(), StoreError> {
    let users = || shown.iter().filter_map(Shown::user);
    let Some(organization) = users().next().map(|user| user.organization) else { return Ok(()) };
    let mut managers: Vec<&str> = users().filter_map(|user| user.document.manager()).collect();
    if managers.is_empty() {
        return Ok(());
    }
    managers.sort_unstable();
    managers.dedup();
    let lost = store.deleted_among(organization, &managers)?;
    for shown in shown {
        if let Stored::User(user) = &mut shown.stored
            && user.document.manager().is_some_and(|manager| lost.contains(manager))
        {
            user.document.forget_manager();
        }
    }
    Ok(())
}

fn add_groups(store: &mut dyn Store, shown: &mut [Shown]) -> Result<(), StoreError> {
    let users: Vec<_> = shown.iter().filter_map(Shown::user).map(|user| user.id).collect();
    if users.is_empty() {
        return Ok(());
    }
    let mut of_users = std::collections::HashMap::<_, Vec<UserGroup>>::new();
    for (user, group) in store.groups_of(&users)? {
        of_users.entry(user).or_default().push(group);
    }
    for shown in shown {
        if let Stored::User(user) = &shown.stored {
            shown.groups = of_users.remove(&user.id).unwrap_or_default();
        }
    }
    Ok(())
}

fn add_members(
    store: &mut dyn Store,
    shown: &mut [Shown],
    which: Members,
) -> Result<(), ResourceError> {
    let mut left = limits::MEMBERS as u64;
    for shown in shown {
        let Stored::Group(group) = &shown.stored else { continue };
        let count = store.count_members(group.id)?;
        if which == Members::Few && count > FEW_MEMBERS {
            continue;
        }
        left = left.checked_sub(count).ok_or_else(too_many_members)?;
        shown.members = Some(store.members(group.id)?);
    }
    Ok(())
}

fn too_many_members() -> ScimError {
    let limit = limits::MEMBERS;
    ScimError::too_many(format!(
        "The groups have more than {limit} members together; ask for fewer groups, or for \
         excludedAttributes=members."
    ))
}

/// Whether a filter asks about an attribute of the core schema.
fn mentions(filter: &Filter, name: &str) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().any(|part| mentions(part, name)),
        Filter::Not(inner) => mentions(inner, name),
        Filter::Present(attribute)
        | Filter::Compare { attribute, .. }
        | Filter::Values { attribute, .. } => attribute.attribute().name == name,
    }
}
