//! What the Worker gives: randomness, the time, a way to post progress.

use std::convert::Infallible;

use freehold_keys::Step;
use freehold_wire::Timestamp;
use js_sys::{Object, Reflect};
use rand_core::{TryCryptoRng, TryRng};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Crypto, DedicatedWorkerGlobalScope};

use crate::error::Thrown;

/// Not checked: outside a Worker (in tests) the properties used here exist all the same.
fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The browser's cryptographic randomness.
pub(crate) struct Random(Crypto);

impl Random {
    /// Finds the source and tries it once.
    pub(crate) fn new() -> Result<Self, Thrown> {
        let crypto = scope().crypto().map_err(|_| Thrown::no_randomness())?;
        crypto.get_random_values_with_u8_array(&mut [0; 1]).map_err(|_| Thrown::no_randomness())?;
        Ok(Self(crypto))
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        // Web Cryptography §10.1.1: at most 65536 bytes a call; then it fails only where it failed
        // in `new` already.
        for chunk in out.chunks_mut(65536) {
            self.0
                .get_random_values_with_u8_array(chunk)
                .expect("the browser gave randomness a moment ago");
        }
        Ok(())
    }
}

impl TryCryptoRng for Random {}

/// The time of the browser's clock.
pub(crate) fn now() -> Timestamp {
    // Date.now() is a whole number of milliseconds, far below 2^53.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Timestamp::from_millis(js_sys::Date::now() as u64)
}

/// Posts `{progress, step}` to the page. A page that does not listen loses only its progress bar.
pub(crate) fn post_progress(step: Step, progress: f32) {
    let message = Object::new();
    let _ = Reflect::set(&message, &"progress".into(), &JsValue::from(progress));
    let _ = Reflect::set(&message, &"step".into(), &step.name().into());
    let _ = scope().post_message(&message);
}
