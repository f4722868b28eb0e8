//! An organization asks for more than a person's keys have: the next unlock sees to it, and never keeps her out.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use freehold_testing::{Outcome, Relay, relay::Forged};
use serde_json::{Value, json};

use crate::world::World;

/// From now on the organization asks for profile 2.
fn raise_floor(relay: &Relay) {
    relay.change_answers(|exchange| {
        let offers = ["/api/unlock", "/api/keys/change"].contains(&exchange.target.as_str());
        if exchange.method != "GET" || !offers || exchange.status != 200 {
            return None;
        }
        let mut offer: Value = serde_json::from_slice(&exchange.answer).unwrap();
        offer["policy"] = json!({"profileFloor": 2});
        Some(Forged::body(offer.to_string()))
    });
}

/// The profile in the offer that the server gave last.
fn profile(relay: &Relay) -> u8 {
    let offers = relay.exchanges_with("/api/unlock");
    let last = offers.iter().rfind(|exchange| exchange.method == "GET").unwrap();
    let offer: Value = serde_json::from_slice(&last.answer).unwrap();
    let methods = offer["methods"].as_array().unwrap();
    let password = methods.iter().find(|method| method["type"] == 1).unwrap();
    BASE64_URL_SAFE_NO_PAD.decode(password["parameters"].as_str().unwrap()).unwrap()[0]
}

fn changes(relay: &Relay) -> usize {
    let exchanges = relay.exchanges_with("/api/keys/change");
    exchanges.iter().filter(|exchange| exchange.method == "POST").count()
}

#[tokio::test]
async fn keys_below_the_floor_are_raised_at_the_next_unlock() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.tolerate_lost_answers();
    browser.lock().await?;
    assert_eq!(profile(&relay), 1);
    raise_floor(&relay);

    // No answer comes: she is let in all the same.
    relay.lose_answers_to("GET", "/api/keys/change");
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(changes(&relay), 0);
    relay.lose_nothing();

    // The page tries once; a new one tries again.
    browser.open(world.program.url()).await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(changes(&relay), 1);
    browser.lock().await?;
    assert_eq!(profile(&relay), 2);
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(changes(&relay), 1, "there is nothing left to raise");
    browser.close().await
}
