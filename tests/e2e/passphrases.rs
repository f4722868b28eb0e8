//! One's own passphrase: weak ones are refused with reasons, any script is welcome, and it does not
//! matter on which keyboard it is typed the next time.

use freehold_testing::{
    Outcome,
    pages::{Passphrase, id},
};

use crate::world::World;

#[tokio::test]
async fn a_weak_or_short_one_is_refused_before_any_key_is_made() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    for (typed, code) in [("tooshort", "password-too-short"), ("passwordpassword", "password-weak")]
    {
        let _typed = browser.choose_passphrase(&Passphrase::own(typed)).await?;
        browser.sees_error(code).await?;
        browser.at("setup-passphrase").await?;
    }
    // Two typings that differ.
    browser.fill(&id("passphrase-own"), "seventeen purple lighthouses hum").await?;
    browser.fill(&id("passphrase-repeat"), "seventeen purple lighthouses sum").await?;
    browser.click(&id("passphrase-continue")).await?;
    browser.sees_error("password-repeat").await?;
    assert_eq!(world.state_of("alice"), "PENDING");
    browser.close().await
}

/// Puts JSON's text into a field, as an input method does: no keyboard sends half a character.
const PUT: &str = "\
const [css, text] = arguments;
const field = document.querySelector(css);
field.value = JSON.parse(text);
field.dispatchEvent(new Event('input', { bubbles: true }));";

#[tokio::test]
async fn what_could_not_be_typed_again_or_is_too_long_is_refused_before_any_key_is_made() -> Outcome
{
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    browser.at("setup-passphrase").await?;
    browser.click(&id("passphrase-mode-own")).await?;
    let after = |escaped: &str| format!("\"seventeen purple lighthouses hum {escaped}\"");
    let short = || ("\"tooshort\"".to_owned(), "password-too-short");
    for (json, code) in [
        // Half of a pair of surrogates: in UTF-8 it is U+FFFD, as is every other half.
        (after("\\ud83d"), "password-bad-character"),
        // Something else in between, so that it is not the error of before that is seen.
        short(),
        (after("\\uf8ff"), "password-bad-character"),
        short(),
        (after("\\u0378"), "password-bad-character"),
        short(),
        (after("\\u0007"), "password-bad-character"),
        (format!("\"{}\"", "\u{e9}".repeat(1000)), "password-too-long"),
    ] {
        for field in ["passphrase-own", "passphrase-repeat"] {
            browser.script(PUT, vec![id(field).into(), json.clone().into()]).await?;
        }
        browser.click(&id("passphrase-continue")).await?;
        browser.sees_error(code).await?;
        browser.at("setup-passphrase").await?;
    }
    assert_eq!(world.state_of("alice"), "PENDING");
    browser.close().await
}

#[tokio::test]
async fn letters_of_any_script_work_and_their_spelling_in_bytes_does_not_matter() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    // Composed letters, as most keyboards send them.
    let composed = "Zw\u{f6}lf Boxk\u{e4}mpfer \u{437}\u{438}\u{43c}\u{43e}\u{439} \u{6771}\u{4eac} \u{d55c}\u{ae00} five 12";
    // The same in parts, with a ligature and digits of full width.
    let decomposed = "Zwo\u{308}lf Boxka\u{308}mpfer \u{437}\u{438}\u{43c}\u{43e}\u{438}\u{306} \u{6771}\u{4eac} \
        \u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} \u{fb01}ve \u{ff11}\u{ff12}";
    let _ready = browser.set_up(&Passphrase::own(composed)).await?;
    browser.open_vault_after_set_up(composed).await?;
    browser.lock().await?;
    browser.unlock(decomposed).await?;
    browser.sees_empty_vault().await?;
    browser.close().await
}
