//! The pages, as a person goes through them.
//!
//! Every screen is `main[data-screen=..]`; what is on it has a `data-testid`.

mod console;
pub mod passkeys;
mod security;
mod setup;
mod sign_in;
mod unlock;
pub mod vault;

pub use setup::{Passphrase, Ready};
pub use sign_in::SignIn;
pub use vault::Secret;

use crate::{browser::Browser, failure::Outcome};

/// The selector of a test id.
#[must_use]
pub fn id(test_id: &str) -> String {
    format!("[data-testid=\"{test_id}\"]")
}

impl Browser {
    /// The screen shown now, when its request (if it made one) is over.
    pub async fn screen(&self) -> Option<String> {
        let script = "const main = document.querySelector('main[data-screen]');\
            return main && main.dataset.busy !== 'true' ? main.dataset.screen : null";
        let screen = self.script(script, Vec::new()).await.ok()?;
        screen.as_str().map(str::to_owned)
    }

    /// Waits for a screen.
    ///
    /// # Errors
    /// Another one stays.
    pub async fn at(&self, screen: &str) -> Outcome {
        self.at_one_of(&[screen]).await.map(drop)
    }

    /// Waits for one of these screens and says which.
    ///
    /// # Errors
    /// Another one stays.
    pub async fn at_one_of(&self, screens: &[&str]) -> Outcome<String> {
        self.find(&format!("the screen {}", screens.join(" or ")), async || {
            let screen = self.screen().await?;
            screens.contains(&screen.as_str()).then_some(screen)
        })
        .await
    }

    /// Waits for the error box with this code.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn sees_error(&self, code: &str) -> Outcome {
        self.element(&format!("[data-testid=\"error\"][data-code=\"{code}\"]")).await.map(drop)
    }

    /// Waits for the notice with this code.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn sees_notice(&self, code: &str) -> Outcome {
        self.element(&format!("[data-testid=\"notice\"][data-code=\"{code}\"]")).await.map(drop)
    }

    /// Waits until this is in what a screen reader speaks.
    ///
    /// # Errors
    /// It is not spoken.
    pub async fn sees_spoken(&self, wanted: &str) -> Outcome {
        let script = "return document.querySelector('body > [role=status][aria-live=polite]')?.textContent ?? ''";
        self.find(&format!("{wanted:?}, spoken"), async || {
            let spoken = self.script(script, Vec::new()).await.ok()?;
            spoken.as_str()?.contains(wanted).then_some(())
        })
        .await
    }
}
