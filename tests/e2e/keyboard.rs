//! The keyboard alone: from the sign-in to a secret in the vault and out again, without a pointer. The focus can be seen
//! at every step and is never lost; what changes is spoken.

use freehold_testing::{Browser, Outcome, pages::id};
use serde_json::json;

use crate::world::{ACME, World, sign_in};

// WebDriver §17.4.2.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";

/// Where the focus is: its test id (or id), and what is wrong with how it shows.
const FOCUS: &str = "\
const element = document.activeElement;
if (!element || element === document.body) return ['', 'the focus is lost'];
const { left, top, width, height } = element.getBoundingClientRect();
const hasOutline = (one) => { const { outlineStyle, outlineWidth } = getComputedStyle(one); return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2; };
const around = element.closest('.option');
const isShown = width > 0 && height > 0 && left < innerWidth && top < innerHeight && left + width > 0 && top + height > 0;
// A heading takes the focus so that it is read; nothing can be done with it.
const isMarked = element.tabIndex < 0 || hasOutline(element) || (around && hasOutline(around));
const name = element.dataset.testid ?? element.id ?? element.tagName;
const wrong = !isShown ? 'is out of sight' : element.matches(':focus-visible') && !isMarked ? 'has no mark' : '';
return [name, wrong];";

async fn focus(browser: &Browser) -> Outcome<String> {
    focus_after(browser, &[]).await
}

/// The same, when it was there before: what leads to a fault is told with it.
async fn focus_after(browser: &Browser, seen: &[String]) -> Outcome<String> {
    let found = browser.script(FOCUS, vec![]).await?;
    let (name, wrong) = (found[0].as_str().unwrap(), found[1].as_str().unwrap());
    assert_eq!(wrong, "", "{name}, after {seen:?} on {:?}", browser.screen().await);
    Ok(name.to_owned())
}

async fn press(browser: &Browser, keys: &str) -> Outcome {
    Ok(browser.session().action_chain().send_keys(keys).perform().await?)
}

/// Goes on with Tab until the focus is there.
async fn tab_to(browser: &Browser, name: &str) -> Outcome {
    const MOST: usize = 40;
    let mut seen = Vec::new();
    for _ in 0..MOST {
        press(browser, TAB).await?;
        let now = focus_after(browser, &seen).await?;
        if now == name {
            return Ok(());
        }
        seen.push(now);
    }
    panic!("{name} is not reached by Tab: {}", seen.join(", "));
}

/// Goes to a button and presses it.
async fn use_button(browser: &Browser, name: &str, key: &str) -> Outcome {
    tab_to(browser, name).await?;
    press(browser, key).await
}

/// Waits for a screen: the focus is in it, not on nothing.
async fn arrives(browser: &Browser, screen: &str) -> Outcome {
    browser.at(screen).await?;
    let inside = browser
        .script("return document.querySelector('main').contains(document.activeElement)", vec![]);
    assert_eq!(inside.await?, json!(true), "{screen}: the focus is elsewhere");
    focus(browser).await.map(drop)
}

#[tokio::test]
async fn the_keyboard_alone_leads_from_the_sign_in_to_a_secret_and_out() -> Outcome {
    let world = World::start();
    world.another_organization();
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    browser.tolerate(&[403]);
    browser.open(&format!("{}/login", world.program.url())).await?;
    browser.at("sign-in").await?;
    assert_eq!(focus(&browser).await?, "who", "the only field has the focus");
    press(&browser, &format!("{ACME}{ENTER}")).await?;
    sign_in("alice").through(&browser).await?; // another program's pages

    arrives(&browser, "setup-who").await?;
    use_button(&browser, "who-continue", ENTER).await?;
    arrives(&browser, "setup-passphrase").await?;
    // The radio buttons are one stop; the arrow chooses.
    tab_to(&browser, "passphrase-mode-suggested").await?;
    press(&browser, DOWN).await?;
    assert_eq!(focus(&browser).await?, "passphrase-mode-own");
    let passphrase = "nine Violet tractors hum at dusk";
    tab_to(&browser, "passphrase-own").await?;
    press(&browser, "nine").await?;
    browser.sees_spoken("Strength: ").await?;
    press(&browser, &passphrase[4..]).await?;
    tab_to(&browser, "passphrase-show").await?;
    press(&browser, " ").await?;
    tab_to(&browser, "passphrase-continue").await?;
    press(&browser, ENTER).await?;
    // Of steps within a second the latest is spoken.
    browser.sees_spoken("Opening everything once more").await?;
    arrives(&browser, "setup-kit").await?;
    let (code, _words) = browser.read_kit().await?;
    use_button(&browser, "kit-continue", ENTER).await?;
    arrives(&browser, "setup-prove").await?;
    tab_to(&browser, "prove-text").await?;
    press(&browser, &code).await?;
    use_button(&browser, "prove-continue", ENTER).await?;
    arrives(&browser, "setup-done").await?;
    assert_eq!(world.state_of("alice"), "READY");
    use_button(&browser, "done-open-vault", ENTER).await?;

    browser.at("unlock").await?;
    assert_eq!(focus(&browser).await?, "unlock-passphrase", "the field has the focus");
    press(&browser, &format!("a wrong passphrase of some length{ENTER}")).await?;
    browser.sees_error("wrong-secret").await?;
    assert_eq!(focus(&browser).await?, "unlock-passphrase", "back at the field");
    press(&browser, &format!("{passphrase}{ENTER}")).await?;
    arrives(&browser, "vault").await?;
    use_button(&browser, "vault-add", ENTER).await?;
    browser.at("vault-edit").await?;
    assert_eq!(focus(&browser).await?, "edit-name");
    press(&browser, "Mail").await?;
    tab_to(&browser, "edit-value").await?;
    press(&browser, "s3cret").await?;
    use_button(&browser, "edit-save", ENTER).await?;
    arrives(&browser, "vault").await?;
    browser.sees_spoken("Saved.").await?;
    use_button(&browser, "item-reveal", " ").await?;
    assert_eq!(browser.text(&id("item-value")).await?, "s3cret");
    use_button(&browser, "item-delete", ENTER).await?;
    browser.element(&id("delete-dialog")).await?;
    press(&browser, ESCAPE).await?;
    assert_eq!(focus(&browser).await?, "item-delete", "the dialog gives the focus back");
    browser.script("document.querySelector('h1').focus()", vec![]).await?;
    use_button(&browser, "vault-sign-out", ENTER).await?;
    arrives(&browser, "signed-out").await?;
    browser.close().await
}
