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

#[tokio::test]
async fn letters_of_any_script_work_and_their_spelling_in_bytes_does_not_matter() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    // Composed letters, as most keyboards send them.
    let composed =
        "Zw\u{f6}lf Boxk\u{e4}mpfer \u{437}\u{438}\u{43c}\u{43e}\u{439} \u{6771}\u{4eac}";
    let decomposed = "Zwo\u{308}lf Boxka\u{308}mpfer \u{437}\u{438}\u{43c}\u{43e}\u{438}\u{306} \u{6771}\u{4eac}";
    let _ready = browser.set_up(&Passphrase::own(composed)).await?;
    browser.open_vault_after_set_up(composed).await?;
    browser.lock().await?;
    browser.unlock(decomposed).await?;
    browser.sees_empty_vault().await?;
    browser.close().await
}
