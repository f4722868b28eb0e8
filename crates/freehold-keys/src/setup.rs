//! Set-up: make everything, prove the recovery code, send one request.
//!
//! [`Setup`] (begun) becomes [`ProvenSetup`] by proof that the code was kept; only that makes
//! requests; only a request makes the unlocked [`Account`].

use freehold_wire::{
    AtMost, Card, Exact, MethodKind, MethodRecord, Profile, ProofSubject, Purpose,
    SetupExpectation, SetupMethod, SetupOffer, SetupRequest, State, Timestamp, UnlockAnswer, hash,
    verify_setup,
};
use rand_core::CryptoRng;

use crate::account::Account;
use crate::code::RecoveryCode;
use crate::derived::Derived;
use crate::error::{KeyError, Tampering};
use crate::keyring::Keyring;
use crate::method::MethodKeys;
use crate::progress::{Progress, Step};
use crate::secret::MasterKey;
use crate::terms::{Client, context_of};
use crate::verify::{Asked, Opened};

/// A set-up that was begun: keys are made and sealed, nothing is signed for the server yet.
pub struct Setup {
    made: Made,
    code: RecoveryCode,
}

/// A set-up whose recovery code was proved to be kept; the code itself is gone.
pub struct ProvenSetup {
    made: Made,
}

/// What is kept from begin to request.
struct Made {
    offer: SetupOffer,
    origin: String,
    keyring: Keyring,
    keyring_envelope: Vec<u8>,
    /// The password's, then the code's.
    methods: [MadeMethod; 2],
}

struct MadeMethod {
    keys: MethodKeys,
    envelope: Vec<u8>,
}

/// The code that was typed does not prove that the recovery kit was kept.
pub struct NotProven {
    /// The set-up, to try again.
    pub setup: Setup,
    /// [`KeyError::BadCode`] or [`KeyError::RecoveryNotProven`].
    pub reason: KeyError,
}

/// One request for the server. It holds no secret.
#[derive(Debug)]
pub struct SetupAttempt {
    request: SetupRequest,
    time: Timestamp,
}

impl SetupAttempt {
    /// The message to send.
    #[must_use]
    pub const fn request(&self) -> &SetupRequest {
        &self.request
    }
}

impl Setup {
    /// Checks the offer, derives from the password, makes master key, keyring and recovery code,
    /// seals them, and opens every envelope again.
    ///
    /// # Errors
    /// Everything that this client refuses before hashing, the rules for passwords,
    /// [`KeyError::OutOfMemory`].
    pub fn begin(
        offer: SetupOffer,
        client: &Client<'_>,
        password: &[u8],
        rng: &mut dyn CryptoRng,
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        let by_password = Derived::for_setup(&offer, client, password, rng, progress)?;
        Self::begin_derived(offer, client, &by_password, rng, progress)
    }

    /// Begins with what was derived from the password elsewhere, for this offer's user.
    ///
    /// # Errors
    /// Everything that this client refuses of the offer; [`KeyError::BadMessage`] for another
    /// user's or another method's secret.
    pub fn begin_derived(
        offer: SetupOffer,
        client: &Client<'_>,
        by_password: &Derived,
        rng: &mut dyn CryptoRng,
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        client.check_setup(&offer)?;
        let context = context_of(offer.organization, offer.user);
        let by_password = by_password.keys(context)?;
        if by_password.kind() != MethodKind::Password {
            return Err(KeyError::BadMessage);
        }

        progress(Step::Make, 0.9);
        let master = MasterKey::make(rng);
        let keyring = Keyring::make(rng);
        let code = RecoveryCode::make(rng);
        let by_code = MethodKeys::derive(code.secret(), context, MethodKind::RecoveryCode, &[]);

        progress(Step::Seal, 0.94);
        let keyring_key = master.derive_keyring_key(context, offer.epoch);
        let keyring_envelope = keyring.seal(&keyring_key, context, offer.epoch, rng);
        let methods = [by_password, by_code]
            .map(|keys| MadeMethod { envelope: keys.seal(&master, offer.epoch, rng), keys });

        progress(Step::Check, 0.97);
        let origin = client.origin.to_owned();
        let made = Made { offer, origin, keyring, keyring_envelope, methods };
        made.reopen()?;
        progress(Step::Check, 1.0);
        Ok(Self { made, code })
    }

