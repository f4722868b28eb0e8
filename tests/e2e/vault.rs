//! Personal secrets: changed, deleted, searched for; and two windows that change the same one.

use freehold_testing::{
    Browser, Outcome,
    pages::{Secret, id, vault::item},
};

use crate::world::World;

#[tokio::test]
async fn a_secret_is_changed_and_deleted() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.sees_empty_vault().await?;
    browser.add_secret(&Secret { name: "Bank", value: "1234", note: "the PIN" }).await?;
    browser.add_secret(&Secret { name: "Mail", value: "m\u{fc}hsam", note: "" }).await?;
    browser.click(&format!("{} {}", item("Bank"), id("item-edit"))).await?;
    browser.save_secret(&Secret { name: "Bank", value: "9876", note: "the new PIN" }).await?;
    browser.lock().await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(browser.read_secret("Bank").await?, "9876");
    assert_eq!(
        browser.text(&format!("{} {}", item("Bank"), id("item-note"))).await?,
        "the new PIN"
    );
    browser.click(&format!("{} {}", item("Bank"), id("item-delete"))).await?;
    browser.click(&id("delete-confirm")).await?;
    browser
        .find("one entry less", async || (!browser.has(&item("Bank")).await).then_some(()))
        .await?;
    assert_eq!(browser.read_secret("Mail").await?, "m\u{fc}hsam");
    browser.close().await
}

#[tokio::test]
async fn of_two_windows_that_change_the_same_secret_the_later_one_is_asked() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (first, ready) = world.open_vault("alice").await?;
    first.add_secret(&Secret { name: "shared", value: "0", note: "" }).await?;
    let second = world.browser_of("alice").await?;
    second.unlock(&ready.passphrase).await?;
    second.tolerate(&[409]);
    let edit = format!("{} {}", item("shared"), id("item-edit"));
    first.click(&edit).await?;
    second.click(&edit).await?;
    first.save_secret(&Secret { name: "shared", value: "of the first", note: "" }).await?;
    second.at("vault-edit").await?;
    second.fill(&id("edit-value"), "of the second").await?;
    second.click(&id("edit-save")).await?;
    second.sees_error("stale-version").await?;
    second.click(&id("conflict-keep-mine")).await?;
    second.at("vault").await?;
    assert_eq!(second.read_secret("shared").await?, "of the second");
    first.lock().await?;
    first.unlock(&ready.passphrase).await?;
    assert_eq!(first.read_secret("shared").await?, "of the second");
    first.close().await?;
    second.close().await
}

#[tokio::test]
async fn one_persons_vault_is_not_anothers() -> Outcome {
    let world = World::start();
    let (_alice, _bob) = (world.provision("alice"), world.provision("bob"));
    let (alice, ready) = world.open_vault("alice").await?;
    alice.add_secret(&Secret { name: "hers", value: "v", note: "" }).await?;
    let (bob, _his) = world.open_vault("bob").await?;
    bob.sees_empty_vault().await?;
    bob.lock().await?;
    bob.tolerate(&[403]);
    assert_eq!(bob.try_wrong_passphrase(&ready.passphrase).await?, 4, "not even with hers");
    alice.close().await?;
    bob.close().await
}

/// Whether the page would ask before it is closed.
async fn asks_before_closing(browser: &Browser) -> Outcome<bool> {
    let source = "const event = new Event('beforeunload', { cancelable: true }); \
        dispatchEvent(event); return event.defaultPrevented";
    Ok(browser.script(source, vec![]).await? == true)
}

#[tokio::test]
async fn a_tab_with_text_that_is_not_saved_asks_before_it_is_closed() -> Outcome {
    let world = World::start();
    let _alice = world.provision("alice");
    let (alice, _ready) = world.open_vault("alice").await?;
    alice.click(&id("vault-add")).await?;
    alice.at("vault-edit").await?;
    assert!(!asks_before_closing(&alice).await?, "nothing is typed yet");
    alice.fill(&id("edit-note"), "half a").await?;
    assert!(asks_before_closing(&alice).await?);
    alice.click(&id("edit-cancel")).await?;
    alice.at("vault").await?;
    assert!(!asks_before_closing(&alice).await?, "given up on purpose");
    alice.close().await
}
