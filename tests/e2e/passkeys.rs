//! Passkeys: another way into the same vault. One that gives no secret, or does not check whose finger it is, is
//! refused before anything is stored.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use freehold_testing::{
    Ability, Browser, Outcome,
    pages::{Secret, id, passkeys::passkey},
    relay::Forged,
};
use serde_json::{Value, json};

use crate::world::World;

const SECRET: Secret<'_> = Secret { name: "Bank", value: "1234", note: "" };

/// How many passkeys the server has of the person in this browser, whose vault is open.
async fn stored(browser: &Browser) -> Outcome<u64> {
    let script = "const answer = arguments[0];\
        fetch('/api/keys').then((response) => response.json())\
        .then(({ methods }) => answer(methods.filter(({ type }) => type === 3).length));";
    Ok(browser.session().execute_async(script, Vec::new()).await?.convert()?)
}

async fn is_open(browser: &Browser) -> Outcome {
    browser.at("vault").await?;
    assert_eq!(browser.read_secret(SECRET.name).await?, SECRET.value);
    Ok(())
}

#[tokio::test]
async fn each_of_two_passkeys_opens_the_vault_and_a_removed_one_does_not() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&SECRET).await?;
    let laptop = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.add_passkey(&ready.passphrase, "Laptop").await?;
    browser.touch(&laptop, false).await?;
    let key = browser.plug_in(Ability::Secret).await?;
    browser.add_passkey(&ready.passphrase, "Key").await?;
    browser.leave_security().await?;
    is_open(&browser).await?;

    browser.lock().await?;
    browser.try_passkey().await?;
    is_open(&browser).await?;
    browser.lock().await?;
    browser.touch(&key, false).await?;
    browser.touch(&laptop, true).await?;
    browser.try_passkey().await?;
    is_open(&browser).await?;

    browser.open_security().await?;
    browser.click(&format!("{} {}", passkey("Laptop"), id("passkey-rename"))).await?;
    browser.fill(&id("passkey-name"), "Old laptop").await?;
    browser.click(&id("passkey-rename-save")).await?;
    browser.element(&passkey("Old laptop")).await?;
    browser.leave_security().await?;
    browser.lock().await?;

    // Removed elsewhere, while this page still offers it; a passkey proves as well as a passphrase.
    let second = world.browser_of("alice").await?;
    second.unlock(&ready.passphrase).await?;
    second.open_security().await?;
    second.click(&format!("{} {}", passkey("Old laptop"), id("passkey-remove"))).await?;
    second.confirm(&ready.passphrase).await?;
    second.at("security").await?;
    second.element(&passkey("Key")).await?;
    assert!(!second.has(&passkey("Old laptop")).await);
    browser.try_passkey().await?;
    browser.at("unlock").await?;
    browser.sees_error("passkey-removed").await?;
    browser.touch(&laptop, false).await?;
    browser.touch(&key, true).await?;
    browser.try_passkey().await?;
    is_open(&browser).await?;

    browser.open_security().await?;
    browser.click(&format!("{} {}", passkey("Key"), id("passkey-remove"))).await?;
    browser.at("confirm").await?;
    browser.click(&id("confirm-by-passkey")).await?;
    browser.at("security").await?;
    assert_eq!(stored(&browser).await?, 0);
    browser.leave_security().await?;
    browser.lock().await?;
    assert!(!browser.has(&id("unlock-by-passkey")).await);
    browser.unlock(&ready.passphrase).await?;
    is_open(&browser).await?;
    second.close().await?;
    browser.close().await
}

#[tokio::test]
async fn one_key_holds_one_passkey_of_an_account() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    let key = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.add_passkey(&ready.passphrase, "Key").await?;
    browser.begin_passkey(&ready.passphrase, "Again").await?;
    browser.sees_error("passkey-there").await?;
    browser.click(&id("passkey-cancel")).await?;
    browser.at("security").await?;
    assert_eq!((stored(&browser).await?, browser.passkeys_on(&key).await?), (1, 1));
    browser.close().await
}

