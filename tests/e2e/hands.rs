//! How people and their password managers press, paste and fill in.

use freehold_testing::{
    Browser, Outcome, Relay,
    pages::{Passphrase, id},
};

use crate::world::World;

async fn double_click(browser: &Browser, css: &str) -> Outcome {
    let element = browser.element(css).await?;
    element.scroll_into_view().await?;
    Ok(browser.session().action_chain().double_click_element(&element).perform().await?)
}

/// How often this was asked.
fn asked(relay: &Relay, method: &str, prefix: &str) -> usize {
    relay.exchanges_with(prefix).iter().filter(|exchange| exchange.method == method).count()
}

#[tokio::test]
async fn a_double_click_makes_one_request_on_every_button_that_sends_something() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.at("setup-who").await?;
    double_click(&browser, &id("who-continue")).await?;
    browser.at("setup-passphrase").await?;
    assert_eq!(asked(&relay, "GET", "/api/setup"), 1);
    let passphrase = "nine Violet tractors hum at dusk";
    browser.click(&id("passphrase-mode-own")).await?;
    browser.fill(&id("passphrase-own"), passphrase).await?;
    browser.fill(&id("passphrase-repeat"), passphrase).await?;
    double_click(&browser, &id("passphrase-continue")).await?;
    let (code, _words) = browser.read_kit().await?;
    assert_eq!(asked(&relay, "GET", "/api/setup"), 2, "keys are made once");
    browser.keep_kit().await?;
    browser.fill(&id("prove-text"), &code).await?;
    double_click(&browser, &id("prove-continue")).await?;
    browser.at("setup-done").await?;
    assert_eq!(asked(&relay, "POST", "/api/setup"), 1);

    browser.click(&id("done-open-vault")).await?;
    browser.at("unlock").await?;
    browser.fill(&id("unlock-passphrase"), passphrase).await?;
    double_click(&browser, &id("unlock-submit")).await?;
    browser.at("vault").await?;
    assert_eq!(asked(&relay, "POST", "/api/unlock"), 1);
    browser.click(&id("vault-add")).await?;
    browser.at("vault-edit").await?;
    browser.fill(&id("edit-name"), "once").await?;
    double_click(&browser, &id("edit-save")).await?;
    browser.element(&freehold_testing::pages::vault::item("once")).await?;
    assert_eq!(asked(&relay, "POST", "/api/items"), 1, "one id is set aside");
    assert_eq!(asked(&relay, "PUT", "/api/items/"), 1);
    browser.click(&id("item-delete")).await?;
    double_click(&browser, &id("delete-confirm")).await?;
    browser.sees_empty_vault().await?;
    assert_eq!(asked(&relay, "DELETE", "/api/items/"), 1);
    browser.close().await
}

#[tokio::test]
async fn a_passphrase_of_a_thousand_letters_is_taken_also_pasted() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    browser.click(&id("passphrase-mode-own")).await?;
    let long = "violet tractors hum at dusk; ".chars().cycle().take(1000).collect::<String>();
    for field in ["passphrase-own", "passphrase-repeat"] {
        let field = id(field);
        browser.click(&field).await?;
        paste(&browser, &long).await?;
        let typed = browser.element(&field).await?.prop("value").await?;
        assert_eq!(typed.map(|text| text.len()), Some(1000), "all of it is pasted");
    }
    browser.click(&id("passphrase-continue")).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.keep_kit().await?;
    browser.prove_kit(&code).await?;
    browser.at("setup-done").await?;
    browser.click(&id("done-open-vault")).await?;
    browser.at("unlock").await?;
    browser.click(&id("unlock-passphrase")).await?;
    paste(&browser, &long).await?;
    browser.click(&id("unlock-submit")).await?;
    browser.at("vault").await?;
    browser.close().await
}

/// What the browser does when somebody pastes: the event, and if nobody minds, the text.
async fn paste(browser: &Browser, text: &str) -> Outcome {
    let script = "const field = document.activeElement;\
        const allowed = field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true }));\
        if (allowed) document.execCommand('insertText', false, arguments[0]);";
    browser.script(script, vec![text.into()]).await.map(drop)
}

#[tokio::test]
async fn password_managers_find_what_they_look_for() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    let fields = "return [...document.querySelectorAll('form input:not([type=radio])')].filter((field) => !field.disabled)\
        .map(({ autocomplete, type, value, name }) => `${autocomplete} ${type} ${autocomplete === 'username' ? value : ''}`.trim())";
    let suggested = browser.script(fields, vec![]).await?;
    assert_eq!(
        suggested,
        serde_json::json!(["username text alice@corp.test", "new-password password"])
    );
    browser.click(&id("passphrase-mode-own")).await?;
    let own = browser.script(fields, vec![]).await?;
    let password = "new-password password";
    assert_eq!(own, serde_json::json!(["username text alice@corp.test", password, password]));
    browser.click(&id("passphrase-mode-suggested")).await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.keep_kit().await?;
    browser.prove_kit(&code).await?;
    browser.at("setup-done").await?;
    browser.click(&id("done-open-vault")).await?;
    browser.at("unlock").await?;
    let unlock = browser.script(fields, vec![]).await?;
    assert_eq!(
        unlock,
        serde_json::json!(["username text alice@corp.test", "current-password password"])
    );
    browser.close().await
}
