//! Another passphrase, another recovery code: what counts before, in between and afterwards.

use freehold_testing::{
    Browser, Outcome, Relay,
    pages::{Passphrase, Ready, Secret, id},
};

use crate::world::World;

/// The bodies of the changes that were sent.
fn changes(relay: &Relay) -> Vec<Vec<u8>> {
    let exchanges = relay.exchanges_with("/api/keys/change").into_iter();
    exchanges
        .filter(|exchange| exchange.method == "POST")
        .map(|exchange| exchange.request)
        .collect()
}

#[tokio::test]
async fn a_changed_passphrase_counts_everywhere_and_the_old_one_nowhere() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (first, ready) = world.open_vault("alice").await?;
    first.add_secret(&Secret { name: "kept", value: "over the change", note: "" }).await?;
    let second = world.browser_of("alice").await?;
    second.unlock(&ready.passphrase).await?;

    first.tolerate(&[403]);
    first.open_security().await?;
    first.click(&id("change-passphrase")).await?;
    first.confirm("this is not the passphrase").await?;
    first.sees_error("wrong-secret").await?;
    first.confirm(&ready.passphrase).await?;
    first.at("security-passphrase").await?;
    first.pick_passphrase(&Passphrase::own(&ready.passphrase)).await?;
    first.sees_error("password-same").await?;
    first.click(&id("passphrase-mode-suggested")).await?;
    let new = first.choose_new_passphrase(&Passphrase::Suggested).await?;
    first.finish_change().await?;
    // What the vault does with the keys goes on.
    first.leave_security().await?;
    first.add_secret(&Secret { name: "later", value: "after the change", note: "" }).await?;

    second.tolerate(&[403]);
    second.click(&id("vault-security")).await?;
    second.sees_notice("locked-by-server").await?;
    assert!(second.try_wrong_passphrase(&ready.passphrase).await? < 5, "a try like any other");
    second.try_passphrase(&new).await?;
    second.sees_security().await?;
    second.leave_security().await?;
    assert_eq!(second.read_secret("kept").await?, "over the change");
    assert_eq!(second.read_secret("later").await?, "after the change");
    first.close().await?;
    second.close().await
}

/// A browser whose change of the passphrase was stored, but never answered; with the new passphrase.
async fn unanswered(world: &World, relay: &Relay) -> Outcome<(Browser, Ready, String)> {
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.tolerate_lost_answers();
    browser.open_security().await?;
    browser.click(&id("change-passphrase")).await?;
    browser.confirm(&ready.passphrase).await?;
    relay.lose_answers_to("POST", "/api/keys/change");
    let new = browser.choose_new_passphrase(&Passphrase::Suggested).await?;
    browser.sees_error("network-unreachable").await?;
    relay.lose_nothing();
    Ok((browser, ready, new))
}

#[tokio::test]
async fn the_answer_to_a_change_is_lost_and_the_same_bytes_again_end_well() -> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, _ready, new) = unanswered(&world, &relay).await?;
    browser.click(&id("error-retry")).await?;
    browser.finish_change().await?;
    let sent = changes(&relay);
    assert!(sent.len() >= 2);
    assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "the same bytes each time");
    browser.leave_security().await?;
    browser.lock().await?;
    browser.unlock(&new).await?;
    browser.close().await
}

#[tokio::test]
async fn the_tab_is_closed_in_a_change_and_exactly_one_passphrase_works() -> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, ready, new) = unanswered(&world, &relay).await?;
    browser.open(world.program.url()).await?;
    browser.sees_notice("change-unknown").await?;
    browser.tolerate(&[403]);
    assert_eq!(browser.try_wrong_passphrase(&ready.passphrase).await?, 4);
    browser.unlock(&new).await?;
    browser.close().await
}

#[tokio::test]
async fn a_recovery_code_is_replaced_once_the_new_one_is_proved() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.open_security().await?;
    browser.click(&id("change-code")).await?;
    browser.confirm(&ready.passphrase).await?;
    let (code, _words) = browser.read_kit().await?;
    assert_ne!(code, ready.code);
    browser.keep_kit().await?;
    browser.prove_kit(&ready.code).await?;
    browser.sees_error("recovery-mismatch").await?;
    assert!(changes(&relay).is_empty(), "nothing is stored before the proof");
    browser.prove_kit(&code).await?;
    browser.finish_change().await?;
    browser.leave_security().await?;
    browser.lock().await?;
    browser.sees_notice("locked-by-you").await?;
    assert!(!browser.has(UNMADE).await, "what is done is told as nothing else");

    browser.forget_passphrase().await?;
    browser.tolerate(&[403]);
    browser.give_code(&ready.code).await?;
    browser.sees_error("wrong-secret").await?;
    browser.give_code(&code).await?;
    browser.at("security-passphrase").await?;
    browser.close().await
}

