//! Lists of what happened: newest first, and each page begins below the id of an entry. Lists of names are paged by [`super::page`].

use actix_web::web;

use super::super::problem::Problem;

/// Entries of a page, unless the request wants fewer or more.
const USUAL: u32 = 50;
/// Entries of a page at most.
const MOST: u32 = 200;

/// The query of a request, or what is wrong with it.
pub(super) fn query<T>(parsed: Result<web::Query<T>, actix_web::Error>) -> Result<T, Problem> {
    parsed
        .map(web::Query::into_inner)
        .map_err(|_| Problem::bad_request("The query has not the expected fields."))
}

/// How many entries are wanted.
pub(super) fn limit(wanted: Option<u32>) -> Result<u32, Problem> {
    let limit = wanted.unwrap_or(USUAL);
    if (1..=MOST).contains(&limit) {
        Ok(limit)
    } else {
        Err(Problem::bad_request(format!("`limit` is 1 to {MOST}.")))
    }
}

/// The id of an entry, which is a UUID in small letters and nothing else.
pub(super) fn entry_id(text: &str) -> Result<String, Problem> {
    let sound = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        });
    if sound {
        Ok(text.to_owned())
    } else {
        Err(Problem::bad_request("That is not the id of an entry of this list."))
    }
}

#[cfg(test)]
mod tests {
    use super::{entry_id, limit};

    #[test]
    fn an_id_is_a_uuid_in_small_letters() {
        assert!(entry_id("0190163d-8694-739b-aea5-966c26f8ad91").is_ok());
        for wrong in ["", "g", "0190163d", "0190163D-8694-739b-aea5-966c26f8ad91", &"0".repeat(36)]
        {
            assert!(entry_id(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_has_a_size() {
        assert!(matches!((limit(None), limit(Some(200))), (Ok(50), Ok(200))));
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err());
    }
}
