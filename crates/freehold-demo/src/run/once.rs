//! The whole first login, played in headless Chromium.

use freehold_testing::pages::SignIn;
use freehold_testing::{Browser, story};

use super::{DemoError, say};
use crate::people::PEOPLE;

/// Plays the story and says each step. `origin` is Freehold's, without a slash at the end.
pub(super) async fn play(origin: &str) -> Result<(), DemoError> {
    let [person, ..] = &PEOPLE;
    say(&format!("Play the first login of {} in headless Chromium", person.display_name));
    let browser = Browser::start().await;
    let sign_in = SignIn::Demo { person: person.user_name.to_owned() };
    let mut step = 0;
    let mut tell = |text: &str| {
        step += 1;
        say(&format!("  {step}. {text}"));
    };
    story::first_login(&browser, origin, &sign_in, &mut tell).await.map_err(DemoError::new)?;
    browser.close().await.map_err(DemoError::new)?;
    say("Done     the whole story, from provisioning to an unlocked secret");
    Ok(())
}
