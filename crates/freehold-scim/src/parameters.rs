//! The parameters of a query, from a URL or from the body of a `/.search`.

use serde_json::Value;

use crate::error::ScimError;
use crate::schema::urn;
use crate::user::check_schemas;
use crate::{json, query};

/// Names and values, as they were sent.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Those of a raw query string.
    pub(crate) fn of_query(raw: &str) -> Result<Self, ScimError> {
        Ok(Self(query::pairs(raw)?))
    }

    /// Those of a SearchRequest: RFC 7644 §3.4.3.
    pub(crate) fn of_search(body: &[u8], limit: usize) -> Result<Self, ScimError> {
        let Value::Object(map) = json::parse_up_to(body, limit)? else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object."));
        };
        check_schemas(&map, urn::SEARCH_REQUEST)?;
        let mut parameters = Vec::new();
        for (name, value) in map {
            if let Some(text) = parameter(value) {
                parameters.push((name, text?));
            }
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter. Names are read in any case.
    pub(crate) fn find(&self, wanted: &str) -> Result<Option<&str>, ScimError> {
        let mut all = self.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let Some((_, first)) = all.next() else { return Ok(None) };
        // Which of two filters decides must not be a matter of taste.
        if all.any(|(_, other)| other != first) {
            return Err(ScimError::invalid_value(format!("{wanted} is given twice.")));
        }
        Ok(Some(first))
    }

    /// [`Self::find`], where a blank value says as much as none.
    pub(crate) fn find_text(&self, wanted: &str) -> Result<Option<&str>, ScimError> {
        Ok(self.find(wanted)?.map(str::trim).filter(|text| !text.is_empty()))
    }

    /// The value of a parameter that is a list: one that is given again says more of it.
    pub(crate) fn find_list(&self, wanted: &str) -> Option<String> {
        let all = self.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let lists: Vec<&str> = all.map(|(_, list)| list.as_str()).collect();
        (!lists.is_empty()).then(|| lists.join(","))
    }

    /// A whole number; one outside the range is the end of the range.
    pub(crate) fn number(&self, wanted: &str) -> Result<Option<i64>, ScimError> {
        let Some(text) = self.find_text(wanted)? else {
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
