//! Everything is lost: new keys are asked for in one's own session and approved by somebody with keys.

use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, Secret, id},
};

use crate::world::{ACME, World, user_name};

/// From the unlock screen to the question for new keys.
async fn open_lost(browser: &Browser) -> Outcome {
    browser.at("unlock").await?;
    browser.click(&format!("{} summary", id("unlock-forgot"))).await?;
    browser.click(&id("unlock-lost")).await?;
    browser.at("lost").await
}

#[tokio::test]
async fn who_lost_everything_begins_anew_when_an_admin_approves() -> Outcome {
    let world = World::start();
    let (_alice, _bob) = (world.provision("alice"), world.provision("bob"));
    let (alice, ready) = world.open_vault("alice").await?;
    alice.add_secret(&Secret { name: "old", value: "under the old keys", note: "" }).await?;
    alice.lock().await?;
    let bob = user_name("bob");
    let grant = ["role", "grant", "--organization", ACME, "--user", &bob, "admin"];
    let _granted = world.program.freehold(&grant);
    let (admin, _) = world.open_vault("bob").await?;

    // An unlock takes a request back.
    open_lost(&alice).await?;
    alice.click(&id("lost-ask")).await?;
    alice.element(&id("lost-id")).await?;
    alice.click(&id("lost-back")).await?;
    alice.unlock(&ready.passphrase).await?;
    alice.lock().await?;
    open_lost(&alice).await?;
    alice.sees_notice("lost-cancelled").await?;

    alice.click(&id("lost-ask")).await?;
    let number = alice.text(&id("lost-id")).await?;
    admin.open_security().await?;
    let request = format!("{} {}", id("resets"), id("reset"));
    assert!(admin.text(&request).await?.contains(&number), "both see the same number");
    admin.click(&id("reset-approve")).await?;
    admin.click(&id("reset-approve-sure")).await?;
    admin.find("no request", async || (!admin.has(&request).await).then_some(())).await?;

    assert_eq!(world.state_of("alice"), "PENDING");
    alice.click(&id("lost-look")).await?;
    alice.at("setup-who").await?;
    alice.click(&id("who-continue")).await?;
    // This browser remembers the old keys, and asks whether they were given up.
    alice.click(&id("epoch-yes")).await?;
    alice.at("setup-passphrase").await?;
    let passphrase = alice.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = alice.read_kit().await?;
    alice.keep_kit().await?;
    alice.prove_kit(&code).await?;
    alice.open_vault_after_set_up(&passphrase).await?;
    alice.sees_empty_vault().await?;
    assert_eq!(world.state_of("alice"), "READY");
    admin.close().await?;
    alice.close().await
}
