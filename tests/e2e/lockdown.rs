//! Browsers that cannot do the work, and machines that can hardly: people are told what is so and
//! what to do, before they type anything where it can be known before, and never that a passphrase
//! was wrong.

use freehold_testing::{
    Browser, Outcome, Relay,
    pages::{Passphrase, Secret, id},
    relay::Forged,
};
use serde_json::json;

use crate::world::World;

/// Without a just-in-time compiler Chromium has no WebAssembly: what lockdown modes do.
const NO_WEBASSEMBLY: &str = "--js-flags=--jitless";

/// 32 MiB for a module, where one derivation takes 64.
const LITTLE_MEMORY: &str = "--js-flags=--wasm-max-mem-pages=512";

/// A module whose one function traps, as a failed assertion of Rust does.
const TRAP: &str = "function trap() { new WebAssembly.Instance(new WebAssembly.Module(\
    new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,116,0,0,10,5,1,3,0,0,11])\
    )).exports.t(); }\n";

async fn sees_that_the_browser_cannot(browser: &Browser) -> Outcome {
    browser.at("unsupported").await?;
    let text = browser.text("main").await?;
    for told in ["WebAssembly", "another browser", "for this site only", "Nothing was typed"] {
        assert!(text.contains(told), "{told} is not in: {text}");
    }
    assert!(!browser.has("input, textarea").await, "there is something to type into");
    Ok(())
}

async fn never_blames_the_passphrase(browser: &Browser) -> Outcome {
    let text = browser.text("main").await?.to_lowercase();
    assert!(!text.contains("wrong") || text.contains("not about right or wrong"), "{text}");
    browser.element(&id("error-support-id")).await.map(drop)
}

#[tokio::test]
async fn without_webassembly_it_is_said_before_a_field_is_shown() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let locked_down = Browser::start_with(&[NO_WEBASSEMBLY]).await;
    world.sign_in(&locked_down, "alice").await?;
    sees_that_the_browser_cannot(&locked_down).await?;
    assert_eq!(world.state_of("alice"), "PENDING");

    let (able, ready) = world.open_vault("alice").await?;
    able.close().await?;
    for page in ["/unlock/", "/vault/", "/setup/"] {
        locked_down.open(&format!("{}{page}", world.program.url())).await?;
        sees_that_the_browser_cannot(&locked_down).await?;
    }
    locked_down.close().await?;
    // The flag is what made the difference.
    let able = world.browser_of("alice").await?;
    able.unlock(&ready.passphrase).await?;
    able.close().await
}

#[tokio::test]
async fn too_little_memory_is_told_as_such_and_costs_no_try() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let short = Browser::start_with(&[LITTLE_MEMORY]).await;
    world.sign_in(&short, "alice").await?;
    short.confirm_who().await?;
    let _chosen = short.choose_passphrase(&Passphrase::Suggested).await?;
    short.sees_error("out-of-memory").await?;
    never_blames_the_passphrase(&short).await?;
    assert_eq!(world.state_of("alice"), "PENDING");

    let (able, ready) = world.open_vault("alice").await?;
    able.lock().await?;
    short.open(world.program.url()).await?;
    // Again and again: each try has a Worker of its own.
    for _ in 0..2 {
        short.try_passphrase(&ready.passphrase).await?;
        short.at("unlock").await?;
        short.sees_error("out-of-memory").await?;
        never_blames_the_passphrase(&short).await?;
    }
    short.close().await?;
    able.tolerate(&[403]);
    assert_eq!(able.try_wrong_passphrase("certainly not the right one").await?, 4);
    able.close().await
}

/// Makes the probe find a machine that is so many times slower; with 0, one that takes no time.
fn slow_down(relay: &Relay, times: u32) {
    relay.change_answers(move |exchange| {
        if exchange.target != "/lib/worker/speed.js" || exchange.status != 200 {
            return None;
        }
        let script = String::from_utf8_lossy(&exchange.answer);
        let slow =
            script.replace("const REAL_TO_PROBE = ", &format!("const REAL_TO_PROBE = {times} * "));
        assert_ne!(slow, script, "the probe has another name now");
        Some(Forged::body(slow))
    });
}

