//! The security screen, and changes of keys.

use crate::{
    browser::Browser,
    failure::Outcome,
    pages::{Passphrase, id},
};

impl Browser {
    /// From the vault to the security screen, when all of it is there.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn open_security(&self) -> Outcome {
        self.at("vault").await?;
        self.click(&id("vault-security")).await?;
        self.sees_security().await
    }

    /// Waits for the security screen and what it tells.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn sees_security(&self) -> Outcome {
        self.at("security").await?;
        self.element(&id("ways")).await.map(drop)
    }

    /// From the security screen back to the vault.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn leave_security(&self) -> Outcome {
        self.click(&id("security-back")).await?;
        self.at("vault").await
    }

    /// Types the present passphrase where a change asks for it.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn confirm(&self, passphrase: &str) -> Outcome {
        self.at("confirm").await?;
        self.fill(&id("unlock-passphrase"), passphrase).await?;
        self.click(&id("unlock-submit")).await
    }

    /// Chooses the new passphrase of a change.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn choose_new_passphrase(&self, passphrase: &Passphrase) -> Outcome<String> {
        self.at("security-passphrase").await?;
        self.pick_passphrase(passphrase).await
    }

    /// Keeps and proves a new kit; gives its code.
    ///
    /// # Errors
    /// A screen is not as expected.
    pub async fn keep_new_kit(&self) -> Outcome<String> {
        let (code, _words) = self.read_kit().await?;
        self.keep_kit().await?;
        self.prove_kit(&code).await?;
        Ok(code)
    }

    /// Waits until a change is done, and goes on to the security screen.
    ///
    /// # Errors
    /// It is not done.
    pub async fn finish_change(&self) -> Outcome {
        self.at("security-done").await?;
        self.click(&id("security-continue")).await?;
        self.sees_security().await
    }

    /// From the locked vault to the field for the recovery code.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn forget_passphrase(&self) -> Outcome {
        self.at("unlock").await?;
        self.click(&format!("{} summary", id("unlock-forgot"))).await?;
        self.click(&id("unlock-recover")).await?;
        self.at("recover-code").await
    }

    /// Types a recovery code in the place of the passphrase.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn give_code(&self, typed: &str) -> Outcome {
        self.at("recover-code").await?;
        self.fill(&id("prove-text"), typed).await?;
        self.click(&id("prove-continue")).await
    }
}
