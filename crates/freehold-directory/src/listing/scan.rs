//! Lists whose filter or order the database cannot decide: candidates are read page by page and evaluated. Only what
//! the answer needs is kept, and of an order only keys and ids.

use std::collections::BTreeSet;

use freehold_scim::ScimError;
use freehold_scim::evaluate;
use freehold_scim::list::{Page, Sort};
use freehold_scim::sort::{SortKey, sort_key};
use freehold_wire::{OrganizationId, Timestamp};

use super::{ListPage, ListRequest, Members, Shelf, Shown, Slice, Start, Stored, Wanted, With};
use crate::resource_error::ResourceError;
use crate::store::Store;
use crate::tokens::ScimPrincipal;

/// Resources read at a time.
const SCAN_PAGE: u64 = 200;

/// Keys kept at most, to find the page of a sorted list: a million resources can be paged through.
const KEPT: u64 = 1_000_000;

pub(super) fn list(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    request: &ListRequest<'_>,
    now: Timestamp,
) -> Result<ListPage, ResourceError> {
    let organization = principal.organization();
    let (total, found) = match request.sort {
        None => by_id(store, organization, request)?,
        Some(sort) => sorted(store, organization, request, sort)?,
    };
    super::finish(store, request, total, found, now)
}

/// Calls `meet` with every resource that matches, by id; answers how many there are.
fn each(
    store: &mut dyn Store,
    organization: OrganizationId,
    request: &ListRequest<'_>,
    mut meet: impl FnMut(u64, Shown, serde_json::Value),
) -> Result<u64, ResourceError> {
    let with = needed(request);
    let (mut total, mut after) = (0, String::new());
    loop {
        let slice = Slice {
            shelf: Shelf::of(request.kind),
            filter: request.filter,
            sort: None,
            start: Start::After(None, &after),
            limit: SCAN_PAGE,
        };
        let candidates = store.slice(organization, &slice)?;
        let full = candidates.len() as u64 == SCAN_PAGE;
        after = candidates.last().map(Stored::id).unwrap_or_default();
        for shown in super::accompany(store, candidates, with)? {
            store.on_time()?;
            let rendered = shown.render(request.kind, request.base_url);
            if request.filter.is_none_or(|filter| evaluate::matches(filter, &rendered)) {
                meet(total, shown, rendered);
                total += 1;
            }
        }
        if !full {
            return Ok(total);
        }
    }
}

/// What has to be read before a resource can be evaluated.
fn needed(request: &ListRequest<'_>) -> With {
    let asks = |name| request.filter.is_some_and(|filter| super::mentions(filter, name));
    let with = With { groups: asks("groups"), members: Members::all_if(asks("members")) };
    with.and_order(request.sort)
}

fn by_id(
    store: &mut dyn Store,
    organization: OrganizationId,
    request: &ListRequest<'_>,
) -> Result<(u64, Vec<Stored>), ResourceError> {
    let Wanted { start, limit } = Wanted::of(request);
    let mut found = Vec::new();
    let total = each(store, organization, request, |place, shown, _| {
        let begun = match start {
            Start::Offset(offset) => place >= offset,
            Start::After(_, id) => shown.stored.id().as_str() > id,
        };
        if begun && (found.len() as u64) < limit {
            found.push(shown.stored);
        }
    })?;
    Ok((total, found))
}

/// Where a resource stands in a sorted list.
#[derive(Eq, PartialEq)]
struct Place {
    key: SortKey,
    id: String,
    descending: bool,
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let order = self.key.cmp(&other.key).then_with(|| self.id.cmp(&other.id));
        if self.descending { order.reverse() } else { order }
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn sorted(
    store: &mut dyn Store,
    organization: OrganizationId,
    request: &ListRequest<'_>,
    sort: Sort,
) -> Result<(u64, Vec<Stored>), ResourceError> {
    let (skipped, after, kept) = window(request, sort);
    if kept > KEPT {
        return Err(too_deep());
    }
    let mut places = BTreeSet::new();
    let total = each(store, organization, request, |_, shown, rendered| {
        let key = sort_key(&rendered, sort.by);
        let place = Place { key, id: shown.stored.id(), descending: sort.descending };
        if after.as_ref().is_none_or(|after| place > *after) {
            places.insert(place);
        }
        if places.len() as u64 > kept {
            places.pop_last();
        }
    })?;
    let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
    let ids: Vec<String> = places.into_iter().skip(skipped).map(|place| place.id).collect();
    Ok((total, store.listed(organization, Shelf::of(request.kind), &ids)?))
}

/// How many places are skipped, after which one the page begins, and how many have to be kept.
fn window(request: &ListRequest<'_>, sort: Sort) -> (u64, Option<Place>, u64) {
    let descending = sort.descending;
    match request.page {
        Page::Index { start_index } => {
            let offset = (*start_index).max(1) - 1;
            (
                offset,
                None,
                if request.count == 0 { 0 } else { offset.saturating_add(request.count) },
            )
        }
        Page::Cursor(cursor) => {
            let after = cursor.as_ref().map(|cursor| Place {
                key: cursor.key.clone().unwrap_or(SortKey::Absent),
                id: cursor.id.clone(),
                descending,
            });
            (0, after, request.count + 1)
        }
    }
}

fn too_deep() -> ResourceError {
    let detail = format!(
        "A sorted list is paged by index only through its first {KEPT} resources; page by cursor."
    );
    ScimError::too_many(detail).into()
}
