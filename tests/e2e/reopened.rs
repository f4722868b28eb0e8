//! The tab is closed at each screen and opened again: nothing is stored before the end, set-up
//! starts over, and there is never more than one key record.

use freehold_testing::{Browser, Outcome, pages::Passphrase};

use crate::world::World;

/// Closes the tab and opens the server in a new one.
async fn close_and_reopen(browser: &Browser, url: &str) -> Outcome {
    let old = browser.session().window().await?;
    let new = browser.session().new_tab().await?;
    browser.session().switch_to_window(old).await?;
    browser.session().close_window().await?;
    browser.session().switch_to_window(new).await?;
    browser.open(url).await
}

/// The screens of set-up before anything is stored.
const SCREENS: [&str; 4] = ["setup-who", "setup-passphrase", "setup-kit", "setup-prove"];

/// From the first screen to this one.
async fn go_to(browser: &Browser, screen: &str) -> Outcome {
    browser.at("setup-who").await?;
    if screen != "setup-who" {
        browser.confirm_who().await?;
    }
    if screen == "setup-kit" || screen == "setup-prove" {
        let _lost = browser.choose_passphrase(&Passphrase::Suggested).await?;
        browser.at("setup-kit").await?;
    }
    if screen == "setup-prove" {
        browser.keep_kit().await?;
    }
    browser.at(screen).await
}

#[tokio::test]
async fn at_each_screen_of_set_up_the_back_button_and_forward_again_begin_anew() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.tolerate_unasked_questions();
    for screen in SCREENS {
        go_to(&browser, screen).await?;
        browser.session().back().await?;
        browser.session().forward().await?;
        browser.at("setup-who").await?;
        assert_eq!(world.state_of("alice"), "PENDING", "at {screen}");
    }
    let ready = browser.set_up(&Passphrase::Suggested).await?;
    browser.open_vault_after_set_up(&ready.passphrase).await?;
    browser.session().back().await?;
    browser.session().forward().await?;
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn at_each_screen_of_set_up_a_closed_tab_can_be_opened_again() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let url = world.program.url();
    let browser = world.browser_of("alice").await?;
    for screen in SCREENS {
        go_to(&browser, screen).await?;
        close_and_reopen(&browser, url).await?;
        assert_eq!(world.state_of("alice"), "PENDING", "closed at {screen}");
    }
    let ready = browser.set_up(&Passphrase::Suggested).await?;
    close_and_reopen(&browser, url).await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(world.state_of("alice"), "READY");
    close_and_reopen(&browser, url).await?;
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn a_tab_closed_while_the_keys_are_made_leaves_nothing() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    let _lost = browser.choose_passphrase(&Passphrase::Suggested).await?;
    close_and_reopen(&browser, world.program.url()).await?;
    browser.at("setup-who").await?;
    assert_eq!(world.state_of("alice"), "PENDING");
    browser.set_up(&Passphrase::Suggested).await?;
    browser.close().await
}

#[tokio::test]
async fn making_the_keys_can_be_cancelled() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    // Clicked by the page itself as soon as it is there: the keys are made quicker than a driver
    // can look.
    let watch = "new MutationObserver(() =>\
        document.querySelector('[data-testid=making-cancel]')?.click())\
        .observe(document.body, { childList: true, subtree: true })";
    browser.script(watch, Vec::new()).await?;
    let _lost = browser.choose_passphrase(&Passphrase::Suggested).await?;
    // The keys would be there by now; what was cancelled must not come back.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    browser.at("setup-passphrase").await?;
    assert_eq!(world.state_of("alice"), "PENDING");
    browser.close().await
}
