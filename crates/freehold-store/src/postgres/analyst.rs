//! Statistics for the planner while the server has none.
//!
//! Autovacuum looks at new tables after about a minute. Until then the planner takes every table for empty and
//! any index that begins with the organization for as good as the right one: look-ups walk through all users of
//! the organization, and serializable writes that did so collide. An identity provider's first cycle is that
//! minute.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::connection::{Connection, OpenConnection};
use super::error::translate;
use crate::StoreError;

/// The first statistics are made after so many jobs, the next after twice as many, and so on ..
const FIRST: u64 = 256;
/// .. up to here, by when autovacuum has been there.
const LAST: u64 = 256 << 9;

/// The tables that autovacuum has not looked at.
const WITHOUT: &str = "SELECT coalesce(string_agg(quote_ident(relname), ', '), '') \
     FROM pg_stat_user_tables WHERE schemaname = current_schema() AND last_autoanalyze IS NULL";

/// Counts the writes of this program and says when tables are to be analyzed.
pub(super) struct Counter {
    written: AtomicU64,
    due: AtomicU64,
    bell: SyncSender<()>,
}

/// Analyzes when it is told to, on a connection of its own: no write waits for it.
pub(super) struct Analyst {
    connection: Connection,
    bell: Receiver<()>,
}

/// A counter and the analyst who hears it.
pub(super) fn pair(connection: Connection) -> (Counter, Analyst) {
    // Told twice while at work, it goes once more.
    let (ring, bell) = sync_channel(1);
    (Counter::new(ring), Analyst { connection, bell })
}

impl Counter {
    fn new(bell: SyncSender<()>) -> Self {
        Self { written: AtomicU64::new(0), due: AtomicU64::new(FIRST), bell }
    }

    /// Notes that so many jobs were committed.
    pub(super) fn note(&self, jobs: usize) {
        if self.is_due_after(jobs as u64) {
            let _ = self.bell.try_send(());
        }
    }

    fn is_due_after(&self, jobs: u64) -> bool {
        let written = self.written.fetch_add(jobs, Ordering::Relaxed) + jobs;
        let due = self.due.load(Ordering::Relaxed);
        let next = (written + 1).next_power_of_two().max(due.saturating_mul(2));
        due <= LAST
            && written >= due
            && self.due.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

impl Analyst {
    /// Works until the last counter is gone.
    pub(super) fn run(mut self) {
        while self.bell.recv().is_ok() {
            if let Err(error) = self.analyze() {
                // Slower for a while, nothing worse; autovacuum will come.
                tracing::warn!(%error, "the tables could not be analyzed");
            }
            // Seldom needed, and the server's connections are counted.
            self.connection.drop_open();
        }
    }

    fn analyze(&mut self) -> Result<(), StoreError> {
        analyze(self.connection.open()?).map_err(|error| translate(&error))
    }
}

fn analyze(open: &mut OpenConnection) -> Result<(), tokio_postgres::Error> {
    let tables: String = open.client.query_text(WITHOUT)?.get(0);
    if tables.is_empty() {
        return Ok(());
    }
    // No wait for the disk: statistics that are lost are made again.
    open.client.batch(&format!("SET synchronous_commit = off; ANALYZE {tables}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter() -> Counter {
        Counter::new(sync_channel(1).0)
    }

    #[test]
    fn statistics_are_made_after_256_jobs_and_then_at_ever_greater_distances() {
        let counter = counter();
        let due: Vec<u64> = (1..=500_000).filter(|_| counter.is_due_after(1)).collect();
        assert_eq!(due, [256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131_072]);
    }

    #[test]
    fn a_great_group_counts_once() {
        let counter = counter();
        assert!(counter.is_due_after(1_000));
        assert!(!counter.is_due_after(1));
        assert!(counter.is_due_after(23));
    }
}
