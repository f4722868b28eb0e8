//! What locks the vault besides its button.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
    mpsc::channel,
};

use freehold_testing::{
    Browser, Outcome,
    pages::{Secret, id},
    relay::{Exchange, Forged},
};
use serde_json::json;

use crate::world::World;

/// Whether the page believes to be seen.
async fn visible(browser: &Browser) -> bool {
    let state = browser.script("return document.visibilityState", vec![]).await;
    state.is_ok_and(|state| state == "visible")
}

async fn hide(browser: &Browser) -> Outcome {
    browser.session().minimize_window().await?;
    browser.find("a hidden page", async || (!visible(browser).await).then_some(())).await
}

async fn show(browser: &Browser) -> Outcome {
    browser.session().set_window_rect(0, 0, 1000, 900).await?;
    browser.find("a page in sight", async || visible(browser).await.then_some(())).await
}

#[tokio::test]
async fn a_hidden_tab_locks_only_for_whom_wants_it() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    hide(&browser).await?;
    show(&browser).await?;
    browser.at("vault").await?;

    browser.click(&format!("{} summary", id("vault-settings"))).await?;
    browser.click(&id("lock-when-hidden")).await?;
    hide(&browser).await?;
    browser.at("unlock").await?;
    show(&browser).await?;
    browser.sees_notice("locked-hidden").await?;

    // Kept in this browser: it counts after the next unlock too. A dialog goes with the rest, though nothing is drawn.
    browser.unlock(&ready.passphrase).await?;
    browser.add_secret(&Secret { name: "Bank 77", value: "v", note: "" }).await?;
    browser.click(&id("item-delete")).await?;
    browser.sees_text(&id("delete-dialog"), "Bank 77").await?;
    hide(&browser).await?;
    browser.at("unlock").await?;
    let names = "return document.documentElement.outerHTML.includes('Bank 77')";
    assert_eq!(browser.script(names, vec![]).await?, json!(false));
    show(&browser).await?;
    browser.unlock(&ready.passphrase).await?;
    browser.click(&format!("{} summary", id("vault-settings"))).await?;
    browser.click(&id("lock-when-hidden")).await?;
    hide(&browser).await?;
    show(&browser).await?;
    browser.at("vault").await?;
    browser.close().await
}

/// The length of what is typed as the value.
async fn typed(browser: &Browser) -> Outcome<serde_json::Value> {
    browser
        .script("return document.querySelector('[data-testid=edit-value]').value.length", vec![])
        .await
}

#[tokio::test]
async fn a_text_that_is_too_large_is_told_while_it_is_typed_and_outlives_a_lock() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.click(&format!("{} summary", id("vault-settings"))).await?;
    browser.click(&id("lock-when-hidden")).await?;
    browser.click(&id("vault-add")).await?;
    browser.at("vault-edit").await?;
    browser.fill(&id("edit-name"), "a long one").await?;
    let type_value = async |length: usize| {
        let script = "const field = document.querySelector('[data-testid=edit-value]');\
            field.value = '\\u0001'.repeat(arguments[0]);\
            field.dispatchEvent(new Event('input', { bubbles: true }))";
        browser.script(script, vec![json!(length)]).await.map(drop)
    };
    type_value(180_000).await?;
    browser.sees_error("item-too-large").await?;
    browser.click(&id("edit-save")).await?;
    browser.at("vault-edit").await?;
    hide(&browser).await?;
    browser.at("unlock").await?;
    show(&browser).await?;
    browser.try_passphrase(&ready.passphrase).await?;
    browser.at("vault-edit").await?;
    browser.sees_notice("draft-back").await?;
    browser.sees_error("item-too-large").await?;
    assert_eq!(typed(&browser).await?, 180_000);

    type_value(100_000).await?;
    let fits = async || (!browser.has(&id("error")).await).then_some(());
    browser.find("no word of its size", fits).await?;
    browser.click(&id("edit-save")).await?;
    browser.at("vault").await?;
    browser.close().await
}

/// A vault that locks after four seconds without use.
fn hasty(exchange: &Exchange) -> Option<Forged> {
    if exchange.target != "/vault/idle.js" || exchange.status != 200 {
        return None;
    }
    let script = String::from_utf8_lossy(&exchange.answer);
    let hasty = script
        .replace("LOCK_AFTER_MS = 15 * 60_000", "LOCK_AFTER_MS = 4000")
        .replace("WARN_BEFORE_MS = 60_000", "WARN_BEFORE_MS = 2000");
    assert_ne!(hasty, script, "the times have other names now");
    Some(Forged::body(hasty))
}

