//! The audit log: events in a chain of hashes, one chain an organization. `docs/AUDIT.md` is its normative text.
//!
//! [`Head::after`] is the chain itself, [`Verifier`] follows it through a database or an export, [`line`] is the export's
//! form. What a chain proves and what it does not stands in `docs/AUDIT.md` too.

mod export;
pub mod line;
mod verify;

use std::fmt;
use std::str::FromStr;

use freehold_scim::render::date_time;
use freehold_wire::{CborWriter, OrganizationId, hash_parts, label};

use crate::events::RecordedEvent;
use crate::store::Store;
use crate::store_error::StoreError;

pub use export::{Export, ExportError};
pub use verify::{Fault, Verified, Verifier};

/// A hash of the chain; 64 small hexadecimal digits as text.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// What stands before the first event.
    pub const START: Self = Self([0; 32]);

    /// Takes a hash as the database holds it.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ChainHash {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Self, HeadError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HeadError)?;
        // A hash has one spelling.
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(HeadError);
        }
        Ok(Self(bytes))
    }
}

/// How far a chain goes: the number of its last event and the hash over all of it. `SEQ:HASH` as text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Head {
    /// The number of the last event, from 1; 0 before the first one.
    pub seq: u64,
    /// Its hash.
    pub hash: ChainHash,
}

/// A text is not a head.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a head is written SEQ:HASH, the hash as 64 small hexadecimal digits")]
pub struct HeadError;

impl Head {
    /// Of a chain without events.
    pub const START: Self = Self { seq: 0, hash: ChainHash::START };

    /// The head once this event follows.
    #[must_use]
    pub fn after(self, entry: &Entry) -> Self {
        let seq = self.seq.saturating_add(1);
        let content = entry.encode(seq);
        let hash = hash_parts(&[&label("audit"), self.hash.as_bytes(), &content]);
        Self { seq, hash: ChainHash(hash) }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Head {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Self, HeadError> {
        let (seq, hash) = text.split_once(':').ok_or(HeadError)?;
        if !seq.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(HeadError);
        }
        Ok(Self { seq: seq.parse().map_err(|_| HeadError)?, hash: hash.parse()? })
    }
}

/// An event as it is hashed and exported: nothing but texts, so that what was tampered with can be told too, and what a
/// later version writes can be verified by this one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Entry {
    /// The organization's id.
    pub organization: String,
    /// The event's id.
    pub id: String,
    /// When: RFC 3339 in UTC with milliseconds.
    pub at: String,
    /// The name of the kind.
    pub kind: String,
    /// To whom.
    pub user: Option<String>,
    /// With which token.
    pub token: Option<String>,
    /// With which client.
    pub client: Option<String>,
    /// Over which connection.
    pub connection: Option<String>,
    /// A reason or number.
    pub detail: Option<String>,
}

impl Entry {
    pub(crate) fn of(recorded: &RecordedEvent) -> Self {
        let event = &recorded.event;
        Self {
            organization: event.organization.to_string(),
            id: recorded.id.as_str().to_owned(),
            at: date_time(recorded.at.as_millis()),
            kind: event.kind.as_str().to_owned(),
            user: event.user.map(|id| id.to_string()),
            token: event.token.map(|id| id.to_string()),
            client: event.client.map(|id| id.to_string()),
            connection: event.connection.map(|id| id.to_string()),
            detail: event.detail.clone(),
        }
    }

    /// An array of ten, in one encoding: no other event has the same bytes.
    fn encode(&self, seq: u64) -> Vec<u8> {
        let Self { organization, id, at, kind, user, token, client, connection, detail } = self;
        let mut writer = CborWriter::new();
        writer.array(10).text(organization).unsigned(seq).text(id).text(at).text(kind);
        for optional in [user, token, client, connection, detail] {
            match optional {
                Some(text) => writer.text(text),
                None => writer.null(),
            };
        }
        writer.finish()
    }
}

/// An event as the database holds it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Audited {
    /// What happened.
    pub entry: Entry,
    /// The head of the chain that ends with it; `None` for an event outside the chain.
    pub head: Option<Head>,
}

