//! Queries over all types at once: RFC 7644 §3.4.2.1 (`GET /`) and §3.4.3 (`POST /.search`).
//!
//! The types stand one after another, each in its own order; with `sortBy` they are merged.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use freehold_directory::{
    ResourceError, ScimPrincipal, Store, Timestamp,
    listing::{self, ListRequest, Members, Shown, With},
};
use freehold_scim::{
    ScimError,
    cursor::Cursor,
    list::{Page, Sort, cursor_response, list_response},
    root::{RootPart, RootQuery},
    sort::{SortKey, sort_key},
};
use serde_json::Value;

use super::{call::Call, document, problem::ScimProblem, read_body};
use crate::http::App;

/// How far into a merged list an index may reach: everything before it has to be read.
const DEEPEST: u64 = 10_000;

/// `GET /scim/v2?filter=..`
pub(super) async fn list(
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let call = Call::of(&request)?;
    let now = call.now().as_millis();
    let query = RootQuery::parse(request.query_string(), &app.catalog, now)?;
    answer(&app, &call, query).await
}

/// `POST /scim/v2/.search`
pub(super) async fn search(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let call = Call::of(&request)?;
    let body = read_body(&request, payload, super::SEARCH_LIMIT).await?;
    call.saw_body(&body);
    let query = RootQuery::parse_search(&body, &app.catalog, call.now().as_millis())?;
    answer(&app, &call, query).await
}

async fn answer(app: &App, call: &Call, query: RootQuery) -> Result<HttpResponse, ScimProblem> {
    let (principal, now, base_url) = (call.principal().clone(), call.now(), app.site.scim_url());
    let (page, fingerprint) = (query.page.clone(), query.fingerprint);
    let found = app
        .database
        .scan(move |store| {
            let asked = Asked { query: &query, principal: &principal, base_url: &base_url, now };
            match (query.descending, &query.page) {
                (Some(descending), _) => asked.merged(store, descending),
                (None, Page::Index { start_index }) => asked.by_index(store, *start_index),
                (None, Page::Cursor(after)) => asked.by_cursor(store, after.as_ref()),
            }
        })
        .await?;
    let list = match page {
        Page::Index { start_index } => list_response(found.resources, found.total, start_index),
        Page::Cursor(_) => {
            let next = found.next.map(|cursor| cursor.render(fingerprint));
            cursor_response(found.resources, Some(found.total), next.as_deref())
        }
    };
    Ok(document(StatusCode::OK, &list))
}

/// A page over all types.
struct Found {
    total: u64,
    resources: Vec<Value>,
    next: Option<Cursor>,
}

struct Asked<'a> {
    query: &'a RootQuery,
    principal: &'a ScimPrincipal,
    base_url: &'a str,
    now: Timestamp,
}

