//! Change of an account's ways to unlock.

use freehold_keys::{ChangeAttempt, Derived, KeyError};
use freehold_wire::{ChangeOffer, Context, MethodKind};
use js_sys::{JsString, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::browser::{Random, now};
use crate::error::Thrown;
use crate::messages::{parse_derived, parse_json, to_json};
use crate::setup::kit_of;
use crate::stack;

/// Master key and keyring, for one change or renewal. Freeing it forgets them.
#[wasm_bindgen]
pub struct Authority(Box<freehold_keys::Authority>);

impl Authority {
    pub(crate) fn new(authority: freehold_keys::Authority) -> Self {
        Self(Box::new(authority))
    }

    pub(crate) fn into_inner(self) -> freehold_keys::Authority {
        *self.0
    }
}

#[wasm_bindgen]
impl Authority {
    /// The unlocked account.
    #[must_use]
    pub fn account(&self) -> Account {
        stack::clean(|| Account::new(self.0.account()))
    }

    /// Whether a recovery code opened it: then password and code have to be replaced.
    #[must_use]
    pub fn recovers(&self) -> bool {
        self.0.used() == MethodKind::RecoveryCode
    }
}

/// A change on its way.
#[wasm_bindgen]
pub struct Change {
    change: Box<freehold_keys::Change>,
    context: Context,
    attempt: Option<ChangeAttempt>,
}

#[wasm_bindgen]
impl Change {
    /// Begins: everything stays as it is.
    #[must_use]
    pub fn of(authority: Authority) -> Self {
        stack::clean(move || {
            let state = authority.0.state();
            let context = Context::of_user(state.organization, state.user);
            let change = Box::new(freehold_keys::Change::of(authority.into_inner()));
            Self { change, context, attempt: None }
        })
    }

    /// A new password, with what `deriveForChange` gave in the other Worker.
    ///
    /// # Errors
    /// `bad-message`, `no-randomness`.
    #[wasm_bindgen(js_name = setPassword)]
    pub fn set_password(&mut self, derived: Vec<u8>) -> Result<(), Thrown> {
        stack::clean(|| {
            let derived = parse_derived(&Zeroizing::new(derived), self.context)?;
            Ok(self.change.set_password(&derived, &mut Random::new()?)?)
        })
    }

    /// A new recovery code.
    ///
    /// # Errors
    /// `no-randomness`.
    #[wasm_bindgen(js_name = makeCode)]
    pub fn make_code(&mut self) -> Result<(), Thrown> {
        stack::clean(|| {
            self.change.make_code(&mut Random::new()?);
            Ok(())
        })
    }

    /// The new recovery code, until it is proved.
    ///
    /// # Errors
    /// `bad-message` before it is made, and afterwards.
    #[wasm_bindgen(js_name = recoveryCode)]
    pub fn recovery_code(&self) -> Result<JsString, Thrown> {
        stack::clean(|| Ok(JsString::from(self.code()?.to_text().as_str())))
    }

    /// The new recovery code as 24 words, until it is proved.
    ///
    /// # Errors
    /// `bad-message` before it is made, and afterwards.
    #[wasm_bindgen(js_name = recoveryWords)]
    pub fn recovery_words(&self) -> Result<JsString, Thrown> {
        stack::clean(|| Ok(JsString::from(self.code()?.to_words().as_str())))
    }

    /// The new code, a line feed and the words, as bytes that can be wiped: for the kit's module.
    ///
    /// # Errors
    /// `bad-message` before it is made, and afterwards.
    #[wasm_bindgen(js_name = recoveryKit)]
    pub fn recovery_kit(&self) -> Result<Uint8Array, Thrown> {
        stack::clean(|| Ok(kit_of(self.code()?)))
    }

    /// Whether what was typed is the new recovery code.
    ///
    /// # Errors
    /// `bad-code` if it cannot be a code at all.
    #[wasm_bindgen(js_name = proveRecovery)]
    pub fn prove_recovery(&mut self, typed: Vec<u8>) -> Result<bool, Thrown> {
        stack::clean(|| match self.change.prove_recovery(&Zeroizing::new(typed)) {
            Ok(()) => Ok(true),
            Err(KeyError::RecoveryNotProven) => Ok(false),
            Err(error) => Err(error.into()),
        })
    }

    /// A further passkey: `P`, and the first result of its PRF extension.
    ///
    /// # Errors
    /// `bad-passkey`; `bad-message` for a ninth.
    #[wasm_bindgen(js_name = addPasskey)]
    pub fn add_passkey(&mut self, parameters: &[u8], output: Vec<u8>) -> Result<(), Thrown> {
        stack::clean(|| {
            let output = Zeroizing::new(output);
            let derived = Derived::passkey(self.context, parameters, &output)?;
            Ok(self.change.add_passkey(&derived, &mut Random::new()?)?)
        })
    }

    /// Takes a passkey away.
    ///
    /// # Errors
    /// `bad-message` if there is no such passkey.
    #[wasm_bindgen(js_name = removePasskey)]
    pub fn remove_passkey(&mut self, parameters: &[u8]) -> Result<(), Thrown> {
        Ok(self.change.remove_passkey(parameters)?)
    }

    /// The request for the server, as JSON; again for a fresh offer if one ran out.
    ///
    /// # Errors
    /// `recovery-not-proven`, `offer-changed`.
    pub fn request(&mut self, offer: &str) -> Result<String, Thrown> {
        stack::clean(|| {
            let offer: ChangeOffer = parse_json(offer)?;
            let made = self.change.request(&offer, now())?;
            let json = to_json(made.request())?;
            self.attempt = Some(made);
            Ok(json)
        })
    }

    /// The unlocked account, after the server took the last request.
    ///
    /// # Errors
    /// `bad-message` before a request.
    pub fn account(&self) -> Result<Account, Thrown> {
        stack::clean(|| {
            let attempt = self.attempt.as_ref().ok_or(KeyError::BadMessage)?;
            Ok(Account::new(self.change.account(attempt)?))
        })
    }
}

impl Change {
    fn code(&self) -> Result<&freehold_keys::RecoveryCode, Thrown> {
        self.change.recovery_code().ok_or_else(|| {
            Thrown::bad_message("the recovery code is shown only until it is proved")
        })
    }
}