const UNMADE: &str = "[data-testid=notice][data-code^=change-]";

/// Waits until it is told that a change was not made, and of which kit, and that it is void.
async fn sees_void_kit(browser: &Browser) -> Outcome {
    browser.sees_notice("change-not-made").await?;
    let told = browser.text(UNMADE).await?;
    for wanted in [
        "Your old passphrase and your old recovery code still hold",
        "The recovery kit of ",
        " is void",
    ] {
        assert!(told.contains(wanted), "{told}");
    }
    Ok(())
}

#[tokio::test]
async fn who_is_locked_out_of_a_change_is_told_that_its_kit_is_void() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.open_security().await?;
    browser.click(&id("change-code")).await?;
    browser.confirm(&ready.passphrase).await?;
    let (void, _words) = browser.read_kit().await?;
    // A quarter of an hour without use.
    browser
        .script("const before = Date.now; Date.now = () => before() + 16 * 60_000", vec![])
        .await?;
    browser.at("unlock").await?;
    browser.sees_notice("locked-idle").await?;
    sees_void_kit(&browser).await?;
    browser.open(world.program.url()).await?;
    sees_void_kit(&browser).await?;

    // It is as told: that kit opens nothing, and the old one does.
    browser.tolerate(&[401, 403]);
    browser.forget_passphrase().await?;
    browser.give_code(&void).await?;
    browser.sees_error("wrong-secret").await?;
    browser.give_code(&ready.code).await?;
    browser.choose_new_passphrase(&Passphrase::Suggested).await?;
    let (void, _words) = browser.read_kit().await?;
    browser.keep_kit().await?;
    browser.script(SIGN_OUT, vec![]).await?;
    browser.prove_kit(&void).await?;
    // The sign-in ended: away to the provider, and back.
    crate::world::sign_in("alice").again(&browser).await?;
    browser.at("unlock").await?;
    sees_void_kit(&browser).await?;

    // Whoever opens the vault with the old passphrase knows, and is not told again.
    browser.unlock(&ready.passphrase).await?;
    browser.open_security().await?;
    assert!(!browser.has(UNMADE).await);
    browser.click(&id("change-code")).await?;
    browser.confirm(&ready.passphrase).await?;
    browser.at("setup-kit").await?;
    browser.click(&id("kit-start-over")).await?;
    browser.sees_security().await?;
    sees_void_kit(&browser).await?;
    browser.close().await
}

/// Ends the sign-in behind the page's back.
const SIGN_OUT: &str = "return fetch('/api/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then(({ status }) => status)";

#[tokio::test]
async fn of_two_changes_at_once_one_counts_and_the_other_is_told() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (first, ready) = world.open_vault("alice").await?;
    let second = world.browser_of("alice").await?;
    second.unlock(&ready.passphrase).await?;
    first.open_security().await?;
    first.click(&id("change-code")).await?;
    first.confirm(&ready.passphrase).await?;
    let (overtaken, _words) = first.read_kit().await?;
    first.keep_kit().await?;

    second.open_security().await?;
    second.click(&id("change-code")).await?;
    second.confirm(&ready.passphrase).await?;
    second.keep_new_kit().await?;
    second.finish_change().await?;

    first.tolerate(&[403, 409]);
    first.prove_kit(&overtaken).await?;
    first.sees_notice("locked-overtaken").await?;
    first.sees_notice("change-not-made").await?;
    first.forget_passphrase().await?;
    first.give_code(&overtaken).await?;
    first.sees_error("wrong-secret").await?;
    first.close().await?;
    second.close().await
}

#[tokio::test]
async fn a_person_ends_her_other_sessions() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (first, _ready) = world.open_vault("alice").await?;
    let second = world.browser_of("alice").await?;
    second.at("unlock").await?;
    first.open_security().await?;
    let count = async || {
        let script = "return document.querySelectorAll('[data-testid=session]').length";
        first.script(script, vec![]).await.ok().and_then(|count| count.as_u64())
    };
    // The session from before set-up is still there for a moment.
    let before = count().await.unwrap();
    assert!(before >= 2, "{before}");
    first.click(&id("session-end")).await?;
    first.find("one less", async || (count().await == Some(before - 1)).then_some(())).await?;
    first.click(&id("sessions-end-others")).await?;
    first.find("this one alone", async || (count().await == Some(1)).then_some(())).await?;
    second.tolerate(&[401]);
    let ask = "const asked = new XMLHttpRequest(); asked.open('GET', '/api/session', false);\
        asked.send(); return asked.status";
    assert_eq!(second.script(ask, vec![]).await?, 401);
    first.leave_security().await?;
    first.close().await?;
    second.close().await
}
