//! Every screen of the first login, looked at by axe-core: small window, light and dark.

use freehold_testing::{
    Ability, Browser, Outcome, checkout,
    pages::{Passphrase, id},
};
use serde_json::{Value, json};

use crate::world::{ACME, World};

/// Gives the violations as lines; `arguments[0]` is where to answer.
const CHECK: &str = "\
const answer = arguments[arguments.length - 1];
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(
  ({ violations }) => answer(violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)),
  (error) => answer([String(error)]),
);";

pub(crate) async fn is_accessible(browser: &Browser, screen: &str) -> Outcome {
    browser.at(screen).await?;
    let axe = checkout().join("tests/web/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(axe)?;
    for scheme in ["light", "dark"] {
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        browser.session().cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        let loaded = browser.script("return typeof axe", Vec::new()).await?;
        if loaded == "undefined" {
            browser.script(&source, Vec::new()).await?;
        }
        let found = browser.session().execute_async(CHECK, Vec::new()).await?;
        let found: Vec<String> = found.convert()?;
        assert!(found.is_empty(), "{screen}, {scheme}:\n{}", found.join("\n"));
    }
    let too_wide = browser
        .script(
            "const page = document.documentElement; return page.scrollWidth - page.clientWidth",
            vec![],
        )
        .await?;
    assert_eq!(too_wide, Value::from(0), "{screen} scrolls sideways at 320 px");
    Ok(())
}

#[tokio::test]
async fn no_screen_has_a_violation_at_320_pixels_in_light_and_dark() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    browser.open(&world.program.link(ACME, "olga@corp.test")).await?;
    is_accessible(&browser, "enter").await?;
    browser.open(&format!("{}/enter/", world.program.url())).await?;
    is_accessible(&browser, "fault").await?;
    world.sign_in(&browser, "alice").await?;
    is_accessible(&browser, "setup-who").await?;
    browser.confirm_who().await?;
    is_accessible(&browser, "setup-passphrase").await?;
    browser.click(&id("passphrase-mode-own")).await?;
    is_accessible(&browser, "setup-passphrase").await?;
    browser.click(&id("passphrase-mode-suggested")).await?;
    let passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    is_accessible(&browser, "setup-kit").await?;
    browser.keep_kit().await?;
    is_accessible(&browser, "setup-prove").await?;
    browser.prove_kit("not a code").await?;
    browser.element(&id("error")).await?;
    is_accessible(&browser, "setup-prove").await?;
    browser.prove_kit(&code).await?;
    is_accessible(&browser, "setup-done").await?;
    browser.click(&id("done-open-vault")).await?;
    is_accessible(&browser, "unlock").await?;
    browser.unlock(&passphrase).await?;
    is_accessible(&browser, "vault").await?;
    browser.click(&id("vault-add")).await?;
    is_accessible(&browser, "vault-edit").await?;
    browser.click(&id("edit-cancel")).await?;
    browser.at("vault").await?;
    browser.sign_out().await?;
    browser.close().await
}

#[tokio::test]
async fn no_passkey_screen_has_a_violation() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    let key = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.element(&id("passkey-add")).await?;
    is_accessible(&browser, "security").await?;
    browser.click(&id("passkey-add")).await?;
    is_accessible(&browser, "again").await?;
    browser.prove_again(&ready.passphrase).await?;
    is_accessible(&browser, "passkey-make").await?;
    browser.click(&id("passkey-create")).await?;
    is_accessible(&browser, "passkey-use").await?;
    browser.click(&id("passkey-use")).await?;
    browser.at("security").await?;
    browser.click(&id("passkey-rename")).await?;
    is_accessible(&browser, "security").await?;
    browser.click(&id("passkey-rename-cancel")).await?;
    is_accessible(&browser, "security").await?;
    browser.leave_security().await?;
    browser.lock().await?;
    browser.element(&id("unlock-by-passkey")).await?;
    is_accessible(&browser, "unlock").await?;
    browser.touch(&key, false).await?;
    browser.try_passkey().await?;
    is_accessible(&browser, "unlock-passkey").await?;
    browser.close().await
}

#[tokio::test]
async fn no_screen_of_a_change_of_keys_has_a_violation() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    let another = world.browser_of("alice").await?;
    another.at("unlock").await?;
    browser.open_security().await?;
    is_accessible(&browser, "security").await?;
    browser.click(&id("change-leaked")).await?;
    is_accessible(&browser, "security-leaked").await?;
    browser.click(&id("leaked-cancel")).await?;
    browser.sees_security().await?;
    browser.click(&id("change-passphrase")).await?;
    is_accessible(&browser, "confirm").await?;
    browser.confirm(&ready.passphrase).await?;
    is_accessible(&browser, "security-passphrase").await?;
    browser.choose_new_passphrase(&Passphrase::Suggested).await?;
    is_accessible(&browser, "security-done").await?;
    browser.finish_change().await?;
    browser.leave_security().await?;
    browser.lock().await?;
    browser.forget_passphrase().await?;
    is_accessible(&browser, "recover-code").await?;
    browser.give_code("not a code").await?;
    browser.sees_error("bad-code").await?;
    is_accessible(&browser, "recover-code").await?;
    another.close().await?;
    browser.close().await
}

#[tokio::test]
async fn no_sign_in_page_of_our_own_has_a_violation() -> Outcome {
    let world = World::start();
    world.another_organization();
    world.second_connection();
    let browser = Browser::start().await;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    let login = format!("{}/login", world.program.url());
    browser.open(&login).await?;
    is_accessible(&browser, "sign-in").await?;
    browser.tolerate(&[404]);
    browser.fill("#who", "nobody@nowhere.test").await?;
    browser.click("button").await?;
    browser.element("#problem").await?;
    is_accessible(&browser, "sign-in").await?;
    browser.fill("#who", ACME).await?;
    browser.click("button").await?;
    is_accessible(&browser, "sign-in-choice").await?;
    browser.close().await
}
