//! The passphrase is forgotten: the recovery code opens the keys once, for a new passphrase and a new code.

use freehold_testing::{
    Outcome,
    pages::{Passphrase, Secret, id},
};

use crate::world::World;

/// The code with one letter exchanged for another of its alphabet.
fn mistyped(code: &str) -> String {
    let (rest, last) = code.split_at(code.len() - 1);
    format!("{rest}{}", if last == "q" { "p" } else { "q" })
}

/// As it stands on paper.
fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.to_uppercase().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[tokio::test]
async fn who_forgot_her_passphrase_comes_back_by_the_recovery_code() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "kept", value: "all the time", note: "" }).await?;
    browser.lock().await?;
    let count = |method: &'static str, target| {
        let exchanges = relay.exchanges_with(target).into_iter();
        exchanges.filter(|exchange| exchange.method == method && exchange.target == target).count()
    };

    // A mistake is found in the browser; no try is spent.
    let unlocks = count("POST", "/api/unlock");
    browser.forget_passphrase().await?;
    browser.give_code(&mistyped(&ready.code)).await?;
    browser.sees_error("bad-code").await?;
    assert_eq!(count("POST", "/api/unlock"), unlocks);

    // Leaving in the middle changes nothing.
    browser.give_code(&in_groups(&ready.code)).await?;
    let abandoned = browser.choose_new_passphrase(&Passphrase::Suggested).await?;
    let (abandoned_code, _words) = browser.read_kit().await?;
    browser.click(&id("kit-start-over")).await?;
    browser.at("unlock").await?;
    browser.sees_notice("change-not-made").await?;
    assert_eq!(count("POST", "/api/keys/change"), 0);

    // The same code is good again; the words are as good as the letters.
    browser.forget_passphrase().await?;
    browser.give_code(&ready.words.join(" ")).await?;
    let new = browser.choose_new_passphrase(&Passphrase::Suggested).await?;
    assert_ne!(new, abandoned);
    let code = browser.keep_new_kit().await?;
    browser.at("security-done").await?;
    browser.click(&id("security-continue")).await?;
    browser.at("vault").await?;
    assert_eq!(browser.read_secret("kept").await?, "all the time");

    // Old passphrase, old code and the code of the attempt that was left open nothing.
    browser.lock().await?;
    browser.tolerate(&[403]);
    browser.try_wrong_passphrase(&ready.passphrase).await?;
    browser.forget_passphrase().await?;
    for spent in [&ready.code, &abandoned_code] {
        browser.give_code(spent).await?;
        browser.sees_error("wrong-secret").await?;
    }
    browser.give_code(&code).await?;
    browser.at("security-passphrase").await?;
    browser.click(&id("passphrase-back")).await?;
    browser.unlock(&new).await?;
    browser.close().await
}
