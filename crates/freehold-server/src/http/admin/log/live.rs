//! New entries of the log, for everybody who listens: one look at the database for all of them, and only while somebody
//! listens. Each organization with listeners has a feed, which keeps its last rows; each stream has a place in it.
//!
//! A stream that falls too far behind is told so and goes on at the end, so that nothing grows with a client that does
//! not read.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_web::web::Data;
use freehold_directory::{
    OrganizationId, Timestamp,
    provisioning_log::{Follower, LoggedEntry},
};
use freehold_wire::SessionId;
use tokio::sync::{Notify, watch};

use super::items;
use crate::http::{App, problem::log_store_error};

/// How often is looked. With the time that rows gather before they are written, an entry is there well within a second.
const LOOK: Duration = Duration::from_millis(400);
/// How long is waited after a look that failed.
const PAUSE: Duration = Duration::from_secs(3);
/// Rows read at a time.
const PAGE: u32 = 500;
/// Rows that a feed keeps, for streams that are behind or come back.
const KEPT: usize = 1_024;
/// How long a feed goes on without listeners: a browser that lost its connection comes back within this time.
const LINGER: Duration = Duration::from_secs(30);

/// Streams of one session. Browsers have six connections to a server, and pages need some.
const OF_SESSION: usize = 3;
/// Streams of one organization.
const OF_ORGANIZATION: usize = 16;
/// Streams of all.
const OF_ALL: usize = 128;

/// The feeds of this process.
#[derive(Default)]
pub struct LiveLog {
    state: Mutex<State>,
    wanted: Notify,
}

#[derive(Default)]
struct State {
    feeds: HashMap<OrganizationId, Feed>,
    closed: bool,
}

struct Feed {
    /// Nobody has looked yet.
    follower: Option<Follower>,
    rows: VecDeque<Arc<Row>>,
    /// The number of the first of `rows`; rows are counted from the beginning of the feed.
    first: u64,
    /// Rings with the number after the last row.
    bell: watch::Sender<u64>,
    listeners: Vec<SessionId>,
    /// When the last listener left.
    left_at: Option<Timestamp>,
}

/// A row as the streams send it.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) refused: bool,
    /// The whole event, with its id.
    pub(super) event: String,
}

/// As many streams are open as may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct TooMany;

/// What follows a place in a feed.
pub(super) enum Next {
    /// These rows, and the place after them.
    Rows(Vec<Arc<Row>>, u64),
    /// Rows that are not kept any more; the place is the end.
    Behind(u64),
}

impl Feed {
    fn new() -> Self {
        Self {
            follower: None,
            rows: VecDeque::new(),
            first: 0,
            bell: watch::Sender::new(0),
            listeners: Vec::new(),
            left_at: None,
        }
    }

    fn end(&self) -> u64 {
        self.first + self.rows.len() as u64
    }

    fn push(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows.into_iter().map(Arc::new));
        while self.rows.len() > KEPT {
            self.rows.pop_front();
            self.first += 1;
        }
        self.bell.send_replace(self.end());
    }

    fn after(&self, place: u64, limit: usize) -> Next {
        let Some(skip) = place.checked_sub(self.first) else { return Next::Behind(self.end()) };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let rows: Vec<Arc<Row>> = self.rows.iter().skip(skip).take(limit).cloned().collect();
        let place = place + rows.len() as u64;
        Next::Rows(rows, place)
    }

    fn place_after(&self, id: &str) -> Option<u64> {
        let at = self.rows.iter().position(|row| row.id == id)?;
        Some(self.first + at as u64 + 1)
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.listeners.is_empty() && self.left_at.is_some_and(|at| at.plus(LINGER) <= now)
    }
}

