//! Unlock: prove a secret, be given the envelopes, check everything.

use freehold_wire::{
    Exact, MethodKind, OfferedMethod, ProofSubject, Purpose, RememberedPoint, UnlockAnswer,
    UnlockOffer, UnlockRequest,
};

use crate::account::Account;
use crate::derived::Derived;
use crate::error::KeyError;
use crate::method::MethodKeys;
use crate::progress::{Progress, Step};
use crate::remembered::Remembered;
use crate::terms::{Client, context_of};
use crate::verify::Asked;

/// An unlock that was begun: the secret is derived, the proof can be made.
pub struct Unlock {
    offer: UnlockOffer,
    origin: String,
    remembered: Option<Remembered>,
    keys: MethodKeys,
}

impl Unlock {
    /// Checks the offer, then derives the method's keys from what was typed.
    ///
    /// # Errors
    /// Everything that this client refuses before hashing, the rules for passwords and codes,
    /// [`KeyError::OutOfMemory`].
    pub fn begin(
        offer: UnlockOffer,
        client: &Client<'_>,
        kind: MethodKind,
        typed: &[u8],
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        let derived = Derived::for_unlock(&offer, client, kind, typed, progress)?;
        let unlock = Self::begin_derived(offer, client, &derived)?;
        progress(Step::Check, 1.0);
        Ok(unlock)
    }

    /// Begins with what was derived elsewhere, for this offer's user.
    ///
    /// # Errors
    /// Everything that this client refuses of the offer; [`KeyError::OfferChanged`] if the secret
    /// was derived for other parameters than the offer names.
    pub fn begin_derived(
        offer: UnlockOffer,
        client: &Client<'_>,
        derived: &Derived,
    ) -> Result<Self, KeyError> {
        client.check_unlock(&offer)?;
        let keys = derived.keys(context_of(offer.organization, offer.user))?;
        let method = offered(&offer, keys.kind()).ok_or(KeyError::BadMessage)?;
        if *method.parameters != *keys.parameters() {
            return Err(KeyError::OfferChanged);
        }
        let epoch = offer.epoch;
        Ok(Self {
            origin: client.origin.to_owned(),
            // Sequence numbers of different epochs have nothing to do with each other.
            remembered: client.remembered.filter(|known| known.epoch == epoch).cloned(),
            offer,
            keys,
        })
    }

    /// The proof, for the server.
    #[must_use]
    pub fn request(&self) -> UnlockRequest {
        let subject = ProofSubject {
            context: context_of(self.offer.organization, self.offer.user),
            epoch: self.offer.epoch,
            kind: self.keys.kind(),
            parameters: self.keys.parameters(),
            challenge: &self.offer.challenge.0,
        };
        let message = subject
            .message(Purpose::Unlock, &self.origin)
            .expect("the offer's own limits were checked");
        UnlockRequest {
            kind: self.keys.kind(),
            parameters: offered(&self.offer, self.keys.kind())
                .map(|method| method.parameters.clone())
                .expect("begin found this method in the offer"),
            signature: Exact(self.keys.unlock_key().sign(&message)),
            remembered: self
                .remembered
                .as_ref()
                .map(|known| RememberedPoint { epoch: known.epoch, seq: known.seq }),
        }
    }

    /// Opens the server's answer and checks all of it.
    ///
    /// # Errors
    /// [`KeyError::Tampered`].
    pub fn open(self, answer: &UnlockAnswer) -> Result<Account, KeyError> {
        let context = context_of(self.offer.organization, self.offer.user);
        let methods: Vec<(MethodKind, &[u8])> =
            self.offer.methods.iter().map(|method| (method.kind, &*method.parameters)).collect();
        let asked = Asked {
            context,
            epoch: self.offer.epoch,
            methods: &methods,
            remembered: self.remembered.as_ref(),
            keys: &self.keys,
        };
        Ok(Account::new(context, asked.open(answer)?, answer.failed_since))
    }
}

fn offered(offer: &UnlockOffer, kind: MethodKind) -> Option<&OfferedMethod> {
    offer.methods.iter().find(|method| method.kind == kind)
}
