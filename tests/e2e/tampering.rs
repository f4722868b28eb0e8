//! A server that lies: records of somebody else, flipped bytes, a weaker profile, another origin.
//! The browser refuses each, says that something is wrong with the account on the server, and never
//! that the passphrase was wrong.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use freehold_testing::{
    Browser, Outcome, Relay,
    pages::{Passphrase, Ready, Secret, id, vault::item},
    relay::{Exchange, Forged},
};
use serde_json::Value;

use crate::world::World;

const PASSPHRASE: &str = "seventeen purple lighthouses hum";

/// What the server lies about, and how.
type Lie<T> = (&'static str, fn(&mut T));

fn is(exchange: &Exchange, method: &str, target: &str) -> bool {
    exchange.method == method && exchange.target == target && exchange.status == 200
}

fn json(exchange: &Exchange) -> Value {
    serde_json::from_slice(&exchange.answer).expect("the server answers JSON")
}

fn decode(value: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(value.as_str().expect("binary is text in JSON")).unwrap()
}

fn encode(bytes: &[u8]) -> Value {
    BASE64_URL_SAFE_NO_PAD.encode(bytes).into()
}

/// Forges the answer to one kind of request by changing its JSON.
fn forge(
    relay: &Relay,
    method: &'static str,
    target: &'static str,
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) {
    relay.change_answers(move |exchange| {
        is(exchange, method, target).then(|| {
            let mut answer = json(exchange);
            change(&mut answer);
            Forged::body(answer.to_string())
        })
    });
}

/// A locked vault, the server being a liar from here on.
async fn locked(world: &World) -> Outcome<(Browser, Ready)> {
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.lock().await?;
    Ok((browser, ready))
}

async fn sees_tampering(browser: &Browser, code: &str, what: &str) -> Outcome {
    browser.at("unlock-tampered").await?;
    browser.sees_error(code).await?;
    let text = browser.text("main").await?.to_lowercase();
    assert!(!text.contains("wrong passphrase"), "{what}: {text}");
    Ok(())
}

#[tokio::test]
async fn a_flipped_byte_in_any_record_of_the_answer_to_unlock_is_refused() -> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, ready) = locked(&world).await?;
    for record in ["/envelope", "/keyring", "/card", "/states/0"] {
        for part in ["first", "middle", "last"] {
            forge(&relay, "POST", "/api/unlock", move |answer| {
                let place = answer.pointer_mut(record).expect("the answer holds it");
                let mut bytes = decode(place);
                let at = match part {
                    "first" => 0,
                    "middle" => bytes.len() / 2,
                    _ => bytes.len() - 1,
                };
                bytes[at] ^= 1;
                *place = encode(&bytes);
            });
            browser.try_passphrase(&ready.passphrase).await?;
            sees_tampering(&browser, "tampered", &format!("{part} byte of {record}")).await?;
            relay.leave_answers();
            browser.open(world.program.url()).await?;
        }
    }
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn the_records_of_another_user_with_the_same_passphrase_are_refused() -> Outcome {
    let (world, relay) = World::with_relay();
    let (_alice, _bob) = (world.provision("alice"), world.provision("bob"));
    for login in ["alice", "bob"] {
        let browser = world.browser_of(login).await?;
        browser.set_up(&Passphrase::own(PASSPHRASE)).await?;
        browser.open_vault_after_set_up(PASSPHRASE).await?;
        browser.close().await?;
    }
    // Bob's unlock was the last one: his methods and his records.
    let last = |method, target| {
        let exchanges = relay.exchanges();
        json(exchanges.iter().rfind(|exchange| is(exchange, method, target)).unwrap())
    };
    let (offer, answer) = (last("GET", "/api/unlock"), last("POST", "/api/unlock"));
    relay.change_answers(move |exchange| {
        if exchange.method == "POST" && exchange.target == "/api/unlock" {
            return Some(Forged::success(answer.to_string()));
        }
        is(exchange, "GET", "/api/unlock").then(|| {
            let mut alices = json(exchange);
            alices["methods"] = offer["methods"].clone();
            Forged::body(alices.to_string())
        })
    });
    // A browser that remembers nothing of her could be told anything about her account.
    let fresh = world.browser_of("alice").await?;
    fresh.try_passphrase(PASSPHRASE).await?;
    sees_tampering(&fresh, "tampered", "records of another user").await?;
    relay.leave_answers();
    fresh.open(world.program.url()).await?;
    fresh.unlock(PASSPHRASE).await?;
    fresh.close().await
}

