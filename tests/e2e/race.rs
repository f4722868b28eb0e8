//! Two browsers set up the same account at once: one is READY, the other is told plainly, and there
//! is one key record.

use freehold_testing::{
    Outcome,
    pages::{Passphrase, id},
};

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn of_two_browsers_that_set_up_at_once_one_wins_and_the_other_is_told() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (first, second) = (world.browser_of("alice").await?, world.browser_of("alice").await?);
    let mut kept = Vec::new();
    for browser in [&first, &second] {
        browser.tolerate(&[409]);
        browser.confirm_who().await?;
        let passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
        let (code, _words) = browser.read_kit().await?;
        browser.keep_kit().await?;
        browser.fill(&id("prove-text"), &code).await?;
        kept.push(passphrase);
    }
    let go = id("prove-continue");
    let (one, other) = tokio::join!(first.click(&go), second.click(&go));
    one.and(other)?;
    let ends = ["setup-done", "setup-taken"];
    let (end_of_first, end_of_second) =
        (first.at_one_of(&ends).await?, second.at_one_of(&ends).await?);
    assert_ne!(end_of_first, end_of_second, "one and only one of them made the account's keys");

    let (winner, loser, passphrase) = if end_of_first == "setup-done" {
        (&first, &second, &kept[0])
    } else {
        (&second, &first, &kept[1])
    };
    // The loser's way on is to unlock with the winner's passphrase: there is one key record.
    loser.click(&id("taken-unlock")).await?;
    loser.unlock(passphrase).await?;
    loser.sees_empty_vault().await?;
    winner.open_vault_after_set_up(passphrase).await?;
    winner.sees_empty_vault().await?;
    assert_eq!(world.state_of("alice"), "READY");
    first.close().await?;
    second.close().await
}

#[tokio::test]
async fn the_passphrase_of_the_loser_opens_nothing() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let slow = world.browser_of("alice").await?;
    slow.tolerate(&[403, 409]);
    slow.confirm_who().await?;
    let lost = slow.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = slow.read_kit().await?;
    let (quick, ready) = world.set_up("alice").await?;
    slow.keep_kit().await?;
    slow.prove_kit(&code).await?;
    slow.at("setup-taken").await?;
    slow.click(&id("taken-unlock")).await?;
    assert_eq!(slow.try_wrong_passphrase(&lost).await?, 4);
    slow.unlock(&ready.passphrase).await?;
    quick.close().await?;
    slow.close().await
}

#[tokio::test]
async fn who_is_making_keys_when_another_tab_is_done_is_told_and_stays_so() -> Outcome {
    let world = World::start();
    let account = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    // Another tab is done while this one stretches the passphrase: its bar moves.
    let done = "const [id] = arguments; \
        new MutationObserver((_, watch) => { \
            watch.disconnect(); \
            new BroadcastChannel(`freehold.${id}`).postMessage('setup-done'); \
        }).observe(document.body, { subtree: true, attributeFilter: ['value'] });";
    browser.script(done, vec![json!(account)]).await?;
    browser.pick_passphrase(&Passphrase::Suggested).await?;
    browser.at("setup-taken").await?;
    browser.close().await
}
