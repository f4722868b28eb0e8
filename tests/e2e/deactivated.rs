//! A person is deactivated by SCIM in the middle of something: access ends at once, nothing is
//! destroyed, and what comes back is what was there.

use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, Secret, id, vault::item},
};

use crate::world::{World, sign_in};

/// Waits for what a person without access sees: our page that refuses her sign-in, or the screen
/// that says that she is suspended.
async fn sees_the_door_closed(browser: &Browser) -> Outcome {
    browser
        .find("no access", async || {
            let refused = browser.has("main.card p.support").await;
            let suspended = browser.screen().await.as_deref() == Some("suspended");
            (refused || suspended).then_some(())
        })
        .await
}

#[tokio::test]
async fn deactivated_while_the_kit_is_shown_nothing_is_stored() -> Outcome {
    let world = World::start();
    let account = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.tolerate(&[401, 403]);
    browser.confirm_who().await?;
    let _lost = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.keep_kit().await?;
    world.scim.deactivate(&account);
    browser.prove_kit(&code).await?;
    browser
        .find("a refusal", async || {
            let told = browser.has(&id("error")).await
                || browser.screen().await.as_deref() == Some("suspended");
            told.then_some(())
        })
        .await?;
    assert!(!browser.has("main[data-screen=setup-done]").await);
    assert_eq!(world.state_of("alice"), "SUSPENDED");

    // Active again, she is as PENDING as before.
    world.scim.activate(&account);
    assert_eq!(world.state_of("alice"), "PENDING");
    let again = world.browser_of("alice").await?;
    again.set_up(&Passphrase::Suggested).await?;
    assert_eq!(world.state_of("alice"), "READY");
    again.close().await?;
    browser.close().await
}

#[tokio::test]
async fn deactivated_with_the_vault_open_the_next_request_is_refused_and_activation_brings_all_back()
-> Outcome {
    let world = World::start();
    let account = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "kept", value: "through it all", note: "" }).await?;
    browser.tolerate(&[401, 403]);
    world.scim.deactivate(&account);
    assert_eq!(world.state_of("alice"), "SUSPENDED");
    browser.click(&format!("{} {}", item("kept"), id("item-delete"))).await?;
    browser.click(&id("delete-confirm")).await?;
    sees_the_door_closed(&browser).await?;
    // Signing in does not help, here or elsewhere.
    let elsewhere = world.browser_of("alice").await?;
    elsewhere.tolerate(&[403]);
    sees_the_door_closed(&elsewhere).await?;
    elsewhere.close().await?;

    world.scim.activate(&account);
    assert_eq!(world.state_of("alice"), "READY");
    browser.open(&format!("{}/login", world.program.url())).await?;
    sign_in("alice").again(&browser).await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(browser.read_secret("kept").await?, "through it all");
    browser.close().await
}

#[tokio::test]
async fn a_deleted_person_has_no_account_and_a_new_one_of_the_same_name_is_pending() -> Outcome {
    let world = World::start();
    let account = world.provision("alice");
    let (browser, _ready) = world.open_vault("alice").await?;
    browser.tolerate(&[401, 403]);
    world.scim.delete(&account);
    browser.open(world.program.url()).await?;
    sees_the_door_closed(&browser).await?;

    let new = world.provision("alice");
    assert_ne!(new, account);
    browser.open(&format!("{}/login", world.program.url())).await?;
    sign_in("alice").again(&browser).await?;
    browser.at("setup-who").await?;
    assert_eq!(world.state_of("alice"), "PENDING");
    browser.close().await
}
