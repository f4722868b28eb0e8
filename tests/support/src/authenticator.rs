//! Chromium's virtual authenticators: what makes and keeps passkeys, without a finger.

use serde_json::{Value, json};

use crate::{browser::Browser, failure::Outcome};

/// What an authenticator is able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It gives a secret by the PRF extension.
    Secret,
    /// It only signs.
    SignaturesOnly,
}

/// A security key that is plugged in, belonging to the tab that the browser shows.
#[derive(Debug)]
pub struct Authenticator {
    id: String,
}

impl Browser {
    /// Plugs a security key in: it is touched whenever it blinks, and knows whose finger it is.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn plug_in(&self, ability: Ability) -> Outcome<Authenticator> {
        self.web_authn("enable", json!({ "enableUI": false })).await?;
        let options = json!({
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "usb",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "hasPrf": ability == Ability::Secret,
            "isUserVerified": true,
            "automaticPresenceSimulation": true,
        });
        let added =
            self.web_authn("addVirtualAuthenticator", json!({ "options": options })).await?;
        let id = added["authenticatorId"].as_str().unwrap_or_default().to_owned();
        Ok(Authenticator { id })
    }

    /// Whether the key is touched from now on.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn touch(&self, key: &Authenticator, enabled: bool) -> Outcome {
        let values = json!({ "authenticatorId": key.id, "enabled": enabled });
        self.web_authn("setAutomaticPresenceSimulation", values).await.map(drop)
    }

    /// Whether the key takes the finger for the right one from now on.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn recognize(&self, key: &Authenticator, enabled: bool) -> Outcome {
        let values = json!({ "authenticatorId": key.id, "isUserVerified": enabled });
        self.web_authn("setUserVerified", values).await.map(drop)
    }

    /// How many passkeys the key keeps.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn passkeys_on(&self, key: &Authenticator) -> Outcome<usize> {
        let found = self.web_authn("getCredentials", json!({ "authenticatorId": key.id })).await?;
        Ok(found["credentials"].as_array().map_or(0, Vec::len))
    }

    async fn web_authn(&self, command: &str, values: Value) -> Outcome<Value> {
        Ok(self.session().cdp().send_raw(&format!("WebAuthn.{command}"), values).await?)
    }
}