impl LiveLog {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all streams, and admits none any more.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.feeds.clear();
    }

    /// Looks for new rows, as long as somebody listens.
    pub async fn run(app: Data<App>) {
        let live = &app.live_log;
        loop {
            let followed = live.followed(app.now());
            if followed.is_empty() {
                live.wanted.notified().await;
            }
            let mut pause = LOOK;
            for (organization, follower) in followed {
                if !look(&app, organization, follower).await {
                    pause = PAUSE;
                }
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// What there is to look at; forgets feeds that nobody came back to.
    fn followed(&self, now: Timestamp) -> Vec<(OrganizationId, Follower)> {
        let mut state = self.state();
        state.feeds.retain(|_, feed| !feed.is_over(now));
        let feeds = state.feeds.iter();
        feeds.filter_map(|(id, feed)| Some((*id, feed.follower.clone()?))).collect()
    }

    /// Keeps what a look gave, and rings.
    fn take(&self, organization: OrganizationId, follower: Follower, rows: Vec<Row>) {
        if let Some(feed) = self.state().feeds.get_mut(&organization) {
            feed.follower = Some(follower);
            if !rows.is_empty() {
                feed.push(rows);
            }
        }
    }
}

/// Reads everything that has become visible; `false` when the database cannot.
async fn look(app: &App, organization: OrganizationId, mut follower: Follower) -> bool {
    loop {
        let (now, followed) = (app.now(), follower.clone());
        let read = app.database.read(move |store| {
            let entries = followed.look(store, PAGE)?;
            let shown = items(store, organization, entries.clone())?;
            let events = entries.iter().zip(&shown).map(|(entry, item)| row(entry, item));
            Ok::<_, freehold_directory::StoreError>((events.collect::<Vec<_>>(), entries))
        });
        let (rows, entries) = match read.await {
            Ok(found) => found,
            Err(error) => {
                log_store_error(&error);
                return false;
            }
        };
        follower.saw(&entries, now);
        app.live_log.take(organization, follower.clone(), rows);
        if entries.is_empty() {
            return true;
        }
    }
}

pub(super) fn row(logged: &LoggedEntry, item: &super::LogItem) -> Row {
    let LoggedEntry { id, entry } = logged;
    // Its lines have no line breaks, and nothing of it cannot be written.
    let data = serde_json::to_string(item).unwrap_or_default();
    let event = format!("id: {id}\nevent: entry\ndata: {data}\n\n");
    Row { id: id.clone(), refused: entry.is_refusal(), event }
}

/// One stream's place among those that may be open; it is free again when this is dropped.
pub(super) struct Listener {
    app: Data<App>,
    organization: OrganizationId,
    session: SessionId,
}

impl Listener {
    /// Takes a place.
    pub(super) fn enter(
        app: Data<App>,
        organization: OrganizationId,
        session: SessionId,
    ) -> Result<Self, TooMany> {
        let mut state = app.live_log.state();
        let all: usize = state.feeds.values().map(|feed| feed.listeners.len()).sum();
        if state.closed || all >= OF_ALL {
            return Err(TooMany);
        }
        let feed = state.feeds.entry(organization).or_insert_with(Feed::new);
        let of_session = feed.listeners.iter().filter(|one| **one == session).count();
        if of_session >= OF_SESSION || feed.listeners.len() >= OF_ORGANIZATION {
            return Err(TooMany);
        }
        feed.listeners.push(session);
        feed.left_at = None;
        drop(state);
        Ok(Self { app, organization, session })
    }

    /// Whether somebody has begun to follow the log of the organization.
    pub(super) fn is_followed(&self) -> bool {
        self.with(|feed| feed.follower.is_some()).unwrap_or(true)
    }

    /// Lets it be followed from here, unless it is.
    pub(super) fn follow(&self, follower: Follower) {
        self.with(|feed| feed.follower.get_or_insert(follower).clone());
        self.app.live_log.wanted.notify_one();
    }

    /// The place at the end, and what rings there. `None` once all streams end.
    pub(super) fn end(&self) -> Option<(u64, watch::Receiver<u64>)> {
        self.with(|feed| (feed.end(), feed.bell.subscribe()))
    }

    /// The place after a row, if it is kept.
    pub(super) fn place_after(&self, id: &str) -> Option<u64> {
        self.with(|feed| feed.place_after(id)).flatten()
    }

    /// What follows a place. `None` once all streams end.
    pub(super) fn after(&self, place: u64, limit: usize) -> Option<Next> {
        self.with(|feed| feed.after(place, limit))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Feed) -> T) -> Option<T> {
        self.app.live_log.state().feeds.get_mut(&self.organization).map(act)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let (now, session) = (self.app.now(), self.session);
        self.with(|feed| {
            if let Some(at) = feed.listeners.iter().position(|one| *one == session) {
                feed.listeners.swap_remove(at);
            }
            if feed.listeners.is_empty() {
                feed.left_at = Some(now);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ids: impl Iterator<Item = usize>) -> Vec<Row> {
        ids.map(|id| Row { id: id.to_string(), refused: false, event: String::new() }).collect()
    }

    fn ids(next: Next) -> Option<(Vec<String>, u64)> {
        match next {
            Next::Rows(rows, place) => {
                Some((rows.iter().map(|row| row.id.clone()).collect(), place))
            }
            Next::Behind(_) => None,
        }
    }

    #[test]
    fn a_place_leads_on_in_pieces_and_to_the_end() {
        let mut feed = Feed::new();
        feed.push(rows(0..3));
        assert_eq!(ids(feed.after(0, 2)), Some((vec!["0".into(), "1".into()], 2)));
        assert_eq!(ids(feed.after(2, 2)), Some((vec!["2".into()], 3)));
        assert_eq!(ids(feed.after(3, 2)), Some((vec![], 3)));
        assert_eq!((feed.place_after("1"), feed.place_after("9")), (Some(2), None));
    }

    #[test]
    fn a_feed_keeps_so_many_rows_and_who_is_further_behind_is_told() {
        let mut feed = Feed::new();
        feed.push(rows(0..KEPT + 2));
        assert_eq!(feed.rows.len(), KEPT);
        assert!(matches!(feed.after(1, 1), Next::Behind(end) if end == KEPT as u64 + 2));
        assert_eq!(ids(feed.after(2, 1)), Some((vec!["2".into()], 3)));
        assert_eq!(feed.place_after("1"), None);
    }

    #[test]
    fn a_feed_waits_for_those_who_come_back_and_not_for_ever() {
        let at = |seconds: u64| Timestamp::from_millis(seconds * 1_000);
        let mut feed = Feed::new();
        assert!(!feed.is_over(at(1_000)), "a listener is on its way");
        feed.left_at = Some(at(1_000));
        assert!(!feed.is_over(at(1_029)));
        assert!(feed.is_over(at(1_030)));
    }
}
