//! Renewal: a new epoch with new keys.

use freehold_keys::{KeyError, RenewalAttempt};
use freehold_wire::{ItemRecord, SetupOffer};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::browser::{Random, now};
use crate::change::Authority;
use crate::error::Thrown;
use crate::messages::{parse_json, to_json};
use crate::setup::Setup;
use crate::stack;

/// A renewal on its way.
#[wasm_bindgen]
pub struct Renewal {
    renewal: Box<freehold_keys::Renewal>,
    attempt: Option<RenewalAttempt>,
}

#[wasm_bindgen]
impl Renewal {
    /// Joins the account as it is and the proven set-up of its next epoch.
    ///
    /// # Errors
    /// `recovery-not-proven`, `offer-changed`.
    pub fn of(authority: Authority, setup: &mut Setup) -> Result<Self, Thrown> {
        stack::clean(move || {
            let proven = setup.take_proven()?;
            let renewal = freehold_keys::Renewal::of(authority.into_inner(), proven)?;
            Ok(Self { renewal: Box::new(renewal), attempt: None })
        })
    }

    /// The request for the server, as JSON, for a fresh offer and all items as the server has them.
    ///
    /// # Errors
    /// `offer-changed`; `tampered` for an item whose key does not open.
    pub fn request(&mut self, fresh_offer: &str, items: &str) -> Result<String, Thrown> {
        stack::clean(|| {
            let fresh: SetupOffer = parse_json(fresh_offer)?;
            let items: Vec<ItemRecord> = parse_json(items)?;
            let made = self.renewal.request(&fresh, &items, now(), &mut Random::new()?)?;
            let json = to_json(made.request())?;
            self.attempt = Some(made);
            Ok(json)
        })
    }

    /// The unlocked account of the new epoch, after the server took the last request.
    ///
    /// # Errors
    /// `bad-message` before a request.
    pub fn account(&self) -> Result<Account, Thrown> {
        stack::clean(|| {
            let attempt = self.attempt.as_ref().ok_or(KeyError::BadMessage)?;
            Ok(Account::new(self.renewal.account(attempt)?))
        })
    }
}
