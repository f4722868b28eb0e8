//! SCIM is switched off and on.

use freehold_testing::{Outcome, pages::id};

use super::owner_at_console;
use crate::world::World;

#[tokio::test]
async fn a_member_sees_no_console() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, _ready) = world.open_vault("alice").await?;
    assert!(!browser.has(&id("vault-console")).await);
    browser.open(&format!("{}/admin/", world.program.url())).await?;
    browser.at("fault").await?;
    browser.sees_error("not-allowed").await?;
    browser.close().await
}

#[tokio::test]
async fn an_owner_switches_scim_off_and_on_and_a_locked_session_asks_for_the_passphrase() -> Outcome
{
    let world = World::start();
    let (browser, ready) = owner_at_console(&world).await?;
    let url = browser.text(&id("scim-url")).await?;
    assert_eq!(url, format!("{}/scim/v2", world.program.url()));
    browser.tolerate(&[403]);
    browser.lock_session().await?;
    browser.click(&id("scim-toggle")).await?;
    browser.try_passphrase(&ready.passphrase).await?;
    browser.at("admin-scim").await?;
    browser.sees_text(&id("scim-state"), "SCIM is off").await?;
    assert_eq!(world.scim.send("GET", "/Users", None).status, 403);
    browser.click(&id("scim-toggle")).await?;
    browser.sees_text(&id("scim-state"), "SCIM is on").await?;
    assert_eq!(world.scim.send("GET", "/Users", None).status, 200);
    browser.close().await
}
