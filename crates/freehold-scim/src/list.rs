//! Lists: reading the query (RFC 7644 §3.4.2, RFC 9865 §2) and rendering the page.

use serde_json::{Map, Value, json};

use crate::cursor::{Cursor, Fingerprint};
use crate::error::ScimError;
use crate::filter::{self, Filter};
use crate::limits;
use crate::parameters::Parameters;
use crate::projection::Projection;
use crate::schema::{AttributeRef, ResourceType, Returned, Type, urn};

/// The query of a list request.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources; all without one.
    pub filter: Option<Filter>,
    /// Where the page begins.
    pub page: Page,
    /// How many resources at most; 0, which only a page by index has, asks for the total alone.
    pub count: u64,
    /// In which order, if the client says.
    pub sort: Option<Sort>,
    /// Which attributes.
    pub projection: Projection,
    /// What the cursors of this query are bound to.
    pub fingerprint: Fingerprint,
}

/// Where a page begins. Which way of paging it is, the client says by the parameter `cursor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// RFC 7644 §3.4.2.4.
    Index {
        /// The first resource, counted from 1.
        start_index: u64,
    },
    /// RFC 9865 §2: behind the position of the cursor, or the first page without one.
    Cursor(Option<Cursor>),
}

/// `sortBy` and `sortOrder`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// What decides the order.
    pub by: AttributeRef,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl ListQuery {
    /// Reads a raw query string. Unknown parameters are ignored, among them Entra's
    /// `aadOptscim062020`. `now` is in milliseconds since 1970; cursors grow old by it.
    ///
    /// # Errors
    /// `invalidFilter` for the filter, `invalidPath` for `sortBy`, `invalidValue` for a number
    /// that is none and for a parameter given twice with different values, `invalidCursor`,
    /// `expiredCursor` and `invalidCount` of RFC 9865 in a query with a cursor.
    pub fn parse(raw: &str, resource: &'static ResourceType, now: u64) -> Result<Self, ScimError> {
        Self::from_parameters(&Parameters::of_query(raw)?, resource, now)
    }

    /// Reads the body of a `/.search`: RFC 7644 §3.4.3.
    ///
    /// # Errors
    /// As [`Self::parse`]; `invalidSyntax` for what is no SearchRequest.
    pub fn parse_search(
        body: &[u8],
        resource: &'static ResourceType,
        now: u64,
    ) -> Result<Self, ScimError> {
        Self::from_parameters(&Parameters::of_search(body, resource.body_bytes)?, resource, now)
    }

    fn from_parameters(
        parameters: &Parameters,
        resource: &'static ResourceType,
        now: u64,
    ) -> Result<Self, ScimError> {
        let filter = match parameters.find_text("filter")? {
            Some(text) => Some(filter::parse(text, resource)?),
            None => None,
        };
        let sort = sort(parameters, resource)?;
        let fingerprint = Fingerprint::of(resource, filter.as_ref(), sort);
        let (page, count) = page(parameters, fingerprint, now)?;
        let projection = Projection::of(parameters, resource);
        Ok(Self { filter, page, count, sort, projection, fingerprint })
    }
}

/// The page that is asked for, and its size.
pub(crate) fn page(
    parameters: &Parameters,
    fingerprint: Fingerprint,
    now: u64,
) -> Result<(Page, u64), ScimError> {
    let Some(cursor) = parameters.find("cursor")? else { return page_by_index(parameters) };
    if parameters.find_text("startIndex")?.is_some() {
        return Err(ScimError::invalid_cursor(
            "startIndex and cursor are two ways of paging; a query has one of them.",
        ));
    }
    let count = cursor_count(parameters)?;
    // RFC 9865 §2: empty for the first page.
    let cursor = match cursor.trim() {
        "" => None,
        text => Some(Cursor::parse(text, fingerprint, now)?),
    };
    Ok((Page::Cursor(cursor), count))
}

