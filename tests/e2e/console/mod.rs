//! The console of an organization, by clicks.

mod activity;
mod people;
mod provisioning;
mod scim;
mod sso;
mod trouble;

use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, Ready, id},
};

use crate::world::{ACME, World};

/// A browser in which an owner has come in by a one-time link, has made keys and is at the console.
pub async fn owner_at_console(world: &World) -> Outcome<(Browser, Ready)> {
    let browser = Browser::start().await;
    browser.open(&world.program.link(ACME, "olga@corp.test")).await?;
    browser.at("enter").await?;
    browser.click(&id("enter-continue")).await?;
    let ready = browser.set_up(&Passphrase::Suggested).await?;
    browser.open_console(world.program.url(), "scim").await?;
    Ok((browser, ready))
}
