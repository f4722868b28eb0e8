//! People as admins look for them: by name, address or id, by state, and by how long they have waited.
//!
//! A list goes through one or more *ways* of finding people, one after the other; each has an index and an order of its
//! own, so that a page costs the same wherever it begins. Whom an earlier way finds, a later one leaves out.
//!
//! A search in a state goes the state's way where few people are in it: a broad one finds many more who are in another.

mod access;
mod cursor;
pub mod groups;
mod person;
mod search;

use freehold_wire::{ConnectionId, OrganizationId, Timestamp, UserId};

pub use self::access::{end_session, end_sessions, sessions};
pub use self::person::{Claim, Membership, Person, Refusal, Steps, Stuck, find, stuck_at};
pub use self::search::{Search, SearchError, words};

use self::cursor::Cursor;
use crate::authority::Admin;
use crate::lifecycle::{KeyState, ShownState};
use crate::roles::Role;
use crate::store::Store;
use crate::store_error::StoreError;

/// A count goes so far; what is beyond it is "more".
pub const COUNTED: u64 = 1_000;

/// Which people are listed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whom {
    /// Everybody who is not deleted.
    Everybody,
    /// Those in a state.
    In(ShownState),
    /// Those who are PENDING since this time or longer.
    PendingSince(Timestamp),
    /// Those who were deleted after this time, and are not purged.
    DeletedAfter(Timestamp),
}

impl Whom {
    /// The way that leads to all of them.
    fn ways(self) -> &'static [Way] {
        match self {
            Self::DeletedAfter(_) => &[Way::Deleted],
            Self::Everybody | Self::In(ShownState::Ready) => &[Way::All],
            Self::In(ShownState::Pending) | Self::PendingSince(_) => &[Way::Waiting],
            Self::In(ShownState::Suspended) => &[Way::Suspended],
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// Whom.
    pub whom: Whom,
    /// Only those who are found by this text.
    pub search: Option<Search>,
    /// Only those who carry this connection.
    pub connection: Option<ConnectionId>,
}

/// One way of finding people; each has an order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// All, by folded `userName`.
    All,
    /// PENDING ones, those first that have waited longest.
    Waiting,
    /// Suspended ones, the last one first.
    Suspended,
    /// Deleted ones, the last one first.
    Deleted,
    /// `userName` begins with the text; by it.
    UserName,
    /// `displayName` begins with the text; by it.
    DisplayName,
    /// A later word of `displayName` does; by the words.
    Word,
    /// An e-mail address does; by it.
    Email,
    /// `externalId` begins with the text as it was typed; by it.
    ExternalId,
    /// The same in small letters.
    Guid,
}

impl Query {
    /// The ways that lead to everybody who is asked for, in their order.
    fn ways(&self, few: bool) -> &'static [Way] {
        match &self.search {
            Some(search) if !few && search.has_capitals() => &[
                Way::UserName,
                Way::DisplayName,
                Way::Word,
                Way::Email,
                Way::ExternalId,
                Way::Guid,
            ],
            Some(_) if !few => {
                &[Way::UserName, Way::DisplayName, Way::Word, Way::Email, Way::ExternalId]
            }
            _ => self.whom.ways(),
        }
    }

    /// Whether each person in the state is looked at: nothing is searched for, or few are in it. A cursor goes on as the
    /// page before it.
    fn is_of_few(
        &self,
        store: &mut dyn Store,
        organization: OrganizationId,
        start: Option<&Cursor>,
    ) -> Result<bool, StoreError> {
        if self.search.is_none() {
            return Ok(true);
        }
        match (self.whom, start) {
            (Whom::DeletedAfter(_), _) => Ok(true),
            (Whom::Everybody, _) => Ok(false),
            (_, Some(start)) => Ok(self.whom.ways().contains(&start.way)),
            (_, None) => {
                let all = Self { search: None, ..self.clone() };
                let ways = self.whom.ways();
                Ok(store.count_people(organization, &all, ways, COUNTED + 1)? <= COUNTED)
            }
        }
    }
}