#[tokio::test]
async fn a_lowered_profile_is_refused_before_anything_is_computed_or_sent() -> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, ready) = locked(&world).await?;
    let lowered: [Lie<[u8]>; 4] = [
        ("an unknown profile", |kh| kh[0] = 0),
        ("one pass", |kh| kh[3..7].copy_from_slice(&1_u32.to_be_bytes())),
        ("8 KiB of memory", |kh| kh[7..11].copy_from_slice(&8_u32.to_be_bytes())),
        ("one lane", |kh| kh[11..15].copy_from_slice(&1_u32.to_be_bytes())),
    ];
    for (what, lower) in lowered {
        forge(&relay, "GET", "/api/unlock", move |offer| {
            let methods = offer["methods"].as_array_mut().unwrap();
            let password = methods.iter_mut().find(|method| method["type"] == 1).unwrap();
            let mut parameters = decode(&password["parameters"]);
            lower(&mut parameters);
            password["parameters"] = encode(&parameters);
        });
        let before = answers_to_unlock(&relay);
        browser.open(world.program.url()).await?;
        if browser.at_one_of(&["unlock", "unlock-tampered"]).await? == "unlock" {
            browser.try_passphrase(&ready.passphrase).await?;
        }
        sees_tampering(&browser, "profile-refused", what).await?;
        assert_eq!(answers_to_unlock(&relay), before, "{what}: nothing was sent");
    }
    relay.leave_answers();
    browser.open(world.program.url()).await?;
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

fn answers_to_unlock(relay: &Relay) -> usize {
    let exchanges = relay.exchanges();
    exchanges
        .iter()
        .filter(|exchange| exchange.method == "POST" && exchange.target == "/api/unlock")
        .count()
}

#[tokio::test]
async fn an_offer_for_another_origin_is_not_signed() -> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, ready) = locked(&world).await?;
    forge(&relay, "GET", "/api/unlock", |offer| {
        offer["origins"] = serde_json::json!(["https://freehold.example"]);
    });
    let before = answers_to_unlock(&relay);
    browser.try_passphrase(&ready.passphrase).await?;
    sees_tampering(&browser, "wrong-origin", "another origin").await?;
    assert_eq!(answers_to_unlock(&relay), before);
    browser.close().await
}

#[tokio::test]
async fn a_way_to_unlock_that_the_account_does_not_list_is_refused() -> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, ready) = locked(&world).await?;
    forge(&relay, "GET", "/api/unlock", |offer| {
        let passkey = serde_json::json!({ "type": 3, "parameters": encode(&[7; 48]) });
        offer["methods"].as_array_mut().unwrap().push(passkey);
    });
    browser.open(world.program.url()).await?;
    browser.try_passphrase(&ready.passphrase).await?;
    sees_tampering(&browser, "tampered", "a passkey of the server").await?;
    relay.leave_answers();
    browser.open(world.program.url()).await?;
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn a_raised_epoch_needs_a_yes() -> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, _ready) = locked(&world).await?;
    forge(&relay, "GET", "/api/unlock", |offer| offer["epoch"] = 2.into());
    browser.open(world.program.url()).await?;
    browser.at("unlock-epoch").await?;
    browser.click(&id("epoch-no")).await?;
    browser.element(&id("sign-in")).await?;
    browser.close().await
}

#[tokio::test]
async fn secrets_that_the_server_exchanged_or_changed_are_shown_as_damaged() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "one", value: "the first", note: "" }).await?;
    browser.add_secret(&Secret { name: "two", value: "the second", note: "" }).await?;
    let lies: [Lie<Value>; 4] = [
        ("keys and contents exchanged", |answer| exchange(answer, &["itemKey", "content"])),
        ("contents exchanged", |answer| exchange(answer, &["content"])),
        ("another version", |answer| answer["items"][0]["version"] = 2.into()),
        ("a flipped bit", |answer| {
            let content = &mut answer["items"][0]["content"];
            let mut bytes = decode(content);
            let last = bytes.len() - 1;
            bytes[last] ^= 0x80;
            *content = encode(&bytes);
        }),
    ];
    for (what, lie) in lies {
        forge(&relay, "GET", "/api/items", lie);
        browser.open(world.program.url()).await?;
        browser.unlock(&ready.passphrase).await?;
        browser.element(&id("item-damaged")).await?;
        let shown = browser.text("main").await?;
        let both = what.ends_with("exchanged");
        let damaged = browser
            .script(
                "return document.querySelectorAll('[data-testid=item-damaged]').length",
                Vec::new(),
            )
            .await?;
        assert_eq!(damaged, if both { 2 } else { 1 }, "{what}: {shown}");
    }
    relay.leave_answers();
    browser.open(world.program.url()).await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(browser.read_secret("one").await?, "the first");
    assert!(browser.has(&item("two")).await);
    browser.close().await
}

/// Exchanges these members of the first two items.
fn exchange(answer: &mut Value, members: &[&str]) {
    for member in members {
        let first = answer["items"][0][member].take();
        let second = std::mem::replace(&mut answer["items"][1][member], first);
        answer["items"][0][member] = second;
    }
}

/// The Worker asks for the module by its hash: other bytes are not started, and nothing can be typed.
#[tokio::test]
async fn a_module_that_was_altered_is_not_started() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    relay.change_answers(|exchange| {
        let altered = is(exchange, "GET", "/wasm/freehold_bg.wasm");
        altered.then(|| {
            // A custom section at the end: a module that would run as well as the right one.
            Forged::body([exchange.answer.as_slice(), &[0, 2, 1, b'x']].concat())
        })
    });
    let browser = world.browser_of("alice").await?;
    browser.tolerate_altered_files();
    browser.sees_error("module-altered").await?;
    assert!(!browser.has(&id("passphrase")).await && !browser.has(&id("who-continue")).await);
    relay.leave_answers();
    browser.open(world.program.url()).await?;
    browser.at("setup-who").await?;
    browser.close().await
}
