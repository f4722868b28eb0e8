//! Errors as JavaScript meets them: an `Error` named `KeySetupError` with a stable `code`.

use freehold_json::JsonError;
use freehold_keys::KeyError;
use wasm_bindgen::JsValue;

/// What an export throws.
pub struct Thrown {
    code: &'static str,
    message: String,
}

impl Thrown {
    /// A message that cannot be read, or an argument that makes no sense.
    pub(crate) fn bad_message(what: &str) -> Self {
        Self { code: KeyError::BadMessage.code(), message: what.to_owned() }
    }

    /// The set-up is not at the step that the call needs.
    pub(crate) fn not_proven() -> Self {
        KeyError::RecoveryNotProven.into()
    }

    /// The browser gives no randomness.
    pub(crate) fn no_randomness() -> Self {
        Self { code: "no-randomness", message: "the browser gives no random numbers".to_owned() }
    }
}

impl From<KeyError> for Thrown {
    fn from(error: KeyError) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

impl From<JsonError> for Thrown {
    fn from(_: JsonError) -> Self {
        Self::bad_message("not the JSON of this message")
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        let error = js_sys::Error::new(&thrown.message);
        error.set_name("KeySetupError");
        // Setting a property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&error, &"code".into(), &thrown.code.into());
        error.into()
    }
}
