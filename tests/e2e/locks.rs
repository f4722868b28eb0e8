//! What locks the vault besides its button.

use freehold_testing::{Browser, Outcome, pages::id};

use crate::world::World;

/// Whether the page believes to be seen.
async fn visible(browser: &Browser) -> bool {
    let state = browser.script("return document.visibilityState", vec![]).await;
    state.is_ok_and(|state| state == "visible")
}

async fn hide(browser: &Browser) -> Outcome {
    browser.session().minimize_window().await?;
    browser.find("a hidden page", async || (!visible(browser).await).then_some(())).await
}

async fn show(browser: &Browser) -> Outcome {
    browser.session().set_window_rect(0, 0, 1000, 900).await?;
    browser.find("a page in sight", async || visible(browser).await.then_some(())).await
}

#[tokio::test]
async fn a_hidden_tab_locks_only_for_whom_wants_it() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    hide(&browser).await?;
    show(&browser).await?;
    browser.at("vault").await?;

    browser.click(&format!("{} summary", id("vault-settings"))).await?;
    browser.click(&id("lock-when-hidden")).await?;
    hide(&browser).await?;
    browser.at("unlock").await?;
    show(&browser).await?;
    browser.sees_notice("locked-hidden").await?;

    // Kept in this browser: it counts after the next unlock too.
    browser.unlock(&ready.passphrase).await?;
    hide(&browser).await?;
    browser.at("unlock").await?;
    show(&browser).await?;
    browser.unlock(&ready.passphrase).await?;
    browser.click(&format!("{} summary", id("vault-settings"))).await?;
    browser.click(&id("lock-when-hidden")).await?;
    hide(&browser).await?;
    show(&browser).await?;
    browser.at("vault").await?;
    browser.close().await
}
