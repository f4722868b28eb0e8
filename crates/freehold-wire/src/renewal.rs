//! What the server checks of a renewal: a new epoch with new keys, because a secret may be known
//! to others.

use crate::card::VerifiedCard;
use crate::cose::StatementError;
use crate::envelope::{Envelope, EnvelopeType};
use crate::handover::Handover;
use crate::ids::ItemId;
use crate::messages::{RenewalRequest, RewrappedItem};
use crate::setup::{SetupExpectation, SetupRefusal, VerifiedSetup, verify_setup};

/// What the server itself knows of the renewal it offered.
#[derive(Clone, Debug)]
pub struct RenewalExpectation<'a> {
    /// The new epoch's set-up; its card before is the stored one.
    pub setup: SetupExpectation<'a>,
    /// The stored card of the epoch before.
    pub old_card: &'a [u8],
}

/// Why a renewal was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewalRefusal {
    /// The stored card cannot be used: the record is damaged.
    #[error("the stored card is damaged")]
    Stored,
    /// The new epoch's records were refused.
    #[error(transparent)]
    Setup(#[from] SetupRefusal),
    /// The new card has a key of the old one.
    #[error("the new card has a key of the old one")]
    SameKey,
    /// The handover is malformed or not signed by the old card's key.
    #[error("handover: {0}")]
    Handover(StatementError),
    /// The handover is about other cards or another account.
    #[error("the handover is about other cards")]
    HandoverElsewhere,
    /// An item key is not in an envelope of type 9, or the items are not ascending by id.
    #[error("an item key is not an envelope of type 9, or an item stands twice")]
    Items,
}

impl RenewalRefusal {
    /// The refusal's stable name, for logs and test vectors.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Setup(refusal) => refusal.code(),
            Self::SameKey => "same-key",
            Self::Handover(_) => "handover",
            Self::HandoverElsewhere => "handover-elsewhere",
            Self::Items => "items",
        }
    }
}

/// A renewal that passed every check. The only way to it is [`verify_renewal`].
#[derive(Clone, Debug)]
pub struct VerifiedRenewal {
    setup: VerifiedSetup,
    handover: Vec<u8>,
    items: Vec<RewrappedItem>,
}

impl VerifiedRenewal {
    /// The new epoch's records.
    #[must_use]
    pub const fn setup(&self) -> &VerifiedSetup {
        &self.setup
    }

    /// The handover's bytes.
    #[must_use]
    pub fn handover(&self) -> &[u8] {
        &self.handover
    }

    /// The item keys under the new personal key, ascending by item. Whether they are all of the
    /// user's is for the store to check.
    #[must_use]
    pub fn items(&self) -> &[RewrappedItem] {
        &self.items
    }
}

/// Checks a renewal: the new epoch's records as at set-up, the handover by the old card's key, the
/// forms of the item keys.
///
/// # Errors
/// [`RenewalRefusal`], the first check that fails.
pub fn verify_renewal(
    request: &RenewalRequest,
    expected: &RenewalExpectation<'_>,
) -> Result<VerifiedRenewal, RenewalRefusal> {
    let old = VerifiedCard::verify(expected.old_card).map_err(|_| RenewalRefusal::Stored)?;
    if expected.setup.previous_card.as_ref() != Some(old.hash()) {
        return Err(RenewalRefusal::Stored);
    }
    let setup = verify_setup(&request.setup, &expected.setup)?;
    let new = VerifiedCard::verify(&request.setup.card)
        .map_err(|refusal| RenewalRefusal::Setup(SetupRefusal::Card(refusal)))?;
    let (before, after) = (old.card(), new.card());
    if before.signing_key == after.signing_key || before.agreement_key == after.agreement_key {
        return Err(RenewalRefusal::SameKey);
    }
    let handover = Handover::verify(&request.handover, &before.signing_key)
        .map_err(RenewalRefusal::Handover)?;
    let right = Handover {
        organization: expected.setup.organization,
        user: expected.setup.user,
        old_card: *old.hash(),
        new_card: *new.hash(),
    };
    if handover != right {
        return Err(RenewalRefusal::HandoverElsewhere);
    }
    check_items(&request.items)?;
    Ok(VerifiedRenewal { setup, handover: request.handover.to_vec(), items: request.items.clone() })
}

fn check_items(items: &[RewrappedItem]) -> Result<(), RenewalRefusal> {
    let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
    let sealed = |item: &RewrappedItem| {
        Envelope::parse(&item.item_key, EnvelopeType::PersonalItemKey).is_ok()
    };
    if ids.is_sorted_by(|one, next| one < next) && items.iter().all(sealed) {
        Ok(())
    } else {
        Err(RenewalRefusal::Items)
    }
}