#[tokio::test]
async fn a_key_that_does_not_know_the_finger_opens_nothing() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&SECRET).await?;
    // After a wrong finger a key is blocked until it is plugged in anew: each step has its own.
    let first = browser.plug_in(Ability::Secret).await?;
    browser.recognize(&first, false).await?;
    browser.open_security().await?;
    browser.begin_passkey(&ready.passphrase, "Key").await?;
    browser.sees_error("passkey-cancelled").await?;
    browser.touch(&first, false).await?;
    let second = browser.plug_in(Ability::Secret).await?;
    browser.click(&id("passkey-create")).await?;
    browser.at("passkey-use").await?;
    browser.recognize(&second, false).await?;
    browser.click(&id("passkey-use")).await?;
    browser.sees_error("passkey-cancelled").await?;
    browser.click(&id("passkey-cancel")).await?;
    browser.at("security").await?;
    assert_eq!(stored(&browser).await?, 0);
    browser.touch(&second, false).await?;
    let third = browser.plug_in(Ability::Secret).await?;
    browser.add_passkey(&ready.passphrase, "Key").await?;
    browser.leave_security().await?;
    browser.lock().await?;
    browser.recognize(&third, false).await?;
    browser.try_passkey().await?;
    browser.at("unlock").await?;
    browser.sees_error("passkey-cancelled").await?;
    browser.unlock(&ready.passphrase).await?;
    is_open(&browser).await?;
    assert!(!browser.has("[data-code=failed-since]").await, "nothing was tried at the server");
    browser.close().await
}

#[tokio::test]
async fn a_key_without_the_extension_is_refused_and_nothing_is_stored() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    let _key = browser.plug_in(Ability::SignaturesOnly).await?;
    browser.open_security().await?;
    browser.begin_passkey(&ready.passphrase, "Key").await?;
    browser.sees_error("bad-passkey").await?;
    browser.click(&id("passkey-cancel")).await?;
    browser.at("security").await?;
    assert_eq!(stored(&browser).await?, 0);
    browser.close().await
}

/// What no virtual authenticator does: the browser's answer is changed on its way to the page.
const LIES: &str = "const ask = CredentialsContainer.prototype.get;\
    CredentialsContainer.prototype.get = async function (options) {\
      const used = await ask.call(this, options);\
      const results = (first) => Object.defineProperty(used, 'getClientExtensionResults',\
        { value: () => ({ prf: first ? { results: { first } } : {} }) });\
      switch (window.lie) {\
        case 'zeros': results(new ArrayBuffer(32)); break;\
        case 'short': results(new Uint8Array(31).fill(7).buffer); break;\
        case 'nothing': results(undefined); break;\
        case 'unverified': {\
          const data = new Uint8Array(used.response.authenticatorData.slice(0));\
          data[32] &= ~4;\
          Object.defineProperty(used.response, 'authenticatorData', { value: data.buffer });\
        }\
      }\
      return used;\
    };";

async fn lie(browser: &Browser, how: &str) -> Outcome {
    browser.script("window.lie = arguments[0]", vec![how.into()]).await.map(drop)
}

#[tokio::test]
async fn an_output_that_is_no_secret_is_refused() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    let patch = json!({ "source": LIES });
    browser.session().cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", patch).await?;
    world.sign_in(&browser, "alice").await?;
    let ready = browser.set_up(&freehold_testing::pages::Passphrase::Suggested).await?;
    browser.open_vault_after_set_up(&ready.passphrase).await?;
    browser.add_secret(&SECRET).await?;
    let key = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.make_passkey(&ready.passphrase, "Key").await?;
    for how in ["zeros", "short", "nothing", "unverified"] {
        lie(&browser, how).await?;
        browser.click(&id("passkey-use")).await?;
        browser.at("passkey-make").await?;
        browser.sees_error("bad-passkey").await?;
        assert_eq!(stored(&browser).await?, 0, "{how}");
        // Another one is made in its place.
        browser.click(&id("passkey-create")).await?;
        browser.at("passkey-use").await?;
    }
    lie(&browser, "").await?;
    browser.click(&id("passkey-use")).await?;
    browser.at("security").await?;
    assert_eq!(stored(&browser).await?, 1);
    browser.leave_security().await?;
    browser.lock().await?;
    for how in ["zeros", "short", "nothing", "unverified"] {
        lie(&browser, how).await?;
        browser.try_passkey().await?;
        browser.at("unlock").await?;
        browser.sees_error("bad-passkey").await?;
        // What was said of the one before is gone.
        browser.fill(&id("unlock-passphrase"), "").await?;
        browser.click(&id("unlock-submit")).await?;
        browser.sees_error("password-empty").await?;
    }
    lie(&browser, "").await?;
    browser.try_passkey().await?;
    is_open(&browser).await?;
    assert!(!browser.has("[data-code=failed-since]").await, "nothing was tried at the server");
    assert!(browser.passkeys_on(&key).await? >= 1);
    browser.close().await
}