/// RFC 7644 §3.4.2.4: a start below 1 is 1, a negative count is 0.
fn page_by_index(parameters: &Parameters) -> Result<(Page, u64), ScimError> {
    let start_index = parameters.number("startIndex")?.unwrap_or(1).max(1).unsigned_abs();
    let count = match parameters.number("count")? {
        Some(count) => count.max(0).unsigned_abs().min(limits::MAX_COUNT),
        None => limits::DEFAULT_COUNT,
    };
    Ok((Page::Index { start_index }, count))
}

/// RFC 9865 §2: a positive integer. More than a page holds is a page, "regardless of what is
/// specified for the count" (§4, maxPageSize).
fn cursor_count(parameters: &Parameters) -> Result<u64, ScimError> {
    let limit = limits::MAX_COUNT;
    let refusal = || ScimError::invalid_count(format!("count must be between 1 and {limit}."));
    match parameters.number("count").map_err(|_| refusal())? {
        None => Ok(limits::DEFAULT_COUNT),
        Some(count) if count < 1 => Err(refusal()),
        Some(count) => Ok(count.unsigned_abs().min(limit)),
    }
}

fn sort(
    parameters: &Parameters,
    resource: &'static ResourceType,
) -> Result<Option<Sort>, ScimError> {
    let Some(name) = parameters.find_text("sortBy")? else { return Ok(None) };
    let by = sort_attribute(name, resource)?
        .ok_or_else(|| ScimError::invalid_path("sortBy names no attribute."))?;
    Ok(Some(Sort { by, descending: is_descending(parameters)? }))
}

/// The attribute that `sortBy` names, `None` if the type has no such attribute.
pub(crate) fn sort_attribute(
    name: &str,
    resource: &'static ResourceType,
) -> Result<Option<AttributeRef>, ScimError> {
    // An order over what is never given back would give it away bit by bit (RFC 7644 §7.5.2).
    let shown = |it: &AttributeRef| {
        it.attribute().returned != Returned::Never && it.leaf().returned != Returned::Never
    };
    let Some(by) = resource.resolve(name).filter(shown) else { return Ok(None) };
    // RFC 7644 §3.4.2.3: a complex attribute sorts by a sub-attribute; `value` if none is named.
    match (by.leaf().kind, by.leaf().value_attribute()) {
        (Type::Complex, Some(value)) => Ok(Some(by.with_sub(value))),
        (Type::Complex, None) => Err(ScimError::invalid_path("sortBy must name a sub-attribute.")),
        _ => Ok(Some(by)),
    }
}

/// RFC 7644 §3.4.2.3: ascending if the client does not say.
pub(crate) fn is_descending(parameters: &Parameters) -> Result<bool, ScimError> {
    match parameters.find_text("sortOrder")? {
        None => Ok(false),
        Some(order) if order.eq_ignore_ascii_case("ascending") => Ok(false),
        Some(order) if order.eq_ignore_ascii_case("descending") => Ok(true),
        Some(_) => Err(ScimError::invalid_value("sortOrder must be ascending or descending.")),
    }
}

