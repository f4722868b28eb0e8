//! How quickly the pages are there. Each line: name, figure.

use std::path::Path;

use freehold_testing::{
    Browser, Outcome, Settings,
    pages::{Passphrase, id},
    scim::Person,
};
use serde_json::{Value, json};

use crate::world::{ACME, World};

/// So many fresh browsers, and so many requests of an identity provider.
const ROUNDS: usize = 7;
const REQUESTS: usize = 25;

/// Notes when the first screen takes a click, and every task of the main thread that is long.
const WATCH: &str = "\
window.long = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.long.push([startTime, duration]);
}).observe({ type: 'longtask', buffered: true });
const look = () => {
  if (document.querySelector('[data-screen=setup-who] [data-testid=who-continue]')) window.ready = performance.now();
  else requestAnimationFrame(look);
};
look();";

/// Notes when a row of the log appears whose text has the name that is waited for.
const WAIT: &str = "\
window.seen = {};
new MutationObserver(() => {
  for (const row of document.querySelectorAll('[data-testid=log] tr, [data-testid=log] li')) {
    const name = /bench-\\d+/.exec(row.textContent)?.[0];
    if (name) window.seen[name] ??= Date.now();
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true });";

pub async fn measure(program: &Path) -> Outcome {
    for _ in 0..ROUNDS {
        let world = World::with(Settings::new().binary(program));
        let _id = world.provision("alice");
        interactive(&world).await?;
    }
    live(&World::with(Settings::new().binary(program))).await
}

/// The set-up page at a quarter of the processor's speed, and what deriving leaves to the main thread.
async fn interactive(world: &World) -> Outcome {
    let browser = Browser::start_whole().await;
    world.sign_in(&browser, "alice").await?;
    browser.at("setup-who").await?;
    let cdp = browser.session().cdp();
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
    cdp.send_raw("Network.enable", json!({})).await?;
    cdp.send_raw("Network.clearBrowserCache", json!({})).await?;
    cdp.send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await?;
    browser.open(&format!("{}/setup/", world.program.url())).await?;
    let ready = browser
        .find("the first screen", async || {
            browser.script("return window.ready ?? null", vec![]).await.ok()?.as_f64()
        })
        .await?;
    println!("interactive-ms {ready:.0}");
    cdp.send_raw("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
    browser.confirm_who().await?;
    browser.at("setup-passphrase").await?;
    browser.element(&id("passphrase-continue")).await?;
    let since = browser.script("window.long = []; return performance.now()", vec![]).await?;
    browser.choose_passphrase(&Passphrase::Suggested).await?;
    browser.at("setup-kit").await?;
    let long = browser.script("return window.long", vec![]).await?;
    let longest = long
        .as_array()
        .into_iter()
        .flatten()
        .filter(|task| task[0].as_f64() >= since.as_f64())
        .filter_map(|task| task[1].as_f64())
        .fold(0.0, f64::max);
    println!("longest-task-ms {longest:.0}");
    browser.close().await
}

/// From the moment before a request of the identity provider is sent to its row on the screen.
async fn live(world: &World) -> Outcome {
    let browser = Browser::start_whole().await;
    browser.open(&world.program.link(ACME, "olga@acme.example")).await?;
    browser.at("enter").await?;
    browser.click(&id("enter-continue")).await?;
    browser.set_up(&Passphrase::Suggested).await?;
    browser.open_console(world.program.url(), "log").await?;
    browser.element("[data-testid=log-state]").await?;
    browser.script(WAIT, vec![]).await?;
    for round in 0..REQUESTS {
        let name = format!("bench-{round}");
        let sent = browser.script("return Date.now()", vec![]).await?;
        let _id = world.scim.create(&Person {
            user_name: &name,
            external_id: &name,
            display_name: &name,
        });
        let seen = browser
            .find("the row in the log", async || {
                let seen = browser
                    .script("return window.seen[arguments[0]] ?? null", vec![json!(name)])
                    .await
                    .ok()?;
                Some(seen).filter(Value::is_number)
            })
            .await?;
        println!("live-ms {:.0}", seen.as_f64().unwrap() - sent.as_f64().unwrap());
    }
    browser.close().await
}
