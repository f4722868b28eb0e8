//! Where a page ended, as an opaque text. It is not secret and not signed: it names a place in a list that the same
//! admin may read from any place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use freehold_wire::{Timestamp, UserId};
use sha2::{Digest as _, Sha256};

use super::{Place, Query, Way};

/// The first byte; another one is the cursor of another release.
const VERSION: u8 = 1;
/// Bytes of an id in a cursor.
const ID: usize = 36;
/// A key and everything else fit.
const LONGEST: usize = 4_096;

const WAYS: [Way; 10] = [
    Way::All,
    Way::Waiting,
    Way::Suspended,
    Way::Deleted,
    Way::UserName,
    Way::DisplayName,
    Way::Word,
    Way::Email,
    Way::ExternalId,
    Way::Guid,
];

pub(super) struct Cursor {
    pub(super) way: Way,
    pub(super) place: Place,
    pub(super) id: UserId,
}

/// What a cursor belongs to. Times move from page to page and are left out.
fn fingerprint(query: &Query) -> [u8; 8] {
    let search = query.search.as_ref().map(super::Search::typed);
    let whom = std::mem::discriminant(&query.whom);
    let state = match query.whom {
        super::Whom::In(state) => Some(state),
        _ => None,
    };
    let text = format!("{whom:?} {state:?} {:?} {search:?}", query.connection);
    let mut own = [0; 8];
    own.iter_mut().zip(Sha256::digest(text)).for_each(|(own, byte)| *own = byte);
    own
}

impl Cursor {
    pub(super) fn render(&self, query: &Query) -> String {
        let way = WAYS.iter().position(|way| *way == self.way);
        let mut bytes = vec![VERSION, u8::try_from(way.unwrap_or_default()).unwrap_or_default()];
        bytes.extend(fingerprint(query));
        bytes.extend(self.id.to_string().bytes());
        match &self.place {
            Place::Text(text) => {
                bytes.push(0);
                bytes.extend(text.bytes());
            }
            Place::Time(at) => {
                bytes.push(1);
                bytes.extend(at.as_millis().to_be_bytes());
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor of this query.
    pub(super) fn parse(text: &str, query: &Query) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let ([VERSION, way], rest) = bytes.split_first_chunk()? else { return None };
        let way = *WAYS.get(usize::from(*way))?;
        let (belongs, rest) = rest.split_first_chunk::<8>()?;
        let (id, rest) = rest.split_first_chunk::<ID>()?;
        if *belongs != fingerprint(query) {
            return None;
        }
        let id = std::str::from_utf8(id).ok()?.parse().ok()?;
        let place = match rest.split_first()? {
            (0, key) => {
                let text = String::from_utf8(key.to_vec()).ok()?;
                Place::Text(Some(text).filter(|text| !text.contains('\0'))?)
            }
            (1, at) => Place::Time(Timestamp::from_millis(time(at)?)),
            _ => return None,
        };
        let by_time = matches!(way, Way::Waiting | Way::Suspended | Way::Deleted);
        (by_time == matches!(place, Place::Time(_))).then_some(Self { way, place, id })
    }
}

/// A time that the database can hold.
fn time(bytes: &[u8]) -> Option<u64> {
    let at = u64::from_be_bytes(bytes.try_into().ok()?);
    i64::try_from(at).is_ok().then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::ShownState;
    use crate::people::{Search, Whom};

    fn query(whom: Whom, search: &str) -> Query {
        Query { whom, search: Search::parse(search).unwrap(), connection: None }
    }

    fn cursor(way: Way, place: Place) -> Cursor {
        Cursor { way, place, id: UserId::from_bytes([1; 16]) }
    }

    #[test]
    fn a_cursor_is_read_as_it_was_rendered_and_for_its_own_list_only() {
        let own = query(Whom::Everybody, "änne");
        let text = cursor(Way::Word, Place::Text("änne öz".to_owned())).render(&own);
        let read = Cursor::parse(&text, &own).unwrap();
        assert_eq!((read.way, read.place), (Way::Word, Place::Text("änne öz".to_owned())));
        for other in [
            query(Whom::Everybody, "anne"),
            query(Whom::In(ShownState::Pending), "änne"),
            query(Whom::PendingSince(Timestamp::from_millis(1)), "änne"),
        ] {
            assert!(Cursor::parse(&text, &other).is_none(), "{other:?}");
        }
        let since = |at| query(Whom::PendingSince(Timestamp::from_millis(at)), "");
        let text = cursor(Way::Waiting, Place::Time(Timestamp::from_millis(7))).render(&since(1));
        assert!(Cursor::parse(&text, &since(2)).is_some(), "the day goes on between two pages");
    }

    #[test]
    fn no_part_of_a_cursor_and_no_other_text_is_one() {
        let own = query(Whom::In(ShownState::Suspended), "");
        let text = cursor(Way::Suspended, Place::Time(Timestamp::from_millis(7))).render(&own);
        for end in 0..text.len() {
            assert!(Cursor::parse(&text[..end], &own).is_none(), "{end}");
        }
        let mistaken = cursor(Way::All, Place::Time(Timestamp::from_millis(7))).render(&own);
        let late = cursor(Way::Suspended, Place::Time(Timestamp::from_millis(u64::MAX)));
        for bad in [&mistaken, &late.render(&own), "", "%", "AAAA", &"A".repeat(5_000)] {
            assert!(Cursor::parse(bad, &own).is_none(), "{bad}");
        }
    }
}
