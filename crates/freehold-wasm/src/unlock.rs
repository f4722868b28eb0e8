//! Unlock.

use freehold_wire::{Context, UnlockAnswer, UnlockOffer};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::error::Thrown;
use crate::messages::{Place, parse_derived, parse_json, to_json};
use crate::stack;

/// An unlock on its way: begun, then opened.
#[wasm_bindgen]
pub struct Unlock(Option<Box<freehold_keys::Unlock>>);

#[wasm_bindgen]
impl Unlock {
    /// Begins with what `deriveForUnlock` gave in the other Worker.
    ///
    /// # Errors
    /// The codes of `freehold_keys::KeyError`.
    pub fn begin(
        offer: &str,
        origin: &str,
        derived: Vec<u8>,
        remembered: Option<String>,
    ) -> Result<Self, Thrown> {
        stack::clean(move || {
            let derived = Zeroizing::new(derived);
            let offer: UnlockOffer = parse_json(offer)?;
            let place = Place::parse(origin, remembered.as_deref())?;
            let context = Context::of_user(offer.organization, offer.user);
            let derived = parse_derived(&derived, context)?;
            let unlock = freehold_keys::Unlock::begin_derived(offer, &place.client(), &derived)?;
            Ok(Self(Some(Box::new(unlock))))
        })
    }

    /// The proof for the server, as JSON.
    ///
    /// # Errors
    /// `bad-message` once opened.
    pub fn request(&self) -> Result<String, Thrown> {
        stack::clean(|| to_json(&self.0.as_ref().ok_or_else(opened_already)?.request()))
    }

    /// Opens the server's answer and checks all of it.
    ///
    /// # Errors
    /// `tampered`, `bad-message`.
    pub fn open(&mut self, answer: &str) -> Result<Account, Thrown> {
        stack::clean(|| {
            let answer: UnlockAnswer = parse_json(answer)?;
            let unlock = self.0.take().ok_or_else(opened_already)?;
            Ok(Account::new(unlock.open(&answer)?))
        })
    }
}

fn opened_already() -> Thrown {
    Thrown::bad_message("an unlock is opened once")
}
