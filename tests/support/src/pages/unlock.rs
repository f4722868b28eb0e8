//! Unlocking and locking.

use crate::{browser::Browser, failure::Outcome, pages::id};

impl Browser {
    /// Types the right passphrase and waits for the vault.
    ///
    /// # Errors
    /// It is refused.
    pub async fn unlock(&self, passphrase: &str) -> Outcome {
        self.try_passphrase(passphrase).await?;
        self.at("vault").await
    }

    /// Types a passphrase; what comes of it is the caller's to look at.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn try_passphrase(&self, passphrase: &str) -> Outcome {
        self.at("unlock").await?;
        self.fill(&id("unlock-passphrase"), passphrase).await?;
        self.click(&id("unlock-submit")).await
    }

    /// Tries a wrong passphrase and gives the number of tries that are left.
    ///
    /// # Errors
    /// It is not refused as wrong.
    pub async fn try_wrong_passphrase(&self, passphrase: &str) -> Outcome<u32> {
        let before = self.tries_left().await;
        self.try_passphrase(passphrase).await?;
        self.find("fewer tries left", async || {
            let left = self.tries_left().await;
            left.filter(|_| left != before)
        })
        .await
    }

    async fn tries_left(&self) -> Option<u32> {
        let script = "const box = document.querySelector(\
            'main[data-screen=unlock] [data-testid=error][data-code=wrong-secret]');\
            return box ? box.dataset.triesLeft : null";
        self.script(script, Vec::new()).await.ok()?.as_str()?.parse().ok()
    }

    /// Locks the vault.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn lock(&self) -> Outcome {
        self.click(&id("vault-lock")).await?;
        self.at("unlock").await
    }

    /// Signs out from the vault.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn sign_out(&self) -> Outcome {
        self.click(&id("vault-sign-out")).await?;
        self.element(&id("sign-in")).await.map(drop)
    }
}
