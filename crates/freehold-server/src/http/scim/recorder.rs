//! Rows of the provisioning log for reads and refusals: written after the answer, many at a time. They wait in a bounded
//! queue; what does not fit is counted, and the count is written down.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use freehold_directory::{OrganizationId, Timestamp, provisioning_log, provisioning_log::LogEntry};
use tokio::sync::{mpsc, oneshot};

use crate::{http::App, system};

/// Rows that wait at most.
const WAITING: usize = 8_192;
/// Rows in one transaction.
const BATCH: usize = 2_000;
/// How long rows gather: few transactions, and the log is still read as things happen.
const GATHER: Duration = Duration::from_millis(100);

/// Takes rows of the log.
pub struct Recorder {
    sender: mpsc::Sender<Message>,
    lost: Mutex<HashMap<OrganizationId, u64>>,
}

/// The other end of a [`Recorder`].
pub struct Rows(mpsc::Receiver<Message>);

enum Message {
    Entry(Box<LogEntry>),
    Finish(oneshot::Sender<()>),
}

impl Recorder {
    /// A recorder and where its rows come out.
    #[must_use]
    pub fn new() -> (Self, Rows) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self { sender, lost: Mutex::default() }, Rows(receiver))
    }

    /// Takes a row; never waits.
    pub(super) fn record(&self, entry: LogEntry) {
        let organization = entry.organization;
        if self.sender.try_send(Message::Entry(Box::new(entry))).is_err() {
            *self.lost().entry(organization).or_default() += 1;
        }
    }

    /// Waits until everything that was taken is written.
    pub async fn finish(&self) {
        let (done, written) = oneshot::channel();
        if self.sender.send(Message::Finish(done)).await.is_ok() {
            // An error means that the writer has ended: nothing is left to wait for.
            let _ended = written.await;
        }
    }

    fn lost(&self) -> std::sync::MutexGuard<'_, HashMap<OrganizationId, u64>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was lost since the last time, as rows.
    fn losses(&self, now: Timestamp) -> Vec<LogEntry> {
        let lost = std::mem::take(&mut *self.lost());
        lost.into_iter().map(|(organization, count)| loss(organization, count, now)).collect()
    }
}

fn loss(organization: OrganizationId, count: u64, now: Timestamp) -> LogEntry {
    let detail = format!("{count} reads or refusals were not written down: too many at once.");
    LogEntry {
        organization,
        at: now,
        token: None,
        method: "LOST".to_owned(),
        target: String::new(),
        resource: None,
        status: 0,
        detail: Some(detail),
        fix: None,
        duration_ms: 0,
        body: None,
    }
}

impl Rows {
    /// Writes rows until the recorder is gone.
    pub async fn run(mut self, app: actix_web::web::Data<App>) {
        let mut messages = Vec::with_capacity(BATCH);
        while let Some(first) = self.0.recv().await {
            messages.push(first);
            tokio::time::sleep(GATHER).await;
            while messages.len() < BATCH
                && let Ok(next) = self.0.try_recv()
            {
                messages.push(next);
            }
            let mut entries = Vec::with_capacity(messages.len());
            let mut waiting = Vec::new();
            for message in messages.drain(..) {
                match message {
                    Message::Entry(entry) => entries.push(*entry),
                    Message::Finish(done) => waiting.push(done),
                }
            }
            entries.extend(app.recorder.losses(app.now()));
            write(&app, entries).await;
            for done in waiting {
                let _gone = done.send(());
            }
        }
    }
}

async fn write(app: &App, entries: Vec<LogEntry>) {
    if entries.is_empty() {
        return;
    }
    let (rows, now) = (entries.len(), app.now());
    let written = app
        .database
        .write(move |store| {
            // Cloned: the job may run again.
            provisioning_log::record(store, entries.iter().cloned(), now, &mut system::random())
        })
        .await;
    if let Err(error) = written {
        tracing::warn!(%error, rows, "rows of the provisioning log were lost");
    }
}
