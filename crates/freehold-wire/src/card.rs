//! The card: a user's public keys, signed by the Ed25519 key on it.

use crate::cbor::{Reader, Writer};
use crate::cose::{self, Statement, StatementError};
use crate::encoding::{hash, is_counter};
use crate::ids::{OrganizationId, UserId};
use crate::keys::{AgreementPublicKey, SigningPublicKey};

/// No card is longer.
pub const MAX_CARD_BYTES: usize = 512;
/// No subject is longer, in bytes of UTF-8.
pub const MAX_SUBJECT_BYTES: usize = 255;

const VERSION: u64 = 1;

/// The fields of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The userName that was shown at set-up: 1 to 255 bytes.
    pub subject: String,
    /// Verifies the user's statements, this one among them.
    pub signing_key: SigningPublicKey,
    /// What others seal to.
    pub agreement_key: AgreementPublicKey,
    /// The epoch of the keys, from 1.
    pub epoch: u64,
    /// Hash of the card of the epoch before, zeros in epoch 1.
    pub previous: [u8; 32],
}

impl Card {
    /// The payload that is signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(8)
            .unsigned(VERSION)
            .bytes(self.organization.as_bytes())
            .bytes(self.user.as_bytes())
            .text(&self.subject)
            .bytes(self.signing_key.as_bytes())
            .bytes(self.agreement_key.as_bytes())
            .unsigned(self.epoch)
            .bytes(&self.previous)
            .finish()
    }

    fn decode(payload: &[u8]) -> Result<Self, StatementError> {
        let mut reader = Reader::new(payload);
        reader.array_of(8)?;
        if reader.unsigned()? != VERSION {
            return Err(StatementError::Unsupported);
        }
        let card = Self {
            organization: OrganizationId::from_bytes(reader.exactly()?),
            user: UserId::from_bytes(reader.exactly()?),
            subject: reader.text()?.to_owned(),
            signing_key: SigningPublicKey::parse(&reader.exactly()?)
                .map_err(|_| StatementError::PublicKey)?,
            agreement_key: AgreementPublicKey::parse(&reader.exactly()?)
                .map_err(|_| StatementError::PublicKey)?,
            epoch: reader.unsigned()?,
            previous: reader.exactly()?,
        };
        reader.end()?;
        let plausible = (1..=MAX_SUBJECT_BYTES).contains(&card.subject.len())
            && is_counter(card.epoch)
            && (card.epoch == 1) == (card.previous == [0; 32]);
        // The reader takes one encoding only; writing it again and comparing does not rely on that.
        if plausible && card.encode() == payload { Ok(card) } else { Err(StatementError::Payload) }
    }
}

/// A card whose signature was checked with the key on it.
#[derive(Clone, Debug)]
pub struct VerifiedCard {
    card: Card,
    hash: [u8; 32],
}

impl VerifiedCard {
    /// Reads and verifies a card. That proves only that its maker held the key on it: whose card
    /// it is, the caller must know from elsewhere.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn verify(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MAX_CARD_BYTES {
            return Err(StatementError::Frame);
        }
        let parts = cose::split(bytes)?;
        let card = Card::decode(parts.payload)?;
        parts.verify(Statement::Card, &card.signing_key)?;
        Ok(Self { card, hash: hash(bytes) })
    }

    /// What it says.
    #[must_use]
    pub const fn card(&self) -> &Card {
        &self.card
    }

    /// Hash of all its bytes.
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
}

/// The subject for a userName: the whole name, or as many of its first characters as fit in 255
/// bytes.
#[must_use]
pub fn subject_of(user_name: &str) -> &str {
    user_name.split_at(user_name.floor_char_boundary(MAX_SUBJECT_BYTES)).0
}