#[tokio::test]
async fn whoever_cancels_is_back_at_the_form_with_nothing_lost() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&SECRET).await?;
    let key = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.add_passkey(&ready.passphrase, "Key").await?;
    // On the way to another one: the vault stays open.
    browser.touch(&key, false).await?;
    browser.begin_passkey(&ready.passphrase, "Second").await?;
    browser.click(&id("passkey-cancel")).await?;
    browser.at("security").await?;
    browser.click(&id("passkey-add")).await?;
    browser.at("confirm").await?;
    browser.click(&id("confirm-by-passkey")).await?;
    browser.at("confirm-passkey").await?;
    browser.click(&id("working-cancel")).await?;
    browser.at("confirm").await?;
    browser.click(&id("confirm-leave")).await?;
    browser.at("security").await?;
    browser.leave_security().await?;
    is_open(&browser).await?;
    // And while unlocking.
    browser.lock().await?;
    browser.try_passkey().await?;
    browser.at("unlock-passkey").await?;
    browser.click(&id("working-cancel")).await?;
    browser.unlock(&ready.passphrase).await?;
    is_open(&browser).await?;
    browser.close().await
}

#[tokio::test]
async fn a_lost_answer_adds_one_passkey_not_two() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.tolerate_lost_answers();
    let _key = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.make_passkey(&ready.passphrase, "Key").await?;
    relay.lose_answers_to("POST", "/api/keys/change");
    browser.click(&id("passkey-use")).await?;
    browser.at("security-saving").await?;
    browser.sees_error("network-unreachable").await?;
    relay.lose_nothing();
    browser.click(&id("error-retry")).await?;
    browser.at("security").await?;
    browser.element(&passkey("Key")).await?;
    assert_eq!(stored(&browser).await?, 1);
    browser.leave_security().await?;
    browser.lock().await?;
    browser.try_passkey().await?;
    browser.at("vault").await?;
    browser.close().await
}

#[tokio::test]
async fn where_a_passkey_is_asked_for_nothing_else_is_to_be_had_before() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&SECRET).await?;
    browser.lock().await?;
    browser.tolerate(&[403]);
    let added = Arc::new(AtomicBool::new(false));
    relay.change_answers({
        let added = added.clone();
        move |exchange| {
            if exchange.method == "POST" && exchange.target == "/api/keys/change" {
                added.store(exchange.status == 204, Ordering::SeqCst);
            }
            let asked = exchange.target == "/api/items" && !added.load(Ordering::SeqCst);
            let problem = json!({ "code": "passkey-required", "supportId": "of-the-test" });
            asked.then(|| Forged::with_status(403, problem.to_string()))
        }
    });
    let _key = browser.plug_in(Ability::Secret).await?;
    browser.try_passphrase(&ready.passphrase).await?;
    browser.at("passkey-first").await?;
    browser.begin_passkey(&ready.passphrase, "Key").await?;
    browser.at("passkey-use").await?;
    browser.click(&id("passkey-cancel")).await?;
    browser.at("passkey-first").await?;
    browser.begin_passkey(&ready.passphrase, "Key").await?;
    browser.at("passkey-use").await?;
    browser.click(&id("passkey-use")).await?;
    is_open(&browser).await?;
    assert!(added.load(Ordering::SeqCst));
    browser.close().await
}

/// The secret of a passkey passes the page: what the page posts to its Worker leaves it empty.
#[tokio::test]
async fn the_secret_goes_to_the_worker_and_leaves_zeros() -> Outcome {
    const WATCH: &str = "const ask = CredentialsContainer.prototype.get;\
        CredentialsContainer.prototype.get = async function (options) {\
          const used = await ask.call(this, options);\
          const found = used.getClientExtensionResults();\
          window.secret = found.prf.results.first;\
          window.before = new Uint8Array(window.secret).some((byte) => byte !== 0);\
          Object.defineProperty(used, 'getClientExtensionResults', { value: () => found });\
          return used;\
        };\
        window.left = [];\
        const post = Worker.prototype.postMessage;\
        Worker.prototype.postMessage = function (message, transfer) {\
          post.call(this, message, transfer);\
          const output = message && message.with && message.with.output;\
          if (output) window.left.push(output.length);\
        };";
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    let watch = json!({ "source": WATCH });
    browser.session().cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", watch).await?;
    world.sign_in(&browser, "alice").await?;
    let ready = browser.set_up(&freehold_testing::pages::Passphrase::Suggested).await?;
    browser.open_vault_after_set_up(&ready.passphrase).await?;
    let _key = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.add_passkey(&ready.passphrase, "Key").await?;
    browser.leave_security().await?;
    browser.lock().await?;
    browser.try_passkey().await?;
    browser.at("vault").await?;
    let left = browser
        .script("return [window.before, ...new Uint8Array(window.secret), ...window.left]", vec![])
        .await?;
    let mut expected = vec![Value::from(true)];
    expected.extend(vec![Value::from(0); 32 + 2]);
    assert_eq!(left, Value::from(expected));
    browser.close().await
}
