//! Every screen, looked at by axe-core: in a small window, light and dark; with forced colors, text of twice the size and
//! turned around. Every story is in another language, Arabic too, which runs from right to left.

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

/// A way to look at a page.
struct Look {
    name: &'static str,
    /// What the browser is asked to prefer.
    media: [(&'static str, &'static str); 3],
    /// The window, in pixels of CSS.
    width: u16,
    /// Sizes of text, in percent of the usual.
    text: u16,
    /// Whether lines run the other way than the page's language has them.
    turned: bool,
}

const LOOKS: [Look; 3] = [
    Look { name: "light", media: media("light", "none"), width: 320, text: 100, turned: false },
    Look { name: "dark", media: media("dark", "none"), width: 320, text: 100, turned: false },
    Look {
        name: "forced colors, large text, turned",
        media: media("dark", "active"),
        width: 640,
        text: 200,
        turned: true,
    },
];

const fn media(scheme: &'static str, forced: &'static str) -> [(&'static str, &'static str); 3] {
    [
        ("prefers-color-scheme", scheme),
        ("forced-colors", forced),
        ("prefers-reduced-motion", "reduce"),
    ]
}

/// Looks at the screen in each way, and leaves the page in the first.
pub(crate) async fn is_accessible(browser: &Browser, screen: &str) -> Outcome {
    browser.at(screen).await?;
    let axe = checkout().join("tests/web/node_modules/axe-core/axe.min.js");
    let loaded = browser.script("return typeof axe", Vec::new()).await?;
    if loaded == "undefined" {
        browser.script(&std::fs::read_to_string(axe)?, Vec::new()).await?;
    }
    for look in &LOOKS {
        show(browser, look).await?;
        let found = browser.session().execute_async(CHECK, Vec::new()).await?;
        let found: Vec<String> = found.convert()?;
        assert!(found.is_empty(), "{screen}, {}:\n{}", look.name, found.join("\n"));
        let script =
            "const page = document.documentElement; return page.scrollWidth - page.clientWidth";
        let too_wide = browser.script(script, vec![]).await?;
        assert_eq!(too_wide, Value::from(0), "{screen} scrolls sideways, {}", look.name);
        if look.turned {
            turn(browser).await?;
        }
    }
    show(browser, &LOOKS[0]).await
}

async fn show(browser: &Browser, look: &Look) -> Outcome {
    let features: Vec<Value> =
        look.media.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let cdp = browser.session().cdp();
    cdp.send_raw("Emulation.setEmulatedMedia", json!({"features": features})).await?;
    let size = json!({"width": look.width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    cdp.send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    let resize = "document.documentElement.style.fontSize = arguments[0]";
    browser.script(resize, vec![json!(format!("{}%", look.text))]).await?;
    if look.turned { turn(browser).await } else { Ok(()) }
}

/// Lines run the other way.
async fn turn(browser: &Browser) -> Outcome {
    let script =
        "const page = document.documentElement; page.dir = page.dir === 'rtl' ? 'ltr' : 'rtl'";
    browser.script(script, vec![]).await.map(drop)
}

/// A window as narrow as a phone; every page is in this language.
async fn narrow(browser: &Browser, language: &str) -> Outcome {
    browser.speaks(language).await?;
    show(browser, &LOOKS[0]).await
}

#[tokio::test]
async fn no_screen_of_the_first_login_has_a_violation() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    narrow(&browser, "en").await?;
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
async fn no_screen_of_the_first_login_has_a_violation_in_arabic() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    narrow(&browser, "ar").await?;
    world.sign_in(&browser, "alice").await?;
    is_accessible(&browser, "setup-who").await?;
    browser.confirm_who().await?;
    browser.click(&id("passphrase-mode-own")).await?;
    browser.fill(&id("passphrase-own"), "too easy").await?;
    browser.element("[data-testid=\"strength\"][data-score]").await?;
    is_accessible(&browser, "setup-passphrase").await?;
    browser.click(&id("passphrase-mode-suggested")).await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    is_accessible(&browser, "setup-kit").await?;
    browser.keep_kit().await?;
    is_accessible(&browser, "setup-prove").await?;
    browser.prove_kit(&code).await?;
    is_accessible(&browser, "setup-done").await?;
    browser.close().await
}

#[tokio::test]
async fn no_passkey_screen_has_a_violation() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    narrow(&browser, "ar").await?;
    let ready = world.open_vault_in(&browser, "alice").await?;
    let key = browser.plug_in(Ability::Secret).await?;
    browser.open_security().await?;
    browser.element(&id("passkey-add")).await?;
    is_accessible(&browser, "security").await?;
    browser.click(&id("passkey-add")).await?;
    is_accessible(&browser, "confirm").await?;
    browser.confirm(&ready.passphrase).await?;
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
    let browser = Browser::start().await;
    narrow(&browser, "de").await?;
    let ready = world.open_vault_in(&browser, "alice").await?;
    let another = world.browser_of("alice").await?;
    another.at("unlock").await?;
    browser.open_security().await?;
    is_accessible(&browser, "security").await?;
    browser.click(&id("security-received")).await?;
    browser.element(&id("done-records")).await?;
    is_accessible(&browser, "security-received").await?;
    browser.click(&id("received-back")).await?;
    browser.sees_security().await?;
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
    browser.give_code(&ready.code).await?;
    browser.choose_new_passphrase(&Passphrase::Suggested).await?;
    browser.at("setup-kit").await?;
    browser.click(&id("kit-start-over")).await?;
    browser.sees_notice("change-not-made").await?;
    is_accessible(&browser, "unlock").await?;
    another.close().await?;
    browser.close().await
}

#[tokio::test]
async fn no_sign_in_page_of_our_own_has_a_violation() -> Outcome {
    let world = World::start();
    world.another_organization();
    world.second_connection();
    let browser = Browser::start().await;
    narrow(&browser, "ar").await?;
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