/// What a way orders by, beside the id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// A folded text.
    Text(String),
    /// A time.
    Time(Timestamp),
}

/// A part of what one way finds.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What is asked for.
    pub query: &'a Query,
    /// Which way.
    pub way: Way,
    /// Only what comes after this place and id.
    pub after: Option<(&'a Place, UserId)>,
    /// At most so many.
    pub limit: u64,
}

/// Somebody in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The id.
    pub id: UserId,
    /// The `userName`.
    pub user_name: String,
    /// The `displayName`.
    pub display_name: Option<String>,
    /// The identity provider's id.
    pub external_id: Option<String>,
    /// The name of the connection that the account carries.
    pub connection: Option<String>,
    /// How far the keys are.
    pub key_state: KeyState,
    /// Whether the account is active.
    pub active: bool,
    /// Since when it is active, or not.
    pub active_since: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// How far the person has come.
    pub steps: Steps,
    /// The role.
    pub role: Role,
}

/// Somebody whom a way found, and where in its order.
#[derive(Clone, Debug)]
pub struct Found {
    /// Who.
    pub listed: Listed,
    /// Where.
    pub place: Place,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The people.
    pub people: Vec<Listed>,
    /// Where the next page begins, unless this is the last.
    pub next: Option<String>,
    /// Of the first page: how many there are, at most [`COUNTED`] and one more when there are more.
    pub count: Option<u64>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// The cursor is none, or belongs to another list.
    #[error("the cursor is none of this list")]
    Cursor,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A page of at most `limit` people of the admin's organization.
///
/// # Errors
/// [`ListError::Cursor`].
pub fn list(
    store: &mut dyn Store,
    admin: Admin<'_>,
    query: &Query,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page, ListError> {
    let organization = admin.organization();
    let start =
        cursor.map(|text| Cursor::parse(text, query).ok_or(ListError::Cursor)).transpose()?;
    let ways = query.ways(query.is_of_few(store, organization, start.as_ref())?);
    let at = match &start {
        Some(start) => ways.iter().position(|way| *way == start.way).ok_or(ListError::Cursor)?,
        None => 0,
    };
    let count = match start {
        None => Some(store.count_people(organization, query, ways, COUNTED + 1)?),
        Some(_) => None,
    };
    let mut after = start.map(|start| (start.place, start.id));
    let mut gathered: Vec<(Way, Found)> = Vec::new();
    for way in ways.iter().skip(at) {
        gather(store, organization, (query, *way), after.take(), limit + 1, &mut gathered)?;
    }
    let more = gathered.len() as u64 > limit;
    gathered.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = gathered.last().filter(|_| more).map(|(way, last)| {
        Cursor { way: *way, place: last.place.clone(), id: last.listed.id }.render(query)
    });
    let people = gathered.into_iter().map(|(_, found)| found.listed).collect();
    Ok(Page { people, next, count })
}

/// Read at once where those whom an earlier way found stand in the way.
const NEXT: u64 = 500;

/// Goes one way until so many are gathered, or some more, or it ends.
fn gather(
    store: &mut dyn Store,
    organization: OrganizationId,
    (query, way): (&Query, Way),
    mut after: Option<(Place, UserId)>,
    wanted: u64,
    gathered: &mut Vec<(Way, Found)>,
) -> Result<(), StoreError> {
    let mut least = 0;
    loop {
        let left = wanted.saturating_sub(gathered.len() as u64);
        if left == 0 {
            return Ok(());
        }
        let limit = left.max(least);
        let begin = after.as_ref().map(|(place, id)| (place, *id));
        let part = store.people(organization, &Part { query, way, after: begin, limit })?;
        let over = (part.len() as u64) < limit;
        after = part.last().map(|last| (last.place.clone(), last.listed.id));
        let fresh = part.into_iter().filter(|found| search::is_first(query, way, found));
        gathered.extend(fresh.map(|found| (way, found)));
        if over {
            return Ok(());
        }
        least = NEXT;
    }
}
