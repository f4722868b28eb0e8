//! Unlock.

use freehold_keys::{Client, Remembered};
use freehold_wire::{MethodKind, Profile, UnlockAnswer, UnlockOffer};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::browser::post_progress;
use crate::error::Thrown;

/// An unlock on its way: begun, then opened.
#[wasm_bindgen]
pub struct Unlock(Option<Box<freehold_keys::Unlock>>);

#[wasm_bindgen]
impl Unlock {
    /// Derives from the password (type 1) or the recovery code (type 2).
    ///
    /// # Errors
    /// The codes of `freehold_keys::KeyError`.
    pub fn begin(
        offer: &str,
        origin: &str,
        kind: u8,
        secret: Vec<u8>,
        remembered: Option<String>,
    ) -> Result<Self, Thrown> {
        let secret = Zeroizing::new(secret);
        let offer: UnlockOffer = parse_json(offer)?;
        let kind = MethodKind::from_number(kind.into())
            .ok_or_else(|| Thrown::bad_message("unknown method type"))?;
        let remembered = parse_remembered(remembered.as_deref())?;
        let client = Client {
            origin,
            highest_profile: Profile::HIGHEST_IN_BROWSER,
            remembered: remembered.as_ref(),
        };
        let unlock =
            freehold_keys::Unlock::begin(offer, &client, kind, &secret, &mut post_progress)?;
        Ok(Self(Some(Box::new(unlock))))
    }

    /// The proof for the server, as JSON.
    ///
    /// # Errors
    /// `bad-message` once opened.
    pub fn request(&self) -> Result<String, Thrown> {
        to_json(&self.0.as_ref().ok_or_else(opened_already)?.request())
    }

    /// Opens the server's answer and checks all of it.
    ///
    /// # Errors
    /// `tampered`, `bad-message`.
    pub fn open(&mut self, answer: &str) -> Result<Account, Thrown> {
        let answer: UnlockAnswer = parse_json(answer)?;
        let unlock = self.0.take().ok_or_else(opened_already)?;
        Ok(Account::new(unlock.open(&answer)?))
    }
}

fn opened_already() -> Thrown {
    Thrown::bad_message("an unlock is opened once")
}

pub(crate) fn parse_json<T: DeserializeOwned>(json: &str) -> Result<T, Thrown> {
    serde_json::from_str(json).map_err(|error| Thrown::bad_message(&error.to_string()))
}

pub(crate) fn to_json<T: Serialize>(message: &T) -> Result<String, Thrown> {
    serde_json::to_string(message).map_err(|error| Thrown::bad_message(&error.to_string()))
}

pub(crate) fn parse_remembered(json: Option<&str>) -> Result<Option<Remembered>, Thrown> {
    Ok(json.map(Remembered::from_json).transpose()?)
}
