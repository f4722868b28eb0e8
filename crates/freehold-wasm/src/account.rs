//! The unlocked account and its items.

use freehold_wire::{ItemId, ItemRecord};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::browser::Random;
use crate::error::Thrown;
use crate::messages::{parse_json, to_json};
use crate::stack;

/// An unlocked account. Freeing it, or ending the Worker, locks.
#[wasm_bindgen]
pub struct Account(freehold_keys::Account);

impl Account {
    pub(crate) const fn new(account: freehold_keys::Account) -> Self {
        Self(account)
    }
}

#[wasm_bindgen]
impl Account {
    /// What to keep until the next unlock, as JSON.
    ///
    /// # Errors
    /// None is expected.
    pub fn remembered(&self) -> Result<String, Thrown> {
        to_json(self.0.remembered())
    }

    /// When the key records last changed, in milliseconds since 1970.
    #[must_use]
    #[wasm_bindgen(js_name = changedAt)]
    #[allow(clippy::cast_precision_loss)] // a state's time is below 2^53
    pub fn changed_at(&self) -> f64 {
        self.0.changed_at().as_millis() as f64
    }

    /// How many tries failed since the last success.
    #[must_use]
    #[wasm_bindgen(js_name = failedSince)]
    #[allow(clippy::cast_precision_loss)] // a server that lies can only show a wrong number
    pub fn failed_since(&self) -> f64 {
        self.0.failed_since() as f64
    }

    /// Seals one version of an item; the record as JSON.
    ///
    /// # Errors
    /// `item-too-large`, `bad-message`.
    #[wasm_bindgen(js_name = sealItem)]
    pub fn seal_item(&self, item: &str, version: f64, plain: Vec<u8>) -> Result<String, Thrown> {
        stack::clean(move || {
            let plain = Zeroizing::new(plain);
            let mut random = Random::new()?;
            let record =
                self.0.seal_item(parse_item(item)?, whole(version)?, &plain, &mut random)?;
            to_json(&record)
        })
    }

    /// Opens the version of an item that was asked for.
    ///
    /// # Errors
    /// `tampered`, `bad-message`.
    #[wasm_bindgen(js_name = openItem)]
    pub fn open_item(&self, item: &str, version: f64, record: &str) -> Result<Uint8Array, Thrown> {
        stack::clean(|| {
            let record: ItemRecord = parse_json(record)?;
            let plain = self.0.open_item(parse_item(item)?, whole(version)?, &record)?;
            Ok(Uint8Array::from(plain.as_slice()))
        })
    }
}

fn parse_item(text: &str) -> Result<ItemId, Thrown> {
    text.parse().map_err(|_| Thrown::bad_message("not an item id"))
}

/// A JavaScript number as the whole number that it is.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> Result<u64, Thrown> {
    if number.fract() == 0.0 && (1.0..=9_007_199_254_740_991.0).contains(&number) {
        Ok(number as u64)
    } else {
        Err(Thrown::bad_message("not a version"))
    }
}
