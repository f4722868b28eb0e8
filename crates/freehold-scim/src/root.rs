//! Queries over all resource types: RFC 7644 §3.4.2.1 (`GET /`) and §3.4.3 (`POST /.search`).

use crate::cursor::Fingerprint;
use crate::error::ScimError;
use crate::filter::{self, Filter};
use crate::limits;
use crate::list::{Page, is_descending, page, sort_attribute};
use crate::parameters::Parameters;
use crate::projection::Projection;
use crate::schema::{AttributeRef, Catalog, ResourceType};

/// A query over the resources of all types.
///
/// The types stand side by side in one list; how it is ordered when the client does not say, and
/// so what the `id` of a [`crate::cursor::Cursor`] holds, is for the server to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct RootQuery {
    /// What the query means for each type, in the order of the catalog.
    pub parts: Vec<RootPart>,
    /// Where the page begins.
    pub page: Page,
    /// How many resources at most; 0, which only a page by index has, asks for the total alone.
    pub count: u64,
    /// The order, if the client says: whether the greatest comes first. The attribute stands in
    /// the parts.
    pub descending: Option<bool>,
    /// What the cursors of this query are bound to.
    pub fingerprint: Fingerprint,
}

/// What a query over all types means for one of them.
#[derive(Debug, Clone, PartialEq)]
pub struct RootPart {
    /// The type.
    pub kind: &'static ResourceType,
    /// Which of its resources; all without one.
    pub filter: Option<Filter>,
    /// What decides the order; `None` if the client does not say, and for a type that has no such
    /// attribute, whose resources have [`crate::sort::SortKey::Absent`].
    pub sort_by: Option<AttributeRef>,
    /// Which attributes.
    pub projection: Projection,
}

impl RootQuery {
    /// Reads a raw query string; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// As [`crate::list::ListQuery::parse`]. An attribute is unknown if no type has it.
    pub fn parse(raw: &str, catalog: &Catalog, now: u64) -> Result<Self, ScimError> {
        Self::from_parameters(&Parameters::of_query(raw)?, catalog, now)
    }

    /// Reads the body of a `/.search` at the base URL.
    ///
    /// # Errors
    /// As [`Self::parse`]; `invalidSyntax` for what is no SearchRequest.
    pub fn parse_search(body: &[u8], catalog: &Catalog, now: u64) -> Result<Self, ScimError> {
        let parameters = Parameters::of_search(body, limits::USER_BODY_BYTES)?;
        Self::from_parameters(&parameters, catalog, now)
    }

    fn from_parameters(
        parameters: &Parameters,
        catalog: &Catalog,
        now: u64,
    ) -> Result<Self, ScimError> {
        let part = |kind| part(parameters, kind, catalog);
        let parts = catalog.types().map(part).collect::<Result<Vec<_>, _>>()?;
        let sorts = parameters.find_text("sortBy")?.is_some();
        if sorts && parts.iter().all(|part| part.sort_by.is_none()) {
            return Err(ScimError::invalid_path("sortBy names no attribute of any type."));
        }
        let descending = if sorts { Some(is_descending(parameters)?) } else { None };
        let fingerprint = fingerprint(&parts, descending);
        let (page, count) = page(parameters, fingerprint, now)?;
        Ok(Self { parts, page, count, descending, fingerprint })
    }
}

fn part(
    parameters: &Parameters,
    kind: &'static ResourceType,
    catalog: &Catalog,
) -> Result<RootPart, ScimError> {
    let filter = match parameters.find_text("filter")? {
        Some(text) => Some(filter::parse_among(text, kind, catalog)?),
        None => None,
    };
    let sort_by = match parameters.find_text("sortBy")? {
        Some(name) => sort_attribute(name, kind)?,
        None => None,
    };
    Ok(RootPart { kind, filter, sort_by, projection: Projection::of(parameters, kind) })
}

