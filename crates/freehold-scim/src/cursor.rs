//! Cursors: RFC 9865.
//!
//! A cursor is a position in the order of a list, not a place in memory of the server: any server
//! of a cluster reads it, and nothing has to be cleaned up. It is not secret and not signed. What a
//! client could gain by forging one, the next page from elsewhere in its own list, it may ask for
//! anyway.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::ScimError;
use crate::filter::Filter;
use crate::limits;
use crate::list::Sort;
use crate::schema::ResourceType;
use crate::sort::SortKey;

/// The first byte of every cursor; another one is the cursor of another release.
const VERSION: u8 = 1;

/// What a cursor belongs to: the type of the resources, the filter and the order, but not the size
/// of the page or the attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    /// The fingerprint of a list.
    pub(crate) fn of(kind: &ResourceType, filter: Option<&Filter>, sort: Option<Sort>) -> Self {
        let filter = filter.map(ToString::to_string).unwrap_or_default();
        let sort = sort.map(|sort| format!("{} {}", sort.by, sort.descending)).unwrap_or_default();
        Self::of_texts(&[kind.name, &filter, &sort])
    }

    /// The fingerprint of these texts, each with its length, so that none runs into the next.
    pub(crate) fn of_texts(texts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for text in texts {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let mut own = [0; 8];
        own.iter_mut().zip(hash.finalize()).for_each(|(own, byte)| *own = byte);
        Self(own)
    }
}

/// The position behind which the next page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When the page before was made, in milliseconds since 1970.
    pub made_at: u64,
    /// The sort key of the last resource of that page; `None` for a list without `sortBy`.
    pub key: Option<SortKey>,
    /// The id of that resource, which decides among equal keys.
    pub id: String,
}

impl Cursor {
    /// The text for `nextCursor`: RFC 9865 §2 allows only unreserved characters of RFC 3986.
    pub fn render(&self, fingerprint: Fingerprint) -> String {
        let key = self.key.as_ref().map(SortKey::to_bytes).unwrap_or_default();
        let mut bytes = vec![VERSION];
        bytes.extend(fingerprint.0);
        bytes.extend(self.made_at.to_be_bytes());
        // A key is KEY_BYTES and one at most; a list without an order has an empty one.
        bytes.extend(u16::try_from(key.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend(key);
        bytes.extend(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor of the query with this fingerprint; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// `invalidCursor` for what is no cursor of this query, `expiredCursor` for one older than
    /// [`limits::CURSOR_LIFE_MS`].
    pub fn parse(text: &str, fingerprint: Fingerprint, now: u64) -> Result<Self, ScimError> {
        let (found, cursor) = read(text).ok_or_else(|| {
            ScimError::invalid_cursor(
                "The cursor is none of this server. Leave it empty for the first page and then \
                 use nextCursor as it was given.",
            )
        })?;
        if found != fingerprint {
            return Err(ScimError::invalid_cursor(
                "The cursor belongs to another query. Filter, sortBy, sortOrder and endpoint must \
                 be those of the first page.",
            ));
        }
        if now.saturating_sub(cursor.made_at) > limits::CURSOR_LIFE_MS {
            let seconds = limits::CURSOR_LIFE_MS / 1_000;
            return Err(ScimError::expired_cursor(format!(
                "The cursor is older than {seconds} seconds. Begin again with the first page."
            )));
        }
        Ok(cursor)
    }
}

fn read(text: &str) -> Option<(Fingerprint, Cursor)> {
    if text.len() > limits::CURSOR_BYTES {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let ([VERSION], rest) = bytes.split_first_chunk()? else { return None };
    let (fingerprint, rest) = rest.split_first_chunk()?;
    let (made_at, rest) = rest.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (key, id) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let key = if key.is_empty() { None } else { Some(SortKey::from_bytes(key)?) };
    let id = String::from_utf8(id.to_vec()).ok().filter(|id| is_id(id))?;
    let cursor = Cursor { made_at: u64::from_be_bytes(*made_at), key, id };
    Some((Fingerprint(*fingerprint), cursor))
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= limits::KEY_BYTES && !id.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{GROUP, USER};
    use proptest::prelude::*;

    const NOW: u64 = 1_795_471_220_123;

    fn cursor() -> Cursor {
        let key = Some(SortKey::Text("änne".to_owned()));
        Cursor { made_at: NOW, key, id: "019ab2b2-0000-7000-8000-000000000000".to_owned() }
    }

    fn own() -> Fingerprint {
        Fingerprint::of(&USER, None, None)
    }

    #[test]
    fn a_cursor_is_read_as_it_was_rendered_and_needs_no_encoding_in_a_url() {
        let text = cursor().render(own());
        assert_eq!(Cursor::parse(&text, own(), NOW), Ok(cursor()));
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        let plain = Cursor { key: None, ..cursor() };
        assert_eq!(Cursor::parse(&plain.render(own()), own(), NOW), Ok(plain));
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let text = cursor().render(Fingerprint::of(&GROUP, None, None));
        let error = Cursor::parse(&text, own(), NOW).expect_err("of groups");
        assert_eq!(error.scim_type, Some("invalidCursor"));
        assert!(error.detail.contains("another query"), "{error}");
    }

    #[test]
    fn every_part_of_a_cursor_and_every_longer_one_is_refused() {
        let text = cursor().render(own());
        let id_at = text.len() - 48;
        for end in 0..id_at {
            let error = Cursor::parse(&text[..end], own(), NOW).expect_err("cut off");
            assert_eq!(error.scim_type, Some("invalidCursor"));
        }
        let long = Cursor { id: "x".repeat(limits::CURSOR_BYTES), ..cursor() };
        assert!(Cursor::parse(&long.render(own()), own(), NOW).is_err());
        let another_release = format!("C{}", &text[1..]);
        assert!(Cursor::parse(&another_release, own(), NOW).is_err());
    }

    #[test]
    fn the_longest_key_and_the_longest_id_make_a_cursor_that_is_read() {
        let key = Some(SortKey::Text("k".repeat(limits::KEY_BYTES)));
        let cursor = Cursor { made_at: NOW, key, id: "i".repeat(limits::KEY_BYTES) };
        assert_eq!(Cursor::parse(&cursor.render(own()), own(), NOW), Ok(cursor));
    }

    #[test]
    fn a_cursor_lives_for_its_time_and_not_longer() {
        let text = cursor().render(own());
        let last = NOW + limits::CURSOR_LIFE_MS;
        assert_eq!(Cursor::parse(&text, own(), last), Ok(cursor()));
        let error = Cursor::parse(&text, own(), last + 1).expect_err("too old");
        assert_eq!((error.status, error.scim_type), (400, Some("expiredCursor")));
        // The clocks of a cluster differ a little.
        assert_eq!(Cursor::parse(&text, own(), NOW - 5), Ok(cursor()));
    }

    #[test]
    fn texts_side_by_side_do_not_run_into_each_other() {
        assert_ne!(Fingerprint::of_texts(&["ab", "c"]), Fingerprint::of_texts(&["a", "bc"]));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[A-Za-z0-9_-]{0,80}", noise in "\\PC{0,40}") {
            let _ = Cursor::parse(&text, own(), NOW);
            let _ = Cursor::parse(&noise, own(), NOW);
        }
    }
}
