//! Statistics for the planner while the server has none.
//!
//! Autovacuum looks at new tables after about a minute. Until then the planner takes every table for empty and
//! any index that begins with the organization for as good as the right one: look-ups walk through all users of
//! the organization, and serializable writes that did so collide. An identity provider's first cycle is that
//! minute.

use std::sync::atomic::{AtomicU64, Ordering};

use super::connection::{Connection, OpenConnection};

/// The first statistics are made after so many jobs, the next after twice as many, and so on ..
const FIRST: u64 = 256;
/// .. up to here, by when autovacuum has been there.
const LAST: u64 = 256 << 9;

/// The tables that autovacuum has not looked at.
const WITHOUT: &str = "SELECT coalesce(string_agg(quote_ident(relname), ', '), '') \
     FROM pg_stat_user_tables WHERE schemaname = current_schema() AND last_autoanalyze IS NULL";

/// Counts the writes of this program and has tables analyzed.
pub(super) struct Analyst {
    written: AtomicU64,
    due: AtomicU64,
}

impl Analyst {
    pub(super) fn new() -> Self {
        Self { written: AtomicU64::new(0), due: AtomicU64::new(FIRST) }
    }

    /// Notes that so many jobs were committed on a connection, and analyzes there when it is time.
    pub(super) fn note(&self, jobs: usize, connection: &mut Connection) {
        if self.is_due_after(jobs as u64)
            && let Some(open) = connection.current()
            && let Err(error) = analyze(open)
        {
            // Slower for a while, nothing worse; autovacuum will come.
            let error = super::error::describe(&error);
            tracing::warn!(error, "the tables could not be analyzed");
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

fn analyze(open: &mut OpenConnection) -> Result<(), tokio_postgres::Error> {
    let tables: String = open.client.query_text(WITHOUT)?.get(0);
    if tables.is_empty() {
        return Ok(());
    }
    // One transaction, and no wait for the disk: statistics that are lost are made again.
    let sql = format!("BEGIN; SET LOCAL synchronous_commit = off; ANALYZE {tables}; COMMIT");
    let done = open.client.batch(&sql);
    if done.is_err() {
        open.client.batch("ROLLBACK")?;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_made_after_256_jobs_and_then_at_ever_greater_distances() {
        let analyst = Analyst::new();
        let due: Vec<u64> = (1..=500_000).filter(|_| analyst.is_due_after(1)).collect();
        assert_eq!(due, [256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131_072]);
    }

    #[test]
    fn a_great_group_counts_once() {
        let analyst = Analyst::new();
        assert!(analyst.is_due_after(1_000));
        assert!(!analyst.is_due_after(1));
        assert!(analyst.is_due_after(23));
    }
}
