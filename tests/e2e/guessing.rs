//! Wrong passphrases: told as such, counted, and after five there is a wait, for everybody and
//! everywhere; the right one is not refused because of a stranger for longer than that.

use freehold_testing::{Browser, Outcome, http::Request};

use crate::world::World;

const WRONG: &str = "certainly not the right one";

#[tokio::test]
async fn a_wrong_passphrase_is_told_and_counted_and_the_right_one_opens() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.lock().await?;
    browser.tolerate(&[403]);
    assert_eq!(browser.try_wrong_passphrase(WRONG).await?, 4);
    assert_eq!(browser.try_wrong_passphrase(WRONG).await?, 3);
    browser.unlock(&ready.passphrase).await?;
    // Somebody tried: she is told, once.
    browser.sees_notice("failed-since").await?;
    browser.lock().await?;
    // A success clears the allowance of the quarter of an hour.
    assert_eq!(browser.try_wrong_passphrase(WRONG).await?, 4);
    browser.close().await
}

#[tokio::test]
async fn after_five_wrong_ones_even_the_right_one_must_wait_in_every_browser() -> Outcome {
    let mut world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.lock().await?;
    browser.tolerate(&[403, 429]);
    for left in (0..5).rev() {
        assert_eq!(browser.try_wrong_passphrase(WRONG).await?, left);
    }
    browser.try_passphrase(&ready.passphrase).await?;
    browser.sees_error("tries-used-up").await?;
    let wait = browser
        .script("return document.querySelector('[data-retry-after]').dataset.retryAfter", vec![])
        .await?;
    let seconds: u64 = wait.as_str().and_then(|text| text.parse().ok()).unwrap();
    assert!((1..=15 * 60).contains(&seconds), "{seconds} s");
    let enabled = browser
        .script("return !document.querySelector('[data-testid=unlock-submit]').disabled", vec![])
        .await?;
    assert_eq!(enabled, false);
    // Neither a restart nor another browser gives more tries.
    world.program.stop();
    world.program.resume();
    let second = Browser::start().await;
    second.tolerate(&[429]);
    world.sign_in(&second, "alice").await?;
    second.try_passphrase(&ready.passphrase).await?;
    second.sees_error("tries-used-up").await?;
    second.close().await?;
    browser.close().await
}

#[tokio::test]
async fn a_session_without_the_unlock_proof_gets_no_envelope_from_any_route() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser
        .add_secret(&freehold_testing::pages::Secret { name: "n", value: "v", note: "" })
        .await?;
    browser.close().await?;

    let second = world.browser_of("alice").await?;
    second.at("unlock").await?;
    let cookie = session_cookie(&second).await?;
    let before = relay.exchanges().len();
    for target in [
        "/api/session",
        "/api/setup",
        "/api/unlock",
        "/api/items",
        "/api/items/",
        "/api/keys",
        "/scim/v2/Me",
    ] {
        let request = Request::new("GET", target)
            .header("Cookie", &cookie)
            .header("Sec-Fetch-Site", "same-origin");
        let answer = request.send(([127, 0, 0, 1], relay.port()).into())?;
        // "RkhFMQ" is how an envelope's magic "FHE1" begins in base64url, whatever comes before it
        // in the JSON text.
        assert!(!answer.text().contains("RkhFMQ"), "{target}: {}", answer.text());
    }
    assert!(relay.exchanges().len() > before);
    // The needle is right: the answer to the proof does hold envelopes.
    second.unlock(&ready.passphrase).await?;
    let unlocked = relay
        .exchanges()
        .into_iter()
        .rfind(|exchange| exchange.method == "POST" && exchange.target == "/api/unlock");
    let answer = String::from_utf8_lossy(&unlocked.unwrap().answer).into_owned();
    assert!(answer.contains("RkhFMQ"), "{answer}");
    second.close().await
}

async fn session_cookie(browser: &Browser) -> Outcome<String> {
    let cookies = browser.session().get_all_cookies().await?;
    let ours = cookies.iter().find(|cookie| cookie.name == "__Host-sid").unwrap();
    Ok(format!("__Host-sid={}", ours.value))
}