#[tokio::test]
async fn on_a_slow_machine_the_time_is_told_first() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    slow_down(&relay, 0);
    let quick = world.browser_of("alice").await?;
    quick.at("setup-who").await?;
    assert!(!quick.has(&id("who-estimate")).await, "a quick machine needs no estimate");
    quick.close().await?;

    slow_down(&relay, 1000);
    let slow = world.browser_of("alice").await?;
    slow.at("setup-who").await?;
    let told = slow.text(&id("who-estimate")).await?;
    assert!(told.contains(" minutes") || told.contains(" hour"), "{told}");
    assert!(told.contains("Another browser"), "{told}");
    // An estimate is no refusal.
    let ready = slow.set_up(&Passphrase::Suggested).await?;
    slow.click(&id("done-open-vault")).await?;
    slow.at("unlock").await?;
    let told = slow.text(&id("unlock-estimate")).await?;
    assert!(told.contains(" minutes") || told.contains(" hour"), "{told}");
    slow.unlock(&ready.passphrase).await?;
    slow.close().await
}

/// Lets derivations of what begins with an exclamation mark trap, and the second item that a Worker
/// opens.
fn trap(relay: &Relay) {
    relay.change_answers(|exchange| {
        if exchange.target != "/wasm/freehold.js" || exchange.status != 200 {
            return None;
        }
        let script = String::from_utf8_lossy(&exchange.answer);
        let derive = "export function deriveForUnlock(";
        let open = "    openItem(";
        assert!(script.contains(derive) && script.contains(open), "the exports have other names");
        let script = script
            .replace(
                derive,
                "export function deriveForUnlock(...given) { if (given[3][0] === 33) trap();\
                 return deriveReally(...given); }\nfunction deriveReally(",
            )
            .replace(
                open,
                "    openItem(...given) { globalThis.opened = (globalThis.opened ?? 0) + 1;\
                 if (globalThis.opened === 2) trap(); return this.openReally(...given); }\n\
                 openReally(",
            );
        Some(Forged::body([TRAP, script.as_str()].concat()))
    });
}

#[tokio::test]
async fn a_crash_of_the_module_is_told_as_a_crash_and_a_fresh_worker_goes_on() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    trap(&relay);
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "Bank", value: "1234", note: "" }).await?;
    browser.lock().await?;
    let asked = relay.exchanges_with("/api/unlock").len();
    browser.try_passphrase("!this one lets it crash").await?;
    browser.at("unlock").await?;
    browser.sees_error("crashed").await?;
    never_blames_the_passphrase(&browser).await?;
    let sent = relay.exchanges_with("/api/unlock");
    assert!(sent[asked..].iter().all(|exchange| exchange.method == "GET"), "no try was sent");

    browser.unlock(&ready.passphrase).await?;
    // The Worker with the keys crashes: the vault locks and says why; nothing is called damaged.
    browser.click(&id("item-reveal")).await?;
    browser.at("unlock").await?;
    browser.sees_notice("locked-crashed").await?;
    browser.unlock(&ready.passphrase).await?;
    assert!(browser.has(&freehold_testing::pages::vault::item("Bank")).await);
    browser.close().await
}

#[tokio::test]
async fn a_worker_that_crashes_once_the_keys_are_stored_makes_no_failed_set_up() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    relay.change_answers(|exchange| {
        if exchange.target != "/lib/worker/keys.js" || exchange.status != 200 {
            return None;
        }
        let script = String::from_utf8_lossy(&exchange.answer);
        let stored = "const account = setup().account();";
        let crashing = script.replace(stored, "throw new CodedError('crashed');");
        assert_ne!(crashing, script, "what is done after the keys are stored reads otherwise now");
        Some(Forged::body(crashing))
    });
    let browser = world.browser_of("alice").await?;
    let ready = browser.set_up(&Passphrase::Suggested).await?;
    assert_eq!(world.state_of("alice"), "READY");
    browser.open_vault_after_set_up(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn a_browser_that_keeps_nothing_opens_the_vault_and_is_told_why_it_is_not_signed_in()
-> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    let refuse = "for (const name of ['localStorage', 'sessionStorage']) \
        Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });";
    let cdp = browser.session().cdp();
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": refuse })).await?;
    let _ready = world.open_vault_in(&browser, "alice").await?;

    // It could not know that it has just been at the sign-in, and must not go round for ever.
    browser.tolerate(&[401]);
    browser.session().delete_all_cookies().await?;
    browser.open(&format!("{}/vault/", world.program.url())).await?;
    browser.sees_error("sign-in-not-kept").await?;
    browser.element(&id("error-sign-in")).await?;
    browser.close().await
}
