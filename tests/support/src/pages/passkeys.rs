//! Passkeys on the Security screen, and unlocking by one.

use crate::{browser::Browser, failure::Outcome, pages::id};

impl Browser {
    /// From the Security screen to the passkey that is made, but was not used yet.
    ///
    /// # Errors
    /// A screen is not as expected.
    pub async fn make_passkey(&self, passphrase: &str, name: &str) -> Outcome {
        self.begin_passkey(passphrase, name).await?;
        self.at("passkey-use").await
    }

    /// From the Security screen to what comes of having a passkey made.
    ///
    /// # Errors
    /// A screen is not as expected.
    pub async fn begin_passkey(&self, passphrase: &str, name: &str) -> Outcome {
        self.click(&id("passkey-add")).await?;
        self.confirm(passphrase).await?;
        self.at("passkey-make").await?;
        self.fill(&id("passkey-name"), name).await?;
        self.click(&id("passkey-create")).await
    }

    /// Adds a passkey on the Security screen.
    ///
    /// # Errors
    /// A screen is not as expected.
    pub async fn add_passkey(&self, passphrase: &str, name: &str) -> Outcome {
        self.at("security").await?;
        self.make_passkey(passphrase, name).await?;
        self.click(&id("passkey-use")).await?;
        self.at("security").await?;
        self.element(&passkey(name)).await.map(drop)
    }

    /// Unlocks by a passkey; what comes of it is the caller's to look at.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn try_passkey(&self) -> Outcome {
        self.at("unlock").await?;
        self.click(&id("unlock-by-passkey")).await
    }
}

/// The selector of an entry in the list.
#[must_use]
pub fn passkey(name: &str) -> String {
    format!("[data-testid=\"passkey\"][data-name=\"{name}\"]")
}
