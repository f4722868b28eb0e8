//! A sign-in ends after half an hour without use and after twelve hours in any case. The page warns before, and nothing that was typed is lost.

use freehold_testing::{Browser, Outcome, pages::id, relay::Forged};

use crate::world::World;

/// Half an hour, nearly: within the last three minutes before a sign-in without use ends.
const NEARLY: u32 = 28 * 60_000;

/// From now on the page believes that so much more time has passed.
async fn pass(browser: &Browser, milliseconds: u32) -> Outcome {
    let script = format!("const before = Date.now; Date.now = () => before() + {milliseconds}");
    browser.script(&script, vec![]).await.map(drop)
}

/// Waits until the page watches the time: it begins with that when it has stood for a while.
async fn is_watched(browser: &Browser) -> Outcome {
    let script = "return performance.getEntriesByType('resource')\
        .some(({ name, responseEnd }) => name.endsWith('/lib/session-end.js') && performance.now() - responseEnd > 500)";
    browser
        .find("what watches the time", async || {
            browser.script(script, Vec::new()).await.ok()?.as_bool()?.then_some(())
        })
        .await
}

async fn sees_warning(browser: &Browser, kind: &str) -> Outcome {
    let warning = format!("[data-testid=\"session-warning\"][data-kind=\"{kind}\"]");
    browser.element(&warning).await.map(drop)
}

#[tokio::test]
async fn a_draft_outlives_the_end_of_the_sign_in() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.tolerate(&[401]);
    browser.click(&id("vault-add")).await?;
    browser.at("vault-edit").await?;
    browser.fill(&id("edit-name"), "typed before").await?;
    is_watched(&browser).await?;
    pass(&browser, NEARLY).await?;
    // The vault locks first: its own time is shorter.
    browser.at("unlock").await?;
    browser.sees_notice("locked-idle").await?;
    pass(&browser, NEARLY).await?;
    sees_warning(&browser, "idle").await?;
    browser.click(&id("session-stay")).await?;
    browser
        .find("no warning", async || (!browser.has(&id("session-warning")).await).then_some(()))
        .await?;

    browser.script("return fetch('/api/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => answer.status)", vec![]).await?;
    browser.fill(&id("unlock-passphrase"), &ready.passphrase).await?;
    browser.click(&id("unlock-submit")).await?;
    browser.sees_error("signed-out").await?;
    browser.at("unlock").await?;
    let here = browser.session().window().await?;
    let other = browser.session().new_tab().await?;
    browser.session().switch_to_window(other).await?;
    browser.open(&format!("{}/login", world.program.url())).await?;
    crate::world::sign_in("alice").again(&browser).await?;
    browser.session().close_window().await?;
    browser.session().switch_to_window(here).await?;
    browser.fill(&id("unlock-passphrase"), &ready.passphrase).await?;
    browser.click(&id("unlock-submit")).await?;
    browser.at("vault-edit").await?;
    browser.sees_notice("draft-back").await?;
    let typed = browser.element(&id("edit-name")).await?.prop("value").await?;
    assert_eq!(typed.as_deref(), Some("typed before"));
    browser.close().await
}

#[tokio::test]
async fn before_the_twelve_hours_are_over_the_page_says_so() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    relay.change_answers(|exchange| {
        let of_session = exchange.target == "/api/session" && exchange.status == 200;
        let mut session: serde_json::Value = serde_json::from_slice(&exchange.answer).ok()?;
        session["endsInMs"] = 100_000.into();
        of_session.then(|| Forged::body(session.to_string()))
    });
    let browser = world.browser_of("alice").await?;
    browser.at("setup-who").await?;
    sees_warning(&browser, "absolute").await?;
    browser.sees_spoken("Your sign-in ends at").await?;
    browser.element(&id("session-sign-in")).await?;
    browser.close().await
}
