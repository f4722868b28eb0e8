//! The browser binding of `freehold-keys`, for use inside a dedicated Worker: exports, the
//! browser's randomness, progress messages, stable error codes. No logic.
//!
//! It is loaded by two Workers: one derives (`derive.rs`), the other holds the keys (all else).
//!
//! Secrets come in as bytes that this module owns and wipes; they go out by a copy that JavaScript
//! makes while the module still holds, and then wipes, its own.

mod account;
mod browser;
mod change;
mod derive;
mod error;
mod messages;
mod renewal;
mod setup;
mod stack;
mod unlock;

use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::browser::Random;
use crate::error::Thrown;

/// Makes a passphrase: seven words joined by hyphens, 77 bits.
///
/// # Errors
/// If the browser gives no randomness.
#[wasm_bindgen(js_name = generatePassphrase)]
pub fn generate_passphrase() -> Result<JsString, Thrown> {
    stack::clean(|| {
        let passphrase = freehold_keys::make_passphrase(&mut Random::new()?);
        Ok(JsString::from(passphrase.as_str()))
    })
}

/// Throws unless the bytes are a password that keeps the rules.
///
/// # Errors
/// `password-too-short`, `password-too-long`, `password-bad-character`.
#[wasm_bindgen(js_name = checkPassword)]
pub fn check_password(password: Vec<u8>) -> Result<(), Thrown> {
    stack::clean(move || {
        let password = Zeroizing::new(password);
        freehold_keys::Password::parse(&password)?;
        Ok(())
    })
}
