//! Pages of lists: how many at once, and where the next one begins.
//!
//! What a page answers as `next` is the `cursor` of the page after it: of lists of names an opaque text, of lists of what
//! happened, newest first, the id of the last entry shown.

use actix_web::web;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use freehold_directory::people::COUNTED;
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use super::super::problem::Problem;

/// So many where nobody asks for another number.
const USUAL: u32 = 50;
/// So many at most.
const MOST: u32 = 200;
/// A key of a name, in base64url.
const LONGEST: usize = 4_096;

/// How many there are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Count {
    /// So many, or this many and more.
    number: u64,
    /// Whether there are more than that.
    more: bool,
}

impl Count {
    /// A count that ends at one more than [`COUNTED`].
    pub(super) fn of(number: u64) -> Self {
        Self { number: number.min(COUNTED), more: number > COUNTED }
    }
}

/// The parameters of a query. Unknown ones are refused: a misspelt filter must not show everybody.
pub(super) fn parameters<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    web::Query::from_query(query).map(web::Query::into_inner).map_err(|_| {
        Problem::bad_request(
            "The address has a parameter that is not known here, or a value that it does not take.",
        )
    })
}

/// How many are shown at once.
pub(super) fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Problem::bad_request(format!("At least 1 and at most {MOST} are shown at once."))),
    }
}

/// A cursor that belongs to another list, or to none.
pub(super) fn bad_cursor() -> Problem {
    Problem::bad_request("The cursor is none of this list. Begin again with the first page.")
}

/// The cursor after a key; `list` is the name of the list.
pub(super) fn cursor(list: &str, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}:{key}"))
}

/// The key that a cursor of this list is after; before all keys without one.
pub(super) fn after(list: &str, cursor: Option<&str>) -> Result<String, Problem> {
    let Some(cursor) = cursor else { return Ok(String::new()) };
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let key = text.strip_prefix(list)?.strip_prefix(':')?;
        Some(key.to_owned()).filter(|key| !key.contains('\0'))
    };
    Some(cursor)
        .filter(|cursor| cursor.len() <= LONGEST)
        .and_then(|_| read())
        .ok_or_else(bad_cursor)
}

/// The id of an entry that a cursor is, a UUID in small letters and nothing else; of every entry without one.
pub(super) fn entry(cursor: Option<&str>) -> Result<Option<String>, Problem> {
    let is_id = |text: &str| {
        text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            })
    };
    match cursor {
        Some(text) if !is_id(text) => Err(bad_cursor()),
        found => Ok(found.map(str::to_owned)),
    }
}

/// Takes one more than was asked for as the sign of a next page; its cursor is after the last one shown.
pub(super) fn cut<T>(
    all: &mut Vec<T>,
    limit: u32,
    cursor: impl FnOnce(&T) -> String,
) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if all.len() <= limit {
        return None;
    }
    all.truncate(limit);
    all.last().map(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_for_its_own_list_only() {
        let text = cursor("groups", "änne: x");
        assert_eq!(after("groups", Some(&text)).unwrap(), "änne: x");
        assert_eq!(after("groups", None).unwrap(), "");
        for bad in ["", "x", "%", &text[..4], &cursor("groups", "\0"), &"A".repeat(5_000)] {
            assert!(after("groups", Some(bad)).is_err(), "{bad}");
        }
        assert!(after("group", Some(&text)).is_err());
    }

    #[test]
    fn an_entry_is_a_uuid_in_small_letters() {
        let id = "0190163d-8694-739b-aea5-966c26f8ad91";
        assert_eq!(entry(Some(id)).unwrap().as_deref(), Some(id));
        assert_eq!(entry(None).unwrap(), None);
        for bad in ["", "g", "0190163d", "0190163D-8694-739b-aea5-966c26f8ad91", &"0".repeat(36)] {
            assert!(entry(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_has_a_size() {
        assert!(matches!((limit(None), limit(Some(200))), (Ok(50), Ok(200))));
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err());
    }

    #[test]
    fn one_more_than_asked_for_is_not_shown_and_tells_of_a_next_page() {
        let mut all = vec![1, 2, 3];
        assert_eq!(cut(&mut all, 2, ToString::to_string).as_deref(), Some("2"));
        assert_eq!(all, [1, 2]);
        assert_eq!(cut(&mut all, 2, ToString::to_string), None);
    }
}