/// The page of a list: RFC 7644 §3.4.2. `total` counts all matches, `start_index` is that of the
/// query.
pub fn list_response(resources: Vec<Value>, total: u64, start_index: u64) -> Value {
    json!({
        "schemas": [urn::LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// A page by cursor: RFC 9865 §2. `total` is left out where it is not known, `next` on the last
/// page.
pub fn cursor_response(resources: Vec<Value>, total: Option<u64>, next: Option<&str>) -> Value {
    let mut map = Map::new();
    let mut set = |name: &str, value: Value| map.insert(name.to_owned(), value);
    set("schemas", json!([urn::LIST_RESPONSE]));
    if let Some(total) = total {
        set("totalResults", total.into());
    }
    set("itemsPerPage", resources.len().into());
    if let Some(next) = next {
        set("nextCursor", next.into());
    }
    set("Resources", resources.into());
    Value::Object(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::USER;
    use proptest::prelude::*;

    const NOW: u64 = 1_795_471_220_123;

    fn read(raw: &str) -> ListQuery {
        ListQuery::parse(raw, &USER, NOW).unwrap_or_else(|error| panic!("{raw}: {error}"))
    }

    #[test]
    fn a_list_without_parameters_starts_at_one_with_the_default_count() {
        let query = read("");
        assert_eq!(query.page, Page::Index { start_index: 1 });
        assert_eq!(query.count, limits::DEFAULT_COUNT);
        assert_eq!((query.filter, query.sort), (None, None));
    }

    #[test]
    fn numbers_outside_the_range_are_moved_into_it() {
        for (raw, start_index, count) in [
            ("startIndex=0&count=10", 1, 10),
            ("startIndex=-5&count=-1", 1, 0),
            ("startIndex=7&count=0", 7, 0),
            ("startIndex=1&count=100000", 1, limits::MAX_COUNT),
            ("startIndex=99999999999999999999", i64::MAX.unsigned_abs(), limits::DEFAULT_COUNT),
            ("count=-99999999999999999999", 1, 0),
            ("STARTINDEX=3&startindex=3", 3, limits::DEFAULT_COUNT),
        ] {
            let query = read(raw);
            assert_eq!((query.page, query.count), (Page::Index { start_index }, count), "{raw}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_name() {
        for (raw, kind, name) in [
            ("startIndex=one", "invalidValue", "startIndex"),
            ("count=1.5", "invalidValue", "count"),
            ("count=1&count=2", "invalidValue", "count"),
            ("filter=shoeSize+eq+1", "invalidFilter", "shoeSize"),
            ("sortBy=shoeSize", "invalidPath", "sortBy"),
            ("sortBy=name", "invalidPath", "sortBy"),
            ("sortBy=password", "invalidPath", "sortBy"),
            ("sortBy=userName&sortOrder=up", "invalidValue", "sortOrder"),
        ] {
            let error = ListQuery::parse(raw, &USER, NOW).expect_err(raw);
            assert_eq!(error.scim_type, Some(kind), "{raw}");
            assert!(error.detail.contains(name), "{raw}: {error}");
        }
    }

    #[test]
    fn the_first_queries_of_entra_and_okta_are_read() {
        let okta = read("filter=userName%20eq%20%22a%40x%22&startIndex=1&count=100");
        assert_eq!(okta.filter.map(|it| it.to_string()).as_deref(), Some("userName eq \"a@x\""));
        let entra = read("aadOptscim062020?filter=externalId+eq+%22guid%22");
        assert_eq!(
            entra.filter.map(|it| it.to_string()).as_deref(),
            Some("externalId eq \"guid\"")
        );
    }

    #[test]
    fn sorting_by_a_complex_attribute_sorts_by_its_value() {
        let sort = read("sortBy=emails&sortOrder=Descending").sort.expect("sorts");
        assert_eq!((sort.by.to_string().as_str(), sort.descending), ("emails.value", true));
    }

    #[test]
    fn a_search_says_in_a_body_what_a_list_says_in_a_query() {
        let body = json!({
            "schemas": [urn::SEARCH_REQUEST], "attributes": ["userName", "emails.value"],
            "filter": "userName sw \"a\"", "startIndex": 2, "count": 5, "sortBy": "userName",
        });
        let search = ListQuery::parse_search(body.to_string().as_bytes(), &USER, NOW);
        let list = read(
            "attributes=userName,emails.value&filter=userName%20sw%20%22a%22&startIndex=2&count=5\
             &sortBy=userName",
        );
        assert_eq!(search, Ok(list));
    }

    #[test]
    fn a_search_that_is_none_is_refused() {
        for body in [
            json!([]),
            json!({"schemas": [urn::PATCH_OP]}),
            json!({"attributes": [1]}),
            json!({"count": true}),
            json!({"filter": {}}),
        ] {
            let error = ListQuery::parse_search(body.to_string().as_bytes(), &USER, NOW);
            assert_eq!(error.expect_err("refused").scim_type, Some("invalidSyntax"), "{body}");
        }
    }

    #[test]
    fn a_cursor_without_a_value_asks_for_the_first_page() {
        // RFC 9865 §2, first example; the others are how clients may write the same.
        for raw in ["filter=userName%20sw%20%22J%22&cursor&count=10", "cursor=&count=10"] {
            let query = read(raw);
            assert_eq!((query.page, query.count), (Page::Cursor(None), 10), "{raw}");
        }
        let query = read("CURSOR=%20&startIndex=&count=100000");
        assert_eq!((query.page, query.count), (Page::Cursor(None), limits::MAX_COUNT));
        assert_eq!(read("cursor").count, limits::DEFAULT_COUNT);
        let body = json!({"schemas": [urn::SEARCH_REQUEST], "cursor": "", "count": 10});
        let search = ListQuery::parse_search(body.to_string().as_bytes(), &USER, NOW);
        assert_eq!(search.expect("reads").page, Page::Cursor(None));
    }

    #[test]
    fn a_cursor_leads_on_in_its_own_query_and_nowhere_else() {
        let own = "filter=userName%20sw%20%22J%22&sortBy=userName";
        let first = read(&format!("{own}&cursor"));
        let cursor = Cursor { made_at: NOW, key: None, id: "7".to_owned() };
        let text = cursor.render(first.fingerprint);
        // The spelling of the filter, the size of the page and the attributes may differ.
        let again = "filter=USERNAME+SW+%22J%22&sortBy=username&count=5&attributes=id";
        let next = read(&format!("{again}&cursor={text}"));
        assert_eq!(next.page, Page::Cursor(Some(cursor)));
        for other in [
            "filter=userName%20sw%20%22K%22&sortBy=userName",
            "sortBy=userName",
            "filter=userName%20sw%20%22J%22",
            "filter=userName%20sw%20%22J%22&sortBy=userName&sortOrder=descending",
        ] {
            let error = ListQuery::parse(&format!("{other}&cursor={text}"), &USER, NOW);
            let error = error.expect_err("another query");
            assert_eq!(error.scim_type, Some("invalidCursor"), "{other}");
        }
    }

    #[test]
    fn what_makes_no_sense_beside_a_cursor_is_refused() {
        for (raw, kind) in [
            ("cursor&count=0", "invalidCount"),
            ("cursor&count=-1", "invalidCount"),
            ("cursor&count=ten", "invalidCount"),
            ("cursor&startIndex=1", "invalidCursor"),
            ("cursor=VZUTiyhEQJ94IR", "invalidCursor"),
            ("cursor=a&cursor=b", "invalidValue"),
        ] {
            let error = ListQuery::parse(raw, &USER, NOW).expect_err(raw);
            assert_eq!((error.status, error.scim_type), (400, Some(kind)), "{raw}");
        }
    }

    #[test]
    fn a_page_by_cursor_says_where_the_next_one_is_and_has_no_index() {
        assert_eq!(
            cursor_response(vec![json!({"id": "1"})], Some(2), Some("abc")),
            json!({"schemas": [urn::LIST_RESPONSE], "totalResults": 2, "itemsPerPage": 1,
                   "nextCursor": "abc", "Resources": [{"id": "1"}]})
        );
        assert_eq!(
            cursor_response(Vec::new(), None, None),
            json!({"schemas": [urn::LIST_RESPONSE], "itemsPerPage": 0, "Resources": []})
        );
    }

    #[test]
    fn an_empty_page_has_an_empty_list() {
        assert_eq!(
            list_response(Vec::new(), 0, 1),
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                   "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": []})
        );
    }

    proptest! {
        #[test]
        fn no_query_and_no_search_panics(raw in "\\PC*", value in "[%+&=?0-9a-fA-F-]{0,30}") {
            let _ = ListQuery::parse(&raw, &USER, NOW);
            let _ = ListQuery::parse(&format!("filter={value}&startIndex={value}&cursor={value}"), &USER, NOW);
            let _ = ListQuery::parse_search(raw.as_bytes(), &USER, NOW);
        }
    }
}
