//! Somebody may know the passphrase: all keys are made new, and nothing is lost.

use std::sync::atomic::{AtomicBool, Ordering};

use freehold_testing::{
    Outcome,
    pages::{Passphrase, Secret, id},
    relay::Forged,
};

use crate::world::World;

#[tokio::test]
async fn all_keys_are_made_new_and_the_thief_is_left_with_nothing() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (first, ready) = world.open_vault("alice").await?;
    first.add_secret(&Secret { name: "one", value: "the first", note: "" }).await?;
    first.add_secret(&Secret { name: "two", value: "the second", note: "" }).await?;
    let second = world.browser_of("alice").await?;
    second.unlock(&ready.passphrase).await?;
    // Another tab of the same browser has the vault open too.
    let tab = first.session().window().await?;
    let other_tab = first.session().new_tab().await?;
    first.session().switch_to_window(other_tab.clone()).await?;
    first.open(&format!("{}/vault/", world.program.url())).await?;
    first.unlock(&ready.passphrase).await?;
    first.session().switch_to_window(tab.clone()).await?;

    first.open_security().await?;
    first.click(&id("change-leaked")).await?;
    first.at("security-leaked").await?;
    first.click(&id("leaked-continue")).await?;
    first.confirm(&ready.passphrase).await?;
    let new = first.choose_new_passphrase(&Passphrase::Suggested).await?;
    // As if a secret were saved elsewhere right after its list was fetched: the first try is refused.
    first.tolerate(&[409]);
    let lied = AtomicBool::new(false);
    relay.change_answers(move |exchange| {
        let listed = exchange.method == "GET" && exchange.target == "/api/items";
        if !listed || lied.swap(true, Ordering::SeqCst) {
            return None;
        }
        let mut answer: serde_json::Value = serde_json::from_slice(&exchange.answer).unwrap();
        answer["items"].as_array_mut().unwrap().pop();
        Some(Forged::body(answer.to_string()))
    });
    let code = first.keep_new_kit().await?;
    first.finish_change().await?;
    let statuses: Vec<u16> = relay
        .exchanges_with("/api/keys/renewal")
        .into_iter()
        .filter(|exchange| exchange.method == "POST")
        .map(|exchange| exchange.status)
        .collect();
    assert_eq!(statuses, [409, 204]);
    assert_ne!(code, ready.code);

    // With the old keys it could only spoil what it saves.
    first.session().switch_to_window(other_tab).await?;
    first.at("unlock").await?;
    first.sees_notice("locked-elsewhere").await?;
    first.session().switch_to_window(tab).await?;

    first.leave_security().await?;
    assert_eq!(first.read_secret("one").await?, "the first");
    first.add_secret(&Secret { name: "three", value: "under the new keys", note: "" }).await?;
    first.lock().await?;
    first.unlock(&new).await?;
    assert_eq!(first.read_secret("two").await?, "the second");

    // A browser that knew the old keys asks before it takes the new ones.
    second.tolerate(&[403]);
    second.click(&id("vault-security")).await?;
    second.at("unlock-epoch").await?;
    second.click(&id("epoch-yes")).await?;
    second.try_wrong_passphrase(&ready.passphrase).await?;
    second.try_passphrase(&new).await?;
    second.sees_security().await?;
    second.leave_security().await?;
    assert_eq!(second.read_secret("three").await?, "under the new keys");
    first.close().await?;
    second.close().await
}

#[tokio::test]
async fn a_secret_that_cannot_be_opened_is_not_lost_with_the_old_keys() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, _ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "one", value: "the first", note: "" }).await?;
    relay.change_answers(|exchange| {
        let listed = exchange.method == "GET" && exchange.target == "/api/items";
        listed.then(|| {
            let mut answer: serde_json::Value = serde_json::from_slice(&exchange.answer).unwrap();
            answer["items"][0]["version"] = 2.into();
            Forged::body(answer.to_string())
        })
    });
    browser.open_security().await?;
    browser.click(&id("change-leaked")).await?;
    browser.sees_error("damaged-secrets").await?;
    browser.close().await
}
