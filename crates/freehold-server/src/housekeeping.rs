//! What nobody asks for and has to happen: what is over goes, so do the keys of users deleted long
//! ago, and what ends soon is said ahead.

use std::time::Duration;

use actix_web::web::Data;
use freehold_directory::{
    StoreError,
    expiry::{self, Expiring, Warning},
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
    collect(app, Duration::from_secs(u64::from(log_days) * 86_400)).await?;
    purge(app).await?;
    warn(app).await?;
    tracing::debug!("housekeeping is done");
    Ok(())
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

async fn purge(app: &App) -> Result<(), StoreError> {
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