impl Asked<'_> {
    /// One type's part of the list.
    fn part(
        &self,
        store: &mut dyn Store,
        part: &RootPart,
        sort: Option<Sort>,
        page: &Page,
        count: u64,
    ) -> Result<listing::ListPage, ResourceError> {
        let shows = |name| part.projection.shows(name);
        let request = ListRequest {
            kind: part.kind,
            filter: part.filter.as_ref(),
            sort,
            page,
            count,
            with: With { groups: shows("groups"), members: Members::all_if(shows("members")) },
            base_url: self.base_url,
        };
        listing::list(store, self.principal, &request, self.now)
    }

    fn render(&self, part: &RootPart, shown: &Shown) -> Value {
        let mut value = shown.render(part.kind, self.base_url);
        part.projection.apply(&mut value);
        value
    }

    /// The types one after another, by index.
    fn by_index(&self, store: &mut dyn Store, start_index: u64) -> Result<Found, ResourceError> {
        let mut found = Found { total: 0, resources: Vec::new(), next: None };
        let mut skipped = start_index.max(1) - 1;
        for part in &self.query.parts {
            let left = self.query.count - found.resources.len() as u64;
            let page = Page::Index { start_index: skipped + 1 };
            let own = self.part(store, part, None, &page, left)?;
            skipped = skipped.saturating_sub(own.total);
            found.total += own.total;
            found.resources.extend(own.resources.iter().map(|shown| self.render(part, shown)));
        }
        Ok(found)
    }

    /// The types one after another, behind the last id of the type that a cursor names.
    fn by_cursor(
        &self,
        store: &mut dyn Store,
        after: Option<&Cursor>,
    ) -> Result<Found, ResourceError> {
        let (first, id) = after.map(position).transpose()?.unwrap_or((0, None));
        let mut found = Found { total: 0, resources: Vec::new(), next: None };
        let mut last = None;
        for (place, part) in self.query.parts.iter().enumerate() {
            let left = self.query.count - found.resources.len() as u64;
            if place < first || left == 0 {
                let total = self.part(store, part, None, &COUNT_ONLY, 0)?.total;
                found.total += total;
                if place >= first && total > 0 {
                    found.next = found.next.or_else(|| last.clone());
                }
                continue;
            }
            let behind = id.clone().filter(|_| place == first);
            let page = Page::Cursor(behind.map(|id| self.cursor(None, id)));
            let own = self.part(store, part, None, &page, left)?;
            found.total += own.total;
            found.resources.extend(own.resources.iter().map(|shown| self.render(part, shown)));
            if let Some(shown) = own.resources.last() {
                last = Some(self.cursor(None, format!("{place}.{}", shown.stored.id())));
            }
            found.next = own.next.and_then(|_| last.clone());
        }
        Ok(found)
    }

    fn cursor(&self, key: Option<SortKey>, id: String) -> Cursor {
        Cursor { made_at: self.now.as_millis(), key, id }
    }

    /// The types merged by their keys. By index everything before the page is read, by cursor only the page.
    fn merged(&self, store: &mut dyn Store, descending: bool) -> Result<Found, ResourceError> {
        let (skipped, from) = match &self.query.page {
            Page::Index { start_index } => (shallow(start_index.max(&1) - 1)?, None),
            Page::Cursor(cursor) => (0, cursor.as_ref()),
        };
        let wanted = skipped + self.query.count + 1;
        let (mut total, mut rows) = (0, Vec::new());
        for (place, part) in self.query.parts.iter().enumerate() {
            let (own, shown) = self.ordered(store, part, descending, from, wanted)?;
            total += own;
            rows.extend(shown.into_iter().map(|shown| self.row(part, place, shown)));
        }
        rows.sort_by(|one, other| {
            let order = one.order().cmp(&other.order());
            if descending { order.reverse() } else { order }
        });
        let usize_of = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let mut rows = rows.into_iter().skip(usize_of(skipped));
        let taken: Vec<Row> = rows.by_ref().take(usize_of(self.query.count)).collect();
        let by_cursor = matches!(self.query.page, Page::Cursor(_));
        let last = taken.last().filter(|_| by_cursor && rows.next().is_some());
        let next = last.map(|row| self.cursor(Some(row.key.clone()), row.id.clone()));
        let resources = taken.into_iter().map(|row| row.value).collect();
        Ok(Found { total, resources, next })
    }

    /// The total of a type, and its first so many resources behind a place. Resources of a type without the attribute
    /// are all absent there: their ids decide.
    fn ordered(
        &self,
        store: &mut dyn Store,
        part: &RootPart,
        descending: bool,
        from: Option<&Cursor>,
        wanted: u64,
    ) -> Result<(u64, Vec<Shown>), ResourceError> {
        let (by, from) = match (part.sort_by, from) {
            (Some(by), from) => (Some(by), from.cloned()),
            (None, None) => (part.kind.resolve("id"), None),
            (None, Some(cursor)) if cursor.key == Some(SortKey::Absent) => {
                let key = Some(SortKey::Text(cursor.id.clone()));
                (part.kind.resolve("id"), Some(Cursor { key, ..cursor.clone() }))
            }
            // What is absent comes first when descending: the cursor is past all of it.
            (None, Some(_)) if descending => {
                return Ok((self.part(store, part, None, &COUNT_ONLY, 0)?.total, Vec::new()));
            }
            (None, Some(_)) => (part.kind.resolve("id"), None),
        };
        let sort = by.map(|by| Sort { by, descending });
        let own = self.part(store, part, sort, &Page::Cursor(from), wanted)?;
        Ok((own.total, own.resources))
    }

    fn row(&self, part: &RootPart, place: usize, shown: Shown) -> Row {
        let whole = shown.render(part.kind, self.base_url);
        let key = part.sort_by.map_or(SortKey::Absent, |by| sort_key(&whole, by));
        Row { key, id: shown.stored.id(), place, value: self.render(part, &shown) }
    }
}

/// Asks for the total alone.
static COUNT_ONLY: Page = Page::Index { start_index: 1 };

/// A resource in a merged list.
struct Row {
    key: SortKey,
    id: String,
    place: usize,
    value: Value,
}

impl Row {
    fn order(&self) -> (&SortKey, &str, usize) {
        (&self.key, &self.id, self.place)
    }
}

/// The type and the id that a cursor of types one after another names.
fn position(cursor: &Cursor) -> Result<(usize, Option<String>), ScimError> {
    let read = || {
        let (place, id) = cursor.id.split_once('.')?;
        Some((place.parse().ok()?, Some(id.to_owned())))
    };
    read().ok_or_else(|| ScimError::invalid_cursor("The cursor is none of this query."))
}

fn shallow(skipped: u64) -> Result<u64, ScimError> {
    if skipped <= DEEPEST {
        return Ok(skipped);
    }
    Err(ScimError::too_many(format!(
        "A sorted list over all types is paged by index only through its first {DEEPEST} resources; \
         page by cursor."
    )))
}
