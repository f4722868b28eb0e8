//! Derivations: what the Worker that sees passphrases does, and all that it does.

use freehold_keys::{Derived, Step};
use freehold_wire::{MethodKind, SetupOffer, UnlockOffer};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::browser::{Random, post_progress};
use crate::error::Thrown;
use crate::messages::{Place, parse_json};
use crate::stack;

/// Derives from a new password, for a set-up. What it gives is secret, and for
/// [`Setup.begin`](crate::setup::Setup::begin) alone.
///
/// # Errors
/// The codes of `freehold_keys::KeyError`.
#[wasm_bindgen(js_name = deriveForSetup)]
pub fn derive_for_setup(
    offer: &str,
    origin: &str,
    password: Vec<u8>,
    remembered: Option<String>,
) -> Result<Uint8Array, Thrown> {
    stack::clean(move || {
        let password = Zeroizing::new(password);
        let offer: SetupOffer = parse_json(offer)?;
        let place = Place::parse(origin, remembered.as_deref())?;
        let mut random = Random::new()?;
        let derived = Derived::for_setup(
            &offer,
            &place.client(),
            &password,
            &mut random,
            &mut post_progress,
        )?;
        Ok(handed_over(&derived))
    })
}

/// Derives from the password (type 1) or the recovery code (type 2). What it gives is secret, and
/// for [`Unlock.begin`](crate::unlock::Unlock::begin) alone.
///
/// # Errors
/// The codes of `freehold_keys::KeyError`.
#[wasm_bindgen(js_name = deriveForUnlock)]
pub fn derive_for_unlock(
    offer: &str,
    origin: &str,
    kind: u8,
    secret: Vec<u8>,
    remembered: Option<String>,
) -> Result<Uint8Array, Thrown> {
    stack::clean(move || {
        let secret = Zeroizing::new(secret);
        let offer: UnlockOffer = parse_json(offer)?;
        let kind = MethodKind::from_number(kind.into())
            .ok_or_else(|| Thrown::bad_message("unknown method type"))?;
        let place = Place::parse(origin, remembered.as_deref())?;
        let derived =
            Derived::for_unlock(&offer, &place.client(), kind, &secret, &mut post_progress)?;
        post_progress(Step::Check, 1.0);
        Ok(handed_over(&derived))
    })
}

/// Derives from a new password, for a change of the account that the offer is to unlock. What it
/// gives is secret, and for [`Change.setPassword`](crate::change::Change::set_password) alone.
///
/// # Errors
/// The codes of `freehold_keys::KeyError`.
#[wasm_bindgen(js_name = deriveForChange)]
pub fn derive_for_change(
    offer: &str,
    origin: &str,
    password: Vec<u8>,
    remembered: Option<String>,
) -> Result<Uint8Array, Thrown> {
    stack::clean(move || {
        let password = Zeroizing::new(password);
        let offer: UnlockOffer = parse_json(offer)?;
        let place = Place::parse(origin, remembered.as_deref())?;
        let mut random = Random::new()?;
        let client = place.client();
        let derived =
            Derived::for_change(&offer, &client, &password, &mut random, &mut post_progress)?;
        Ok(handed_over(&derived))
    })
}

/// The bytes in JavaScript's memory: the Worker transfers them, which takes them away from it.
fn handed_over(derived: &Derived) -> Uint8Array {
    Uint8Array::from(derived.to_bytes().as_slice())
}
