//! What nobody asks for and has to happen: what is over goes, so do the keys of users deleted long
//! ago, what ends soon is said ahead, and new certificates of identity providers are noticed.

use std::time::Duration;

use actix_web::web::Data;
use freehold_directory::{
    StoreError, Timestamp,
    connections::{self, Connection, ConnectionError, NewCertificate},
    expiry::{self, Expiring, Warning},
    housekeeping, resets,
};

use crate::{http::App, identity_providers, system};

/// How often.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// How often the files are cleaned at most.
const SCRUB_EVERY: Duration = Duration::from_secs(60 * 60);

/// By how much clocks may differ without a word: less than `provisioning_log::SETTLES`.
const CLOCKS_DIFFER: Duration = Duration::from_secs(2);

/// How old the metadata of an identity provider may become.
const METADATA_AGE: Duration = Duration::from_secs(86_400);

/// Connections of one organization, and of all, whose metadata is asked for in one round: what one organization connects does
/// not keep the others waiting. Twenty that hang take less than a round.
const METADATA_BATCH: (u32, u32) = (2, 20);

/// Runs until the server stops.
pub async fn run(app: Data<App>, log_days: u32) {
    let mut rounds = tokio::time::interval(EVERY);
    let mut scrub = Scrub::default();
    loop {
        rounds.tick().await;
        round(&app, log_days, &mut scrub).await;
    }
}

/// Works in small transactions until nothing is left, so that requests get in between. What cannot be done holds up
/// nothing else.
async fn round(app: &App, log_days: u32, scrub: &mut Scrub) {
    report_failure(collect(app, Duration::from_secs(u64::from(log_days) * 86_400)).await);
    report_failure(purge(app, scrub).await);
    report_failure(warn(app).await);
    report_failure(refresh_metadata(app).await);
    report_failure(compare_clocks(app).await);
    tracing::debug!("housekeeping is done");
}

fn report_failure(outcome: Result<(), StoreError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "a part of housekeeping failed; it runs again later");
    }
}

/// Nodes with different clocks do not agree on what is over, and miss each other's entries in the live log.
async fn compare_clocks(app: &App) -> Result<(), StoreError> {
    let before = app.now();
    let Some(there) = app.database.server_time().await? else { return Ok(()) };
    if let Some(seconds) = difference(before, there, app.now()) {
        tracing::warn!(
            seconds,
            "the clocks of this machine and of the PostgreSQL server differ: set both by NTP"
        );
    }
    Ok(())
}

/// By how many seconds a clock that was asked between two moments is ahead, if that is worth a word.
fn difference(before: Timestamp, there: i64, after: Timestamp) -> Option<i64> {
    let there = Timestamp::from_millis(u64::try_from(there).unwrap_or(0));
    let (ahead, behind) = (there.since(after), before.since(there));
    let seconds = |by: Duration| i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
    (ahead.max(behind) >= CLOCKS_DIFFER).then(|| seconds(ahead) - seconds(behind))
}

async fn collect(app: &App, log_life: Duration) -> Result<(), StoreError> {
    loop {
        let now = app.now();
        let collected =
            app.database.write(move |store| housekeeping::collect(store, log_life, now)).await?;
        tracing::debug!(?collected, "housekeeping");
        if !collected.more() {
            return Ok(());
        }
    }
}

/// Says which tokens and clients end soon; after their end, provisioning stops.
async fn warn(app: &App) -> Result<(), StoreError> {
    loop {
        let now = app.now();
        let warnings = app
            .database
            .write(move |store| expiry::warn(store, now, &mut system::random()))
            .await?;
        if warnings.is_empty() {
            return Ok(());
        }
        warnings.iter().for_each(report);
    }
}

fn report(warning: &Warning) {
    let Warning { organization, of, days } = warning;
    match of {
        Expiring::Token(token) => tracing::warn!(
            %organization, %token, days, "a SCIM token expires soon; make a new one in time"
        ),
        Expiring::Client(client) => tracing::warn!(
            %organization, %client, days, "a SCIM client expires soon; make a new one in time"
        ),
    }
}

/// When the database's files are cleaned of what was destroyed.
#[derive(Default)]
struct Scrub {
    due: bool,
    last: Option<Timestamp>,
}

impl Scrub {
    fn is_due(&self, now: Timestamp) -> bool {
        self.due && self.last.is_none_or(|last| last.plus(SCRUB_EVERY) <= now)
    }
}

/// Destroys what was deleted or put aside long ago, and then what the database's own files still
/// have of it: in a later round, if readers are in the way now.
async fn purge(app: &App, scrub: &mut Scrub) -> Result<(), StoreError> {
    loop {
        let (now, retention) = (app.now(), app.retention);
        let (purged, reset) = app
            .database
            .write(move |store| {
                let rng = &mut system::random();
                let purged = housekeeping::purge(store, retention, now, rng)?;
                let reset = resets::destroy_old(store, retention, now, rng)?;
                Ok::<_, StoreError>((purged.len(), reset.len()))
            })
            .await?;
        if purged + reset == 0 {
            break;
        }
        scrub.due = true;
        tracing::info!(purged, reset, "keys of users deleted or reset long ago were destroyed");
    }
    let now = app.now();
    if scrub.is_due(now) {
        app.database.scrub().await?;
        *scrub = Scrub { due: false, last: Some(now) };
    }
    Ok(())
}

/// Looks for certificates that identity providers announce. They are proposed to an admin; none
/// counts before it is trusted.
async fn refresh_metadata(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    let before = now.minus(METADATA_AGE);
    let due = app
        .database
        .write(move |store| connections::to_refresh(store, before, METADATA_BATCH, now))
        .await?;
    for connection in due {
        let id = connection.id;
        match identity_providers::fetch_certificates(&app.providers, &connection).await {
            Ok(certificates) => propose(app, &connection, certificates).await?,
            Err(reason) => {
                tracing::warn!(connection = %id, %reason, "metadata not refreshed; again tomorrow");
            }
        }
    }
    Ok(())
}

async fn propose(
    app: &App,
    connection: &Connection,
    certificates: Vec<NewCertificate>,
) -> Result<(), StoreError> {
    let (id, now) = (connection.id, app.now());
    let proposed = app
        .database
        .write(move |store| {
            connections::propose(store, None, id, &certificates, now, &mut system::random())
        })
        .await;
    match proposed {
        Ok(proposed) => {
            for fingerprint in proposed {
                tracing::warn!(
                    connection = %id, fingerprint,
                    "an identity provider has a new certificate; trust it before it signs with it"
                );
            }
            Ok(())
        }
        Err(ConnectionError::Store(error)) => Err(error),
        // Removed while its metadata was fetched.
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use freehold_directory::Timestamp;

    use super::difference;

    #[test]
    fn clocks_that_differ_are_told_from_an_answer_that_took_long() {
        let at = |seconds: u64| Timestamp::from_millis(1_795_000_000_000 + seconds * 1_000);
        let there = |seconds: i64| 1_795_000_000_000 + seconds * 1_000;
        assert_eq!(difference(at(0), there(1), at(0)), None);
        assert_eq!(difference(at(0), there(0), at(20)), None);
        assert_eq!(difference(at(0), there(20), at(20)), None);
        assert_eq!(difference(at(0), there(23), at(20)), Some(3));
        assert_eq!(difference(at(5), there(0), at(20)), Some(-5));
    }
}
