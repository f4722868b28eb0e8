//! Lists: reading the query (RFC 7644 §3.4.2) and rendering the page.

use serde_json::{Value, json};

use crate::error::ScimError;
use crate::filter::{self, Filter};
use crate::projection::Projection;
use crate::query;
use crate::schema::{AttributeRef, ResourceType, Returned, Type, urn};
use crate::user::check_schemas;
use crate::{json as reader, limits};

/// The query of a list request.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources; all without one.
    pub filter: Option<Filter>,
    /// The first resource of the page, counted from 1.
    pub start_index: u64,
    /// How many resources at most; 0 asks for the total alone.
    pub count: u64,
    /// In which order, if the client says.
    pub sort: Option<Sort>,
    /// Which attributes.
    pub projection: Projection,
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
    /// `aadOptscim062020`.
    ///
    /// # Errors
    /// `invalidFilter` for the filter, `invalidPath` for `sortBy`, `invalidValue` for a number
    /// that is none and for a parameter given twice with different values.
    pub fn parse(raw: &str, resource: &'static ResourceType) -> Result<Self, ScimError> {
        Self::from_parameters(&Parameters(query::pairs(raw)?), resource)
    }

    /// Reads the body of a `/.search`: RFC 7644 §3.4.3.
    ///
    /// # Errors
    /// As [`Self::parse`]; `invalidSyntax` for what is no SearchRequest.
    pub fn parse_search(body: &[u8], resource: &'static ResourceType) -> Result<Self, ScimError> {
        let Value::Object(map) = reader::parse_up_to(body, resource.body_bytes)? else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object."));
        };
        check_schemas(&map, urn::SEARCH_REQUEST)?;
        let mut parameters = Vec::new();
        for (name, value) in map {
            if let Some(text) = parameter(value) {
                parameters.push((name, text?));
            }
        }
        Self::from_parameters(&Parameters(parameters), resource)
    }

    fn from_parameters(
        parameters: &Parameters,
        resource: &'static ResourceType,
    ) -> Result<Self, ScimError> {
        let filter = match parameters.find("filter")?.filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(filter::parse(text, resource)?),
            None => None,
        };
        // RFC 7644 §3.4.2.4: less than 1 is 1, a negative count is 0.
        let start_index = parameters.number("startIndex")?.unwrap_or(1).max(1);
        let count = parameters.number("count")?;
        let default = i64::try_from(limits::DEFAULT_COUNT).unwrap_or(i64::MAX);
        Ok(Self {
            filter,
            start_index: start_index.unsigned_abs(),
            count: count.unwrap_or(default).max(0).unsigned_abs().min(limits::MAX_COUNT),
            sort: sort(parameters, resource)?,
            projection: Projection::parse(
                parameters.find("attributes")?,
                parameters.find("excludedAttributes")?,
                resource,
            ),
        })
    }
}

/// The text a member of a SearchRequest would have in a query: lists joined by commas.
fn parameter(value: Value) -> Option<Result<String, ScimError>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Ok(text)),
        Value::Number(number) => Some(Ok(number.to_string())),
        Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            let refusal = || ScimError::invalid_syntax("A list of the search must hold texts.");
            Some(texts.map(|texts| texts.join(",")).ok_or_else(refusal))
        }
        Value::Bool(_) | Value::Object(_) => {
            Some(Err(ScimError::invalid_syntax("A parameter of the search has the wrong type.")))
        }
    }
}

fn sort(
    parameters: &Parameters,
    resource: &'static ResourceType,
) -> Result<Option<Sort>, ScimError> {
    let Some(name) = parameters.find("sortBy")?.map(str::trim).filter(|name| !name.is_empty())
    else {
        return Ok(None);
    };
    let found = resource.resolve(name).filter(|it| it.attribute().returned != Returned::Never);
    let by = found.ok_or_else(|| ScimError::invalid_path("sortBy names no attribute."))?;
    // RFC 7644 §3.4.2.3: a complex attribute sorts by a sub-attribute; `value` if none is named.
    let by = match (by.leaf().kind, by.leaf().value_attribute()) {
        (Type::Complex, Some(value)) => by.with_sub(value),
        (Type::Complex, None) => {
            return Err(ScimError::invalid_path("sortBy must name a sub-attribute."));
        }
        _ => by,
    };
    let descending = match parameters.find("sortOrder")?.map(str::trim) {
        None | Some("") => false,
        Some(order) if order.eq_ignore_ascii_case("ascending") => false,
        Some(order) if order.eq_ignore_ascii_case("descending") => true,
        Some(_) => {
            return Err(ScimError::invalid_value("sortOrder must be ascending or descending."));
        }
    };
    Ok(Some(Sort { by, descending }))
}

struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn find(&self, wanted: &str) -> Result<Option<&str>, ScimError> {
        let mut all = self.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let Some((_, first)) = all.next() else { return Ok(None) };
        // Which of two filters decides must not be a matter of taste.
        if all.any(|(_, other)| other != first) {
            return Err(ScimError::invalid_value(format!("{wanted} is given twice.")));
        }
        Ok(Some(first))
    }

    fn number(&self, wanted: &str) -> Result<Option<i64>, ScimError> {
        let Some(text) = self.find(wanted)?.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(ScimError::invalid_value(format!("{wanted} must be a whole number.")));
        }
        // Longer than any list: the end of the range says the same.
        let end = if text.starts_with('-') { i64::MIN } else { i64::MAX };
        Ok(Some(text.parse().unwrap_or(end)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::USER;
    use proptest::prelude::*;

    fn read(raw: &str) -> ListQuery {
        ListQuery::parse(raw, &USER).unwrap_or_else(|error| panic!("{raw}: {error}"))
    }

    #[test]
    fn a_list_without_parameters_starts_at_one_with_the_default_count() {
        let query = read("");
        assert_eq!((query.start_index, query.count), (1, limits::DEFAULT_COUNT));
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
            assert_eq!((query.start_index, query.count), (start_index, count), "{raw}");
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
            let error = ListQuery::parse(raw, &USER).expect_err(raw);
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
        let search = ListQuery::parse_search(body.to_string().as_bytes(), &USER);
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
            let error = ListQuery::parse_search(body.to_string().as_bytes(), &USER);
            assert_eq!(error.expect_err("refused").scim_type, Some("invalidSyntax"), "{body}");
        }
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
            let _ = ListQuery::parse(&raw, &USER);
            let _ = ListQuery::parse(&format!("filter={value}&startIndex={value}"), &USER);
            let _ = ListQuery::parse_search(raw.as_bytes(), &USER);
        }
    }
}
