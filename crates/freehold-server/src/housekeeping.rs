//! What nobody asks for and has to happen: what is over goes, and so do the keys of users deleted
//! long ago.

use std::time::Duration;

use actix_web::web::Data;
use freehold_directory::{
    StoreError,
    housekeeping::{self, RETENTION},
};

use crate::{http::App, system};

/// How often.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// Runs until the server stops.
pub async fn run(app: Data<App>, log_days: u32) {
    let mut rounds = tokio::time::interval(EVERY);
    loop {
        rounds.tick().await;
        if let Err(error) = round(&app, log_days).await {
            tracing::warn!(%error, "housekeeping failed; it runs again later");
        }
    }
}

/// Works in small transactions until nothing is left, so that requests get in between.
async fn round(app: &App, log_days: u32) -> Result<(), StoreError> {
    let log_life = Duration::from_secs(u64::from(log_days) * 86_400);
    loop {
        let now = app.now();
        let collected =
            app.database.write(move |store| housekeeping::collect(store, log_life, now)).await?;
        tracing::debug!(?collected, "housekeeping");
        if !collected.more() {
            break;
        }
    }
    loop {
        let now = app.now();
        let purged = app
            .database
            .write(move |store| housekeeping::purge(store, RETENTION, now, &mut system::random()))
            .await?;
        if purged.is_empty() {
            return Ok(());
        }
        tracing::info!(users = purged.len(), "keys of users deleted long ago were destroyed");
    }
}
