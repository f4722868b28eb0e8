//! The network takes answers away: what was asked for had its effect, and asking again with the
//! same bytes gets the same answer; never two key records.

use std::sync::atomic::{AtomicBool, Ordering};

use freehold_testing::{
    Outcome,
    pages::{Passphrase, id},
    relay::Forged,
};

use crate::world::World;

#[tokio::test]
async fn the_answer_to_set_up_is_lost_and_the_same_bytes_again_end_well() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.tolerate_lost_answers();
    browser.confirm_who().await?;
    let passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.keep_kit().await?;
    relay.lose_answers_to("POST", "/api/setup");
    browser.prove_kit(&code).await?;
    browser.sees_error("network-unreachable").await?;
    assert_eq!(world.state_of("alice"), "READY", "the request had its effect");
    relay.lose_nothing();
    browser.click(&id("error-retry")).await?;
    browser.at("setup-done").await?;

    let sent: Vec<Vec<u8>> = relay
        .exchanges()
        .into_iter()
        .filter(|exchange| exchange.method == "POST" && exchange.target == "/api/setup")
        .map(|exchange| exchange.request)
        .collect();
    assert!(sent.len() >= 2);
    assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "the same bytes each time");
    browser.open_vault_after_set_up(&passphrase).await?;
    browser.sees_empty_vault().await?;
    browser.close().await
}

#[tokio::test]
async fn a_module_that_did_not_come_at_first_is_asked_for_again() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let refused = AtomicBool::new(false);
    relay.change_answers(move |exchange| {
        let first = exchange.target == "/wasm/freehold.js" && !refused.swap(true, Ordering::SeqCst);
        first.then(|| Forged::with_status(503, ""))
    });
    let browser = world.browser_of("alice").await?;
    browser.tolerate(&[503]);
    browser.confirm_who().await?;
    browser.choose_passphrase(&Passphrase::Suggested).await?;
    browser.at("setup-kit").await?;
    assert!(relay.exchanges_with("/wasm/freehold.js").len() > 1);
    browser.close().await
}

#[tokio::test]
async fn every_request_of_set_up_in_turn_goes_without_an_answer_and_it_ends_ready() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.tolerate_lost_answers();
    browser.at("setup-who").await?;
    relay.lose_answers_to("GET", "/api/session");
    browser.open(&format!("{}/setup/", world.program.url())).await?;
    browser.sees_error("network-unreachable").await?;
    relay.lose_nothing();
    browser.click(&id("error-retry")).await?;
    browser.at("setup-who").await?;

    relay.lose_answers_to("GET", "/api/setup");
    browser.click(&id("who-continue")).await?;
    browser.sees_error("network-unreachable").await?;
    relay.lose_nothing();
    browser.click(&id("error-retry")).await?;
    browser.at("setup-passphrase").await?;

    relay.lose_answers_to("GET", "/api/setup");
    let _first = browser.choose_passphrase(&Passphrase::Suggested).await?;
    browser.sees_error("network-unreachable").await?;
    relay.lose_nothing();
    let passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.keep_kit().await?;

    // Once it does not arrive, once its answer is lost.
    relay.cut();
    browser.prove_kit(&code).await?;
    browser.sees_error("network-unreachable").await?;
    assert_eq!(world.state_of("alice"), "PENDING");
    relay.mend();
    relay.lose_answers_to("POST", "/api/setup");
    browser.click(&id("error-retry")).await?;
    browser
        .find("the request, at the server", async || {
            (world.state_of("alice") == "READY").then_some(())
        })
        .await?;
    browser.sees_error("network-unreachable").await?;
    relay.lose_nothing();
    browser.click(&id("error-retry")).await?;
    browser.at("setup-done").await?;
    browser.open_vault_after_set_up(&passphrase).await?;
    browser.sees_empty_vault().await?;
    browser.close().await
}

#[tokio::test]
async fn the_tab_is_closed_after_the_answer_to_set_up_was_lost() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.tolerate_lost_answers();
    browser.confirm_who().await?;
    let passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.keep_kit().await?;
    relay.lose_answers_to("POST", "/api/setup");
    browser.prove_kit(&code).await?;
    browser.sees_error("network-unreachable").await?;
    relay.lose_nothing();
    browser.open(world.program.url()).await?;
    // The account is set up: the passphrase opens it.
    browser.unlock(&passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn a_secret_whose_saving_was_not_answered_is_there_once() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.tolerate_lost_answers();
    relay.lose_answers_to("PUT", "/api/items/");
    browser.click(&id("vault-add")).await?;
    browser.fill(&id("edit-name"), "once").await?;
    browser.fill(&id("edit-value"), "only once").await?;
    browser.click(&id("edit-save")).await?;
    browser.element(&id("error")).await?;
    relay.lose_nothing();
    browser.open(world.program.url()).await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(browser.read_secret("once").await?, "only once");
    let count = browser
        .script("return document.querySelectorAll('[data-testid=item]').length", vec![])
        .await?;
    assert_eq!(count, 1);
    browser.close().await
}
