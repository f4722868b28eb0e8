//! Renewal: a new epoch, because a secret may be known to others.
//!
//! Everything is new, as at set-up: master key, keyring, card, password, code; passkeys have to be
//! added again. Items stay as they are, their keys are wrapped anew.

use freehold_wire::{
    AtMost, Handover, ItemRecord, RenewalExpectation, RenewalRequest, RewrappedItem,
    SetupExpectation, SetupOffer, Timestamp, hash, verify_renewal,
};
use rand_core::CryptoRng;

use crate::account::Account;
use crate::authority::Authority;
use crate::error::KeyError;
use crate::setup::{ProvenSetup, SetupAttempt};
use crate::sort::sort_few;

/// A renewal whose new recovery code was proved to be kept.
pub struct Renewal {
    authority: Authority,
    setup: ProvenSetup,
}

/// One request for the server. It holds no secret.
#[derive(Debug)]
pub struct RenewalAttempt {
    setup: SetupAttempt,
    request: RenewalRequest,
}

impl RenewalAttempt {
    /// The message to send.
    #[must_use]
    pub const fn request(&self) -> &RenewalRequest {
        &self.request
    }
}

impl Renewal {
    /// Joins the account as it is and the set-up of its next epoch.
    ///
    /// # Errors
    /// [`KeyError::OfferChanged`] if the set-up is not of the next epoch of this very account.
    pub fn of(authority: Authority, setup: ProvenSetup) -> Result<Self, KeyError> {
        let (offer, state) = (setup.offer(), authority.state());
        let next = (state.organization, state.user, state.epoch + 1);
        let follows = (offer.organization, offer.user, offer.epoch) == next
            && offer.previous_card.is_some_and(|card| card.0 == state.card_hash);
        if follows { Ok(Self { authority, setup }) } else { Err(KeyError::OfferChanged) }
    }

    /// Signs the new records for a fresh offer, wraps the keys of all items anew, and checks the
    /// result as the server will. May be called again when an offer ran out or an item changed.
    ///
    /// # Errors
    /// [`KeyError::OfferChanged`]; [`KeyError::Tampered`] for an item whose key does not open: it
    /// would be lost.
    pub fn request(
        &self,
        fresh: &SetupOffer,
        items: &[ItemRecord],
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<RenewalAttempt, KeyError> {
        let setup = self.setup.request(fresh, now)?;
        let (old, new) = (self.authority.account(), self.setup.account(&setup)?);
        let mut rewrapped: Vec<RewrappedItem> = items
            .iter()
            .map(|item| old.rewrap_item(item, &new, rng))
            .collect::<Result<_, KeyError>>()?;
        sort_few(&mut rewrapped, |one, other| one.id.cmp(&other.id));
        let handover = self.authority.opened.keyring.sign_handover(&Handover {
            organization: fresh.organization,
            user: fresh.user,
            old_card: hash(&self.authority.records.card),
            new_card: hash(&setup.request().card),
        });
        let request = RenewalRequest {
            setup: setup.request().clone(),
            handover: AtMost::new(handover).ok_or(KeyError::BadMessage)?,
            items: rewrapped,
        };
        self.check(&request, fresh)?;
        Ok(RenewalAttempt { setup, request })
    }

    /// The unlocked account of the new epoch, once the server took the request.
    ///
    /// # Errors
    /// [`KeyError::Tampered`] if the attempt was not made by this renewal.
    pub fn account(&self, accepted: &RenewalAttempt) -> Result<Account, KeyError> {
        self.setup.account(&accepted.setup)
    }

    fn check(&self, request: &RenewalRequest, fresh: &SetupOffer) -> Result<(), KeyError> {
        let expected = RenewalExpectation {
            setup: SetupExpectation {
                organization: fresh.organization,
                user: fresh.user,
                epoch: fresh.epoch,
                previous_card: fresh.previous_card.map(|hash| hash.0),
                subject: &fresh.subject,
                origins: &fresh.origins,
                challenge: fresh.challenge.0,
                floor: self.authority.state().profile_floor.max(fresh.policy.profile_floor),
            },
            old_card: &self.authority.records.card,
        };
        verify_renewal(request, &expected).map(|_| ()).map_err(|_| KeyError::BadMessage)
    }
}
