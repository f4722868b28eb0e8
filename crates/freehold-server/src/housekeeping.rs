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
pub async fn run(app: Data<App>) {
    let mut rounds = tokio::time::interval(EVERY);
    loop {
        rounds.tick().await;
        if let Err(error) = round(&app).await {
            tracing::warn!(%error, "housekeeping failed; it runs again later");
        }
    }
}

/// Works in small transactions until nothing is left, so that requests get in between.
async fn round(app: &App) -> Result<(), StoreError> {
    loop {
        let now = app.now();
        let collected = app.database.write(move |store| housekeeping::collect(store, now)).await?;
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
