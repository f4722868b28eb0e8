//! Personal secrets.

use crate::{browser::Browser, failure::Outcome, pages::id};

/// A secret as a person types it.
#[derive(Clone, Debug)]
pub struct Secret<'s> {
    /// Its name.
    pub name: &'s str,
    /// The secret itself.
    pub value: &'s str,
    /// A note.
    pub note: &'s str,
}

impl Browser {
    /// Adds a secret and waits until it stands in the list.
    ///
    /// # Errors
    /// A screen is not as expected.
    pub async fn add_secret(&self, secret: &Secret<'_>) -> Outcome {
        self.at("vault").await?;
        self.click(&id("vault-add")).await?;
        self.save_secret(secret).await?;
        self.element(&item(secret.name)).await.map(drop)
    }

    /// Fills in the form and saves.
    ///
    /// # Errors
    /// The screen is not as expected.
    pub async fn save_secret(&self, secret: &Secret<'_>) -> Outcome {
        self.at("vault-edit").await?;
        self.fill(&id("edit-name"), secret.name).await?;
        self.fill(&id("edit-value"), secret.value).await?;
        self.fill(&id("edit-note"), secret.note).await?;
        self.click(&id("edit-save")).await?;
        self.at("vault").await
    }

    /// Reveals a secret and gives its value.
    ///
    /// # Errors
    /// It is not in the list.
    pub async fn read_secret(&self, name: &str) -> Outcome<String> {
        self.at("vault").await?;
        self.click(&format!("{} {}", item(name), id("item-reveal"))).await?;
        self.text(&format!("{} {}", item(name), id("item-value"))).await
    }

    /// Waits until the vault says that it is empty.
    ///
    /// # Errors
    /// It is not.
    pub async fn sees_empty_vault(&self) -> Outcome {
        self.at("vault").await?;
        self.element(&id("vault-empty")).await.map(drop)
    }
}

/// The selector of an entry in the list.
#[must_use]
pub fn item(name: &str) -> String {
    format!("[data-testid=\"item\"][data-name=\"{name}\"]")
}