    /// The recovery code, to be shown and kept by the person.
    #[must_use]
    pub const fn recovery_code(&self) -> &RecoveryCode {
        &self.code
    }

    /// Takes what the person typed or pasted from the recovery kit: it must open envelope 2.
    ///
    /// # Errors
    /// [`NotProven`], which gives the set-up back.
    pub fn prove_recovery(self, typed: &[u8]) -> Result<ProvenSetup, Box<NotProven>> {
        match self.check_typed(typed) {
            Ok(()) => Ok(ProvenSetup { made: self.made }),
            Err(reason) => Err(Box::new(NotProven { setup: self, reason })),
        }
    }

    fn check_typed(&self, typed: &[u8]) -> Result<(), KeyError> {
        let typed = RecoveryCode::parse(typed)?;
        if !typed.is(&self.code) {
            return Err(KeyError::RecoveryNotProven);
        }
        let offer = &self.made.offer;
        let context = context_of(offer.organization, offer.user);
        let keys = MethodKeys::derive(typed.secret(), context, MethodKind::RecoveryCode, &[]);
        let [_, by_code] = &self.made.methods;
        match keys.open(&by_code.envelope, offer.epoch) {
            Ok(_) => Ok(()),
            Err(_) => Err(Tampering::Envelope.into()),
        }
    }
}

impl ProvenSetup {
    /// Signs card, state and proofs for a fresh offer, and checks the result as the server and the
    /// next unlock will. May be called again when an offer ran out.
    ///
    /// # Errors
    /// [`KeyError::OfferChanged`] if the offer is not for the set-up that was begun.
    pub fn request(&self, fresh: &SetupOffer, now: Timestamp) -> Result<SetupAttempt, KeyError> {
        let same = SetupOffer { challenge: fresh.challenge, ..self.made.offer.clone() };
        if *fresh != same {
            return Err(KeyError::OfferChanged);
        }
        let attempt = SetupAttempt { request: self.made.sign(fresh, now)?, time: now };
        self.made.check(fresh, &attempt)?;
        Ok(attempt)
    }

    /// The unlocked account, once the server took the request.
    ///
    /// # Errors
    /// [`KeyError::Tampered`] if the attempt was not made by this set-up.
    pub fn into_account(self, accepted: &SetupAttempt) -> Result<Account, KeyError> {
        let [by_password, _] = &self.made.methods;
        let opened = self.made.open_as_next_unlock(&accepted.request, by_password)?;
        let offer = &self.made.offer;
        Ok(Account::new(context_of(offer.organization, offer.user), opened, 0))
    }
}

impl Made {
    /// Opens all three envelopes; the methods must agree on the master key.
    fn reopen(&self) -> Result<(), KeyError> {
        let offer = &self.offer;
        let context = context_of(offer.organization, offer.user);
        for method in &self.methods {
            let master =
                method.keys.open(&method.envelope, offer.epoch).map_err(|_| Tampering::Envelope)?;
            let key = master.derive_keyring_key(context, offer.epoch);
            let keyring = Keyring::open(&key, context, offer.epoch, &self.keyring_envelope)
                .map_err(|_| Tampering::Keyring)?;
            if keyring.signing_public_key() != self.keyring.signing_public_key() {
                return Err(Tampering::Keyring.into());
            }
        }
        Ok(())
    }

