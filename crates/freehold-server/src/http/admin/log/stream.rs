//! `GET /api/admin/log/events`: new entries as server-sent events (HTML Standard §9.2), within a second.
//!
//! The id of an event is that of its entry. A browser that comes back with `Last-Event-ID` gets what it missed; where the
//! feed does not know that id any more, the last seconds before it may come twice. `behind` says that entries were passed
//! over: load the list again. Comments come every few seconds, and with each of them, and with each batch, the session
//! is looked at again: the stream ends with it. Listening is no use of a session, which ends without one.

use std::{collections::HashSet, sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use freehold_directory::{
    OrganizationId, Timestamp,
    provisioning_log::{self, Follower, LogQuery},
};
use freehold_wire::SessionId;
use serde::Deserialize;
use tokio::sync::watch;

use super::{
    super::page,
    Wanted, items,
    live::{Listener, Next, Row, TooMany, row},
};
use crate::http::{
    App,
    caller::SessionCookie,
    chunks::{self, Pieces},
    openapi::Refusal,
    problem::Problem,
};

/// How often a comment is sent and the session looked at.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Entries in one piece.
const BATCH: usize = 100;
/// Entries that one who comes back gets from the database; with more, it is behind.
const CATCH_UP: u32 = 1_000;

/// What a stream begins with: how soon a browser comes back (milliseconds).
const BEGIN: &str = "retry: 2000\n\n";
const COMMENT: &str = ":\n\n";
const BEHIND: &str = "event: behind\ndata: {}\n\n";

/// Which entries, and after which one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Listen {
    #[serde(default)]
    outcome: Wanted,
    after: Option<String>,
}

/// New entries as they are written.
#[utoipa::path(
    get, path = "/api/admin/log/events", tag = "provisioning",
    params(
        ("outcome" = Option<Wanted>, Query, description = "All unless given"),
        ("after" = Option<String>, Query, description = "The id of the last entry that is known"),
        ("Last-Event-ID" = Option<String>, Header, description = "The same, and goes before it"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", body = String,
         description = "Events `entry`, with a LogItem as data and its id, and `behind`."),
        (status = "4XX", response = Refusal),
    ),
)]
pub(crate) async fn events(
    app: web::Data<App>,
    cookie: SessionCookie,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let listen: Listen = page::parameters(request.query_string())?;
    let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    let last = page::entry(last.or(listen.after.as_deref()))?;
    let cookie = Arc::new(cookie);
    let (organization, session) = who(&app, &cookie).await?;
    let listener = Arc::new(Listener::enter(app.clone(), organization, session)?);
    if !listener.is_followed() {
        let now = app.now();
        let begun = app.database.read(move |store| Follower::begin(store, organization, now));
        listener.follow(begun.await?);
    }
    let (end, bell) = listener.end().ok_or_else(Problem::busy)?;
    let mut stream = Stream {
        app,
        cookie,
        listener: listener.clone(),
        refused: listen.outcome == Wanted::Refused,
        place: end,
        bell,
        sent: HashSet::new(),
    };
    let caught_up = match last {
        None => Vec::new(),
        Some(last) => stream.catch_up(organization, &last).await?,
    };
    let mut head = HttpResponse::Ok();
    head.content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // nginx and others would gather what comes.
        .insert_header(("x-accel-buffering", "no"));
    Ok(chunks::answer(head, listener, |pieces| stream.run(caught_up, pieces)))
}

/// Whose stream it is, as long as it may be.
async fn who(
    app: &App,
    cookie: &Arc<SessionCookie>,
) -> Result<(OrganizationId, SessionId), Problem> {
    app.watch_as(cookie, |_, session| Ok((session.admin()?.organization(), session.id()))).await
}

impl From<TooMany> for Problem {
    fn from(_: TooMany) -> Self {
        Self::too_many_streams()
    }
}

struct Stream {
    app: web::Data<App>,
    cookie: Arc<SessionCookie>,
    listener: Arc<Listener>,
    refused: bool,
    place: u64,
    bell: watch::Receiver<u64>,
    /// What the database gave to one who came back; the feed may have some of it too.
    sent: HashSet<String>,
}

impl Stream {
    /// What came after the last event: from the feed if it knows it, else from the database.
    async fn catch_up(
        &mut self,
        organization: OrganizationId,
        last: &str,
    ) -> Result<Vec<String>, Problem> {
        if let Some(place) = self.listener.place_after(last) {
            self.place = place;
            self.bell.mark_changed();
            return Ok(Vec::new());
        }
        // Rows that became visible after it may have lower ids.
        let since = written_at(last).map(|at| at.minus(provisioning_log::SETTLES));
        let since = since.map(provisioning_log::id_before);
        let query = LogQuery { after: since, refused: self.refused };
        let rows: Vec<Row> = self
            .app
            .watch_as(&self.cookie, move |store, session| {
                session.admin()?;
                let entries = provisioning_log::list(store, organization, &query, CATCH_UP + 1)?;
                let shown = items(store, organization, entries.clone())?;
                Ok(entries.iter().zip(&shown).map(|(entry, item)| row(entry, item)).collect())
            })
            .await?;
        if rows.len() > CATCH_UP as usize {
            return Ok(vec![BEHIND.to_owned()]);
        }
        let missed: Vec<&Row> = rows.iter().filter(|row| row.id != last).collect();
        self.sent = missed.iter().map(|row| row.id.clone()).collect();
        Ok(missed.chunks(BATCH).map(|rows| text(rows.iter().copied())).collect())
    }

    /// Sends until the client, the session or the server ends.
    async fn run(mut self, caught_up: Vec<String>, pieces: Pieces) {
        if !pieces.send(BEGIN).await {
            return;
        }
        for piece in caught_up {
            if !pieces.send(piece).await {
                return;
            }
        }
        loop {
            let rang = tokio::select! {
                () = pieces.gone() => return,
                rang = self.bell.changed() => rang.is_ok(),
                () = tokio::time::sleep(HEARTBEAT) => {
                    if !self.may_go_on().await || !pieces.send(COMMENT).await {
                        return;
                    }
                    continue;
                }
            };
            if !rang || !self.send_new(&pieces).await {
                return;
            }
        }
    }

    /// Sends what is new; `false` when the stream is over.
    async fn send_new(&mut self, pieces: &Pieces) -> bool {
        loop {
            let piece = match self.listener.after(self.place, BATCH) {
                None => return false,
                Some(Next::Behind(end)) => {
                    self.place = end;
                    BEHIND.to_owned()
                }
                Some(Next::Rows(rows, _)) if rows.is_empty() => return true,
                Some(Next::Rows(rows, place)) => {
                    self.place = place;
                    let wanted = rows.iter().filter(|row| row.refused || !self.refused);
                    text(wanted.filter(|row| !self.sent.remove(&row.id)).map(AsRef::as_ref))
                }
            };
            if piece.is_empty() {
                continue;
            }
            if !self.may_go_on().await || !pieces.send(piece).await {
                return false;
            }
        }
    }

    /// Whether the person still is an admin with a session. A database that cannot say ends the stream too: the browser
    /// comes back and asks again.
    async fn may_go_on(&self) -> bool {
        who(&self.app, &self.cookie).await.is_ok()
    }
}

fn text<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    rows.map(|row| row.event.as_str()).collect()
}

/// When an entry was written, as its id says (RFC 9562 §5.7).
fn written_at(id: &str) -> Option<Timestamp> {
    let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(12).collect();
    u64::from_str_radix(&digits, 16).ok().map(Timestamp::from_millis)
}
