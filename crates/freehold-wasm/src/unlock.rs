//! Unlock.

use freehold_keys::Derived;
use freehold_wire::{Context, UnlockAnswer, UnlockOffer};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::change::Authority;
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

    /// Begins with what a passkey of the offer gave: `P`, and the first result of its PRF extension.
    ///
    /// # Errors
    /// `bad-passkey`, and the other codes of `freehold_keys::KeyError`.
    #[wasm_bindgen(js_name = beginByPasskey)]
    pub fn begin_by_passkey(
        offer: &str,
        origin: &str,
        parameters: &[u8],
        output: Vec<u8>,
        remembered: Option<String>,
    ) -> Result<Self, Thrown> {
        stack::clean(move || {
            let output = Zeroizing::new(output);
            let offer: UnlockOffer = parse_json(offer)?;
            let place = Place::parse(origin, remembered.as_deref())?;
            let client = place.client();
            let derived = Derived::for_passkey(&offer, &client, parameters, &output)?;
            let unlock = freehold_keys::Unlock::begin_derived(offer, &client, &derived)?;
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

    /// Opens the server's answer, checks all of it, and keeps what a change needs.
    ///
    /// # Errors
    /// `tampered`, `bad-message`.
    #[wasm_bindgen(js_name = openToChange)]
    pub fn open_to_change(&mut self, answer: &str) -> Result<Authority, Thrown> {
        stack::clean(|| {
            let answer: UnlockAnswer = parse_json(answer)?;
            let unlock = self.0.take().ok_or_else(opened_already)?;
            Ok(Authority::new(unlock.open_to_change(answer)?))
        })
    }
}

fn opened_already() -> Thrown {
    Thrown::bad_message("an unlock is opened once")
}