fn fingerprint(parts: &[RootPart], descending: Option<bool>) -> Fingerprint {
    let mut texts = vec![String::from("/"), format!("{descending:?}")];
    for part in parts {
        texts.push(part.kind.name.to_owned());
        texts.push(part.filter.as_ref().map(ToString::to_string).unwrap_or_default());
        texts.push(part.sort_by.map(|by| by.to_string()).unwrap_or_default());
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Fingerprint::of_texts(&texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::matches;
    use crate::schema::urn;
    use serde_json::{Value, json};

    fn read(raw: &str) -> RootQuery {
        RootQuery::parse(raw, &Catalog::default(), 0).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Whether the filter holds for Anna, and whether for the group of the staff.
    fn holds(filter: &str) -> (bool, bool) {
        let anna = json!({"id": "1", "userName": "anna", "displayName": "Anna",
                          "emails": [{"value": "a@x"}],
                          "meta": {"resourceType": "User"}});
        let staff = json!({"id": "2", "displayName": "Staff", "members": [{"value": "1"}],
                           "meta": {"resourceType": "Group"}});
        let query = read(&format!("filter={}", filter.replace('"', "%22").replace(' ', "%20")));
        let [users, groups] = query.parts.as_slice() else { panic!("two types") };
        let holds = |part: &RootPart, resource: &Value| {
            matches(part.filter.as_ref().expect("there"), resource)
        };
        (holds(users, &anna), holds(groups, &staff))
    }

    #[test]
    fn a_filter_over_all_types_is_read_for_each_of_them() {
        // RFC 7644 §3.4.2.1 has the first one.
        for (filter, expected) in [
            ("meta.resourceType eq \"User\" or meta.resourceType eq \"Group\"", (true, true)),
            ("displayName sw \"S\"", (false, true)),
            ("displayName pr", (true, true)),
            ("id eq \"1\"", (true, false)),
        ] {
            assert_eq!(holds(filter), expected, "{filter}");
        }
    }

    #[test]
    fn an_attribute_a_type_does_not_have_is_without_a_value_there() {
        for (filter, expected) in [
            ("userName pr", (true, false)),
            ("userName eq \"anna\"", (true, false)),
            ("userName ne \"anna\"", (false, true)),
            ("userName eq null", (false, true)),
            ("userName ne null", (true, false)),
            ("not (userName pr)", (false, true)),
            ("members pr or emails co \"x\"", (true, true)),
            ("members[value eq \"1\"]", (false, true)),
            ("emails[value ne \"b@x\"].value pr", (true, false)),
            // An absent `active` is true for users; groups have none.
            ("active eq true", (true, false)),
            ("active pr", (true, false)),
            ("department eq null", (true, true)),
        ] {
            assert_eq!(holds(filter), expected, "{filter}");
        }
    }

    #[test]
    fn what_no_type_has_is_refused() {
        for (raw, kind) in [
            ("filter=shoeSize+eq+1", "invalidFilter"),
            ("filter=members[shoe+eq+1]", "invalidFilter"),
            ("filter=password+pr", "invalidFilter"),
            ("filter=active+gt+true", "invalidFilter"),
            ("sortBy=shoeSize", "invalidPath"),
            ("cursor=abc", "invalidCursor"),
        ] {
            let error = RootQuery::parse(raw, &Catalog::default(), 0).expect_err(raw);
            assert_eq!(error.scim_type, Some(kind), "{raw}");
        }
    }

    #[test]
    fn an_order_is_that_of_every_type_that_has_the_attribute() {
        let query = read("sortBy=userName&sortOrder=descending");
        let by: Vec<_> = query.parts.iter().map(|it| it.sort_by.map(|it| it.to_string())).collect();
        assert_eq!(by, [Some("userName".to_owned()), None]);
        assert_eq!(query.descending, Some(true));
        assert_eq!(read("").descending, None);
    }

    #[test]
    fn a_search_says_in_a_body_what_the_query_says() {
        let body = json!({"schemas": [urn::SEARCH_REQUEST], "filter": "displayName pr",
                          "attributes": ["displayName"], "cursor": "", "count": 5});
        let search = RootQuery::parse_search(body.to_string().as_bytes(), &Catalog::default(), 0);
        let query = read("filter=displayName+pr&attributes=displayName&cursor&count=5");
        assert_eq!(search, Ok(query));
    }

    #[test]
    fn two_queries_have_two_fingerprints() {
        let of = |raw| read(raw).fingerprint;
        assert_eq!(of("filter=displayName+pr"), of("filter=DISPLAYNAME+pr&count=3"));
        assert_ne!(of("filter=displayName+pr"), of("filter=id+pr"));
        assert_ne!(of("sortBy=id"), of("sortBy=id&sortOrder=descending"));
    }
}
