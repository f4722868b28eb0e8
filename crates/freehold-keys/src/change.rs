//! Change: other ways to unlock the same master key.
//!
//! A [`Change`] collects what is to be new, then makes one request with the next account state.
//! The server stores all of it or nothing.

use freehold_wire::{
    AtMost, ChangeExpectation, ChangeOffer, ChangeRequest, MethodKind, MethodRecord, State,
    Timestamp, UnlockAnswer, VerifiedState, is_method_list, verify_change,
};
use rand_core::CryptoRng;

use crate::account::Account;
use crate::authority::Authority;
use crate::code::RecoveryCode;
use crate::derived::Derived;
use crate::error::{KeyError, Tampering};
use crate::made::MadeMethod;
use crate::method::MethodKeys;
use crate::sort::sort_few;
use crate::terms::check_origins;
use crate::verify::{Asked, Opened};

/// A change on its way.
pub struct Change {
    authority: Authority,
    /// What stays as it is.
    kept: Vec<MethodRecord>,
    made: Vec<MadeMethod>,
    code: NewCode,
}

/// Where a new recovery code is.
enum NewCode {
    /// There is none.
    None,
    /// It is made; the person has not proved yet that it is kept.
    Shown(RecoveryCode),
    /// It was proved.
    Proven,
}

/// One request for the server. It holds no secret.
#[derive(Debug)]
pub struct ChangeAttempt {
    request: ChangeRequest,
}

impl ChangeAttempt {
    /// The message to send.
    #[must_use]
    pub const fn request(&self) -> &ChangeRequest {
        &self.request
    }
}

impl Change {
    /// Begins: everything stays as it is.
    #[must_use]
    pub fn of(authority: Authority) -> Self {
        let kept = authority.state().methods.clone();
        Self { authority, kept, made: Vec::new(), code: NewCode::None }
    }

    /// A new password in place of the old one: a new salt, the same master key.
    ///
    /// # Errors
    /// [`KeyError::BadMessage`] for what was not derived from a password of this user.
    pub fn set_password(
        &mut self,
        by_password: &Derived,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), KeyError> {
        let keys = by_password.keys(self.authority.context())?;
        if keys.kind() != MethodKind::Password {
            return Err(KeyError::BadMessage);
        }
        self.take_out(MethodKind::Password);
        self.make(keys, rng);
        Ok(())
    }

    /// A new recovery code in place of the old one. It counts once it is proved to be kept.
    pub fn make_code(&mut self, rng: &mut dyn CryptoRng) {
        let code = RecoveryCode::make(rng);
        let context = self.authority.context();
        self.take_out(MethodKind::RecoveryCode);
        self.make(MethodKeys::derive(code.secret(), context, MethodKind::RecoveryCode, &[]), rng);
        self.code = NewCode::Shown(code);
    }

    /// The new recovery code, until it is proved.
    #[must_use]
    pub const fn recovery_code(&self) -> Option<&RecoveryCode> {
        match &self.code {
            NewCode::Shown(code) => Some(code),
            NewCode::None | NewCode::Proven => None,
        }
    }

    /// Takes what the person typed or pasted from the new recovery kit.
    ///
    /// # Errors
    /// [`KeyError::BadCode`], [`KeyError::RecoveryNotProven`]; [`KeyError::BadMessage`] if no code
    /// is asked for.
    pub fn prove_recovery(&mut self, typed: &[u8]) -> Result<(), KeyError> {
        let code = self.recovery_code().ok_or(KeyError::BadMessage)?;
        if !RecoveryCode::parse(typed)?.is(code) {
            return Err(KeyError::RecoveryNotProven);
        }
        self.code = NewCode::Proven;
        Ok(())
    }

    /// A further passkey.
    ///
    /// # Errors
    /// [`KeyError::BadMessage`] for what is not a passkey's, for a ninth, and for one that is there.
    pub fn add_passkey(
        &mut self,
        by_passkey: &Derived,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), KeyError> {
        let keys = by_passkey.keys(self.authority.context())?;
        if keys.kind() != MethodKind::Passkey {
            return Err(KeyError::BadMessage);
        }
        self.make(keys, rng);
        if self.is_possible() {
            return Ok(());
        }
        self.made.pop();
        Err(KeyError::BadMessage)
    }

    /// Takes a passkey away.
    ///
    /// # Errors
    /// [`KeyError::BadMessage`] if there is no such passkey.
    pub fn remove_passkey(&mut self, parameters: &[u8]) -> Result<(), KeyError> {
        let before = self.kept.len();
        self.kept
            .retain(|method| method.kind != MethodKind::Passkey || method.parameters != parameters);
        if self.kept.len() < before { Ok(()) } else { Err(KeyError::BadMessage) }
    }