    fn sign(&self, fresh: &SetupOffer, now: Timestamp) -> Result<SetupRequest, KeyError> {
        let card = self.keyring.sign_card(&Card {
            organization: fresh.organization,
            user: fresh.user,
            subject: fresh.subject.clone(),
            signing_key: self.keyring.signing_public_key(),
            agreement_key: self.keyring.agreement_public_key(),
            epoch: fresh.epoch,
            previous: fresh.previous_card.map_or([0; 32], |hash| hash.0),
        });
        let state = self.keyring.sign_state(&State {
            organization: fresh.organization,
            user: fresh.user,
            epoch: fresh.epoch,
            sequence: 1,
            previous: [0; 32],
            card_hash: hash(&card),
            keyring_hash: hash(&self.keyring_envelope),
            methods: self.methods.iter().map(MadeMethod::record).collect(),
            profile_floor: Profile::FLOOR,
            time: now,
        });
        let sized = || KeyError::BadMessage;
        Ok(SetupRequest {
            card: AtMost::new(card).ok_or_else(sized)?,
            state: AtMost::new(state).ok_or_else(sized)?,
            keyring: AtMost::new(self.keyring_envelope.clone()).ok_or_else(sized)?,
            methods: self
                .methods
                .iter()
                .map(|method| method.message(fresh, &self.origin))
                .collect::<Option<_>>()
                .ok_or_else(sized)?,
        })
    }

    /// The server's checks and, by every method, the next unlock's.
    fn check(&self, fresh: &SetupOffer, attempt: &SetupAttempt) -> Result<(), KeyError> {
        let expected = SetupExpectation {
            organization: fresh.organization,
            user: fresh.user,
            epoch: fresh.epoch,
            previous_card: fresh.previous_card.map(|hash| hash.0),
            subject: &fresh.subject,
            origins: &fresh.origins,
            challenge: fresh.challenge.0,
        };
        verify_setup(&attempt.request, &expected).map_err(|_| KeyError::BadMessage)?;
        for method in &self.methods {
            let opened = self.open_as_next_unlock(&attempt.request, method)?;
            if opened.changed_at != attempt.time {
                return Err(Tampering::State.into());
            }
        }
        Ok(())
    }

    fn open_as_next_unlock(
        &self,
        request: &SetupRequest,
        method: &MadeMethod,
    ) -> Result<Opened, KeyError> {
        let answer = UnlockAnswer {
            envelope: AtMost::new(method.envelope.clone()).ok_or(KeyError::BadMessage)?,
            keyring: request.keyring.clone(),
            card: request.card.clone(),
            states: vec![request.state.clone()],
            failed_since: 0,
        };
        let methods: Vec<(MethodKind, &[u8])> =
            self.methods.iter().map(|m| (m.keys.kind(), m.keys.parameters())).collect();
        let asked = Asked {
            context: context_of(self.offer.organization, self.offer.user),
            epoch: self.offer.epoch,
            methods: &methods,
            remembered: None,
            keys: &method.keys,
        };
        Ok(asked.open(&answer)?)
    }
}

impl MadeMethod {
    fn record(&self) -> MethodRecord {
        MethodRecord {
            kind: self.keys.kind(),
            parameters: self.keys.parameters().to_vec(),
            unlock_public_key: self.keys.unlock_key().public_key(),
            envelope_hash: hash(&self.envelope),
        }
    }

    fn message(&self, fresh: &SetupOffer, origin: &str) -> Option<SetupMethod> {
        let subject = ProofSubject {
            context: context_of(fresh.organization, fresh.user),
            epoch: fresh.epoch,
            kind: self.keys.kind(),
            parameters: self.keys.parameters(),
            challenge: &fresh.challenge.0,
        };
        let message = subject.message(Purpose::Enroll, origin)?;
        Some(SetupMethod {
            kind: self.keys.kind(),
            parameters: AtMost::new(self.keys.parameters().to_vec())?,
            envelope: AtMost::new(self.envelope.clone())?,
            proof: Exact(self.keys.unlock_key().sign(&message)),
        })
    }
}