#[tokio::test]
async fn a_vault_without_use_locks() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    relay.change_answers(hasty);
    let (browser, ready) = world.open_vault("alice").await?;
    let holder = workers(&browser).await?.keys;
    assert_eq!(holder.len(), 1, "somebody must hold the keys");
    browser.at("unlock").await?;
    browser.sees_notice("locked-idle").await?;
    ended(&browser, |workers| !workers.keys.contains(&holder[0])).await?;
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn keys_lock_without_use_though_no_secret_could_be_loaded() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let is_broken = Arc::new(AtomicBool::new(false));
    let broken = Arc::clone(&is_broken);
    relay.change_answers(move |exchange| {
        let items = exchange.target == "/api/items" && broken.load(Ordering::SeqCst);
        if items { Some(Forged::with_status(500, "{}")) } else { hasty(exchange) }
    });
    let (browser, ready) = world.open_vault("alice").await?;
    browser.lock().await?;
    browser.sees_notice("locked-by-you").await?;
    is_broken.store(true, Ordering::SeqCst);
    browser.tolerate(&[500]);
    browser.try_passphrase(&ready.passphrase).await?;
    browser.sees_notice("locked-idle").await?;
    is_broken.store(false, Ordering::SeqCst);
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn who_leaves_while_her_recovery_code_is_on_its_way_leaves_no_keys() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.lock().await?;
    browser.forget_passphrase().await?;
    let (arrived, arrives) = channel();
    let (go, goes) = channel::<()>();
    let goes = Mutex::new(goes);
    relay.change_answers(move |exchange| {
        if exchange.method == "POST" && exchange.target == "/api/unlock" {
            arrived.send(()).ok();
            goes.lock().unwrap().recv().ok();
        }
        None
    });
    browser.give_code(&ready.code).await?;
    browser.find("the code at the server", async || arrives.try_recv().ok()).await?;
    let holder = workers(&browser).await?.keys;
    assert_eq!(holder.len(), 1, "what the code gave is in there");
    browser.click(&id("prove-back")).await?;
    browser.at("unlock").await?;
    drop(go);
    ended(&browser, |workers| !workers.keys.contains(&holder[0])).await?;
    relay.leave_answers();
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

#[tokio::test]
async fn the_worker_that_judged_a_passphrase_ends_when_its_form_is_left() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    browser.click(&id("passphrase-mode-own")).await?;
    browser.fill(&id("passphrase-own"), "a passphrase of my own").await?;
    let judges = async || running(&browser, "/lib/worker/strength.js").await.ok();
    browser.find("a judge", async || judges().await.filter(|all| !all.is_empty())).await?;
    browser.click(&id("passphrase-back")).await?;
    browser.at("setup-who").await?;
    browser.find("no judge", async || judges().await.filter(Vec::is_empty)).await?;
    browser.close().await
}

/// The Workers of the page, by the id that the browser gave them.
#[derive(Debug)]
struct Workers {
    derive: Vec<String>,
    keys: Vec<String>,
}

async fn workers(browser: &Browser) -> Outcome<Workers> {
    let derive = running(browser, "/lib/worker/derive.js").await?;
    Ok(Workers { derive, keys: running(browser, "/lib/worker/keys.js").await? })
}

/// Those of one script.
async fn running(browser: &Browser, file: &str) -> Outcome<Vec<String>> {
    let asked = json!({ "filter": [{ "type": "worker" }] });
    let answer = browser.session().cdp().send_raw("Target.getTargets", asked).await?;
    let targets = answer["targetInfos"].as_array().unwrap().iter();
    let ours = targets.filter(|target| target["url"].as_str().unwrap().ends_with(file));
    Ok(ours.map(|target| target["targetId"].as_str().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn the_worker_that_saw_the_passphrase_ends_and_at_lock_the_other_one_too() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    let ready = browser.set_up(&freehold_testing::pages::Passphrase::Suggested).await?;
    browser.at("setup-done").await?;
    ended(&browser, |workers| workers.derive.is_empty() && workers.keys.is_empty()).await?;

    browser.open_vault_after_set_up(&ready.passphrase).await?;
    ended(&browser, |workers| workers.derive.is_empty()).await?;
    let holder = workers(&browser).await?.keys;
    assert_eq!(holder.len(), 1, "somebody must hold the keys");

    browser.lock().await?;
    // The next ones wait for the next passphrase already.
    ended(&browser, |workers| !workers.keys.contains(&holder[0])).await?;
    browser.unlock(&ready.passphrase).await?;
    ended(&browser, |workers| workers.derive.is_empty()).await?;

    browser.sign_out().await?;
    ended(&browser, |workers| workers.keys.is_empty()).await?;
    browser.close().await
}

async fn ended(browser: &Browser, is_so: impl Fn(&Workers) -> bool) -> Outcome {
    browser
        .find("Workers that end", async || {
            workers(browser).await.ok().filter(|workers| is_so(workers)).map(drop)
        })
        .await
}
