//! The five screens of set-up.

use crate::{browser::Browser, failure::Outcome, pages::id};

/// What a person chooses.
#[derive(Clone, Debug)]
pub enum Passphrase {
    /// The generated one that is offered first.
    Suggested,
    /// One of her own.
    Own(String),
}

impl Passphrase {
    /// One of her own.
    #[must_use]
    pub fn own(text: &str) -> Self {
        Self::Own(text.to_owned())
    }
}

/// What a person keeps after set-up.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The passphrase, typed or generated.
    pub passphrase: String,
    /// The recovery code as it is written: `fhrec1..`, without the spaces between its groups.
    pub code: String,
    /// The same as 24 words.
    pub words: Vec<String>,
}

impl Browser {
    /// From the first screen of set-up to the last.
    ///
    /// # Errors
    /// A screen is not as expected.
    pub async fn set_up(&self, passphrase: &Passphrase) -> Outcome<Ready> {
        self.confirm_who().await?;
        let passphrase = self.choose_passphrase(passphrase).await?;
        let (code, words) = self.read_kit().await?;
        self.keep_kit().await?;
        self.prove_kit(&code).await?;
        self.at("setup-done").await?;
        Ok(Ready { passphrase, code, words })
    }

    /// Screen 1: it is me.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn confirm_who(&self) -> Outcome {
        self.at("setup-who").await?;
        self.click(&id("who-continue")).await?;
        self.at("setup-passphrase").await
    }

    /// Screen 2: a passphrase; gives it. The keys are made next.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn choose_passphrase(&self, passphrase: &Passphrase) -> Outcome<String> {
        self.at("setup-passphrase").await?;
        self.pick_passphrase(passphrase).await
    }

    /// Fills in the form for a new passphrase, wherever it stands, and sends it.
    ///
    /// # Errors
    /// The form is not as expected.
    pub async fn pick_passphrase(&self, passphrase: &Passphrase) -> Outcome<String> {
        let chosen = match passphrase {
            Passphrase::Suggested => self.suggested_passphrase().await?,
            Passphrase::Own(text) => {
                self.click(&id("passphrase-mode-own")).await?;
                self.fill(&id("passphrase-own"), text).await?;
                if self.has(&id("passphrase-repeat")).await {
                    self.fill(&id("passphrase-repeat"), text).await?;
                }
                text.clone()
            }
        };
        self.click(&id("passphrase-continue")).await?;
        Ok(chosen)
    }

    async fn suggested_passphrase(&self) -> Outcome<String> {
        self.find("a generated passphrase", async || {
            let text = self.text(&id("passphrase-suggested")).await.ok()?;
            let text = text.trim();
            (text.split('-').count() == 7).then(|| text.to_owned())
        })
        .await
    }

    /// Screen 3: the recovery kit, as code and as words.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn read_kit(&self) -> Outcome<(String, Vec<String>)> {
        self.at("setup-kit").await?;
        let code: String = self.text(&id("kit-code")).await?.split_whitespace().collect();
        let script = "return [...document.querySelectorAll('[data-testid=\"kit-words\"] li')]\
            .map((word) => word.textContent.trim())";
        let words = self.script(script, Vec::new()).await?;
        let words = words.as_array().into_iter().flatten();
        Ok((code, words.filter_map(|word| word.as_str().map(str::to_owned)).collect()))
    }

    /// Screen 3 to 4: it is kept.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn keep_kit(&self) -> Outcome {
        self.at("setup-kit").await?;
        self.click(&id("kit-continue")).await?;
        self.at("setup-prove").await
    }

    /// Screen 4: types the code or the words.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn prove_kit(&self, typed: &str) -> Outcome {
        self.at("setup-prove").await?;
        self.fill(&id("prove-text"), typed).await?;
        self.click(&id("prove-continue")).await
    }

    /// Screen 5 to the vault, which is unlocked or asks for the passphrase.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn open_vault_after_set_up(&self, passphrase: &str) -> Outcome {
        self.at("setup-done").await?;
        self.click(&id("done-open-vault")).await?;
        if self.at_one_of(&["vault", "unlock"]).await? == "unlock" {
            self.unlock(passphrase).await?;
        }
        Ok(())
    }
}
