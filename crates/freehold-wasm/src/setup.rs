//! Set-up.

use freehold_keys::{ProvenSetup, SetupAttempt};
use freehold_wire::{Context, SetupOffer};
use js_sys::{JsString, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::browser::{Random, now, post_progress};
use crate::error::Thrown;
use crate::messages::{Place, parse_derived, parse_json, to_json};
use crate::stack;

/// A set-up on its way: begun, proven, requested, accepted.
#[wasm_bindgen]
pub struct Setup(Stage);

enum Stage {
    Begun(Box<freehold_keys::Setup>),
    Proven(Box<ProvenSetup>, Option<SetupAttempt>),
    Over,
}

#[wasm_bindgen]
impl Setup {
    /// Makes and seals all keys, with what `deriveForSetup` gave in the other Worker.
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
            let offer: SetupOffer = parse_json(offer)?;
            let place = Place::parse(origin, remembered.as_deref())?;
            let context = Context::of_user(offer.organization, offer.user);
            let derived = parse_derived(&derived, context)?;
            let mut random = Random::new()?;
            let setup = freehold_keys::Setup::begin_derived(
                offer,
                &place.client(),
                &derived,
                &mut random,
                &mut post_progress,
            )?;
            Ok(Self(Stage::Begun(Box::new(setup))))
        })
    }

    /// The recovery code, until it is proved.
    ///
    /// # Errors
    /// `bad-message` afterwards.
    #[wasm_bindgen(js_name = recoveryCode)]
    pub fn recovery_code(&self) -> Result<JsString, Thrown> {
        stack::clean(|| Ok(JsString::from(self.begun()?.recovery_code().to_text().as_str())))
    }

    /// The recovery code as 24 words, until it is proved.
    ///
    /// # Errors
    /// `bad-message` afterwards.
    #[wasm_bindgen(js_name = recoveryWords)]
    pub fn recovery_words(&self) -> Result<JsString, Thrown> {
        stack::clean(|| Ok(JsString::from(self.begun()?.recovery_code().to_words().as_str())))
    }

    /// The code, a line feed and the words, as bytes that can be wiped: for the kit's module.
    ///
    /// # Errors
    /// `bad-message` once it is proved.
    #[wasm_bindgen(js_name = recoveryKit)]
    pub fn recovery_kit(&self) -> Result<Uint8Array, Thrown> {
        stack::clean(|| Ok(kit_of(self.begun()?.recovery_code())))
    }

    /// Whether what was given back, as bytes of UTF-8, is the recovery code.
    ///
    /// # Errors
    /// `bad-code` if it cannot be a code at all.
    #[wasm_bindgen(js_name = proveRecovery)]
    pub fn prove_recovery(&mut self, typed: Vec<u8>) -> Result<bool, Thrown> {
        stack::clean(move || self.prove(&Zeroizing::new(typed)))
    }

    /// The request for the server, as JSON; again for a fresh offer if one ran out.
    ///
    /// # Errors
    /// `recovery-not-proven`, `offer-changed`.
    pub fn request(&mut self, fresh_offer: &str) -> Result<String, Thrown> {
        stack::clean(|| {
            let fresh: SetupOffer = parse_json(fresh_offer)?;
            let Stage::Proven(proven, attempt) = &mut self.0 else {
                return Err(Thrown::not_proven());
            };
            let made = proven.request(&fresh, now())?;
            let json = to_json(made.request())?;
            *attempt = Some(made);
            Ok(json)
        })
    }

    /// The unlocked account, after the server took the last request.
    ///
    /// # Errors
    /// `recovery-not-proven` before a request.
    pub fn account(&mut self) -> Result<Account, Thrown> {
        stack::clean(|| match std::mem::replace(&mut self.0, Stage::Over) {
            Stage::Proven(proven, Some(attempt)) => Ok(Account::new(proven.account(&attempt)?)),
            other => {
                self.0 = other;
                Err(Thrown::not_proven())
            }
        })
    }
}

impl Setup {
    /// The set-up after the proof, for a renewal; this one is over.
    pub(crate) fn take_proven(&mut self) -> Result<ProvenSetup, Thrown> {
        match std::mem::replace(&mut self.0, Stage::Over) {
            Stage::Proven(proven, _) => Ok(*proven),
            other => {
                self.0 = other;
                Err(Thrown::not_proven())
            }
        }
    }

    fn begun(&self) -> Result<&freehold_keys::Setup, Thrown> {
        match &self.0 {
            Stage::Begun(setup) => Ok(setup),
            Stage::Proven(..) | Stage::Over => {
                Err(Thrown::bad_message("the recovery code is shown only until it is proved"))
            }
        }
    }

    fn prove(&mut self, typed: &[u8]) -> Result<bool, Thrown> {
        let setup = match std::mem::replace(&mut self.0, Stage::Over) {
            Stage::Begun(setup) => setup,
            other => {
                self.0 = other;
                return Err(Thrown::bad_message("the recovery code is not asked for now"));
            }
        };
        match setup.prove_recovery(typed) {
            Ok(proven) => {
                self.0 = Stage::Proven(Box::new(proven), None);
                Ok(true)
            }
            Err(not_proven) => {
                let freehold_keys::NotProven { setup, reason } = *not_proven;
                self.0 = Stage::Begun(Box::new(setup));
                match reason {
                    freehold_keys::KeyError::RecoveryNotProven => Ok(false),
                    reason => Err(reason.into()),
                }
            }
        }
    }
}

/// The code, a line feed and the words, as bytes that can be wiped: for the kit's module.
pub(crate) fn kit_of(code: &freehold_keys::RecoveryCode) -> Uint8Array {
    let (text, words) = (code.to_text(), code.to_words());
    let mut kit = Zeroizing::new(Vec::with_capacity(text.len() + 1 + words.len()));
    kit.extend_from_slice(text.as_bytes());
    kit.push(b'\n');
    kit.extend_from_slice(words.as_bytes());
    Uint8Array::from(kit.as_slice())
}