/// Some events of a chain and how far it goes, seen at one moment.
pub struct Page {
    /// Events in their order.
    pub events: Vec<Audited>,
    /// The head that is kept beside the events.
    pub head: Head,
}

/// The events of an organization's chain after this number, at most `limit`.
///
/// # Errors
/// A failing database.
pub fn page(
    store: &mut dyn Store,
    organization: OrganizationId,
    after: u64,
    limit: u32,
) -> Result<Page, StoreError> {
    let events = store.chained_events(organization, after, limit)?;
    Ok(Page { events, head: store.audit_head(organization)? })
}

/// The head that is kept beside the events.
///
/// # Errors
/// A failing database.
pub fn head(store: &mut dyn Store, organization: OrganizationId) -> Result<Head, StoreError> {
    store.audit_head(organization)
}

/// The hash in the chain at this number; `None` when there is no such event.
///
/// # Errors
/// A failing database.
pub fn head_at(
    store: &mut dyn Store,
    organization: OrganizationId,
    seq: u64,
) -> Result<Option<Head>, StoreError> {
    let Some(before) = seq.checked_sub(1) else { return Ok(Some(Head::START)) };
    let found = store.chained_events(organization, before, 1)?;
    Ok(found.into_iter().find_map(|event| event.head).filter(|head| head.seq == seq))
}

/// An event of the log for people: with what those whom it concerns are called, where they are there.
#[derive(Clone, Debug)]
pub struct Told {
    /// The event.
    pub event: Audited,
    /// The `userName` of the user.
    pub user_name: Option<String>,
    /// What the token or the client is called.
    pub credential: Option<String>,
    /// The name of the connection.
    pub connection: Option<String>,
}

/// Events of an organization, in the chain or outside, newest first, at most `limit`: before the one with this id, or the
/// last ones.
///
/// # Errors
/// A failing database.
pub fn newest(
    store: &mut dyn Store,
    organization: OrganizationId,
    before: Option<&str>,
    limit: u32,
) -> Result<Vec<Told>, StoreError> {
    store.told_events(organization, before, limit)
}

/// Events outside the chain that follow the one with this id, and the id to go on after; `None` when all were seen.
///
/// # Errors
/// A failing database.
pub fn outside(
    store: &mut dyn Store,
    organization: OrganizationId,
    after: &str,
    limit: u32,
) -> Result<(Vec<Audited>, Option<String>), StoreError> {
    let mut events = store.audited_events(organization, after, limit)?;
    let full = events.len() >= limit as usize;
    let next = events.last().filter(|_| full).map(|last| last.entry.id.clone());
    events.retain(|event| event.head.is_none());
    Ok((events, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            organization: "o".to_owned(),
            id: "i".to_owned(),
            at: "2026-11-23T22:27:00.000Z".to_owned(),
            kind: "k".to_owned(),
            ..Entry::default()
        }
    }

    #[test]
    fn an_event_has_one_encoding() {
        let expected = "8a616f01616978183230\
                        32362d31312d32335432323a32373a30302e3030305a616bf6f6f6f6f6";
        assert_eq!(hex::encode(entry().encode(1)), expected);
    }

    #[test]
    fn a_missing_text_is_not_an_empty_one() {
        let empty = Entry { detail: Some(String::new()), ..entry() };
        assert_ne!(Head::START.after(&entry()), Head::START.after(&empty));
    }

    #[test]
    fn text_that_moves_to_the_next_field_is_another_event() {
        let user = Entry { user: Some("a".to_owned()), ..entry() };
        let token = Entry { token: Some("a".to_owned()), ..entry() };
        assert_ne!(Head::START.after(&user), Head::START.after(&token));
    }

    #[test]
    fn a_head_reads_as_it_is_written_and_in_no_other_way() {
        let head = Head::START.after(&entry());
        assert_eq!(head.to_string().parse(), Ok(head));
        let hash = head.hash.to_string();
        for bad in [
            hash.clone(),
            format!("+1:{hash}"),
            format!(":{hash}"),
            format!("1:{}", hash.to_uppercase()),
            format!("1:{hash}0"),
            format!("1 :{hash}"),
        ] {
            assert_eq!(bad.parse::<Head>(), Err(HeadError), "{bad}");
        }
    }
}