    /// Signs the next state and the proofs for an offer, and checks the result as the server and
    /// the next unlock will. May be called again when an offer ran out.
    ///
    /// # Errors
    /// [`KeyError::RecoveryNotProven`] while a new code is not proved, or a recovery code has not
    /// been replaced; [`KeyError::OfferChanged`] for an offer to another account or epoch;
    /// [`KeyError::BadMessage`] if nothing would change.
    pub fn request(&self, offer: &ChangeOffer, now: Timestamp) -> Result<ChangeAttempt, KeyError> {
        self.check_code()?;
        let state = self.authority.state();
        if (offer.organization, offer.user, offer.epoch)
            != (state.organization, state.user, state.epoch)
        {
            return Err(KeyError::OfferChanged);
        }
        check_origins(&self.authority.origin, &offer.origins)?;
        let request = self.sign(offer, now)?;
        self.check(&request, offer)?;
        Ok(ChangeAttempt { request })
    }

    /// The unlocked account, once the server took the request.
    ///
    /// # Errors
    /// [`KeyError::Tampered`] if the attempt was not made by this change.
    pub fn account(&self, accepted: &ChangeAttempt) -> Result<Account, KeyError> {
        let opened = &self.authority.opened;
        let key = &opened.card.card().signing_key;
        let state = VerifiedState::verify(&accepted.request.state, key)
            .map_err(|_| Tampering::StateSignature)?;
        Ok(Account::after(opened, &state))
    }

    fn check_code(&self) -> Result<(), KeyError> {
        let recovers = self.authority.used == MethodKind::RecoveryCode;
        match self.code {
            NewCode::Shown(_) => Err(KeyError::RecoveryNotProven),
            NewCode::None if recovers => Err(KeyError::RecoveryNotProven),
            NewCode::None | NewCode::Proven => Ok(()),
        }
    }

    fn take_out(&mut self, kind: MethodKind) {
        self.kept.retain(|method| method.kind != kind);
        self.made.retain(|method| method.keys.kind() != kind);
    }

    fn make(&mut self, keys: MethodKeys, rng: &mut dyn CryptoRng) {
        let (master, epoch) = (&self.authority.opened.master, self.authority.state().epoch);
        self.made.push(MadeMethod::make(keys, master, epoch, rng));
        sort_few(&mut self.made, |one, other| place_of(one).cmp(&place_of(other)));
    }

    /// The methods as the next state lists them.
    fn methods(&self) -> Vec<MethodRecord> {
        let mut methods = self.kept.clone();
        methods.extend(self.made.iter().map(MadeMethod::record));
        sort_few(&mut methods, |one, other| {
            (one.kind, &one.parameters).cmp(&(other.kind, &other.parameters))
        });
        methods
    }

    fn is_possible(&self) -> bool {
        is_method_list(self.methods().iter().map(|m| (m.kind, m.parameters.as_slice())))
    }

    fn sign(&self, offer: &ChangeOffer, now: Timestamp) -> Result<ChangeRequest, KeyError> {
        let before = self.authority.state();
        let has_new_password =
            self.made.iter().any(|method| method.keys.kind() == MethodKind::Password);
        let asked =
            if has_new_password { offer.policy.profile_floor } else { before.profile_floor };
        let state = self.authority.opened.keyring.sign_state(&State {
            sequence: before.sequence + 1,
            previous: *self.authority.opened.state.hash(),
            methods: self.methods(),
            profile_floor: before.profile_floor.max(asked),
            time: now,
            ..before.clone()
        });
        let origin = &self.authority.origin;
        let messages = self.made.iter().map(|m| m.message(offer.epoch, &offer.challenge.0, origin));
        Ok(ChangeRequest {
            state: AtMost::new(state).ok_or(KeyError::BadMessage)?,
            methods: messages.collect::<Option<_>>().ok_or(KeyError::BadMessage)?,
        })
    }

    /// The server's checks and, by every new method, the next unlock's.
    fn check(&self, request: &ChangeRequest, offer: &ChangeOffer) -> Result<(), KeyError> {
        let records = &self.authority.records;
        let latest = records.states.last().ok_or(KeyError::BadMessage)?;
        let expected = ChangeExpectation {
            organization: offer.organization,
            user: offer.user,
            epoch: offer.epoch,
            card: &records.card,
            state: latest,
            origins: &offer.origins,
            challenge: offer.challenge.0,
            floor: offer.policy.profile_floor,
            unlocked_by: self.authority.used,
        };
        verify_change(request, &expected).map_err(|_| KeyError::BadMessage)?;
        self.made
            .iter()
            .try_for_each(|method| self.open_as_next_unlock(request, method).map(|_| ()))
    }

    fn open_as_next_unlock(
        &self,
        request: &ChangeRequest,
        method: &MadeMethod,
    ) -> Result<Opened, KeyError> {
        let answer = UnlockAnswer {
            envelope: AtMost::new(method.envelope.clone()).ok_or(KeyError::BadMessage)?,
            states: vec![request.state.clone()],
            ..self.authority.records.clone()
        };
        let methods = self.methods();
        let methods: Vec<(MethodKind, &[u8])> =
            methods.iter().map(|m| (m.kind, m.parameters.as_slice())).collect();
        let remembered = self.authority.opened.remembered();
        let asked = Asked {
            context: self.authority.context(),
            epoch: self.authority.state().epoch,
            methods: &methods,
            remembered: Some(&remembered),
            keys: &method.keys,
        };
        Ok(asked.open(&answer)?)
    }
}

fn place_of(method: &MadeMethod) -> (MethodKind, &[u8]) {
    (method.keys.kind(), method.keys.parameters())
}
